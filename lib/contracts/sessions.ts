import { z } from "zod";
import { endpoint, HostName, JidText, pageOf, PageInput, Timestamp } from "./endpoint.ts";
import { Job } from "./jobs.ts";
import { Negation } from "./negation.ts";
import { transports } from "./words.ts";

const Transport = z.enum(transports);

export const OnlineSession = z.object({
  jid: JidText.describe("full JID"),
  host: HostName,
  address: z.string(),
  port: z.int(),
  transport: Transport,
  tls: z.object({ protocol: z.string(), cipher: z.string() }).nullable(),
  secure: z
    .boolean()
    .describe("nobody on the way can read along: TLS ends here or at a trusted proxy, or nothing leaves the machine"),
  mechanism: z.string(),
  software: z.string().nullable().describe("what its client said of itself at the login (XEP-0388 2.4)"),
  device: z.string().nullable(),
  priority: z.int().nullable().describe("null: connected but not available"),
  show: z.string(),
  status: z.string(),
  since: Timestamp,
  lastActive: Timestamp,
  hibernating: z.boolean().describe("its connection is gone, and it waits for its client to come back"),
  isInactive: z.boolean().describe("its client has said that nobody looks at it (XEP-0352)"),
  unconfirmed: z.int().nullable().describe("stanzas that its client has not confirmed yet; null: it confirms none"),
  isPushed: z.boolean().describe("its account has a device that is pushed to"),
  stanzasIn: z.int(),
  stanzasOut: z.int(),
  bytesIn: z.int().describe("of its connection; a session that was resumed begins anew"),
  bytesOut: z.int(),
});
export type OnlineSession = z.infer<typeof OnlineSession>;

export const SessionFilter = z.object({
  host: HostName.optional(),
  search: z.string().max(255).optional().describe("a part of the JID or of the address"),
  transport: Transport.optional(),
  idleMinutes: z.coerce.number().int().min(1).max(525_600).optional().describe("its client sent nothing for so long"),
  hibernating: z.enum(["yes", "no"]).optional(),
  not: Negation("transport", "idleMinutes", "hibernating"),
});
export type SessionFilter = z.infer<typeof SessionFilter>;

/** A job that ends sessions. */
export const SessionJob = Job;
export type SessionJob = Job;

export const sessions = {
  list: endpoint(
    "GET",
    "/sessions",
    { permission: "sessions:read", host: "host", filtered: true },
    "Connected sessions, ordered by JID",
  )
    .input(PageInput.extend(SessionFilter.shape))
    .output(pageOf(OnlineSession)),
  names: endpoint(
    "POST",
    "/sessions/names",
    { permission: "sessions:read", filtered: true },
    "Names in the DNS of addresses that sessions are connected from; private networks are not asked about",
  )
    .input(z.object({ addresses: z.array(z.string().max(64)).min(1).max(100) }))
    .output(z.object({ items: z.array(z.object({ address: z.string(), name: z.string().nullable() })) })),
  end: endpoint(
    "POST",
    "/sessions/end",
    { permission: "sessions:write", audit: "session.end", host: "jid" },
    "End one session (full JID) or all of an account (bare JID)",
  )
    .input(z.object({ jid: JidText, reason: z.string().max(500).default("") }))
    .output(z.object({ ended: z.int() })),
  countMatching: endpoint(
    "POST",
    "/sessions/jobs/count",
    { permission: "sessions:read", host: "host", filtered: true },
    "How many sessions a filter matches, of how many accounts, and some of them; nothing is changed",
  )
    .input(SessionFilter)
    .output(z.object({ matching: z.int(), accounts: z.int(), sample: z.array(OnlineSession) })),
  endMatching: endpoint(
    "POST",
    "/sessions/jobs",
    { permission: "sessions:write", audit: "session.end-many", host: "host", filtered: true },
    "End all sessions that a filter matches now, as a job",
  )
    .input(SessionFilter.extend({ reason: z.string().max(500).default("") }))
    .output(SessionJob),
  jobs: endpoint(
    "GET",
    "/sessions/jobs",
    { permission: "sessions:read", filtered: true },
    "The latest of these jobs, newest first",
  ).output(z.object({ items: z.array(SessionJob) })),
  stopJob: endpoint(
    "POST",
    "/sessions/jobs/{id}/stop",
    { permission: "sessions:write", audit: "session.end-many.stop", filtered: true },
    "End such a job: sessions that it has not come to stay",
  )
    .input(z.object({ id: z.string().max(64) }))
    .output(SessionJob),
};
