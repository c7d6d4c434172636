import type { DeviceTarget, ForwardTarget } from "../../../lib/contracts/forward-target.ts";
import type { ClaimedLane, OutboxEvent } from "../../storage/ports.ts";

/** Least time between two pushes to a device that would say the same. */
export const minIntervalMs = 20_000;

/** Events of a lane that one push stands for. */
export interface Coalesced {
  /** What is attempted, in order. */
  readonly kept: readonly OutboxEvent[];
  /** What is not, and which event stands for it. */
  readonly dropped: readonly { readonly event: OutboxEvent; readonly into: string }[];
}

/**
 * What a device is pushed of a lane's due events. Pushes that tell of a message without its words say the same again and
 * again, with a higher count: of several that wait only the newest is sent, one for each sender where senders are told. A
 * replay is sent as it is. Calls and subscription requests always are, and so is every push that shows what was written.
 */
export function coalesce({ events, device }: Pick<ClaimedLane, "events" | "device">, target: ForwardTarget): Coalesced {
  if (device === null || target.kind === "webhook" || events.length === 1) return { kept: events, dropped: [] };
  const newest = new Map<string, string>();
  const kept: OutboxEvent[] = [];
  const dropped: { event: OutboxEvent; into: string }[] = [];
  for (const event of events.toReversed()) {
    const key = keyOf(event, target);
    const into = key === null ? undefined : newest.get(key);
    if (into !== undefined) {
      dropped.push({ event, into });
      continue;
    }
    if (key !== null) newest.set(key, event.id);
    kept.push(event);
  }
  return { kept: kept.toReversed(), dropped: dropped.toReversed() };
}

/**
 * When the head of a device's lane may be pushed: at once after a while without pushes, else when {@link minIntervalMs} have
 * passed since the last one, so that what comes until then goes along. null: at once.
 */
export function pushAt(
  { events, device }: Pick<ClaimedLane, "events" | "device">,
  target: ForwardTarget,
): number | null {
  const [head] = events;
  if (head === undefined || device === null || target.kind === "webhook" || keyOf(head, target) === null) return null;
  return device.lastAcceptedAt === null ? null : device.lastAcceptedAt + minIntervalMs;
}

/** Events with the same key are told by the same push; null: this one is told by its own. */
function keyOf({ class: of, from, replayedAfter }: OutboxEvent, target: DeviceTarget): string | null {
  if (replayedAfter !== null || (of !== "chat" && of !== "groupchat" && of !== "mention")) return null;
  switch (told(target)) {
    case "words":
      return null;
    case "sender":
      // The bare JID of a person, or of the room.
      return from.split("/", 1)[0]!;
    default:
      return "";
  }
}

function told(target: DeviceTarget): "words" | "sender" | "nothing" {
  if (target.kind === "xep0357") {
    if (target.body === "full") return "words";
    return target.includeSender ? "sender" : "nothing";
  }
  if (target.content === "none") return "nothing";
  return target.content === "sender" ? "sender" : "words";
}
