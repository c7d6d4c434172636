import type { Packet } from "../router.ts";

/** Keeps what was sent over a stream with another server until that server has confirmed it. */
export interface LinkKeeper {
  /** Oldest first. */
  readonly unconfirmed: readonly Packet[];
  /** How long the stream may be resumed once its connection is lost, in ms; 0: it cannot be. */
  readonly resumeMs: number;
  /** The peer has told what it dealt with, and takes nothing more: the rest can be sent again without being doubled. */
  readonly isExact: boolean;
  /** The stanza was handed to the stream. */
  written(packet: Packet): void;
  /** One side closes the stream in an orderly way: something may be said on it for the last time. */
  closing(isByPeer: boolean): void;
  /** The stream is over. `isLost`: neither side had closed it. */
  ended(isLost: boolean): void;
}
