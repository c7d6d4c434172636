import { z } from "zod";
import { endpoint, HostName, JidText, pageOf, PageInput, Timestamp } from "./endpoint.ts";

export const OnlineSession = z.object({
  jid: JidText.describe("full JID"),
  host: HostName,
  address: z.string(),
  port: z.int(),
  transport: z.enum(["tcp", "tls", "starttls", "websocket", "bosh"]),
  tls: z.object({ protocol: z.string(), cipher: z.string() }).nullable(),
  secure: z
    .boolean()
    .describe("nobody on the way can read along: TLS ends here or at a trusted proxy, or nothing leaves the machine"),
  mechanism: z.string(),
  priority: z.int().nullable().describe("null: connected but not available"),
  show: z.string(),
  status: z.string(),
  since: Timestamp,
  lastActive: Timestamp,
  hibernating: z.boolean().describe("its connection is gone, and it waits for its client to come back"),
  stanzasIn: z.int(),
  stanzasOut: z.int(),
});
export type OnlineSession = z.infer<typeof OnlineSession>;

export const sessions = {
  list: endpoint(
    "GET",
    "/sessions",
    { permission: "sessions:read", host: "host", filtered: true },
    "Connected sessions, ordered by JID",
  )
    .input(PageInput.extend({ host: HostName.optional(), search: z.string().max(255).optional() }))
    .output(pageOf(OnlineSession)),
  end: endpoint(
    "POST",
    "/sessions/end",
    { permission: "sessions:write", audit: "session.end", host: "jid" },
    "End one session (full JID) or all of an account (bare JID)",
  )
    .input(z.object({ jid: JidText, reason: z.string().max(500).default("") }))
    .output(z.object({ ended: z.int() })),
};
