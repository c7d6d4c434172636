import type { AttemptRecord, ClaimedLane, OutboxEvent, Settlement } from "../../storage/ports.ts";
import type { ResolvedTarget, TargetState } from "../service.ts";
import type { Attempt, Transport } from "../transport.ts";
import { Alarm } from "./alarm.ts";
import { Breaker } from "./breaker.ts";
import { coalesce, pushAt } from "./coalescing.ts";
import { Concurrency } from "./concurrency.ts";
import { endWithoutAttempt, isAnswer, outgoing } from "./lane-event.ts";
import { nextState } from "./next-state.ts";
import type { QueueParts } from "./queue-parts.ts";
import { StandingOffer } from "./standing-offer.ts";
import { TargetTrouble } from "./target-trouble.ts";
import { TokenBucket } from "./token-bucket.ts";

const leaseMs = 30_000;
/** What a lease is longer than the attempts made under it: connecting twice, and writing the outcome. */
const leaseSlackMs = 10_000;
const perLane = 8;
/** So many pushes to one device may become one. */
const perDeviceLane = 64;
/** Least time between two looks at the outbox that nobody asked for. */
const minPauseMs = 20;
const storeFailurePauseMs = 1_000;

/** How lanes are claimed: any, one to see whether the target is back, or those that do not wait for their turn. */
type ClaimMode = "any" | "probe" | "urgent";

/**
 * The scheduler of one target. It claims lanes (a recipient's or a device's events, in order) while attempts may be opened,
 * works each lane one event at a time, and otherwise waits: for a commit (`wake`), for the next due time, for the rate, or
 * for the breaker. It holds only the lanes under way; the backlog stays in the outbox.
 */
export class TargetQueue {
  readonly #name: string;
  readonly #parts: QueueParts;
  readonly #breaker = new Breaker();
  readonly #concurrency = new Concurrency(1);
  readonly #bucket = new TokenBucket();
  readonly #trouble: TargetTrouble;
  readonly #alarm: Alarm;
  readonly #offer: StandingOffer;
  #target: ResolvedTarget | null = null;
  #transport: Transport | null = null;
  #isClosed = false;
  /** Settings that attempts under way still go by. */
  #retired: Transport[] = [];
  readonly #attempts = new Map<AttemptRecord["outcome"], number>();
  #active = 0;
  #isClaiming = false;
  /** The outbox may have due events that no claim has seen, or calls among them. */
  #hasMore = false;
  #mayHaveCalls = false;
  /** There was more than could be claimed: what comes must not overtake it. */
  #isBehind = true;
  /** Lanes claimed whose last outcome is not committed yet, and whether a claim may have passed over events in them. */
  #leased = 0;
  #mayHide = false;
  #isDueStale = false;
  #dueAt = Number.POSITIVE_INFINITY;
  #idle: (() => void) | null = null;

