import { randomBytes } from "node:crypto";
import { StreamError } from "../xmpp/errors.ts";
import { postAuthLimits, preAuthLimits } from "../xmpp/limits.ts";
import { NS } from "../xmpp/namespaces.ts";
import { type StreamHeader, XmlStreamParser } from "../xmpp/parser.ts";
import type { Stanza } from "../xmpp/stanza.ts";
import type { Carrier, Framing, TlsFacts, Traffic, Transport } from "./carrier.ts";
import type { ChannelBindings } from "./channel-binding.ts";
import type { ConnectionOwner, TlsOptions } from "./connection.ts";
import { Deadlines } from "./deadlines.ts";
import type { Rate } from "./shaper.ts";

/** What a stream is negotiated and used by. Anything it throws ends the stream: a StreamError as it says. */
export interface StreamOwner {
  /** A header with the right namespaces and version; returns the `from` of the answer. */
  opening(header: StreamHeader): string;
  /** The header is answered: time for the features. */
  opened(): void;
  received(stanza: Stanza): void;
  /** The peer sends nothing more: calls `end` once everything that it sent has been dealt with. */
  settle(end: () => void): void;
  /** The peer closed the stream in an orderly way: it has read what it was sent. */
  finished(): void;
  /**
   * The stream is over and takes nothing any more. Called once. `isLost`: the connection is gone, or as good as gone,
   * and neither side had closed the stream (XEP-0198 6).
   */
  closed(reason: string, isLost: boolean): void;
  /** A fault of ours, for the log. */
  faulted(error: unknown): void;
}

/** What an unauthenticated peer may send in all. */
const maxBytesBeforeLogin = 64 * 1024;
/** One peer's share of a turn: so many stanzas, or what is done for them in so long. */
const maxStanzasPerTurn = 64;
const maxMsPerTurn = 1;
/** How long a peer that is gone may still keep its session for what it sent before. */
const settleMs = 5_000;
const settling = new Deadlines<XmppStream>(settleMs, (stream) => stream.abandon());
const parserOptions = { maxStanzasPerWrite: maxStanzasPerTurn, maxMsPerWrite: maxMsPerTurn };
const framedParserOptions = { framed: true };

/**
 * Our side of a stream (RFC 6120 4), whatever carries it: headers, restarts, errors and the closing handshake. Another server's
 * stream may be one that we began.
 */
export class XmppStream implements ConnectionOwner {
  readonly #carrier: Carrier;
  readonly #framing: Framing;
  readonly #owner: StreamOwner;
  readonly #parser: XmlStreamParser;
  readonly #contentNs: string;
  #id = "";
  /** The `from` of our headers; "" until the first one. */
  #from = "";
  #hasSentHeader = false;
  /** Whom our headers are for, where we began the stream: they go ahead of the peer's. */
  #initiatedTo: string | null = null;
  /** On a framed stream: the peer has opened it. */
  #isOpen = false;
  #isClosed = false;
  /** It closed its stream, or the connection is gone: nothing more comes. */
  #isPeerDone = false;
  /** It closed its stream in an orderly way. */
  #isFinished = false;
  #bytesLeft = maxBytesBeforeLogin;
  #pauses = 0;

  constructor(carrier: Carrier, owner: StreamOwner, contentNs: string = NS.client) {
    const { framing } = carrier;
    this.#carrier = carrier;
    this.#framing = framing;
    this.#owner = owner;
    this.#contentNs = contentNs;
    this.#parser = new XmlStreamParser(this, preAuthLimits, framing.isFramed ? framedParserOptions : parserOptions);
  }

  open(): void {
    this.#carrier.open(this);
  }

  /** Begins the stream ourselves, as the initiating entity (RFC 6120 4.2). */
  initiate(from: string, to: string): void {
    this.#from = from;
    this.#initiatedTo = to;
    this.#carrier.open(this);
    this.#sendHeader(to);
  }

  get address(): string {
    return this.#carrier.address;
  }

  get port(): number {
    return this.#carrier.port;
  }

  get transport(): Transport {
    return this.#carrier.transport;
  }

  get isSecure(): boolean {
    return this.#carrier.isSecure;
  }

  get tls(): TlsFacts | null {
    return this.#carrier.tls;
  }

  get certified(): readonly string[] {
    return this.#carrier.certified ?? [];
  }

  /** Whether the peer has shown a valid certificate of a server of the domain. */
  isCertifiedFor(domain: string): boolean {
    return this.#carrier.isCertifiedFor?.(domain) ?? false;
  }

  get bindings(): ChannelBindings | null {
    return this.#carrier.bindings;
  }

  get unsent(): number {
    return this.#carrier.unsent;
  }

