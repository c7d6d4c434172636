import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { AttemptRecord, ClaimedLane, Outbox, OutboxEvent, Settlement } from "../storage/ports.ts";
import { Breaker } from "./breaker.ts";
import { Concurrency } from "./concurrency.ts";
import { judge, retryDelayMs } from "./retry.ts";
import type { ForwardAlert, ResolvedTarget, TargetState } from "./service.ts";
import type { Settler } from "./settler.ts";
import type { Timers } from "./timers.ts";
import { Webhook, type Attempt, type WebhookOptions } from "./webhook.ts";

const leaseMs = 30_000;
/** What a lease is longer than the attempts made under it: connecting twice, and writing the outcome. */
const leaseSlackMs = 10_000;
const perLane = 8;
/** Least time between two looks at the outbox that nobody asked for. */
const minPauseMs = 20;
const storeFailurePauseMs = 1_000;

/** What all queues share. */
export interface QueueParts extends WebhookOptions {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly settler: Settler;
  readonly retryMs: readonly number[];
  alert(alert: ForwardAlert): void;
  /** Asks the outbox again when the next events are due; the answer comes through `dueAgainAt`. */
  askDue(): void;
}

/**
 * The scheduler of one target. It claims lanes (a recipient's events, in order) while attempts may be opened, works each
 * lane one event at a time, and otherwise waits: for a commit (`wake`), for the next due time, or for the breaker. It holds
 * only the lanes under way; the backlog stays in the outbox.
 */
export class TargetQueue {
  readonly #name: string;
  readonly #parts: QueueParts;
  readonly #breaker = new Breaker();
  readonly #concurrency: Concurrency;
  #target: ResolvedTarget | null = null;
  #webhook: Webhook | null = null;
  /** Held because the target said 410, until its settings change. */
  #isGone = false;
  #isClosed = false;
  /** The guard's refusal was told; it is the same for every event until the settings change. */
  #isBlockedTold = false;
  /** Settings that attempts under way still go by. */
  #retired: Webhook[] = [];
  #active = 0;
  #isClaiming = false;
  /** The outbox may have due events that no claim has seen. */
  #hasMore = false;
  /** Lanes claimed whose last outcome is not committed yet, and whether a claim may have passed over events in them. */
  #leased = 0;
  #mayHide = false;
  #isDueStale = false;
  #dueAt = Number.POSITIVE_INFINITY;
  #alarmAt = Number.POSITIVE_INFINITY;
  #cancelAlarm: (() => void) | null = null;
  #idle: (() => void) | null = null;

  constructor(name: string, parts: QueueParts) {
    this.#name = name;
    this.#parts = { ...parts, log: parts.log.for("forward", { target: name }) };
    this.#concurrency = new Concurrency(1);
  }

  /** The settings from now on; null holds the queue. Attempts under way finish with the old ones. */
  configure(target: ResolvedTarget | null): void {
    const isSame = JSON.stringify(target) === JSON.stringify(this.#target);
    if (isSame) return;
    this.#retired = this.#retired.filter((one) => one.isBusy);
    if (this.#webhook !== null) {
      this.#webhook.close(false);
      this.#retired.push(this.#webhook);
    }
    this.#target = target;
    this.#isGone = false;
    this.#isBlockedTold = false;
    this.#webhook = target === null ? null : new Webhook(target, this.#parts);
    if (target !== null) this.#concurrency.setMax(target.concurrency);
    this.wake();
  }

  /** Something became due. It may be in a lane that is claimed just now, so there is another look when that is free. */
  wake(): void {
    this.#hasMore = true;
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
    const breaker = this.#breaker.state(now);
    const limit = this.#concurrency.limit;
    return { breaker, breakerUntil: this.#breaker.until, inFlight: this.#active, limit };
  }

  /** Takes no more lanes; resolves when those under way have ended, at the latest after `graceMs`. */
  async close(graceMs: number): Promise<void> {
    this.#isClosed = true;
    this.#cancelAlarm?.();
    if (this.#active > 0 || this.#isClaiming) {
      const cancel = this.#parts.timers.after(graceMs, () => {
        for (const webhook of [...this.#retired, this.#webhook]) webhook?.close(true);
      });
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
      cancel();
    }
    this.#webhook?.close(true);
  }

  get #isHeld(): boolean {
    return this.#isClosed || this.#isGone || this.#target === null || this.#target.paused;
  }

  #pump(): void {
    if (this.#isHeld || this.#isClaiming) return;
    const now = this.#parts.clock.now();
    if (this.#dueAt <= now) {
      this.#dueAt = Number.POSITIVE_INFINITY;
      this.#isDueStale = true;
      this.#hasMore = true;
    }
    const admitted = this.#breaker.admits(now);
    if (this.#hasMore && admitted !== "none") {
      const free = admitted === "probe" ? 1 : this.#concurrency.limit - this.#active;
      if (free > 0) void this.#claim(free, admitted === "probe");
      return;
    }
    this.#setAlarm(now);
  }

  #setAlarm(now: number): void {
    const breakerUntil = this.#breaker.until;
    const at = breakerUntil ?? (this.#breaker.admits(now) === "all" ? this.#dueAt : Number.POSITIVE_INFINITY);
    if (at === this.#alarmAt) return;
    this.#cancelAlarm?.();
    this.#cancelAlarm = null;
    this.#alarmAt = at;
    if (at === Number.POSITIVE_INFINITY) return;
    this.#cancelAlarm = this.#parts.timers.after(Math.max(at - now, minPauseMs), () => {
      this.#alarmAt = Number.POSITIVE_INFINITY;
      this.#cancelAlarm = null;
      this.#hasMore = true;
      this.#pump();
    });
  }

