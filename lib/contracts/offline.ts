import { z } from "zod";
import { Done, endpoint, HostName, JidText, pageOf, PageInput, Timestamp } from "./endpoint.ts";
import { ForwardState } from "./forward-event.ts";
import { Job } from "./jobs.ts";

const Limits = z.object({
  maxMessages: z.int().nullable().describe("null: no limit"),
  maxBytes: z.int().nullable().describe("null: no limit"),
});

/** An account for which messages wait. */
export const OfflineQueue = z.object({
  jid: JidText,
  host: HostName,
  messages: z.int(),
  bytes: z.int(),
  oldestAt: Timestamp,
  newestAt: Timestamp,
  online: z.int().describe("connected resources"),
  pendingForwards: z.int().describe("events about the account's messages that are not settled yet"),
  limits: Limits.nullable().describe("null: nothing keeps messages on the host just now"),
  fill: z.number().nullable().describe("how much of the tighter limit is used, 1: all; null: there is no limit"),
});
export type OfflineQueue = z.infer<typeof OfflineQueue>;

/** A message that waits, without what is in it. */
export const OfflineMessage = z.object({
  id: z.int().describe("its place in the queue"),
  stanzaId: z.string().describe("what the store knows it by, and clients if it is archived (XEP-0359)"),
  from: z.string(),
  type: z.string(),
  bytes: z.int(),
  at: Timestamp,
  expiresAt: Timestamp.nullable(),
  archived: z.boolean(),
  forwards: z.array(
    z.object({ id: z.string(), target: z.string(), state: ForwardState, device: z.string().nullable() }),
  ),
});
export type OfflineMessage = z.infer<typeof OfflineMessage>;

/** What is kept for accounts of a host that the policy says nothing special about. */
export const OfflinePolicy = Limits.extend({
  host: HostName,
  expireDays: z.int().describe("days until a message expires; 0: never"),
});
export type OfflinePolicy = z.infer<typeof OfflinePolicy>;

/** Which messages that wait are meant: those that all of these say. */
export const OfflineFilter = z.object({
  host: HostName.optional(),
  jid: JidText.optional().describe("for this account"),
  from: z.string().max(3071).optional().describe("from this sender; a bare JID stands for all of its resources"),
  before: Timestamp.optional().describe("that came before"),
});
export type OfflineFilter = z.infer<typeof OfflineFilter>;

/** A job that deletes messages that wait. */
export const OfflinePurge = Job;
export type OfflinePurge = Job;

const read = { permission: "offline:read" } as const;
const write = (audit: string) => ({ permission: "offline:write", audit }) as const;
const ofAccount = { host: "jid" } as const;
const Jid = z.object({ jid: JidText });
const Ids = z.array(z.int().min(0)).min(1).max(500);

export const offline = {
  totals: endpoint(
    "GET",
    "/offline/totals",
    { ...read, host: "host", filtered: true },
    "How much waits, and what is kept",
  )
    .input(z.object({ host: HostName.optional() }))
    .output(
      z.object({
        accounts: z.int(),
        messages: z.int(),
        bytes: z.int(),
        oldestAt: Timestamp.nullable(),
        policies: z.array(OfflinePolicy),
      }),
    ),
  queues: endpoint("GET", "/offline", { ...read, host: "host", filtered: true }, "Accounts for which messages wait")
    .input(
      PageInput.extend({
        host: HostName.optional(),
        search: z.string().max(255).optional().describe("part of the JID"),
        order: z.enum(["messages", "jid"]).default("messages").describe("`messages`: those with most of them first"),
      }),
    )
    .output(pageOf(OfflineQueue)),
  messages: endpoint(
    "GET",
    "/offline/{jid}",
    { ...read, ...ofAccount },
    "Messages that wait for an account, oldest first",
  )
    .input(PageInput.extend({ jid: JidText }))
    .output(pageOf(OfflineMessage)),
  reveal: endpoint(
    "GET",
    "/offline/{jid}/messages/{id}",
    { permission: "bodies:read", audit: "offline.reveal", ...ofAccount },
    "What is in a message that waits; recorded",
  )
    .input(z.object({ jid: JidText, id: z.coerce.number().int().min(0) }))
    .output(z.object({ body: z.string().nullable().describe("null: it has no text"), xml: z.string() })),
  export: endpoint(
    "GET",
    "/offline/{jid}/export",
    { permission: "bodies:read", audit: "offline.export", ...ofAccount },
    "Messages that wait for an account as XML (XEP-0227 offline-messages), oldest first; recorded",
  )
    .input(PageInput.extend({ jid: JidText }))
    .output(z.object({ xml: z.string(), messages: z.int(), nextCursor: z.string().nullable() })),
  remove: endpoint(
    "POST",
    "/offline/{jid}/remove",
    { ...write("offline.remove"), ...ofAccount },
    "Delete messages that wait; those that are archived stay in the archive",
  )
    .input(Jid.extend({ ids: Ids }))
    .output(z.object({ removed: z.int() })),
  deliver: endpoint(
    "POST",
    "/offline/{jid}/deliver",
    { ...write("offline.deliver"), ...ofAccount },
    "Hand over what waits to a resource that is there",
  )
    .input(Jid)
    .output(Done),
  forward: endpoint(
    "POST",
    "/offline/{jid}/forward",
    { ...write("offline.forward"), ...ofAccount },
    "Forward messages that wait, by the rules in force: what failed or waits is due now, what is missing is made",
  )
    .input(Jid.extend({ ids: Ids.optional().describe("left out: the oldest 500") }))
    .output(z.object({ planned: z.int(), retried: z.int() })),
  extend: endpoint(
    "POST",
    "/offline/extend",
    { ...write("offline.extend"), host: "host", filtered: true },
    "Keep messages that wait for longer; none expires sooner than it would have",
  )
    .input(
      OfflineFilter.extend({
        ids: Ids.optional().describe("places in the queue of `jid`"),
        until: Timestamp.nullable().describe("null: until a client has them"),
      }),
    )
    .output(z.object({ extended: z.int() })),
  count: endpoint(
    "POST",
    "/offline/purges/count",
    { ...read, host: "host", filtered: true },
    "How many messages a purge would delete; nothing is changed",
  )
    .input(OfflineFilter)
    .output(z.object({ messages: z.int(), bytes: z.int(), of: z.int().describe("messages that wait in all") })),
  purge: endpoint(
    "POST",
    "/offline/purges",
    { ...write("offline.purge"), host: "host", filtered: true },
    "Delete messages that wait, as a job",
  )
    .input(OfflineFilter)
    .output(OfflinePurge),
  purges: endpoint("GET", "/offline/purges", { ...read, filtered: true }, "The latest purges, newest first").output(
    z.object({ items: z.array(OfflinePurge) }),
  ),
  stopPurge: endpoint(
    "POST",
    "/offline/purges/{id}/stop",
    { ...write("offline.purge.stop"), filtered: true },
    "End a purge: what it has not come to stays",
  )
    .input(z.object({ id: z.string().max(64) }))
    .output(OfflinePurge),
};
