import { z } from "zod";
import { endpoint, HostName, JidText, secret, Timestamp } from "./endpoint.ts";
import { maxPartLength } from "./import-limits.ts";

/** What may be left out of an export or of an import. */
export const DataPart = z.enum(["offline", "archive"]);

export const ExportPart = z.object({
  id: z.string().describe("Names the export; good for an hour after the last part."),
  text: z.string().describe("The next piece of the XML document, as it is to be written."),
  next: z.string().nullable().describe("Where the next part begins; null: this was the last."),
  accounts: z.int().describe("Accounts begun so far."),
});
export type ExportPart = z.infer<typeof ExportPart>;

const Counts = z.object({
  created: z.int(),
  updated: z.int(),
  skipped: z.int(),
  failed: z.int(),
});

export const ImportReport = z.object({
  id: z.string(),
  dryRun: z.boolean(),
  startedAt: Timestamp,
  state: z.enum(["receiving", "done", "failed"]),
  error: z.string().nullable().describe("Why nothing more could be read."),
  bytes: z.int(),
  accounts: Counts,
  items: z.object({
    contacts: z.int(),
    requests: z.int(),
    offlineMessages: z.int(),
    archivedMessages: z.int(),
    vcards: z.int(),
    privateXml: z.int(),
    blocked: z.int(),
    nodeItems: z.int(),
    rooms: z.int(),
  }),
  withoutPassword: z.int().describe("Accounts that nobody can log in to until they are given a password."),
  unknown: z.record(z.string(), z.int()).describe("Elements that were not understood, with how often they came."),
  problems: z
    .array(z.object({ jid: z.string(), reason: z.string() }))
    .describe("The first hundred; `accounts.failed` counts accounts that are not there because of them."),
});
export type ImportReport = z.infer<typeof ImportReport>;

/**
 * Accounts with what they own, as XEP-0227 documents, a part at a time: neither side holds a whole document. An import is
 * begun, given the text of the document in parts of any length, in order, and ended; each call answers with the report so far.
 */
export const portability = {
  export: endpoint(
    "POST",
    "/data/export",
    { permission: "data:export", audit: "data.export", host: "host" },
    "Begin an export of one account or of a host (XEP-0227), and get its first part",
  )
    .input(
      z.object({
        host: HostName,
        jid: JidText.optional().describe("One account of the host; left out: all of them."),
        parts: z.array(DataPart).default([...DataPart.options]),
      }),
    )
    .output(ExportPart),
  exportPart: endpoint(
    "GET",
    "/data/export/{id}",
    { permission: "data:export", filtered: true },
    "The next part of an export",
  )
    .input(z.object({ id: z.string().min(1).max(64), next: z.string().min(1).max(8192) }))
    .output(ExportPart),
  import: endpoint(
    "POST",
    "/data/import",
    { permission: "data:import", audit: "data.import" },
    "Begin an import of a XEP-0227 document",
  )
    .input(
      z.object({
        dryRun: z.boolean().default(false).describe("Read and report, change nothing."),
        onConflict: z
          .enum(["skip", "update", "fail"])
          .default("skip")
          .describe("Accounts that exist: leave alone, add what the document has, or count as failed."),
        parts: z.array(DataPart).default([...DataPart.options]),
        hosts: z
          .record(HostName, HostName)
          .default({})
          .describe("Other names for hosts of the document. Accounts of hosts that are not served here fail."),
      }),
    )
    .output(ImportReport),
  importPart: endpoint(
    "POST",
    "/data/import/{id}/part",
    { permission: "data:import", audit: "data.import-part" },
    "Give an import the next piece of its document",
  )
    .input(z.object({ id: z.string().min(1).max(64), text: secret(z.string().max(maxPartLength)) }))
    .output(ImportReport),
  importEnd: endpoint(
    "POST",
    "/data/import/{id}/end",
    { permission: "data:import", audit: "data.import-end" },
    "End an import: the document is over, or is given up",
  )
    .input(z.object({ id: z.string().min(1).max(64), isComplete: z.boolean().default(true) }))
    .output(ImportReport),
  importState: endpoint("GET", "/data/import/{id}", { permission: "data:import" }, "How far an import has come")
    .input(z.object({ id: z.string().min(1).max(64) }))
    .output(ImportReport),
};
