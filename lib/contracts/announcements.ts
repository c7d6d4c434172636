import { z } from "zod";
import { Done, endpoint, HostName, JidText, pageOf, PageInput, Timestamp } from "./endpoint.ts";
import { SessionFilter } from "./sessions.ts";
import { UserSelection } from "./users.ts";

export const Audience = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("accounts"),
    search: z.string().max(255).nullable().default(null).describe("Part of the user name; null: any."),
    filter: z.enum(["all", "never", "queued"]).default("all").describe("Who is suspended is left out."),
  }),
  z.strictObject({ kind: z.literal("online") }),
  z.strictObject({ kind: z.literal("selection") }),
  z.strictObject({
    kind: z.literal("users"),
    filter: UserSelection.describe("Those that it finds when the announcement begins. Who is suspended is left out."),
  }),
  z.strictObject({
    kind: z.literal("sessions"),
    filter: SessionFilter.describe("The accounts of those sessions that it finds when the announcement begins."),
  }),
]);
export type Audience = z.infer<typeof Audience>;
/** Whom a list has found, as it is asked for. */
export type FoundAudience = Extract<z.input<typeof Audience>, { kind: "users" | "sessions" }>;

/** Of an announcement that was sent: filters are not kept, whom they found is. */
const ToldAudience = z.discriminatedUnion("kind", [
  Audience.options[0],
  z.object({ kind: z.enum(["online", "selection", "users", "sessions"]) }),
]);

export const Announcement = z.object({
  id: z.string(),
  host: HostName.nullable().describe("null: all hosts"),
  audience: ToldAudience,
  subject: z.string(),
  body: z.string(),
  perSecond: z.int(),
  createdAt: Timestamp,
  createdBy: z.string(),
  state: z.enum(["running", "done", "stopped", "failed"]),
  matching: z.int().describe("Recipients when it began."),
  sent: z.int(),
  skipped: z.int().describe("Recipients who could not have it: suspended, or gone."),
  finishedAt: Timestamp.nullable(),
});
export type Announcement = z.infer<typeof Announcement>;

export const Motd = z.object({
  host: HostName,
  subject: z.string(),
  body: z.string(),
  setAt: Timestamp,
  setBy: z.string(),
});
export type Motd = z.infer<typeof Motd>;

const Text = {
  subject: z.string().max(200).default(""),
  body: z.string().trim().min(1).max(10_000),
};
const Whom = {
  host: HostName.optional().describe("Left out: all hosts."),
  audience: Audience,
};

const read = { permission: "announcements:read", host: "host", filtered: true } as const;
const write = (audit: string) => ({ permission: "announcements:write", audit }) as const;
const onHost = (audit: string) => ({ ...write(audit), host: "host" }) as const;

export const announcements = {
  list: endpoint("GET", "/announcements", read, "Announcements, newest first")
    .input(PageInput.extend({ host: HostName.optional() }))
    .output(pageOf(Announcement)),
  get: endpoint(
    "GET",
    "/announcements/{id}",
    { permission: "announcements:read", filtered: true },
    "One announcement, with how far it has come",
  )
    .input(z.object({ id: z.string().min(1).max(64) }))
    .output(Announcement),
  count: endpoint(
    "POST",
    "/announcements/count",
    { permission: "announcements:read", host: "host" },
    "How many accounts an announcement would be for",
  )
    .input(z.object(Whom))
    .output(z.object({ count: z.int(), isExact: z.boolean().describe("false: at least so many") })),
  send: endpoint(
    "POST",
    "/announcements",
    onHost("announcement.send"),
    "Send a message to many accounts, in the background and at a steady pace",
  )
    .input(
      z.object({
        ...Whom,
        ...Text,
        jids: z.array(JidText).max(1000).default([]).describe("Whom, for the audience `selection`."),
        perSecond: z.int().min(1).max(2000).default(200).describe("Messages in a second at most."),
      }),
    )
    .output(Announcement),
  stop: endpoint(
    "POST",
    "/announcements/{id}/stop",
    { ...write("announcement.stop"), filtered: true },
    "Send it to nobody else; who has it keeps it",
  )
    .input(z.object({ id: z.string().min(1).max(64) }))
    .output(Announcement),
  motds: endpoint("GET", "/motd", { permission: "announcements:read", filtered: true }, "Messages of the day").output(
    z.object({ items: z.array(Motd) }),
  ),
  setMotd: endpoint(
    "PUT",
    "/motd/{host}",
    onHost("motd.set"),
    "Set what each account of a host is told once, at its next login",
  )
    .input(
      z.object({
        host: HostName,
        ...Text,
        again: z.boolean().default(true).describe("Also those who have seen the one before; else it is only reworded."),
        tellPresent: z.boolean().default(true).describe("Those who are online are told at once."),
      }),
    )
    .output(Motd),
  removeMotd: endpoint("DELETE", "/motd/{host}", onHost("motd.remove"), "Tell nobody any more")
    .input(z.object({ host: HostName }))
    .output(Done),
};
