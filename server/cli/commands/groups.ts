import type { Command } from "commander";
import type { Group } from "../../../lib/contracts/groups.ts";
import { apiCommand, pages, type Context } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";

const memberships = ["listed", "everybody", "online"] as const;

const withSettings = (command: Command): Command =>
  command
    .option("--label <text>", "what it is called in rosters")
    .option("--description <text>", "what it is for")
    .option("--members <who>", "listed, everybody or online")
    .option("--displays <groups>", "groups that its members see, separated by commas");

/** Shared roster groups. */
export function groupCommands(program: Command): void {
  const group = program.command("group").description("groups whose members are in each other's rosters");
  apiCommand(group, "list [host]", "groups, by host and name", async ({ api, print }, [host]) => {
    const { items } = await api.groups.list(host === undefined ? {} : { host });
    print(items, () => items.map(line));
  });
  apiCommand(
    group,
    "create <host> <name>",
    "make a group; its members see each other unless --displays says otherwise",
    async ({ api, print }, [host = "", name = ""], options) => {
      const made = await api.groups.create({ host, name, label: name, displays: [name], ...settingsOf(options) });
      print(made, () => line(made));
    },
    withSettings,
  );
  apiCommand(
    group,
    "update <host> <name>",
    "change a group; what is not given stays",
    async ({ api, print }, [host = "", name = ""], options) => {
      const { label, description, members, displays } = await api.groups.get({ host, name });
      const now = { label, description, members, displays };
      const changed = await api.groups.update({ host, name, ...now, ...settingsOf(options) });
      print(changed, () => line(changed));
    },
    withSettings,
  );
  apiCommand(group, "remove <host> <name>", "remove a group", async ({ api, print }, [host = "", name = ""]) => {
    print(await api.groups.remove({ host, name }), () => `Group ${name} removed`);
  });
  apiCommand(group, "members <host> <name>", "listed members, one a line", async (context, [host = "", name = ""]) =>
    members(context, host, name),
  );
  apiCommand(
    group,
    "add <host> <name> <users...>",
    "list accounts as members",
    async (context, [host = "", name = "", ...users]) => change(context, host, name, { add: users }),
  );
  apiCommand(
    group,
    "take <host> <name> <users...>",
    "take accounts off the list",
    async (context, [host = "", name = "", ...users]) => change(context, host, name, { remove: users }),
  );

  apiCommand(
    program,
    "srg_list <host>",
    "names of the groups of a host, one a line",
    async ({ api, print }, [host = ""]) => {
      const { items } = await api.groups.list({ host });
      const names = items.map(({ name }) => name);
      print(names, () => names);
    },
  );
  apiCommand(
    program,
    "srg_user_add <user> <host> <group> <grouphost>",
    "list an account as a member of a group",
    async (context, [user = "", host = "", name = "", groupHost = ""]) =>
      change(context, groupHost, name, { add: [`${user}@${host}`] }),
  );
  apiCommand(
    program,
    "srg_user_del <user> <host> <group> <grouphost>",
    "take an account off the list of a group",
    async (context, [user = "", host = "", name = "", groupHost = ""]) =>
      change(context, groupHost, name, { remove: [`${user}@${host}`] }),
  );
  apiCommand(
    program,
    "srg_get_members <group> <host>",
    "listed members of a group, one a line",
    async (context, [name = "", host = ""]) => members(context, host, name),
  );
}

async function members({ api, print }: Context, host: string, name: string): Promise<void> {
  const found: string[] = [];
  for await (const { jid } of pages((cursor) => api.groups.members({ host, name, cursor, limit: 500 })))
    found.push(jid);
  print(found, () => found);
}

async function change(
  { api, print }: Context,
  host: string,
  name: string,
  users: { add?: string[]; remove?: string[] },
): Promise<void> {
  const done = await api.groups.changeMembers({ host, name, ...users });
  print(done, () => `${done.added} added, ${done.removed} taken off`);
}

function settingsOf({ label, description, members: who, displays }: Record<string, unknown>) {
  const membership = memberships.find((one) => one === who);
  if (who !== undefined && membership === undefined)
    throw new CommandError(`--members is one of ${memberships.join(", ")}.`, exitCodes.usage);
  return {
    ...(typeof label === "string" && { label }),
    ...(typeof description === "string" && { description }),
    ...(membership !== undefined && { members: membership }),
    ...(typeof displays === "string" && {
      displays: displays
        .split(",")
        .map((one) => one.trim())
        .filter(Boolean),
    }),
  };
}

function line({ host, name, label, members: who, listed, displays }: Group): string {
  return [host, name, label, who, `${listed} listed`, `sees ${displays.join(",") || "nobody"}`].join("\t");
}
