import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { ForwardEvent } from "./forward-event.ts";
import { ForwardFilter } from "./forward-filter.ts";
import { audit, AuditEntry } from "./server.ts";
import { User, users } from "./users.ts";

/** One JSON object a line, or a table whose first line names the columns (RFC 4180). */
export const ExportFormat = z.enum(["ndjson", "csv"]);
export type ExportFormat = z.infer<typeof ExportFormat>;

const Format = z.object({ format: ExportFormat.default("ndjson") });
const unpaged = { cursor: true, limit: true } as const;

/** Lists from end to end, with the filter of their page: streamed, so that they may be longer than the memory. */
export const exports = {
  users: endpoint(
    "GET",
    "/exports/users",
    { permission: "users:read", host: "host", filtered: true, audit: "export.users" },
    "All accounts that a filter finds, as NDJSON or CSV",
  )
    .input(users.list["~orpc"].inputSchema!.omit(unpaged).extend(Format.shape))
    .output(eventIterator(User)),
  forward: endpoint(
    "GET",
    "/exports/forward",
    { permission: "forward:read", host: "host", filtered: true, audit: "export.forward" },
    "All events of the forward log that a filter finds, as NDJSON or CSV",
  )
    .input(ForwardFilter.extend(Format.shape))
    .output(eventIterator(ForwardEvent)),
  audit: endpoint(
    "GET",
    "/exports/audit",
    { permission: "audit:read", audit: "export.audit" },
    "All audit entries that a filter finds, as NDJSON or CSV",
  )
    .input(audit.list["~orpc"].inputSchema!.omit(unpaged).extend(Format.shape))
    .output(eventIterator(AuditEntry)),
};
