import type { Packet, Router } from "../router.ts";
import type { LinkFault } from "./fault.ts";
import type { LinkKeeper } from "./keeper.ts";
import type { DomainPair } from "./negotiation.ts";
import type { StanzaQueue } from "./stanza-queue.ts";

/**
 * What a stream of a link left unconfirmed: it waits for a stream that goes on with it, and then is sent again or refused. Nothing
 * is refused that may still arrive, and nothing sent again that may have arrived, except presence, which does no harm twice.
 */
export class Leftovers {
  readonly #pair: DomainPair;
  readonly #queue: StanzaQueue;
  readonly #router: Router;
  /** How long what is sent again may wait for a stream, in ms. */
  readonly #queueMs: number;
  #waiting: { readonly keeper: LinkKeeper; readonly isOurs: boolean; readonly until: number } | null = null;

  constructor(pair: DomainPair, queue: StanzaQueue, router: Router, queueMs: number) {
    this.#pair = pair;
    this.#queue = queue;
    this.#router = router;
    this.#queueMs = queueMs;
  }

  /** Until when a stream may go on with it; null: there is nothing to wait for. */
  get until(): number | null {
    return this.#waiting === null ? null : this.#waiting.until;
  }

  /** What the next stream of ours may go on with. */
  get ours(): LinkKeeper | null {
    return this.#waiting?.isOurs === true ? this.#waiting.keeper : null;
  }

  /** A stream is over, `isOurs`: one that we began. Lets wait what it left, or sees to that. */
  take(keeper: LinkKeeper, isOurs: boolean, isBidirectional: boolean, fault: LinkFault, now: number): void {
    // Where we began the stream, the other side may have something unconfirmed, too, and waits for us.
    const isWanted = keeper.unconfirmed.some(this.#isOfPair) || (isOurs && isBidirectional);
    if (isWanted && keeper.resumeMs > 0)
      this.#waiting = { keeper, isOurs, until: now + Math.min(keeper.resumeMs, this.#queueMs) };
    else this.recover(keeper, fault, now);
  }

  /** A stream has begun whose keeper is this one: what waits is its own by now, or seen to. */
  goOn(keeper: LinkKeeper | null, fault: LinkFault, now: number): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting !== null && waiting.keeper !== keeper) this.recover(waiting.keeper, fault, now);
  }

  /** Puts into the queue what is sent again, and refuses the rest. */
  recover({ unconfirmed, isExact }: LinkKeeper, fault: LinkFault, now: number): void {
    const again: Packet[] = [];
    for (const packet of unconfirmed.filter(this.#isOfPair)) {
      if (isExact || packet.stanza.kind === "presence") again.push(packet);
      else this.#router.bounce(packet, fault.toStanzaError());
    }
    this.#queue.putBack(again, now + this.#queueMs);
  }

  /** A stream of the peer's may be for several pairs of domains. */
  readonly #isOfPair = ({ from, to }: Packet): boolean =>
    from.domain === this.#pair.local && to.domain === this.#pair.remote;
}
