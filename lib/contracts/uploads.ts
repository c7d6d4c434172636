import { z } from "zod";
import { Done, endpoint, HostName, JidText, pageOf, PageInput, Timestamp } from "./endpoint.ts";
import { Negation } from "./negation.ts";
import { uploadStates } from "./words.ts";

export const UploadedFile = z.object({
  id: z.string(),
  user: JidText,
  host: HostName,
  name: z.string(),
  mediaType: z.string(),
  bytes: z.int(),
  state: z.enum(uploadStates).describe("`waiting`: its upload is still to come"),
  place: z.enum(["disk", "s3"]),
  createdAt: Timestamp,
  storedAt: Timestamp.nullable(),
  endsAt: Timestamp.describe("until when it has to be there, then until when it is kept"),
});
export type UploadedFile = z.infer<typeof UploadedFile>;

const Limits = z.object({
  fileBytes: z.int(),
  accountBytes: z.int(),
  accountBytesADay: z.int(),
  hostBytes: z.int(),
});

export const UploadService = z.object({
  host: HostName,
  bytes: z.int().describe("of its files, with what is reserved"),
  files: z.int(),
  place: z.enum(["disk", "s3"]).nullable().describe("where new files go; null: the module `upload` does not run"),
  limits: Limits.nullable(),
  keepDays: z.int().nullable(),
});
export type UploadService = z.infer<typeof UploadService>;

export const UploadAccount = z.object({ user: JidText, bytes: z.int(), files: z.int(), newestAt: Timestamp });
export type UploadAccount = z.infer<typeof UploadAccount>;

const read = { permission: "uploads:read", filtered: true } as const;
const write = (audit: string) => ({ permission: "uploads:write", audit, filtered: true }) as const;

export const uploads = {
  list: endpoint("GET", "/uploads", { ...read, host: "host" }, "Files that users have uploaded, newest first")
    .input(
      PageInput.extend({
        host: HostName.optional(),
        user: JidText.optional(),
        search: z.string().max(255).optional().describe("part of the name or the media type"),
        state: UploadedFile.shape.state.optional(),
        not: Negation("state"),
      }),
    )
    .output(pageOf(UploadedFile)),
  services: endpoint("GET", "/uploads/services", read, "Hosts with what their files take and may take").output(
    z.object({ items: z.array(UploadService), freeBytes: z.int().nullable().describe("on the disk of the store") }),
  ),
  accounts: endpoint(
    "GET",
    "/uploads/accounts",
    { ...read, host: "host" },
    "Accounts with what their files take, the most first",
  )
    .input(PageInput.extend({ host: HostName.optional() }))
    .output(pageOf(UploadAccount)),
  remove: endpoint("DELETE", "/uploads/{id}", write("upload.remove"), "Delete a file: its links work no more")
    .input(z.object({ id: z.string().min(1).max(64) }))
    .output(Done),
  removeOf: endpoint(
    "DELETE",
    "/users/{jid}/uploads",
    { permission: "uploads:write", audit: "upload.remove-all", host: "jid" },
    "Delete all files of an account",
  )
    .input(z.object({ jid: JidText }))
    .output(z.object({ files: z.int(), bytes: z.int() })),
  purge: endpoint(
    "POST",
    "/uploads/purge",
    { permission: "uploads:write", audit: "upload.purge" },
    "Delete now what has ended; the server does so every minute",
  ).output(z.object({ removed: z.int() })),
};
