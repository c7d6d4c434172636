import { setTimeout as pause } from "node:timers/promises";
import type { Session } from "./session.ts";

/** A client that reads slowly gets the next message when less than this waits to be sent, bytes. */
const maxUnsent = 256 * 1024;
const unsentCheckMs = 20;

/** Its connection takes no more for now: what can wait on disk should. */
export function isFull(session: Session): boolean {
  return session.link.unsent > maxUnsent;
}

/** Waits until the client has read most of what it was sent, or `isOver`; mostly it has. */
export async function untilRead(session: Session, isOver: () => boolean): Promise<void> {
  while (isFull(session) && !isOver()) await pause(unsentCheckMs);
}

/** Waits until the client has confirmed a page: no more than that is kept in memory. */
export function untilConfirmed(session: Session): Promise<void> | undefined {
  if (session.keeper === null) return undefined;
  return new Promise<void>((resolve) => session.onceDelivered(resolve));
}
