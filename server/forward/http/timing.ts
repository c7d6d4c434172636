import type { AttemptRecord } from "../../storage/ports.ts";
import type { ConnectTimes } from "./connection.ts";

/** How long the steps of an attempt took, in tenths of a millisecond, which is what a reader can use. */
export function timingOf(
  { dueAt }: { readonly dueAt: number },
  startedAt: number,
  { times, firstByteMs, totalMs }: { times: ConnectTimes | null; firstByteMs: number | null; totalMs: number },
): AttemptRecord["timing"] {
  return {
    queueMs: Math.max(0, startedAt - dueAt),
    dnsMs: tenths(times?.dnsMs ?? null),
    connectMs: tenths(times?.connectMs ?? null),
    tlsMs: tenths(times?.tlsMs ?? null),
    firstByteMs: tenths(firstByteMs),
    totalMs: tenths(totalMs),
  };
}

function tenths<T extends number | null>(ms: T): T;
function tenths(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 10) / 10;
}
