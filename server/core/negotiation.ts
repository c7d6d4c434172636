import type { ChannelBindings } from "../net/channel-binding.ts";
import type { Element } from "../xmpp/element.ts";
import type { StreamError } from "../xmpp/errors.ts";
import type { Jid } from "../xmpp/jid.ts";
import type { Stanza } from "../xmpp/stanza.ts";
import type { ConflictRule } from "./binding.ts";
import type { Core } from "./core.ts";
import type { Host } from "./host.ts";
import type { StreamFeature } from "./module.ts";
import type { LoginMark } from "./revocations.ts";
import type { Session, Transport } from "./session.ts";
import type { LoginThrottle } from "./throttle.ts";

/** What the operator decided about client streams at boot. */
export interface NegotiationSettings {
  /** `optional` lets clients log in without encryption; for tests on loopback only. */
  readonly starttls: "required" | "optional";
  /** Offer SASL PLAIN on unencrypted streams; for tests on loopback only. */
  readonly plainWithoutTls: boolean;
}

/** What a client says of itself when it logs in, for nobody but its user (XEP-0388 2.5). */
export interface ClientAgent {
  /** Names the installation to this server, and only to it: made of the id that the client keeps to itself. */
  readonly id: string;
  readonly software: string | null;
  readonly device: string | null;
}

export interface LoginDetails {
  /** Taken before anything of the account was read (revocations.ts). */
  readonly mark: LoginMark;
  readonly agent?: ClientAgent | null;
  /** The stream goes on as it is, without a new header (XEP-0388 2.6.1). */
  readonly isInPlace?: boolean;
}

/** A client stream while it is negotiated (RFC 6120 4.3), as stream features see it. */
export interface NegotiatingStream {
  readonly core: Core;
  readonly host: Host;
  readonly settings: NegotiationSettings;
  readonly throttle: LoginThrottle;
  readonly address: string;
  readonly port: number;
  readonly transport: Transport;
  readonly isSecure: boolean;
  /** Whether `startTls` is possible: the stream is not encrypted and there is a certificate for the host. */
  readonly mayStartTls: boolean;
  /** What a SASL exchange can be bound to; null on an unencrypted stream. */
  readonly bindings: ChannelBindings | null;
  /** The account that the client's header names, as a bare JID: a hint that nothing may rest upon. */
  readonly from: Jid | null;
  /** What the client's header says (RFC 6120 4.7.4), if it is a language tag. */
  readonly language: string | null;
  /** What the client said of itself when it logged in. */
  readonly agent: ClientAgent | null;
  /** Accounts of the host that the client's certificate is for (XEP-0178). */
  readonly certified: readonly Jid[];
  /** The account as a bare JID, once authenticated. */
  readonly account: Jid | null;
  /** Name of the SASL mechanism that authenticated it; "" before. */
  readonly mechanism: string;
  /** The bound session, once there is one. */
  readonly session: Session | null;
  send(element: Element | Stanza): void;
  /** Sends what was written; what follows waits `ms`, so that the peer reads it apart. */
  flushApart(ms: number): void;
  /** A person has a form to fill in before the login, which may take longer then: five minutes, once. */
  fillsIn(): void;
  /** Upgrades the connection in place; nothing unencrypted may follow. The client begins a new stream. */
  startTls(): void;
  /** Notes who it is and, unless told otherwise, expects a new stream header (RFC 6120 6.4.6): send the success first. */
  authenticate(account: Jid, mechanism: string, login: LoginDetails): void;
  /** Sends what can be negotiated now (RFC 6120 4.3.2). */
  offerFeatures(): void;
  /** Until it is called with null, anything that is not for this feature ends the stream. */
  claim(feature: StreamFeature | null): void;
  /**
   * Binds a resource, "" for one of the server's choice (RFC 6120 7). `answer` sends the result; it runs before anything
   * can be routed to the session. Throws StanzaError; StreamError if the account was revoked since the login began.
   */
  bind(resource: string, conflict: ConflictRule, answer: (session: Session) => void): void | Promise<void>;
  /**
   * Becomes the connection of a detached session of the same account instead of binding a resource. Throws StanzaError:
   * unexpected-request, item-not-found; StreamError if the account was revoked since the login began.
   */
  resume(session: Session): void;
  close(error?: StreamError): void;
}
