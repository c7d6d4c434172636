import type { ClaimedLane, ClaimOffer } from "../ports.ts";
import type { Connection } from "./connection.ts";
import { laneClaimOn } from "./outbox-claim.ts";

/** What a transaction has claimed for whoever has offered to, and which targets have more to do than that. */
export interface ClaimedAtOnce {
  readonly lanes: readonly ClaimedLane[];
  readonly left: readonly string[];
}

/**
 * Claims the lanes that a transaction has opened, where a dispatcher has offered to take them: the same transaction leaves
 * the event in its hands, and nobody has to ask for it. What does not fit is told as usual. To be called before the commit;
 * what is told of it is told after that.
 */
export function claimOpenedOn(connection: Connection): () => ClaimedAtOnce {
  const { news, holds, offers, now } = connection;
  const claimLane = laneClaimOn(connection);

  const claim = (target: string, lane: string, offer: ClaimOffer, at: number): ClaimedLane | null => {
    if (holds.get(target, lane) !== undefined || holds.countOf(target) >= offer.lanes) return null;
    const claimed = claimLane(target, lane, at, offer.leaseMs, offer.perLane);
    if (claimed.events.length > 0) return claimed;
    // It was opened by a call that was taken back, or cancelled since.
    holds.give(holds.withClaim(claimed.claim)!);
    return null;
  };

  return () => {
    if (news.opened.length === 0) return { lanes: [], left: [...news.queued.keys()] };
    const lanes: ClaimedLane[] = [];
    const left = new Map(news.queued);
    const at = now();
    for (const { target, lane } of news.opened) {
      const offer = offers.get(target);
      const claimed = offer === undefined ? null : claim(target, lane, offer, at);
      if (claimed === null) continue;
      lanes.push(claimed);
      left.set(target, (left.get(target) ?? 0) - claimed.events.length);
    }
    return { lanes, left: [...left].flatMap(([target, count]) => (count > 0 ? [target] : [])) };
  };
}
