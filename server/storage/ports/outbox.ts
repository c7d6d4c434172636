import type { DeviceRow } from "./devices.ts";
import type {
  AttemptRecord,
  CancelOn,
  MessageClass,
  NewOutboxEvent,
  OutboxEvent,
  OutboxState,
  OutboxSummary,
} from "./outbox-event.ts";
import type { Page, PageRequest } from "./page.ts";

/** A lane that this dispatcher holds until its lease ends. `claim` fences late writers. */
export interface ClaimedLane {
  readonly target: string;
  readonly lane: string;
  readonly claim: string;
  readonly leaseUntil: number;
  readonly events: readonly OutboxEvent[];
  /** The device that all of them go to, as it is now; null: a web server's lane, or the device is forgotten. */
  readonly device: DeviceRow | null;
}

/** A dispatcher would claim what comes for a target at once, as long as it holds fewer than `lanes` of it. */
export interface ClaimOffer {
  readonly lanes: number;
  /** See {@link Outbox.claim}. */
  readonly perLane: number;
  readonly leaseMs: number;
}

export interface Settlement {
  readonly seq: number;
  readonly claim: string;
  readonly attempt: AttemptRecord | null;
  readonly next:
    | { readonly state: "delivered" | "dead" | "expired" | "cancelled" }
    | {
        readonly state: "retrying" | "held";
        readonly dueAt: number;
        /**
         * The attempt is in the log, with a number of its own, but does not count: it was not the event's fault, and the
         * event has as many `attempts` as before.
         */
        readonly isFree?: boolean;
      };
  readonly at: number;
  /** Why, where no attempt says it. */
  readonly error?: string | undefined;
  /** What the attempt showed about the device, kept in the same transaction. */
  readonly device?: DeviceNews | undefined;
}

/**
 * `accepted` and `failed` are noted; `failed` is one more in a row. `gone` disables the device and cancels what else waits
 * for it, but only if it was last registered before `since` (milliseconds), where the provider says when it went; with
 * `retryAt` it is tried once more then, if it was not since something was accepted. `environment`: accepted, and there.
 */
export type DeviceNews =
  | { readonly kind: "accepted" }
  | { readonly kind: "failed"; readonly error: string }
  | {
      readonly kind: "gone";
      readonly reason: string;
      readonly since: number | null;
      readonly retryAt?: number | undefined;
    }
  | { readonly kind: "environment"; readonly environment: "production" | "sandbox" };
export interface OutboxFilter {
  readonly hosts?: readonly string[] | undefined;
  readonly target?: string | undefined;
  readonly device?: string | undefined;
  readonly user?: string | undefined;
  readonly state?: OutboxState | undefined;
  readonly class?: MessageClass | undefined;
  /** The error of the last attempt, to the letter. */
  readonly reason?: string | undefined;
  readonly search?: string | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** Which of these are turned round: events are wanted that they do not match. */
  readonly not?: readonly ("target" | "device" | "user" | "state" | "class" | "reason")[] | undefined;
}

/** Values that events have, with how many have each. Reasons are errors of last attempts. */
export interface OutboxFacets {
  readonly targets: readonly { readonly value: string; readonly count: number }[];
  readonly classes: OutboxFacets["targets"];
  readonly states: OutboxFacets["targets"];
  readonly reasons: OutboxFacets["targets"];
  /** false: only the newest events were looked at. */
  readonly isComplete: boolean;
}

/** Dead events by filter, or by their ids. */
export interface DeadFilter extends Omit<OutboxFilter, "state"> {
  readonly ids?: readonly string[] | undefined;
  /** Expired events, too. */
  readonly withExpired?: boolean | undefined;
  /** Only events of web servers: what goes to a device can go nowhere else. */
  readonly isForWebServers?: boolean | undefined;
  /** Those that died later are left alone, so that none is brought back twice. */
  readonly diedUntil: number;
}

/** The message that an event is about, as it was kept; `at` in milliseconds since the epoch. */
export interface MessageOfEvent {
  readonly id: number;
  readonly xml: string;
  readonly from: string;
  readonly at: number;
}

export interface FailedEvent {
  readonly event: OutboxSummary;
  /** null: there is none, or it is kept no more. */
  readonly message: MessageOfEvent | null;
}