  get traffic(): Traffic {
    return this.#carrier.traffic;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The id in our last header; "" before the first one. */
  get id(): string {
    return this.#id;
  }

  /** Writes one element. */
  write(xml: string): void {
    this.#framing.element(this.#carrier, xml);
  }

  /** Sends what was written; what follows waits `ms`, so that the peer reads it apart. */
  flushApart(ms: number): void {
    this.#carrier.flushApart(ms);
  }

  /** Pauses nest: each one wants its own resume. */
  pauseReading(): void {
    this.#pauses += 1;
    if (this.#pauses > 1) return;
    this.#parser.stop();
    this.#carrier.pauseReading();
  }

  resumeReading(): void {
    if (this.#pauses === 0) return;
    this.#pauses -= 1;
    if (this.#pauses === 0) this.#carrier.resumeReading();
  }

  /** Expects a new header (RFC 6120 4.3.3); what is pending of the old stream is forgotten. */
  restart(): void {
    this.#parser.restart();
    this.#hasSentHeader = false;
    this.#isOpen = false;
    // Not before what is being dealt with has taken the connection to where the new stream begins.
    if (this.#initiatedTo !== null) queueMicrotask(this.#begin);
  }

  /** Upgrades the connection; the peer begins a new stream inside. Only while a stanza is being dealt with. */
  startTls(options: TlsOptions): void {
    this.#parser.stop();
    this.restart();
    this.#carrier.startTls(options);
  }

  /** The peer is known: limits of the parser grow, and its bytes are shaped instead of counted. */
  trust(shaper: Rate | null): void {
    this.#parser.limits = postAuthLimits;
    this.#bytesLeft = Number.POSITIVE_INFINITY;
    this.#carrier.trust();
    this.shape(shaper);
  }

  shape(shaper: Rate | null): void {
    this.#carrier.shape(shaper);
  }

  /** Sends the error, if any, and the closing tag (RFC 6120 4.4, 4.9.1), and lets the connection go. */
  close(error?: StreamError): void {
    if (this.#isClosed) return;
    if (!this.#hasSentHeader) this.#sendHeader(undefined);
    this.#framing.end(this.#carrier, error);
    this.#end(error?.message ?? "closed by the server", error?.condition === "connection-timeout");
  }

  /** Drops the connection without a word. */
  destroy(reason: string): void {
    this.#carrier.destroy(reason);
  }

  received(bytes: Buffer, length: number): number {
    if (this.#isClosed) return length;
    try {
      this.#bytesLeft -= length;
      if (this.#bytesLeft < 0) throw new StreamError("policy-violation", "too much before the login");
      const used = this.#parser.write(bytes, length);
      this.#bytesLeft += length - used;
      return used;
    } catch (error) {
      this.fail(error);
      return length;
    }
  }

  disconnected(reason: string): void {
    if (this.#isClosed || this.#isPeerDone) return;
    this.#settle(() => this.#end(reason, true));
  }

  streamStart(header: StreamHeader): void {
    if (this.#isClosed) return;
    if (header.defaultNs !== this.#contentNs) throw new StreamError("invalid-namespace", header.defaultNs);
    if (this.#contentNs !== NS.component && !hasSupportedVersion(header)) throw new StreamError("unsupported-version");
    const from = this.#owner.opening(header);
    if (this.#initiatedTo === null) {
      this.#from = from;
      this.#sendHeader(header.from);
    }
    this.#owner.opened();
  }

  stanza(stanza: Stanza): void {
    // On a stream of elements the parser does not know that <close/> was the last one.
    if (this.#isClosed || this.#isPeerDone) return;
    if (this.#framing.isFramed && (!this.#isOpen || stanza.ns === NS.framing)) this.#frame(stanza);
    else this.#owner.received(stanza);
  }

  streamEnd(): void {
    if (this.#isClosed) return;
    this.#isFinished = true;
    this.#settle(() => {
      this.#owner.finished();
      this.#framing.end(this.#carrier, undefined);
      this.#end("closed by the client", false);
    });
  }

  /** Ends the stream for something that its owner threw or rejected with. */
  fail(error: unknown): void {
    if (error instanceof StreamError) {
      this.close(error);
      return;
    }
    this.#owner.faulted(error);
    this.close(new StreamError("internal-server-error"));
  }

  /** Ends the stream of a peer that is gone, whatever is still being done for it. */
  abandon(): void {
    if (!this.#isClosed) this.#end("the connection is gone", !this.#isFinished);
  }

  /** RFC 7395 3.3.2, 3.4: what the stream's tags are on other carriers. */
  #frame(element: Stanza): void {
    if (element.ns !== NS.framing) throw new StreamError("invalid-namespace", "<open/> expected");
    if (element.name === "close") {
      this.streamEnd();
      return;
    }
    if (element.name !== "open" || this.#isOpen) throw new StreamError("bad-format", "a frame that has no place here");
    this.#isOpen = true;
    const { to, from, id, lang } = element;
    this.streamStart({ to, from, id, lang, version: element.attr("version"), defaultNs: NS.client, ns: NS.stream });
  }

  #settle(end: () => void): void {
    this.#isPeerDone = true;
    this.#owner.settle(() => {
      if (!this.#isClosed) end();
    });
    if (!this.#isClosed) settling.add(this);
  }

  #end(reason: string, isLost: boolean): void {
    this.#isClosed = true;
    settling.delete(this);
    this.#parser.stop();
    this.#carrier.end();
    try {
      this.#owner.closed(reason, isLost);
    } catch (error) {
      this.#owner.faulted(error);
    }
  }

  readonly #begin = (): void => {
    if (!this.#isClosed && this.#initiatedTo !== null) this.#sendHeader(this.#initiatedTo);
  };

  // RFC 6120 4.7. Also before an error that comes ahead of the peer's own header (4.9.1.1).
  #sendHeader(peer: string | undefined): void {
    this.#hasSentHeader = true;
    this.#id = this.#initiatedTo === null ? randomBytes(15).toString("base64url") : "";
    this.#framing.header(this.#carrier, { contentNs: this.#contentNs, id: this.#id, from: this.#from, to: peer });
  }
}

// RFC 6120 4.7.5: the major number counts, and without a version it is 0.9.
function hasSupportedVersion({ version }: StreamHeader): boolean {
  const match = /^(\d{1,9})\.\d{1,9}$/.exec(version ?? "");
  return match !== null && Number(match[1]) >= 1;
}
