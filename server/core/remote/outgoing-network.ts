import type { Socket } from "node:net";
import type { Packet } from "../router.ts";
import type { LinkFault } from "./fault.ts";
import type { LinkKeeper } from "./keeper.ts";
import type { OutgoingNegotiation } from "./negotiation.ts";
import type { OutgoingLink } from "./outgoing-link.ts";
import type { OutgoingStream } from "./outgoing-stream.ts";
import type { Way } from "./resolver.ts";
import type { ServerStreams } from "./server-streams.ts";

/** What links need of the world. */
export interface OutgoingNetwork extends ServerStreams {
  resolve(domain: string): Promise<readonly Way[]>;
  dial(way: Way, signal: AbortSignal): Promise<Socket>;
  /** Takes a place among those that are being connected; false: there is none. */
  mayConnect(): boolean;
  /** It is being negotiated from now on, for a limited time. */
  negotiating(stream: OutgoingStream): void;
  /** It has come to something, or to nothing. */
  negotiated(stream: OutgoingStream): void;
  changed(link: OutgoingLink): void;
  /** The connection broke. */
  broken(link: OutgoingLink): void;
  /** The server cannot be reached. */
  gone(link: OutgoingLink): void;
  /** It can be reached again. */
  back(link: OutgoingLink): void;
}

/** What stanzas go out by: a stream of our own, or one of the peer's that goes both ways. */
export interface StanzaCarrier {
  readonly isBidirectional: boolean;
  readonly keeper: LinkKeeper | null;
  send(packet: Packet): void;
}

/** Somebody who wants to ask the peer something that needs no proof. */
export interface Question {
  ask(stream: OutgoingNegotiation): void;
  failed(fault: LinkFault): void;
}
