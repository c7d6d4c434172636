import type { Element } from "../../xmpp/element.ts";
import type { StreamError } from "../../xmpp/errors.ts";
import type { Jid } from "../../xmpp/jid.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import type { Host } from "../host.ts";
import type { LinkFault } from "./fault.ts";
import type { LinkKeeper } from "./keeper.ts";

/** How a server has proved that it speaks for a domain: by its certificate, or by a question to the domain's own server. */
export type Proof = "external" | "dialback";

/** Two domains that talk: one that is served here, and one that is not. */
export interface DomainPair {
  readonly local: string;
  readonly remote: string;
}

/** A stream with another server while it is negotiated (RFC 6120 4.3), as the features of servers see it. */
interface NegotiatingServer {
  /** The virtual host whose modules negotiate. */
  readonly host: Host;
  readonly isSecure: boolean;
  readonly address: string;
  /** What the receiving side has called the stream (RFC 6120 4.7.3). */
  readonly id: string;
  /** Whether the peer's certificate is one for a server of that domain. */
  isCertifiedFor(domain: string): boolean;
  /** Writes one element, as text for a stream whose default namespace is the content namespace. */
  write(xml: string): void;
  /** Upgrades the connection in place. */
  startTls(): void;
  /** Expects a new stream header (RFC 6120 6.4.6). */
  restart(): void;
  /** Stanzas go both ways on it (XEP-0288). */
  isBidirectional: boolean;
  /** Keeps what is sent from here; null: nobody does. */
  keeper: LinkKeeper | null;
  readonly isClosed: boolean;
  /** Stanzas of the peer so far. */
  readonly taken: number;
  /** Calls `settled` once these are dealt with and on disk, with their number. */
  onceSettled(settled: (taken: number) => void): void;
  /** Drops the connection without a word. */
  destroy(reason: string): void;
}

/** A stream that another server began. */
export interface IncomingNegotiation extends NegotiatingServer {
  /** The domain here that the header is for. */
  readonly local: string;
  /** The domain that the peer says it speaks for; null: it has not said. A hint that nothing may rest upon. */
  readonly remote: string | null;
  /** `startTls` is possible: the stream is not encrypted and there is a certificate. */
  readonly mayStartTls: boolean;
  readonly isTlsRequired: boolean;
  isProved(pair: DomainPair): boolean;
  /** The peer speaks for `pair.remote`: from now on stanzas from there to `pair.local` are taken. */
  prove(pair: DomainPair, by: Proof): void;
  /** What the stream before it had not confirmed is this one's by now, or never will be: what waited for that goes on. */
  continued(): void;
  close(error?: StreamError): void;
}

/** A stream that this server began. */
export interface OutgoingNegotiation extends NegotiatingServer, DomainPair {
  /** What the stream before it had not confirmed, as long as that may be resumed. */
  readonly lost: LinkKeeper | null;
  /** It is this one's by now, or never will be. */
  continued(): void;
  /** The peer takes us for whom we say we are. */
  proved(by: Proof): void;
  /** The feature is done with, one way or the other; the next one begins. */
  proceed(): void;
  /** Nothing comes of it. */
  fail(fault: LinkFault): void;
}

/** Something that servers negotiate between them: each side of it is done by the same module. */
export interface ServerFeature {
  readonly name: string;
  /** Position in `<stream:features/>`, and the order in which they are tried: smaller first. */
  readonly order: number;
  /** It encrypts, or comes along with an answer that is due before that. */
  readonly isAllowedBeforeTls?: boolean;
  /** It proves who we are; left until there is something to send. */
  readonly isProof?: boolean;
  /** Elements, of either side, that are for this feature. */
  readonly handles: readonly (readonly [ns: string, name: string])[];
  /** As the receiving side: what goes into the features. */
  offer(stream: IncomingNegotiation): Element | undefined;
  /** As the receiving side. */
  handle(stream: IncomingNegotiation, element: Stanza): void | Promise<void>;
  /** As the initiating side: takes its step where `features` has it; true: the answer, or a new stream, is waited for. */
  begin(stream: OutgoingNegotiation, features: Stanza): boolean;
  /** As the initiating side. */
  answered(stream: OutgoingNegotiation, element: Stanza): void;
}

/** What the operator decided about a host's links. */
export interface LinkSettings {
  /** Whether nothing but what encrypts the stream may happen without TLS. */
  isTlsRequired(remote: Jid): boolean;
  /** For each pair of domains. */
  readonly maxQueuedStanzas: number;
  /** In UTF-16 units. */
  readonly maxQueuedLength: number;
  /** How long a stanza waits for a link. */
  readonly queueMs: number;
  /** A link that carries nothing for so long is closed. */
  readonly idleMs: number;
}
