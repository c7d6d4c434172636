import type { WebhookOrder } from "../../../lib/contracts/forward-target.ts";
import type { MessageClass } from "../../storage/ports.ts";
import { SHARED_LANE } from "../../storage/shared-lane.ts";
import { Jid } from "../../xmpp/jid.ts";

/** What an event's place is decided by. */
export interface Placed {
  readonly id: string;
  readonly class: MessageClass;
  /** Bare JID of the recipient, and the sender's, bare or full. */
  readonly user: string;
  readonly from: string;
}

/**
 * The lane of an event that goes to a web server: those of one lane arrive in order. It begins with the recipient's bare JID,
 * behind a slash comes what tells its lanes apart. Calls cannot wait, and have lanes of their own unless all is in one order.
 */
export function laneOf({ id, class: kind, user, from }: Placed, order: WebhookOrder): string {
  if (order === "target") return SHARED_LANE;
  if (order === "none") return `${user}/${id}`;
  if (kind === "call") return callLaneOf(user);
  return order === "recipient" ? user : `${user}/${Jid.tryParse(from)?.bare ?? from}`;
}

/** The lane of an event for a user's devices, to which the store adds the device. */
export function deviceLaneOf({ class: kind, user }: Pick<Placed, "class" | "user">): string {
  return kind === "call" ? callLaneOf(user) : user;
}

function callLaneOf(user: string): string {
  return `call:${user}`;
}
