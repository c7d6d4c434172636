/** Enough of an event's id to tell rows apart: its end, without the device that follows it (`evt_…_DEVICE`). */
export const shortEventId = (id: string): string => (/^evt_([^_]+)/.exec(id)?.[1] ?? id).slice(-10);

/** The event that went out in the place of this one; null: it was not left out for another. */
export function collapsedInto(error: string | null): string | null {
  return /^collapsed into (\S+)$/.exec(error ?? "")?.[1] ?? null;
}
