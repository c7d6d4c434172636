import type { OnlineSession } from "@/lib/contracts/sessions.ts";

/** Each second, since the answer before. */
export interface Rates {
  readonly stanzasIn: number;
  readonly stanzasOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}
type Counted = Pick<OnlineSession, "jid" | "since" | keyof Rates>;

const names = ["stanzasIn", "stanzasOut", "bytesIn", "bytesOut"] as const;

/** How fast counters went up between two answers; nothing is known of a session that only one of them has. */
export function ratesBetween(
  before: readonly Counted[],
  after: readonly Counted[],
  seconds: number,
): ReadonlyMap<string, Rates> {
  const earlier = new Map(before.map((session) => [session.jid, session]));
  const rates = new Map<string, Rates>();
  for (const session of after) {
    const then = earlier.get(session.jid);
    // Another session may have taken the same resource.
    if (then === undefined || then.since !== session.since || seconds <= 0) continue;
    // A connection that was resumed counts its bytes anew.
    const [stanzasIn, stanzasOut, bytesIn, bytesOut] = names.map(
      (name) => (session[name] >= then[name] ? session[name] - then[name] : session[name]) / seconds,
    ) as [number, number, number, number];
    rates.set(session.jid, { stanzasIn, stanzasOut, bytesIn, bytesOut });
  }
  return rates;
}
