import type { TlsClientOptions, TlsServerOptions } from "../../net/connection.ts";
import type { Rate } from "../../net/shaper.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Router } from "../router.ts";
import type { Federation } from "./federation.ts";
import type { IncomingStream } from "./incoming-stream.ts";
import type { DomainPair } from "./negotiation.ts";

/** What all streams with other servers share. */
export interface ServerStreams {
  readonly router: Router;
  readonly clock: Clock;
  readonly log: Log;
  /** The virtual host that answers for a domain, its own or a service's; undefined: it talks to no other server. */
  federationOf(domain: string): Federation | undefined;
  /** Whether the domain is one of ours. */
  isServed(domain: string): boolean;
  /** The access rule `s2s_access`. */
  mayTalk(pair: DomainPair): boolean;
  /** undefined: there is no certificate for the domain. */
  tlsFor(local: string): TlsServerOptions | undefined;
  clientTlsFor(pair: DomainPair, isDirect: boolean): TlsClientOptions | undefined;
  shaperFor(pair: DomainPair): Rate | null;
  incomingProved(stream: IncomingStream, pair: DomainPair): void;
  /** What an earlier stream of the peer's left behind is settled. */
  incomingContinued(stream: IncomingStream): void;
  incomingClosed(stream: IncomingStream, reason: string, isLost: boolean): void;
}
