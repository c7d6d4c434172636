import { z } from "zod";
import { Done, endpoint, HostName, secret, Timestamp } from "./endpoint.ts";
import { BackupPolicy } from "./operations-policy.ts";

const Counts = z.record(z.string(), z.int()).describe("accounts, contacts, messages, rooms and so on");

const Uploads = z.object({ files: z.int(), bytes: z.int() });

export const Backup = z.object({
  id: z.string(),
  createdAt: Timestamp,
  createdBy: z.string(),
  bytes: z.int(),
  version: z.string().describe("Of the Nightpost that made it."),
  hosts: z.array(HostName),
  counts: Counts,
  encrypted: z.boolean(),
  hasKeys: z
    .boolean()
    .describe("The key file is in it: it can be restored on another machine with all that is sealed."),
  uploads: Uploads.extend({
    missing: z.int().describe("Files that the store names and the disk did not have, or not as a whole."),
  })
    .nullable()
    .describe("What users have uploaded; null: nothing of it is in it."),
  path: z.string().describe("Where it is on the server."),
  check: z
    .object({ at: Timestamp, ok: z.boolean(), reason: z.string() })
    .nullable()
    .describe("How it came out when it was restored to try it; null: it was not tried."),
});
export type Backup = z.infer<typeof Backup>;

export const BackupEstimate = z.object({
  storeBytes: z.int().describe("Of the store, before it is compressed."),
  uploads: Uploads.describe("On the server's disk: they go along, unless they are left out."),
  elsewhere: Uploads.describe("In an object store, which keeps copies of its own: they are never in it."),
  freeBytes: z.int().describe("Room on the disk."),
});
export type BackupEstimate = z.infer<typeof BackupEstimate>;

const Id = z.object({ id: z.string().min(1).max(64) });
const Passphrase = secret(z.string().min(8).max(1000));
const read = { permission: "server:read" } as const;
const write = (audit: string) => ({ permission: "server:write", audit }) as const;

export const backups = {
  list: endpoint("GET", "/backups", read, "Backups on the server, newest first").output(
    z.object({
      items: z.array(Backup),
      task: z.enum(["create", "verify", "restore"]).nullable().describe("What is being done just now."),
      schedule: BackupPolicy,
      hasPassphrase: z.boolean().describe("A passphrase for scheduled backups is kept."),
      failure: z.object({ at: Timestamp, reason: z.string() }).nullable().describe("Of the last scheduled one."),
      directory: z.string(),
    }),
  ),
  estimate: endpoint("GET", "/backups/estimate", read, "What a backup would have in it now").output(BackupEstimate),
  create: endpoint("POST", "/backups", write("backup.create"), "Make a backup; nobody waits for it but the caller")
    .input(
      z.object({
        passphrase: Passphrase.nullable().default(null).describe("null: it is not encrypted"),
        uploads: z.boolean().default(true).describe("With what users have uploaded, where it is on the server's disk."),
      }),
    )
    .output(Backup),
  verify: endpoint(
    "POST",
    "/backups/{id}/verify",
    write("backup.verify"),
    "Restore a backup into a directory of its own and check all of it",
  )
    .input(Id.extend({ passphrase: Passphrase.nullable().default(null) }))
    .output(Backup),
  preview: endpoint("GET", "/backups/{id}/preview", read, "What a restore would change")
    .input(Id)
    .output(
      z.object({
        backup: Backup,
        before: z.object({ hosts: z.array(HostName), counts: Counts }),
        opensSecrets: z.boolean().describe("What is sealed in it can be read here; else it has to be entered again."),
        confirm: z.string().describe("What has to be typed to restore it."),
      }),
    ),
  restore: endpoint(
    "POST",
    "/backups/{id}/restore",
    write("backup.restore"),
    "Put a backup in the place of the store and start the server anew; what is there is backed up before",
  )
    .input(Id.extend({ passphrase: Passphrase.nullable().default(null), confirm: z.string().max(1023) }))
    .output(z.object({ before: Backup })),
  download: endpoint(
    "POST",
    "/backups/{id}/download",
    { permission: "bodies:read", audit: "backup.download" },
    "A path under which a backup can be fetched once, within a minute; it has all messages in it",
  )
    .input(Id)
    .output(z.object({ path: z.string(), name: z.string() })),
  remove: endpoint("DELETE", "/backups/{id}", write("backup.remove"), "Delete a backup").input(Id).output(Done),
  setSchedule: endpoint("PUT", "/backup-schedule", write("backup.schedule"), "When backups are made by themselves")
    .input(
      z.object({
        schedule: BackupPolicy,
        passphrase: Passphrase.nullable().default(null).describe("null: the one that is kept stays"),
        comment: z.string().max(1000).default(""),
      }),
    )
    .output(Done),
};
