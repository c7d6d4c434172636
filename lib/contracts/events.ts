import { z } from "zod";
import { ForwardEvent } from "./forward-event.ts";
import { ForwardFilter } from "./forward-filter.ts";
import { LogFilter, LogRecord } from "./log.ts";
import { MetricValues } from "./metrics.ts";
import { RegistrationDecision } from "./registration.ts";
import { AuditEntry } from "./server.ts";
import { StanzaRecord } from "./stanzas.ts";

/** Topics of the live stream (`GET /api/v1/live`, WebSocket, JSON text frames, always arrays of frames). */
export const Topic = z.enum(["forward", "registration", "audit", "changed", "overview", "metrics", "log", "stanzas"]);
export type Topic = z.infer<typeof Topic>;

/** Resources whose lists a client may hold; `changed` names the one to read again. */
export const Resource = z.enum([
  "hosts",
  "users",
  "sessions",
  "policy",
  "registration",
  "targets",
  "devices",
  "invites",
  "offline",
  "modules",
  "log",
  "announcements",
  "groups",
  "reports",
  "rooms",
  "uploads",
  "components",
  "links",
  "keys",
  "console-sessions",
  "certificates",
  "backups",
  "views",
]);
export type Resource = z.infer<typeof Resource>;

/**
 * `id` is the cursor of its topic: increasing, without gaps for `forward`, `registration` and `audit` (they come from the
 * store) and for `log` (the newest records are in memory); 0 for topics without history.
 */
export const LiveEvent = z.discriminatedUnion("topic", [
  z.object({ topic: z.literal("forward"), id: z.int(), data: ForwardEvent }),
  z.object({ topic: z.literal("registration"), id: z.int(), data: RegistrationDecision }),
  z.object({ topic: z.literal("audit"), id: z.int(), data: AuditEntry }),
  z.object({
    topic: z.literal("changed"),
    id: z.int(),
    data: z.object({ resource: Resource, key: z.string().nullable(), by: z.string().nullable() }),
  }),
  z.object({
    topic: z.literal("overview"),
    id: z.int(),
    data: z.object({
      online: z.int(),
      messagesPerSecond: z.number(),
      offlineMessages: z.int(),
      backlog: z.int(),
      dead: z.int(),
    }),
  }),
  z.object({
    topic: z.literal("metrics"),
    id: z.int(),
    data: z.object({ at: z.iso.datetime(), values: MetricValues }),
  }),
  z.object({ topic: z.literal("log"), id: z.int(), data: LogRecord }),
  z.object({ topic: z.literal("stanzas"), id: z.int(), data: StanzaRecord }),
]);
export type LiveEvent = z.infer<typeof LiveEvent>;

/** Client to server. `since` is the last id seen; absent: from now on. */
export const LiveRequest = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("subscribe"),
    topic: Topic,
    since: z.int().min(0).optional(),
    filter: ForwardFilter.partial().optional(),
    /** Of the topic `log`. */
    log: LogFilter.optional(),
    /** Of the topic `stanzas`, which needs one: the id that `stanzas.watch` answered. `reset`: it is over. */
    watch: z.string().max(64).optional(),
    /** Counters only: `rows` false keeps the cursor moving without sending rows (hidden tab, hard pause). */
    rows: z.boolean().default(true),
    /** While more comes than anybody can read, only a sample of rows is sent, with `sampled` frames; else every row is. */
    sample: z.boolean().default(false),
  }),
  z.strictObject({ type: z.literal("unsubscribe"), topic: Topic }),
  z.strictObject({ type: z.literal("ping") }),
]);
export type LiveRequest = z.infer<typeof LiveRequest>;

/** Server to client. */
export const LiveFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hello"), version: z.string(), startedAt: z.iso.datetime() }),
  /** Answer to subscribe: `head` is the newest id, `oldest` the first that can still be paged. */
  z.object({ type: z.literal("subscribed"), topic: Topic, head: z.int(), oldest: z.int() }),
  z.object({ type: z.literal("event"), event: LiveEvent }),
  /** Events `from`..`to` (inclusive) were not sent; page them over REST or subscribe again with `since`. */
  z.object({ type: z.literal("gap"), topic: Topic, from: z.int(), to: z.int() }),
  /** `since` lies before what is kept. */
  z.object({ type: z.literal("reset"), topic: Topic, oldest: z.int() }),
  /** Exact number of events since the last counters frame when rows are off or sampled. */
  z.object({
    type: z.literal("counters"),
    topic: Topic,
    head: z.int(),
    events: z.int(),
    failed: z.int(),
    sampled: z.int(),
  }),
  /**
   * For `sample`: of the rows `from`..`to` (inclusive; `to` is `from - 1` where sampling begins) `shown` were sent, of `events`
   * that match the filter. `outcomes` counts those exactly by state or result. After `to` all rows of one event in `oneIn` are
   * sent, and of events that were sent unfinished; 1: of all events. Page the rest over REST, or subscribe again from `from - 1`
   * without `sample`.
   */
  z.object({
    type: z.literal("sampled"),
    topic: Topic,
    from: z.int(),
    to: z.int(),
    events: z.int(),
    shown: z.int(),
    outcomes: z.record(z.string(), z.int()),
    perSecond: z.int(),
    oneIn: z.int().min(1),
  }),
  z.object({ type: z.literal("error"), message: z.string() }),
  z.object({ type: z.literal("pong") }),
]);
export type LiveFrame = z.infer<typeof LiveFrame>;
