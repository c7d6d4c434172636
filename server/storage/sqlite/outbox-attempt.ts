import type { AttemptRecord } from "../ports.ts";

/** What was written before there were pushes lacks these. */
interface WrittenAttempt extends Omit<AttemptRecord, "providerId" | "timing"> {
  readonly providerId?: string | null;
  readonly timing: Omit<AttemptRecord["timing"], "dnsMs" | "tlsMs"> & Partial<AttemptRecord["timing"]>;
}

/**
 * An attempt as it was kept. `number` is its place among all attempts of the event; the record has the number that the
 * attempt had among those that count.
 */
export function attemptOf({ number, record }: { readonly number: number; readonly record: string }): AttemptRecord {
  const written = JSON.parse(record) as WrittenAttempt;
  const timing = { ...written.timing, dnsMs: written.timing.dnsMs ?? null, tlsMs: written.timing.tlsMs ?? null };
  return { ...written, number, timing, providerId: written.providerId ?? null };
}