  constructor(name: string, parts: QueueParts) {
    this.#name = name;
    this.#parts = { ...parts, log: parts.log.for("forward", { target: name }) };
    this.#trouble = new TargetTrouble(name, parts.alert, this.#parts.log);
    this.#offer = new StandingOffer(name, parts.outbox, this.#parts.log);
    this.#alarm = new Alarm(parts.timers, () => {
      this.#hasMore = true;
      this.#pump();
    });
  }

  /** The settings from now on; null holds the queue. Attempts under way finish with the old ones. */
  configure(target: ResolvedTarget | null): void {
    const isSame = JSON.stringify(target) === JSON.stringify(this.#target);
    if (isSame) return;
    this.#retired = this.#retired.filter((one) => one.isBusy);
    if (this.#transport !== null) {
      this.#transport.close(false);
      this.#retired.push(this.#transport);
    }
    const now = this.#parts.clock.now();
    this.#target = target;
    this.#transport = target === null ? null : this.#parts.transport(target, this.#parts);
    this.#trouble.settingsChanged(target?.paused === true);
    // What failed before may work now: there is no point in waiting.
    this.#breaker.probeNow(now);
    if (target !== null) {
      this.#concurrency.setMax(target.concurrency);
      this.#bucket.setRate(target.ratePerSecond, now);
    }
    this.wake();
  }

  /** Somebody says that what is wrong with the target, by the same settings, is right by now. */
  release(): void {
    this.#trouble.settingsChanged(this.#target?.paused === true);
    this.#breaker.probeNow(this.#parts.clock.now());
    this.wake();
  }

  /** Something became due. It may be in a lane that is claimed just now, so there is another look when that is free. */
  wake(): void {
    this.#hasMore = true;
    this.#mayHaveCalls = true;
    if (this.#leased > 0 || this.#isClaiming) this.#mayHide = true;
    this.#pump();
  }

  /** The outbox has claimed a lane as offered. */
  taken(lane: ClaimedLane): void {
    this.#active += 1;
    this.#leased += 1;
    this.#begin(lane, false);
  }

  settled(lanes: number): void {
    this.#leased -= lanes;
    if (!this.#mayHide) return;
    this.#hasMore = true;
    this.#mayHide = this.#leased > 0;
    this.#pump();
  }

  dueAgainAt(dueAt: number): void {
    this.#dueAt = Math.min(this.#dueAt, Math.max(dueAt, this.#parts.clock.now() + minPauseMs));
    this.#pump();
  }

  state(): TargetState {
    const now = this.#parts.clock.now();
    return {
      breaker: this.#breaker.state(now),
      breakerUntil: this.#breaker.until,
      inFlight: this.#active,
      limit: this.#concurrency.limit,
      attempts: this.#attempts,
      ...this.#trouble.state(now),
    };
  }

  /** Takes no more lanes; resolves when those under way have ended, at the latest after `graceMs`. */
  async close(graceMs: number): Promise<void> {
    this.#isClosed = true;
    this.#alarm.off();
    this.#offer.set(0, 0, 0);
    if (this.#active > 0 || this.#isClaiming) {
      const cancel = this.#parts.timers.after(graceMs, () => {
        for (const transport of [...this.#retired, this.#transport]) transport?.close(true);
      });
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
      cancel();
    }
    this.#transport?.close(true);
  }

  get #isHeld(): boolean {
    return this.#isClosed || this.#trouble.isHolding || this.#target === null || this.#target.paused;
  }

  #pump(): void {
    const now = this.#parts.clock.now();
    this.#offer.set(this.#offered(now), this.#perLane, this.#leaseMs());
    if (this.#isHeld || this.#isClaiming) return;
    if (this.#dueAt <= now) {
      this.#dueAt = Number.POSITIVE_INFINITY;
      this.#isDueStale = true;
      this.#hasMore = true;
      this.#mayHaveCalls = true;
    }
    const admitted = this.#breaker.admits(now);
    if (this.#hasMore && admitted === "probe") return void this.#claim(1, "probe");
    if (this.#hasMore && admitted === "all") {
      const open = this.#concurrency.limit - this.#active;
      const free = Math.min(open - this.#reserve, this.#bucket.available(now));
      if (free > 0) return void this.#claim(free, "any");
      if (open > 0 && this.#mayHaveCalls) return void this.#claim(open, "urgent");
    }
    this.#setAlarm(now);
  }

  /** Attempts to devices that are kept free for calls. */
  get #reserve(): number {
    return this.#target?.kind === "webhook" ? 0 : this.#concurrency.reserve;
  }

  /** Lanes that may be held without having been asked for: with a rate, each has to wait for its turn. */
  #offered(now: number): number {
    const isLimited = this.#isHeld || this.#isBehind || this.#target?.ratePerSecond !== null;
    return isLimited || this.#breaker.admits(now) !== "all" ? 0 : this.#concurrency.limit - this.#reserve;
  }

  get #perLane(): number {
    return this.#target?.kind === "webhook" ? perLane : perDeviceLane;
  }

  #setAlarm(now: number): void {
    const at =
      this.#breaker.until ?? (this.#breaker.admits(now) === "all" ? this.#nextAt(now) : Number.POSITIVE_INFINITY);
    this.#alarm.set(at, now, minPauseMs);
  }

  /** When there is something to do that no attempt under way will see to. */
  #nextAt(now: number): number {
    const rateAt = this.#hasMore ? this.#bucket.nextAt(now) : now;
    return rateAt > now ? Math.min(rateAt, this.#dueAt) : this.#dueAt;
  }

  async #claim(free: number, mode: ClaimMode): Promise<void> {
    const { outbox, clock, log } = this.#parts;
    const now = clock.now();
    this.#isClaiming = true;
    this.#mayHaveCalls = false;
    if (mode !== "urgent") this.#hasMore = false;
    if (mode === "probe") this.#breaker.probe();
    let lanes: readonly ClaimedLane[] = [];
    try {
      const each = mode === "probe" ? 1 : this.#perLane;
      lanes = await outbox.claim(this.#name, now, this.#leaseMs(), free, each, mode === "urgent");
      if (mode === "any") this.#isBehind = lanes.length === free;
      if (lanes.length === free) this.#hasMore = true;
      else if (this.#isDueStale && mode !== "urgent") {
        this.#isDueStale = false;
        this.#parts.askDue();
      }
    } catch (error) {
      log.error("the outbox cannot be read", { error: String(error) });
      this.#dueAt = Math.min(this.#dueAt, now + storeFailurePauseMs);
    }
    if (mode === "probe" && lanes.length === 0) this.#breaker.unprobe();
    this.#isClaiming = false;
    this.#active += lanes.length;
    this.#leased += lanes.length;
    this.#bucket.take(lanes.length, now);
    for (const lane of lanes) this.#begin(lane, mode === "probe");
    this.#ended(0);
  }

  #begin(lane: ClaimedLane, isProbe: boolean): void {
    if (isProbe || lane.events.length === this.#perLane) this.#mayHide = true;
    void this.#work(lane, isProbe);
  }

  /** Attempts the events of a lane one after the other, until one has to wait. */
  async #work(lane: ClaimedLane, isProbe: boolean): Promise<void> {
    const { clock, settler } = this.#parts;
    let isAttempted = false;
    const events = this.#chosen(lane);
    for (const [index, event] of events.entries()) {
      const now = clock.now();
      const isLast = index === events.length - 1;
      const end = endWithoutAttempt(event, lane, now);
      if (end !== null) {
        settler.settle({ seq: event.seq, claim: lane.claim, attempt: null, at: now, ...end }, this, isLast);
        continue;
      }
      const transport = this.#admitted(
        now,
        isProbe,
        isAttempted,
        index === 0 ? Number.POSITIVE_INFINITY : lane.leaseUntil,
      );
      if (transport === null) {
        this.#giveBack(lane, event, now);
        break;
      }
      isAttempted = true;
      const attempt = await transport.attempt(outgoing(event, lane), event.attempts + 1);
      if (this.#isClosed && attempt.record.outcome === "timeout") {
        settler.release(lane.claim, this);
        break;
      }
      const next = this.#judged(event, attempt, isProbe);
      const ends = isLast || "dueAt" in next;
      const { record, device } = attempt;
      const settlement = { seq: event.seq, claim: lane.claim, attempt: record, next, at: clock.now(), device };
      settler.settle(settlement, this, ends, this.#canWait(next));
      if (ends) break;
    }
    if (isProbe && !isAttempted) this.#breaker.unprobe();
    if (!isAttempted) this.#bucket.take(-1, clock.now());
    this.#ended(1);
  }

  /** May the outcome wait for company? Whatever comes for its lane brings a commit; what is there already must not wait. */
  #canWait(next: Settlement["next"]): boolean {
    return next.state === "delivered" && !this.#mayHide && !this.#isClosed;
  }

  /** The events of a lane that are attempted; the others end here, or all wait with the first. */
  #chosen(lane: ClaimedLane): readonly OutboxEvent[] {
    const { clock, settler } = this.#parts;
    const now = clock.now();
    const target = this.#target;
    if (target === null || this.#isHeld || this.#breaker.admits(now) === "none") return lane.events;
    const at = pushAt(lane, target);
    const head = lane.events[0]!;
    if (at !== null && at > now && at < head.expiresAt) {
      const next = { state: "held", dueAt: at } as const;
      this.#dueAt = Math.min(this.#dueAt, at);
      settler.settle({ seq: head.seq, claim: lane.claim, attempt: null, next, at: now }, this, true);
      return [];
    }
    const { kept, dropped } = coalesce(lane, target);
    for (const { event, into } of dropped) {
      const next = { state: "cancelled" } as const;
      const error = `collapsed into ${into}`;
      settler.settle({ seq: event.seq, claim: lane.claim, attempt: null, next, at: now, error }, this, false);
    }
    return kept;
  }

  /** What to attempt with; null when the lane has to be given back. */
  #admitted(now: number, isProbe: boolean, isAttempted: boolean, leaseUntil: number): Transport | null {
    if (this.#isHeld || now + this.#leaseMs() / 2 > leaseUntil) return null;
    const mayAttempt = isProbe ? !isAttempted : this.#breaker.admits(now) === "all";
    if (!mayAttempt) return null;
    // The first attempt of a lane was reckoned with when it was claimed.
    if (isAttempted) {
      if (this.#bucket.available(now) < 1) return null;
      this.#bucket.take(1, now);
    }
    return this.#transport;
  }

  // With the breaker open the event says so in the log; otherwise it goes back as it came.
  #giveBack(lane: ClaimedLane, event: OutboxEvent, now: number): void {
    const { settler } = this.#parts;
    const until = this.#breaker.until;
    if (until === null || this.#isHeld) {
      this.#mayHide = true;
      settler.release(lane.claim, this);
      return;
    }
    const next = { state: "held", dueAt: until } as const;
    this.#dueAt = Math.min(this.#dueAt, until);
    settler.settle({ seq: event.seq, claim: lane.claim, attempt: null, next, at: now }, this, true);
  }

  #judged(event: OutboxEvent, attempt: Attempt, isProbe: boolean): Settlement["next"] {
    const { clock, retryMs } = this.#parts;
    const now = clock.now();
    this.#noteHealth(attempt, now, isProbe);
    const next = nextState(event, attempt, { now, heldUntil: this.#breaker.until, isProbe, retryMs });
    // What is held for the sake of the settings is due when these are changed.
    if ("dueAt" in next && next.isFree !== true) this.#dueAt = Math.min(this.#dueAt, next.dueAt);
    return next;
  }

  #noteHealth(attempt: Attempt, now: number, isProbe: boolean): void {
    const { record, retryAfterMs } = attempt;
    this.#attempts.set(record.outcome, (this.#attempts.get(record.outcome) ?? 0) + 1);
    if (attempt.isDeviceOnly !== true) this.#trouble.note(record, now);
    if (isAnswer(attempt)) {
      this.#concurrency.succeeded();
      if (this.#breaker.succeeded(now, isProbe) !== null) this.#trouble.recovered();
    } else if (record.outcome === "gone" || record.outcome === "blocked" || record.outcome === "misconfigured") {
      if (isProbe) this.#breaker.unprobe();
    } else {
      this.#concurrency.overloaded(now);
      const change = this.#breaker.failed(now, retryAfterMs ?? 0, isProbe);
      if (change === null) return;
      this.#isBehind = true;
      const seconds = Math.round(((this.#breaker.until ?? now) - now) / 1000);
      this.#trouble.failing(now, record.error ?? record.outcome, seconds);
    }
  }

  #leaseMs(): number {
    return Math.max(leaseMs, (this.#target?.timeoutMs ?? 0) + leaseSlackMs);
  }

  #ended(lanes: number): void {
    this.#active -= lanes;
    if (this.#isClosed && this.#active === 0 && !this.#isClaiming) this.#idle?.();
    else this.#pump();
  }
}