  async #claim(free: number, isProbe: boolean): Promise<void> {
    const { outbox, clock, log } = this.#parts;
    const now = clock.now();
    this.#isClaiming = true;
    this.#hasMore = false;
    if (isProbe) this.#breaker.probe();
    let lanes: readonly ClaimedLane[] = [];
    try {
      lanes = await outbox.claim(this.#name, now, this.#leaseMs(), free, isProbe ? 1 : perLane);
      if (lanes.length === free) this.#hasMore = true;
      else if (this.#isDueStale) {
        this.#isDueStale = false;
        this.#parts.askDue();
      }
    } catch (error) {
      log.error("the outbox cannot be read", { error: String(error) });
      this.#dueAt = Math.min(this.#dueAt, now + storeFailurePauseMs);
    }
    if (isProbe && lanes.length === 0) this.#breaker.unprobe();
    this.#isClaiming = false;
    this.#active += lanes.length;
    this.#leased += lanes.length;
    for (const lane of lanes) {
      if (isProbe || lane.events.length === perLane) this.#mayHide = true;
      void this.#work(lane, now + this.#leaseMs(), isProbe);
    }
    this.#ended(0);
  }

  /** Attempts the events of a lane one after the other, until one has to wait. */
  async #work(lane: ClaimedLane, leaseUntil: number, isProbe: boolean): Promise<void> {
    const { clock, settler } = this.#parts;
    let isAttempted = false;
    for (const [index, event] of lane.events.entries()) {
      const now = clock.now();
      const isLast = index === lane.events.length - 1;
      if (event.expiresAt <= now) {
        const next = { state: "expired" } as const;
        settler.settle({ seq: event.seq, claim: lane.claim, attempt: null, next, at: now }, this, isLast);
        continue;
      }
      const webhook = this.#admitted(now, isProbe, isAttempted, index === 0 ? Number.POSITIVE_INFINITY : leaseUntil);
      if (webhook === null) {
        this.#giveBack(lane, event, now);
        break;
      }
      isAttempted = true;
      const attempt = await webhook.attempt(event, event.attempts + 1);
      if (this.#isClosed && attempt.record.outcome === "timeout") {
        settler.release(lane.claim, this);
        break;
      }
      const next = this.#judged(event, attempt, isProbe);
      const ends = isLast || "dueAt" in next;
      settler.settle({ seq: event.seq, claim: lane.claim, attempt: attempt.record, next, at: clock.now() }, this, ends);
      if (ends) break;
    }
    if (isProbe && !isAttempted) this.#breaker.unprobe();
    this.#ended(1);
  }

  /** What to attempt with; null when the lane has to be given back. */
  #admitted(now: number, isProbe: boolean, isAttempted: boolean, leaseUntil: number): Webhook | null {
    if (this.#isHeld || now + this.#leaseMs() / 2 > leaseUntil) return null;
    const mayAttempt = isProbe ? !isAttempted : this.#breaker.admits(now) === "all";
    return mayAttempt ? this.#webhook : null;
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

  #judged(event: OutboxEvent, { record, retryAfterMs }: Attempt, isProbe: boolean): Settlement["next"] {
    const now = this.#parts.clock.now();
    const spent = record.number - (event.replayedAfter ?? 0);
    const verdict = judge(record, spent, event.maxAttempts, event.status);
    this.#noteHealth(record, retryAfterMs, now, isProbe);
    if (verdict.kind === "delivered") return { state: "delivered" };
    if (verdict.kind === "dead") {
      this.#noteDead(record);
      return { state: "dead" };
    }
    // An outage of the target is not the event's fault: while the breaker is not closed, no event is used up by probing.
    const until = this.#breaker.until;
    if (verdict.isLast && !(isProbe && until !== null)) return { state: "dead" };
    const dueAt = until ?? now + retryDelayMs(this.#parts.retryMs, spent, retryAfterMs);
    if (dueAt >= event.expiresAt) return { state: "dead" };
    this.#dueAt = Math.min(this.#dueAt, dueAt);
    return { state: until === null ? "retrying" : "held", dueAt };
  }

  #noteHealth(record: AttemptRecord, retryAfterMs: number | null, now: number, isProbe: boolean): void {
    const { alert, log } = this.#parts;
    // A refusal of one event is an answer, too.
    if (record.outcome === "delivered" || record.outcome === "rejected" || record.outcome === "aborted") {
      this.#concurrency.succeeded();
      if (this.#breaker.succeeded(now, isProbe) === null) return;
      log.info("the target answers again");
      alert({ kind: "recovered", target: this.#name, detail: "" });
      return;
    }
    if (record.outcome === "gone" || record.outcome === "blocked") {
      if (isProbe) this.#breaker.unprobe();
      return;
    }
    this.#concurrency.overloaded(now);
    const change = this.#breaker.failed(now, retryAfterMs ?? 0, isProbe);
    if (change === null) return;
    const detail = record.error ?? record.outcome;
    log.warn("the target fails: its queue waits", { reason: detail, seconds: this.#waitSeconds(now) });
    if (change === "opened") alert({ kind: "failing", target: this.#name, detail });
  }

  #noteDead({ outcome, error }: AttemptRecord): void {
    if (outcome === "aborted") return;
    const { alert, log } = this.#parts;
    if (outcome === "blocked") {
      if (this.#isBlockedTold) return;
      this.#isBlockedTold = true;
      log.warn("events are not sent: the target's address is refused", { reason: error });
      alert({ kind: "blocked", target: this.#name, detail: error ?? "" });
      return;
    }
    if (this.#isGone) return;
    this.#isGone = true;
    log.warn("the target answered 410 Gone: its queue is held");
    alert({ kind: "gone", target: this.#name, detail: "HTTP 410" });
  }

  #waitSeconds(now: number): number {
    return Math.round(((this.#breaker.until ?? now) - now) / 1000);
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
