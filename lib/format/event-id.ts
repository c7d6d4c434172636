/** Enough of an event's id to tell rows apart: its end, without the device that follows it (`evt_…_DEVICE`). */
export const shortEventId = (id: string): string => (/^evt_([^_]+)/.exec(id)?.[1] ?? id).slice(-10);
