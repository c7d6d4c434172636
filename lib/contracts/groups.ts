import { z } from "zod";
import { Done, endpoint, HostName } from "./endpoint.ts";

export const GroupName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "small letters, digits, . _ - and at most 64 of them");

const Settings = {
  label: z.string().trim().min(1).max(200).describe("What it is called in rosters."),
  description: z.string().max(1000).default(""),
  members: z
    .enum(["listed", "everybody", "online"])
    .default("listed")
    .describe("`everybody`, `online`: all accounts of the host, or those who are online, beside those listed."),
  displays: z.array(GroupName).max(100).default([]).describe("Groups whose members the members of this one see."),
};

export const Group = z.object({
  host: HostName,
  name: z.string(),
  label: z.string(),
  description: z.string(),
  members: z.enum(["listed", "everybody", "online"]),
  displays: z.array(z.string()),
  listed: z.int().describe("Accounts that are listed as members."),
});
export type Group = z.infer<typeof Group>;

const read = { permission: "groups:read", host: "host" } as const;
const write = (audit: string) => ({ permission: "groups:write", audit, host: "host" }) as const;
const Named = z.object({ host: HostName, name: GroupName });

export const groups = {
  list: endpoint("GET", "/groups", { ...read, filtered: true }, "Shared roster groups, by host and name")
    .input(z.object({ host: HostName.optional() }))
    .output(z.object({ items: z.array(Group) })),
  get: endpoint("GET", "/groups/{host}/{name}", read, "One group").input(Named).output(Group),
  create: endpoint("POST", "/groups", write("group.create"), "Make a group")
    .input(z.object({ host: HostName, name: GroupName, ...Settings }))
    .output(Group),
  update: endpoint("PUT", "/groups/{host}/{name}", write("group.update"), "Change a group; rosters follow at once")
    .input(Named.extend(Settings))
    .output(Group),
  remove: endpoint(
    "DELETE",
    "/groups/{host}/{name}",
    write("group.remove"),
    "Remove a group: its members leave the rosters that they were in because of it",
  )
    .input(Named)
    .output(Done),
  members: endpoint("GET", "/groups/{host}/{name}/members", read, "Listed members of a group, by name")
    .input(
      Named.extend({
        cursor: z.string().max(1023).optional(),
        limit: z.coerce.number().int().min(1).max(500).default(50),
      }),
    )
    .output(
      z.object({
        items: z.array(z.object({ jid: z.string(), online: z.int().describe("Connected resources.") })),
        nextCursor: z.string().nullable(),
        total: z.int().nullable(),
      }),
    ),
  changeMembers: endpoint(
    "POST",
    "/groups/{host}/{name}/members",
    write("group.members"),
    "List accounts as members, and take others off the list",
  )
    .input(
      Named.extend({
        add: z.array(z.string().min(1).max(3071)).max(1000).default([]).describe("User names or JIDs of the host."),
        remove: z.array(z.string().min(1).max(3071)).max(1000).default([]),
      }),
    )
    .output(z.object({ added: z.int(), removed: z.int() })),
};
