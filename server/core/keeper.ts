import type { Stanza } from "../xmpp/stanza.ts";

/** A stanza that was written to a client and that it has not confirmed. */
export interface Unconfirmed {
  readonly stanza: Stanza;
  /** When it was written, ms since the epoch. */
  readonly at: number;
  /** Its text in the offline store, where it is, too. */
  storedAs: string | null;
  /** It was given to others, or refused: nothing is left to be done should the client never get it. */
  isSettled: boolean;
}

/** Keeps what a session writes until the client has confirmed it, and decides whether it outlives its connection. */
export interface SessionKeeper {
  /** Oldest first. */
  readonly unconfirmed: readonly Unconfirmed[];
  /** What it kept is still being sent again on a new connection: what comes now goes behind it, and the keeper writes it. */
  readonly isSendingAgain: boolean;
  /** The stanza was handed to the link, or waits for its turn there. Must not end the session in the same turn: others may be going through a list. */
  written(stanza: Stanza, storedAs: string | null): void;
  /** Runs `callback` once the client has confirmed everything written so far. */
  onceConfirmed(callback: () => void): void;
  /** The connection is gone, and the client has not closed its stream: may the session wait for it to come back? */
  mayWait(): boolean;
}