export interface Outbox {
  /**
   * Claims up to `maxLanes` lanes of a target that have an event due and are not held by a live lease, with the first
   * `perLane` due events of each (only a prefix of the lane, so order holds). Until they are settled these are `sending`; a
   * claim is no change that the feed tells, and does not outlive the process that holds the store. Urgent lanes come first,
   * then those due longest; a lane is urgent that was opened by an event of class `call`.
   */
  claim(
    target: string,
    now: number,
    leaseMs: number,
    maxLanes: number,
    perLane: number,
    /** Only urgent lanes. */
    isUrgent?: boolean,
  ): Promise<readonly ClaimedLane[]>;
  /**
   * From now on lanes that come to wait for the target are claimed on these terms in the transaction that opens them, and
   * told to `Stores.onClaimed`; null: they are left for {@link claim}. While nobody listens there, none is claimed so. Ends
   * with {@link reclaim}.
   */
  offer(target: string, offer: ClaimOffer | null): Promise<void>;
  /**
   * Settles events of claimed lanes in one transaction; a settlement whose claim is no longer valid is ignored. Answers how
   * many were taken. `canWait`: nothing is held up until it is answered, so it may share the commit of a call that comes
   * within some milliseconds.
   */
  settle(settlements: readonly Settlement[], canWait?: boolean): Promise<number>;
  /** Gives lanes back with whatever of their events is unsettled returned to its place. */
  release(claims: readonly string[]): Promise<void>;
  /** Returns every lane whose lease ended before `now` (a crashed dispatcher); called at start with `now` = Infinity-like. */
  reclaim(now: number): Promise<number>;
  /** When the next event of each target is due, for the scheduler's timer. */
  due(): Promise<readonly { target: string; dueAt: number; backlog: number }[]>;
  find(id: string): Promise<(OutboxEvent & { readonly attemptList: readonly AttemptRecord[] }) | null>;
  list(filter: OutboxFilter, page: PageRequest): Promise<Page<OutboxSummary>>;
  /** Ids of the events next to one in the log, among those of the filter; null: there is none, or none near. */
  neighbours(
    id: string,
    filter: OutboxFilter,
  ): Promise<{ readonly newer: string | null; readonly older: string | null }>;
  histogram(
    filter: OutboxFilter,
    from: number,
    bucketMs: number,
    buckets: number,
  ): Promise<readonly { delivered: number; retrying: number; held: number; dead: number; queued: number }[]>;
  /**
   * How long a target's deliveries took, by when they were made: for each bucket, how many of the newest thousand took less
   * than each of `bandsMs` and no less than the one before, and last how many took longer than all of these.
   */
  latency(
    target: string,
    bandsMs: readonly number[],
    from: number,
    bucketMs: number,
    buckets: number,
  ): Promise<readonly (readonly number[])[]>;
  /** How many matching events each value has, the most frequent first; bounded, newest events first. */
  facets(filter: OutboxFilter): Promise<OutboxFacets>;
  /**
   * Makes a waiting, dead or expired event due now, with the same id, and with `body` in place of what it carried. false: it is
   * none of these, or is being sent.
   */
  retry(id: string, now: number, body?: Pick<NewOutboxEvent, "contentType" | "payload">): Promise<boolean>;
  countDead(filter: DeadFilter): Promise<number>;
  /**
   * A step of a replay: makes at most `limit` matching dead events due now, with the same ids, going on after the seq
   * `after` in the order of the outbox. `upTo` is where the next step goes on; null: none is left.
   */
  replay(
    filter: DeadFilter,
    after: number,
    now: number,
    limit: number,
  ): Promise<{ replayed: number; targets: readonly string[]; upTo: number | null }>;
  /** At most `limit` matching dead events, as a step of {@link replay} takes them, each with the message that it is about. */
  failed(
    filter: DeadFilter,
    after: number,
    limit: number,
  ): Promise<{ events: readonly FailedEvent[]; upTo: number | null }>;
  /**
   * Gives dead or expired events to another target and makes them due there now, with the same ids, as if they were its own:
   * its attempts, its time to live, its order. Left as they are: those that are neither, and those about a message that the target has an
   * event for, whatever became of it. `body` null: what they carry. Answers how many were moved.
   */
  reroute(
    to: { readonly target: string; readonly maxAttempts: number; readonly ttlMs: number },
    moves: readonly {
      readonly id: string;
      readonly lane: string;
      readonly body: Pick<NewOutboxEvent, "contentType" | "payload"> | null;
    }[],
    now: number,
  ): Promise<number>;
  cancel(id: string, now: number): Promise<boolean>;
  /** Ends everything that waits for a target, attempts under way included: cancelled, or dead. Answers how many. */
  endTarget(target: string, as: "cancelled" | "dead", now: number): Promise<number>;
  /** Notes since when a target is held because it answered 410; null: it is not, any more. */
  setGone(target: string, since: number | null): Promise<void>;
  /** The targets that are noted so, and since when. */
  gone(): Promise<ReadonlyMap<string, number>>;
  /**
   * Cancels what waits for a user: everything with `cancelOn` `online`; what is about messages from `from` (bare JID) with
   * `cancelOn` `read`; or every `call` from there, whatever its `cancelOn`. What is under way is not recalled, but is not
   * attempted again: its outcome says that it was needless. Answers how many were cancelled.
   */
  cancelFor(
    user: string,
    why: { readonly kind: "online" } | { readonly kind: "read" | "call"; readonly from: string },
    now: number,
  ): Promise<number>;
  /** What {@link cancelFor} would cancel if it were called now: once per user, sender (as in the event) and reason. */
  cancellable(): Promise<readonly { readonly user: string; readonly from: string; readonly cancelOn: CancelOn }[]>;
  /** Inserts events whose message is stored already; one whose id is known is left as it is. Answers how many are new. */
  add(events: readonly NewOutboxEvent[]): Promise<number>;
  /** Those of these kept messages, by id, for which their user (bare JID) has no event at the target, whatever its state. */
  missing(
    target: string,
    messages: readonly { readonly id: number; readonly user: string }[],
  ): Promise<readonly number[]>;
  /** The message that an event is about, as it was kept; null: there is none, or it is kept no more. */
  messageOf(id: string): Promise<MessageOfEvent | null>;
  /** The events about these kept messages of a user (bare JID), oldest first, each with the message that it is about. */
  about(
    user: string,
    messages: readonly number[],
  ): Promise<readonly { readonly message: number; readonly event: OutboxSummary }[]>;
  stats(now: number): Promise<
    readonly {
      target: string;
      backlog: number;
      oldestDueAt: number | null;
      delivered24h: number;
      failed24h: number;
      /** Of those that failed: dead because too much waited. */
      overflow24h: number;
      dead: number;
      lastDeliveredAt: number | null;
      lastError: string | null;
      p95Ms: number | null;
    }[]
  >;
  /** Deletes finished events (delivered, expired, cancelled older than `doneBefore`; dead older than `deadBefore`) in bounded steps. */
  prune(doneBefore: number, deadBefore: number, limit: number): Promise<number>;
}
