import type { TargetDay } from "../../lib/contracts/target-day.ts";
import type { Outbox } from "../storage/ports.ts";
import { timestamp } from "./timestamp.ts";

const bucketMs = 30 * 60_000;
const buckets = 48;
const bandsMs = [50, 100, 250, 500, 1_000, 2_500, 5_000];

/** How the day until `now` went for a target. */
export async function targetDay(
  outbox: Pick<Outbox, "latency" | "histogram">,
  target: string,
  now: number,
): Promise<TargetDay> {
  const from = now - buckets * bucketMs;
  const [latency, outcomes] = await Promise.all([
    outbox.latency(target, bandsMs, from, bucketMs, buckets),
    outbox.histogram({ target }, from, bucketMs, buckets),
  ]);
  return {
    from: timestamp(from),
    bucketMs,
    bandsMs,
    latency: latency.map((counts) => [...counts]),
    outcomes: outcomes.map((counts) => ({ ...counts })),
  };
}
