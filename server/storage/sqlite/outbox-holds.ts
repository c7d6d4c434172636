import type { EventRecord } from "./outbox-state.ts";

/** A lane in the hands of a dispatcher: only who knows `claim` may settle its events, until the lease ends. */
export interface Hold {
  readonly target: string;
  readonly lane: string;
  readonly claim: string;
  readonly leaseUntil: number;
  /** Events that were claimed and have no outcome yet, by seq, in order. */
  readonly events: Map<number, EventRecord>;
  /** Why some of these are needless by now, by seq; undefined: none is. */
  needless?: Map<number, Needless>;
}

/** Why an event need not be sent any more, as it is written down: after an attempt that arrived, and in place of another. */
export interface Needless {
  readonly sent: string;
  readonly unsent: string;
}

/**
 * Which lanes are held, in memory only: whoever starts next takes all lanes back anyway, so a claim has nothing to write and
 * no disk to wait for. The store has one writer, and what holds say is asked where that writer runs. Changes since the last
 * `keep` can be taken back, together with the transaction that they belong to.
 */
export class LaneHolds {
  readonly #byClaim = new Map<string, Hold>();
  readonly #byLane = new Map<string, Hold>();
  /** Held lanes by target. */
  readonly #counts = new Map<string, number>();
  readonly #undo: (() => void)[] = [];

  get(target: string, lane: string): Hold | undefined {
    return this.#byLane.get(keyOf(target, lane));
  }

  withClaim(claim: string): Hold | undefined {
    return this.#byClaim.get(claim);
  }

  isSending({ target, lane, seq }: Pick<EventRecord, "target" | "lane" | "seq">): boolean {
    return this.get(target, lane)?.events.has(seq) === true;
  }

  /** Every event that is being sent, by seq. */
  sending(): number[] {
    return Array.from(this.#byClaim.values(), ({ events }) => [...events.keys()]).flat();
  }

  ofTarget(target: string): Hold[] {
    return [...this.#byClaim.values()].filter((hold) => hold.target === target);
  }

  countOf(target: string): number {
    return this.#counts.get(target) ?? 0;
  }

  endedBefore(now: number): Hold[] {
    return [...this.#byClaim.values()].filter(({ leaseUntil }) => leaseUntil < now);
  }

  take(hold: Hold): void {
    this.#add(hold);
    this.#undo.push(() => this.#remove(hold));
  }

  give(hold: Hold): void {
    this.#remove(hold);
    this.#undo.push(() => this.#add(hold));
  }

  /** The event has its outcome. */
  settle({ events }: Hold, event: EventRecord): void {
    events.delete(event.seq);
    this.#undo.push(() => events.set(event.seq, event));
  }

  /** The event has changed while it is being sent; nothing when it is not. */
  replace(event: EventRecord): void {
    const events = this.get(event.target, event.lane)?.events;
    const before = events?.get(event.seq);
    if (events === undefined || before === undefined) return;
    events.set(event.seq, event);
    this.#undo.push(() => events.set(event.seq, before));
  }

  /** The event need not be sent any more: an attempt under way goes on, and is the last. Nothing when there is none. */
  markNeedless({ target, lane, seq }: Pick<EventRecord, "target" | "lane" | "seq">, why: Needless): void {
    const hold = this.get(target, lane);
    if (hold?.events.has(seq) !== true) return;
    const marks = (hold.needless ??= new Map<number, Needless>());
    const before = marks.get(seq);
    marks.set(seq, why);
    this.#undo.push(() => (before === undefined ? marks.delete(seq) : marks.set(seq, before)));
  }

  /** A place in the changes since the last `keep`, for `takeBack`. */
  get mark(): number {
    return this.#undo.length;
  }

  takeBack(mark: number): void {
    for (const undo of this.#undo.splice(mark).toReversed()) undo();
  }

  keep(): void {
    this.#undo.length = 0;
  }

  #add(hold: Hold): void {
    if (!this.#byClaim.has(hold.claim)) this.#counts.set(hold.target, this.countOf(hold.target) + 1);
    this.#byClaim.set(hold.claim, hold);
    this.#byLane.set(keyOf(hold.target, hold.lane), hold);
  }

  #remove(hold: Hold): void {
    if (this.#byClaim.delete(hold.claim)) this.#counts.set(hold.target, this.countOf(hold.target) - 1);
    this.#byLane.delete(keyOf(hold.target, hold.lane));
  }
}

function keyOf(target: string, lane: string): string {
  return `${target}\n${lane}`;
}
