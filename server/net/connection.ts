import { Socket } from "node:net";
import { connect as connectTls, type SecureContext, TLSSocket, type TLSSocketOptions } from "node:tls";
import { plainAddress } from "./address.ts";
import { type TlsFacts, type Traffic, xmlFraming } from "./carrier.ts";
import { type ChannelBindings, channelBindings } from "./channel-binding.ts";
import { certifiedAddresses } from "./client-certificate.ts";
import { Deadlines } from "./deadlines.ts";
import { giveBack, keepBytes } from "./kept-bytes.ts";
import { isCertifiedFor } from "./peer-certificate.ts";
import { type Rate, TokenBucket } from "./shaper.ts";
import { stalls } from "./stalls.ts";
import { TurnQueue } from "./turns.ts";

/** What a TLS server needs for one connection. */
export interface TlsServerOptions {
  readonly secureContext: SecureContext;
  readonly SNICallback?: TLSSocketOptions["SNICallback"];
  readonly ALPNProtocols?: string[];
  /** Ask the client for a certificate, and leave it to others what comes of it: `rejectUnauthorized` is false then. */
  readonly requestCert?: boolean;
  readonly rejectUnauthorized?: false;
}

/** What the client's side of TLS needs: whom the certificate names is looked at afterwards. */
export interface TlsClientOptions {
  readonly secureContext: SecureContext;
  /** The name that is asked for (SNI), in ASCII; "" for an address, which has none. */
  readonly servername: string;
  readonly ALPNProtocols?: string[];
}

export type TlsOptions = TlsServerOptions | TlsClientOptions;

/** Whoever reads from a connection. */
export interface ConnectionOwner {
  /**
   * Bytes from the peer, valid during the call only. Returns how many were dealt with; the rest is kept and offered
   * again in a later turn.
   */
  received(bytes: Buffer, length: number): number;
  /** The connection is gone, whoever ended it. Called once. */
  disconnected(reason: string): void;
}

/** One buffer for all plain sockets: nothing is kept in it beyond the callback. */
const readBuffer = Buffer.allocUnsafeSlow(32 * 1024);
const maxUnsentBytes = 1024 * 1024;
const flushBytes = 64 * 1024;
const lingerMs = 5_000;
const keepAliveMs = 60_000;

/** Why reading is held; bits of one number. */
const heldByOwner = 1;
const heldForTurn = 2;
const heldByShaper = 4;

/** What those have of a turn, together, who are not known yet or sent more than their share: the others need not wait for it. */
const readShareMs = 1;

const writes = new TurnQueue<Connection>((connection) => connection.flushTurn());
const reads = new TurnQueue<Connection>((connection) => connection.continueReading(), readShareMs);
const lingering = new Deadlines<Connection>(lingerMs, (connection) => connection.destroy("the peer kept it open"));

/**
 * A TCP connection with or without TLS: reads in bounded slices, so that a busy peer delays others by milliseconds at
 * most, and joins what is written in one turn of the event loop.
 */
export class Connection {
  readonly address: string;
  readonly port: number;
  readonly framing = xmlFraming;
  #transport: "tcp" | "starttls" | "tls" = "tcp";
  #socket: Socket;
  #owner: ConnectionOwner | null = null;
  #unwritten = "";
  #isApart = false;
  // Bytes that the owner has not taken yet.
  #kept: Buffer | null = null;
  #held = 0;
  #isTrusted = false;
  /** Waits for its turn to read. */
  #isQueued = false;
  #bucket: TokenBucket | null = null;
  #upgrade: TlsOptions | null = null;
  /** Of TLS, where there was no choice; null: none, or one of several. */
  #context: SecureContext | null = null;
  #isEnding = false;
  #isGone = false;
  #reason = "";
  readonly #released: (() => void) | undefined;

  /**
   * Takes over a paused socket, accepted or connected. With `tls` it begins with a handshake.
   * `released` is called when the connection is gone.
   */
  constructor(accepted: Socket, tls?: TlsOptions, released?: () => void) {
    this.#released = released;
    this.address = plainAddress(accepted.remoteAddress ?? "");
    this.port = accepted.remotePort ?? 0;
    accepted.setNoDelay(true);
    accepted.setKeepAlive(true, keepAliveMs);
    if (tls === undefined) {
      this.#socket = this.#readInPlace(accepted);
    } else {
      this.#transport = "tls";
      accepted.on("error", ignore);
      this.#socket = this.#secured(accepted, tls);
    }
  }

