import { z } from "zod";
import { HostName } from "./endpoint.ts";

export const letsEncrypt = "https://acme-v02.api.letsencrypt.org/directory";

/** Certificates that the server orders and renews by itself (RFC 8555). */
export const AcmePolicy = z.strictObject({
  directory: z
    .url({ protocol: /^https$/ })
    .max(500)
    .default(letsEncrypt)
    .describe("Directory of the authority."),
  agreed: z.boolean().default(false).describe("The authority's terms were agreed to; nothing is ordered before."),
  contact: z.email().max(255).nullable().default(null).describe("Where the authority writes to."),
  hosts: z.array(HostName).max(1000).default([]).describe("Hosts whose certificates are ordered and renewed."),
  below: z
    .array(z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "one label of a name, such as conference"))
    .max(20)
    .default([])
    .describe("Names below each host that its certificate is for as well, such as `conference`."),
  challenge: z
    .enum(["http-01", "tls-alpn-01"])
    .default("http-01")
    .describe("How the authority sees that a name is ours: over HTTP on port 80, or TLS on port 443."),
});
export type AcmePolicy = z.infer<typeof AcmePolicy>;

/** Backups that are made without anybody asking. */
export const BackupPolicy = z.strictObject({
  everyHours: z.int().min(1).max(720).nullable().default(null).describe("null: none are made by themselves."),
  keep: z.int().min(1).max(1000).default(7).describe("So many of them are kept; the oldest go."),
  encrypted: z.boolean().default(false).describe("With the passphrase that is kept sealed in the store."),
  uploads: z.boolean().default(true).describe("With what users have uploaded, where it is on the server's disk."),
});
export type BackupPolicy = z.infer<typeof BackupPolicy>;

/** Who is told by message of what wants attention, wherever they are: it is stored and pushed like any other. */
export const AlertPolicy = z.strictObject({
  recipients: z.array(z.string().max(3071)).max(50).default([]).describe("JIDs, of other servers too."),
  least: z.enum(["error", "warning"]).default("error").describe("From which severity on."),
});
export type AlertPolicy = z.infer<typeof AlertPolicy>;

export const OperationsPolicy = z.strictObject({
  acme: AcmePolicy.prefault({}),
  backups: BackupPolicy.prefault({}),
  alerts: AlertPolicy.prefault({}),
});
