import { LIMIT, query, type Connection } from "./connection.ts";

/** Due lanes of a target by age, or where there are more than can be taken, from one host after the other. */
export interface OutboxTurns {
  /**
   * Lanes that nobody holds: at most `most`, and fewer only when there are no more. With more than that, each host that has
   * any gets as much of it as every other, as far as it goes, and those that got nothing are first the next time.
   */
  due(target: string, now: number, most: number): string[];
}

export function outboxTurnsOn({ db, holds }: Connection): OutboxTurns {
  const byAge = query<{ lane: string }>(
    db,
    `SELECT lane FROM fwd_lane INDEXED BY fwd_lane_due WHERE target = ? AND due <= ? ORDER BY due ${LIMIT}`,
  );
  const nextHost = query<{ host: string }>(
    db,
    "SELECT host FROM fwd_lane INDEXED BY fwd_lane_turn WHERE target = ? AND host > ? ORDER BY host LIMIT 1",
  );
  const ofHost = query<{ lane: string }>(
    db,
    `SELECT lane FROM fwd_lane INDEXED BY fwd_lane_turn WHERE target = ? AND host = ? AND due <= ? ORDER BY due ${LIMIT}`,
  );
  /** The host that was served last, by target. */
  const served = new Map<string, string>();

  /** Every host with lanes at the target once, beginning with the one after that which was served last. */
  function* hostsOf(target: string): Generator<string> {
    const last = served.get(target) ?? "";
    for (let host = nextHost.get(target, last)?.host; host !== undefined; host = nextHost.get(target, host)?.host)
      yield host;
    for (let host = nextHost.get(target, "")?.host; host !== undefined && host <= last;) {
      yield host;
      host = nextHost.get(target, host)?.host;
    }
  }

  const isOfOneHost = (target: string): boolean => {
    const first = nextHost.get(target, "");
    return first === undefined || nextHost.get(target, first.host) === undefined;
  };

  const isFree = (target: string, lane: string): boolean => holds.get(target, lane) === undefined;

  return {
    due: (target, now, most) => {
      // Lanes that are held are due, too: so many more have to be looked at.
      const held = holds.countOf(target);
      const free = (lanes: readonly { lane: string }[]): string[] =>
        lanes.flatMap(({ lane }) => (isFree(target, lane) ? [lane] : [])).slice(0, most);
      const oldest = byAge.all(target, now, most + held + 1);
      if (oldest.length <= most + held || isOfOneHost(target)) return free(oldest);
      const queues: { host: string; lanes: string[] }[] = [];
      for (const host of hostsOf(target)) {
        const lanes = free(ofHost.all(target, host, now, most + held));
        if (lanes.length > 0) queues.push({ host, lanes });
        if (queues.length === most) break;
      }
      const taken: string[] = [];
      for (let round = 0; taken.length < most; round += 1) {
        const before = taken.length;
        for (const { host, lanes } of queues) {
          const lane = lanes[round];
          if (lane === undefined || taken.length === most) continue;
          taken.push(lane);
          served.set(target, host);
        }
        if (taken.length === before) break;
      }
      return taken;
    },
  };
}