  /** Begins to read. */
  open(owner: ConnectionOwner): void {
    this.#owner = owner;
    if (this.#socket.destroyed) queueMicrotask(this.#closed);
    else if (!(this.#socket instanceof TLSSocket) && this.#kept === null) this.#socket.read(0);
  }

  get transport(): "tcp" | "starttls" | "tls" {
    return this.#transport;
  }

  get isSecure(): boolean {
    return this.#transport !== "tcp";
  }

  /** Protocol and cipher of an established TLS connection. */
  get tls(): TlsFacts | null {
    if (!(this.#socket instanceof TLSSocket)) return null;
    const protocol = this.#socket.getProtocol();
    // Neither is there before they are agreed upon, nor after the end.
    const cipher: { readonly name: string } | null | undefined = this.#socket.getCipher();
    return protocol === null || cipher === null || cipher === undefined ? null : { protocol, cipher: cipher.name };
  }

  get certified(): readonly string[] {
    return this.#socket instanceof TLSSocket ? certifiedAddresses(this.#socket, Date.now()) : [];
  }

  isCertifiedFor(domain: string): boolean {
    return this.#socket instanceof TLSSocket && isCertifiedFor(this.#socket, domain, Date.now());
  }

  get bindings(): ChannelBindings | null {
    return this.#socket instanceof TLSSocket ? channelBindings(this.#socket, this.#context) : null;
  }

  /** Bytes written here that the operating system has not taken yet; text of this turn counts in UTF-16 units. */
  get unsent(): number {
    return this.#unwritten.length + this.#socket.writableLength;
  }

  get traffic(): Traffic {
    return { bytesIn: this.#socket.bytesRead, bytesOut: this.#socket.bytesWritten };
  }

  /** Queues text; what is queued in one turn leaves in one write. */
  write(text: string): void {
    if (this.#isEnding) return;
    if (this.#unwritten === "") writes.add(this);
    this.#unwritten += text;
    if (this.#unwritten.length >= flushBytes) this.flush();
  }

  /** Sends what is queued; what is written after it waits `ms`, so that the peer reads it apart. */
  flushApart(ms: number): void {
    this.flush();
    this.#isApart = true;
    setTimeout(() => {
      this.#isApart = false;
      this.flush();
    }, ms).unref();
  }

  /** The end of a turn in which something was written. */
  flushTurn(): void {
    if (!this.#isApart) this.flush();
  }

  /** Hands everything to the operating system. A peer that does not read loses the connection at 1 MiB. */
  flush(): void {
    const text = this.#unwritten;
    if (text === "") return;
    this.#unwritten = "";
    if (this.#isGone) return;
    this.#socket.write(text, "utf8");
    const { writableLength } = this.#socket;
    if (writableLength === 0) return;
    if (writableLength > maxUnsentBytes) this.destroy("the peer does not read");
    else stalls.watch(this);
  }

  /** Stops reading until {@link resumeReading}; bytes that are already here wait, too. */
  pauseReading(): void {
    this.#hold(heldByOwner);
  }

  resumeReading(): void {
    this.#release(heldByOwner);
  }

  /** Its bytes are dealt with as they come: a stranger's, without TLS, wait until nobody else's do. */
  trust(): void {
    this.#isTrusted = true;
  }

  /** Limits what is read from now on, in bytes; null: no limit. */
  shape(rate: Rate | null): void {
    this.#bucket = rate === null ? null : new TokenBucket(rate, performance.now());
  }

  /**
   * Upgrades to TLS in place. Bytes that came in behind the request would be taken for encrypted ones (CVE-2011-0411), so
   * they end the connection. May be called from `received` only.
   */
  startTls(options: TlsOptions): void {
    this.#upgrade = options;
  }

  /** Sends what is queued, closes our half and gives the peer a moment to close its own. */
  end(): void {
    if (this.#isEnding) return;
    this.flush();
    this.#isEnding = true;
    this.#kept = giveBack(this.#kept);
    if (this.#isGone) return;
    // The rest of the input is read and dropped: unread bytes would turn the orderly end into a reset.
    this.#held = 0;
    this.#socket.resume();
    this.#socket.end();
    lingering.add(this);
  }

  destroy(reason: string): void {
    if (this.#isGone) return;
    if (this.#reason === "") this.#reason = reason;
    this.#isEnding = true;
    this.#socket.destroy();
  }

  /** Goes on where the last turn stopped. */
  continueReading(): void {
    this.#isQueued = false;
    this.#held &= ~heldForTurn;
    if (this.#held !== 0 || this.#isGone || this.#isEnding) return;
    const kept = this.#kept;
    if (kept !== null) {
      this.#kept = null;
      const goesOn = this.#offer(kept, kept.length);
      giveBack(kept);
      if (!goesOn) return;
    }
    this.#socket.resume();
  }

  // What a proxy's header was read with, of the client's bytes, is in the accepted socket already.
  #takeHead(accepted: Socket): void {
    if (accepted.readableLength === 0) return;
    this.#kept = accepted.read() as Buffer;
    this.#held = heldForTurn;
    this.#queue();
  }

  // Node has the shared read buffer for sockets that it makes itself only, so the accepted handle moves to a new one.
  #readInPlace(accepted: Socket): Socket {
    this.#takeHead(accepted);
    const options = {
      handle: Reflect.get(accepted, "_handle"),
      onread: { buffer: readBuffer, callback: (length: number) => this.#received(readBuffer, length) },
    };
    const socket = new Socket(options);
    Reflect.set(accepted, "_handle", null);
    accepted.destroy();
    socket.on("error", this.#failed);
    socket.on("close", this.#closed);
    return socket;
  }

  #secured(under: Socket, options: TlsOptions): TLSSocket {
    if (!("servername" in options) && options.SNICallback === undefined) this.#context = options.secureContext;
    const socket =
      "servername" in options
        ? connectTls({ ...options, socket: under, rejectUnauthorized: false })
        : new TLSSocket(under, { ...options, isServer: true });
    socket.on("data", (bytes: Buffer) => {
      if (!this.#received(bytes, bytes.length)) socket.pause();
    });
    // A server-side TLSSocket without a tls.Server reports all its errors so.
    socket.on("_tlsError", (error: Error) => this.destroy(`TLS: ${error.message}`));
    socket.on("error", this.#failed);
    socket.on("close", this.#closed);
    return socket;
  }

  /** Returns whether to go on reading. */
  #received(bytes: Buffer, length: number): boolean {
    if (this.#isEnding) return true;
    if (this.#held !== 0) {
      this.#keep(bytes, length);
      return false;
    }
    if (this.#bucket !== null) {
      const waitMs = this.#bucket.take(length, performance.now());
      if (waitMs > 0) {
        this.#held |= heldByShaper;
        setTimeout(() => this.#release(heldByShaper), waitMs).unref();
      }
    }
    // Over TLS the handshake is the cost, and what OpenSSL noted about a client's certificate would end the next read, if
    // nothing was written before it.
    if (!this.#isTrusted && this.#transport === "tcp") {
      const hasMore = this.#kept !== null || length === readBuffer.length;
      this.#keep(bytes, length);
      if (hasMore) this.#yield();
      else this.#queue();
      return this.#held === 0;
    }
    const goesOn = this.#offer(bytes, length);
    // A full buffer means that there is more: others are served first.
    if (goesOn && length === readBuffer.length) this.#yield();
    return this.#held === 0;
  }

  /** Offers bytes to the owner and keeps what is left; false when something is left or reading is held. */
  #offer(bytes: Buffer, length: number): boolean {
    const used = this.#owner === null ? 0 : this.#owner.received(bytes, length);
    if (this.#isEnding) return false;
    if (this.#upgrade !== null) {
      if (!isBlank(bytes.subarray(used, length))) this.destroy("unencrypted bytes behind <starttls/>");
      else this.#beginTls(this.#upgrade);
      return false;
    }
    if (used < length) {
      this.#kept = keepBytes(null, bytes.subarray(used, length));
      this.#yield();
    }
    return this.#held === 0;
  }

  #beginTls(options: TlsOptions): void {
    this.#upgrade = null;
    this.flush();
    const plain = this.#socket;
    plain.removeListener("close", this.#closed);
    this.#transport = "starttls";
    this.#socket = this.#secured(plain, options);
  }

  #keep(bytes: Buffer, length: number): void {
    this.#kept = keepBytes(this.#kept, bytes.subarray(0, length));
  }

  #yield(): void {
    this.#queue();
    this.#hold(heldForTurn);
  }

  #queue(): void {
    if (this.#isQueued) return;
    this.#isQueued = true;
    reads.add(this);
  }

  #hold(reason: number): void {
    if (this.#held === 0) this.#socket.pause();
    this.#held |= reason;
  }

  #release(reason: number): void {
    if ((this.#held & reason) === 0) return;
    this.#held &= ~reason;
    if (this.#held !== 0 || this.#isGone) return;
    if (this.#kept === null) this.#socket.resume();
    else this.#yield();
  }

  readonly #failed = (error: Error): void => {
    if (this.#reason === "") this.#reason = error.message;
  };

  readonly #closed = (): void => {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#isEnding = true;
    this.#kept = giveBack(this.#kept);
    this.#unwritten = "";
    lingering.delete(this);
    stalls.forget(this);
    this.#released?.();
    this.#owner?.disconnected(this.#reason === "" ? "the peer closed the connection" : this.#reason);
  };
}

function ignore(): void {
  // A TLS socket reports the errors of the socket under it.
}

/** RFC 6120 5.3.2 forbids white space there; clients that end it with a line feed exist, and nobody reads that. */
function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}
