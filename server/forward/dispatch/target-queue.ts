import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import type { ClaimedLane, Outbox, OutboxEvent, Settlement } from "../../storage/ports.ts";
import { Alarm } from "./alarm.ts";
import { Breaker } from "./breaker.ts";
import { coalesce, pushAt } from "./coalescing.ts";
import { Concurrency } from "./concurrency.ts";
import { endWithoutAttempt, isAnswer, outgoing } from "./lane-event.ts";
import { judge, retryDelayMs } from "./retry.ts";
import type { ForwardAlert, ResolvedTarget, TargetState } from "../service.ts";
import type { Settler } from "./settler.ts";
import { TargetTrouble } from "./target-trouble.ts";
import type { Timers } from "../timers.ts";
import { TokenBucket } from "./token-bucket.ts";
import type { Attempt, Transport, TransportOptions } from "../transport.ts";
import type { transportFor } from "../transports.ts";

const leaseMs = 30_000;
/** What a lease is longer than the attempts made under it: connecting twice, and writing the outcome. */
const leaseSlackMs = 10_000;
const perLane = 8;
/** So many pushes to one device may become one. */
const perDeviceLane = 64;
/** Least time between two looks at the outbox that nobody asked for. */
const minPauseMs = 20;
const storeFailurePauseMs = 1_000;

/** What all queues share. */
export interface QueueParts extends TransportOptions {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly settler: Settler;
  readonly retryMs: readonly number[];
  readonly transport: typeof transportFor;
  alert(alert: ForwardAlert): void;
  /** Asks the outbox again when the next events are due; the answer comes through `dueAgainAt`. */
  askDue(): void;
}

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
  #target: ResolvedTarget | null = null;
  #transport: Transport | null = null;
  #isClosed = false;
  /** Settings that attempts under way still go by. */
  #retired: Transport[] = [];
  #active = 0;
  #isClaiming = false;
  /** The outbox may have due events that no claim has seen, or calls among them. */
  #hasMore = false;
  #mayHaveCalls = false;
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
      ...this.#trouble.state(now),
    };
  }

  /** Takes no more lanes; resolves when those under way have ended, at the latest after `graceMs`. */
  async close(graceMs: number): Promise<void> {
    this.#isClosed = true;
    this.#alarm.off();
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
    if (this.#isHeld || this.#isClaiming) return;
    const now = this.#parts.clock.now();
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

  /** Attempts to devices that are kept free for calls: a tenth, as far as it does not leave next to nothing. */
  get #reserve(): number {
    const { limit } = this.#concurrency;
    return this.#target?.kind === "webhook" || limit < 4 ? 0 : Math.ceil(limit / 10);
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
    const limit = this.#target?.kind === "webhook" ? perLane : perDeviceLane;
    this.#isClaiming = true;
    this.#mayHaveCalls = false;
    if (mode !== "urgent") this.#hasMore = false;
    if (mode === "probe") this.#breaker.probe();
    let lanes: readonly ClaimedLane[] = [];
    try {
      const each = mode === "probe" ? 1 : limit;
      lanes = await outbox.claim(this.#name, now, this.#leaseMs(), free, each, mode === "urgent");
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
    for (const lane of lanes) {
      if (mode === "probe" || lane.events.length === limit) this.#mayHide = true;
      void this.#work(lane, now + this.#leaseMs(), mode === "probe");
    }
    this.#ended(0);
  }

  /** Attempts the events of a lane one after the other, until one has to wait. */
  async #work(lane: ClaimedLane, leaseUntil: number, isProbe: boolean): Promise<void> {
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
      const transport = this.#admitted(now, isProbe, isAttempted, index === 0 ? Number.POSITIVE_INFINITY : leaseUntil);
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
    const now = this.#parts.clock.now();
    const { record, retryAfterMs } = attempt;
    const spent = record.number - (event.replayedAfter ?? 0);
    const { isFinal, isDeviceOnly } = attempt;
    const verdict = judge({ ...record, isFinal, isDeviceOnly }, spent, event.maxAttempts, event.status);
    this.#noteHealth(attempt, now, isProbe);
    if (verdict.kind === "delivered") return { state: "delivered" };
    if (verdict.kind === "dead") return { state: "dead" };
    if (verdict.kind === "hold") return { state: "held", dueAt: now, isFree: true };
    // An outage of the target is not the event's fault: while the breaker is not closed, no event is used up by probing.
    const until = this.#breaker.until;
    if (verdict.isLast && !(isProbe && until !== null)) return { state: "dead" };
    const dueAt = until ?? now + retryDelayMs(this.#parts.retryMs, spent, retryAfterMs);
    if (dueAt >= event.expiresAt) return { state: "dead" };
    this.#dueAt = Math.min(this.#dueAt, dueAt);
    return { state: until === null ? "retrying" : "held", dueAt };
  }

  #noteHealth(attempt: Attempt, now: number, isProbe: boolean): void {
    const { record, retryAfterMs } = attempt;
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
