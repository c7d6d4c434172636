import { LIMIT, query, type Connection } from "./connection.ts";

/** The lanes of a target as they become due, where no host keeps another's waiting. */
export interface OutboxTurns {
  /**
   * Lanes that are due and that nobody holds: at most `most`, and fewer only when there are no more. With more than that, each
   * host that has any gets as much of it as every other, as far as it goes, and those that got nothing are first the next time.
   */
  due(target: string, now: number, most: number): string[];
  /** When the first lane is due (ms since 1970), held or not; Infinity: there is none. */
  firstDueAt(target: string): number;
  /** The same of the lanes that nobody holds. */
  firstFreeAt(target: string): number;
}

interface LaneRow {
  readonly lane: string;
  readonly due: number;
}

export function outboxTurnsOn({ db, holds }: Connection): OutboxTurns {
  const nextHost = query<{ host: string }>(
    db,
    "SELECT host FROM fwd_lane INDEXED BY fwd_lane_due WHERE target = ? AND host > ? ORDER BY host LIMIT 1",
  );
  const ofHost = query<LaneRow>(
    db,
    `SELECT lane, due FROM fwd_lane INDEXED BY fwd_lane_due WHERE target = ? AND host = ? AND due <= ? ORDER BY due ${LIMIT}`,
  );
  /** The host that was served last, by target. */
  const served = new Map<string, string>();

  /** Every host with lanes at the target once, beginning with the one after `last`. */
  function* hostsOf(target: string, last = ""): Generator<string> {
    for (let host = nextHost.get(target, last)?.host; host !== undefined; host = nextHost.get(target, host)?.host)
      yield host;
    if (last === "") return;
    for (let host = nextHost.get(target, "")?.host; host !== undefined && host <= last;) {
      yield host;
      host = nextHost.get(target, host)?.host;
    }
  }

  const isFree = (target: string, { lane }: LaneRow): boolean => holds.get(target, lane) === undefined;

  /** The oldest lanes of a host that nobody holds: those that are held are due, too, so that more have to be looked at. */
  const freeOf = (target: string, host: string, now: number, most: number): LaneRow[] =>
    ofHost
      .all(target, host, now, most + holds.countOf(target))
      .filter((row) => isFree(target, row))
      .slice(0, most);

  const earliest = (target: string, lanesOf: (host: string) => readonly LaneRow[]): number => {
    let at = Infinity;
    for (const host of hostsOf(target)) at = Math.min(at, lanesOf(host)[0]?.due ?? Infinity);
    return at;
  };

  return {
    due: (target, now, most) => {
      const queues: { host: string; lanes: LaneRow[] }[] = [];
      for (const host of hostsOf(target, served.get(target))) {
        const lanes = freeOf(target, host, now, most);
        if (lanes.length > 0) queues.push({ host, lanes });
        if (queues.length === most) break;
      }
      const taken: string[] = [];
      for (let round = 0; taken.length < most; round += 1) {
        const before = taken.length;
        for (const { host, lanes } of queues) {
          const row = lanes[round];
          if (row === undefined || taken.length === most) continue;
          taken.push(row.lane);
          served.set(target, host);
        }
        if (taken.length === before) break;
      }
      return taken;
    },
    firstDueAt: (target) => earliest(target, (host) => ofHost.all(target, host, Infinity, 1)),
    firstFreeAt: (target) => earliest(target, (host) => freeOf(target, host, Infinity, 1)),
  };
}
