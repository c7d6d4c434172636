import { randomUUIDv7 } from "node:crypto";

/**
 * Standard Webhooks: an id has no dot in it and nobody outside has a say in it. It begins with the time (RFC 9562 5.7), so
 * that new ones are neighbours in the store's index; 74 bits of it are random.
 */
export function newEventId(): string {
  return `evt_${randomUUIDv7().replaceAll("-", "")}`;
}

/** When an event of this id was made, in milliseconds; null: it is no id that {@link newEventId} makes. */
export function timeOfEventId(id: string): number | null {
  const [, time] = /^evt_([\da-f]{12})7[\da-f]{3}[89ab][\da-f]{15}(?:_|$)/.exec(id) ?? [];
  return time === undefined ? null : Number.parseInt(time, 16);
}
