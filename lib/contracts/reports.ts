import { z } from "zod";
import { endpoint, HostName, pageOf, PageInput, Timestamp } from "./endpoint.ts";

export const Report = z.object({
  id: z.string(),
  host: HostName,
  reporter: z.string(),
  jid: z.string().describe("Whom it is about; the reporter has blocked them."),
  reason: z.string().describe("`urn:xmpp:reporting:spam`, `urn:xmpp:reporting:abuse`, or another one."),
  text: z.string(),
  consents: z.array(z.string()).describe("What the reporter lets be done with it (XEP-0377 4)."),
  messages: z.array(
    z.object({
      by: z.string(),
      id: z.string().describe("stanza-id (XEP-0359)"),
      xml: z.string().nullable().describe("null unless the actor may read bodies, or when it is not in the archive"),
    }),
  ),
  at: Timestamp,
  resolved: z.object({ at: Timestamp, by: z.string(), as: z.enum(["acted", "dismissed"]) }).nullable(),
  note: z.string(),
});
export type Report = z.infer<typeof Report>;

const write = (audit: string) => ({ permission: "reports:write", audit, filtered: true }) as const;
const ById = z.object({ id: z.string().min(1).max(64) });

export const reports = {
  list: endpoint(
    "GET",
    "/reports",
    { permission: "reports:read", host: "host", filtered: true },
    "Reports of spam and abuse (XEP-0377), newest first",
  )
    .input(
      PageInput.extend({
        host: HostName.optional(),
        state: z.enum(["all", "open", "resolved"]).default("open"),
        search: z.string().max(255).optional().describe("Part of the address of the one who is reported."),
      }),
    )
    .output(pageOf(Report)),
  get: endpoint("GET", "/reports/{id}", { permission: "reports:read", filtered: true }, "One report")
    .input(ById)
    .output(Report.extend({ about: z.int().describe("Reports about the same address, this one included.") })),
  resolve: endpoint("POST", "/reports/{id}/resolve", write("report.resolve"), "Close a report")
    .input(ById.extend({ as: z.enum(["acted", "dismissed"]), note: z.string().max(1000).default("") }))
    .output(Report),
  reopen: endpoint("POST", "/reports/{id}/reopen", write("report.reopen"), "Open a report again")
    .input(ById)
    .output(Report),
};
