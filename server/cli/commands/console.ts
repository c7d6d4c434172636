import type { Command } from "commander";
import { PermissionSchema } from "../../../lib/contracts/endpoint.ts";
import { apiCommand } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";

/** Who may do what in the console: roles, API keys, and the trail of what they did. */
export function consoleCommands(program: Command): void {
  roleCommands(program.command("role").description("roles of the console: who may do what"));
  keyCommands(program.command("key").description("API keys for scripts"));
  auditCommands(program.command("audit").description("what was changed, by whom"));
}

const onHost = (command: Command): Command => command.option("--host <host>", "on this virtual host only");
const hostOf = (options: Record<string, unknown>): { host?: string } =>
  typeof options["host"] === "string" ? { host: options["host"] } : {};

function roleCommands(role: Command): void {
  apiCommand(role, "list", "roles, their access rules, and the accounts that these name", async ({ api, print }) => {
    const { items } = await api.roles.list();
    print(items, () =>
      items.map(({ name, access, permissions, members }) => {
        const who = members.map(({ jid, host }) => (host === null ? jid : `${jid} (${host})`)).join(" ") || "-";
        return `${name}\t${access}\t${permissions.length} permissions\t${who}`;
      }),
    );
  });
  apiCommand(role, "of <jid>", "roles of an account, and where they hold", async ({ api, print }, [jid = ""]) => {
    const { items } = await api.roles.of({ jid });
    print(items, () =>
      items.length === 0
        ? "none"
        : items.map(({ role: name, hosts }) => `${name}\t${hosts === null ? "all hosts" : hosts.join(" ")}`),
    );
  });
  apiCommand(
    role,
    "grant <role> <jid>",
    "give a role to an account",
    async ({ api, print }, [name = "", jid = ""], options) => {
      print(await api.roles.grant({ name, jid, ...hostOf(options) }), () => `${jid} has the role ${name}`);
    },
    onHost,
  );
  apiCommand(
    role,
    "revoke <role> <jid>",
    "take a role from an account",
    async ({ api, print }, [name = "", jid = ""], options) => {
      print(await api.roles.revoke({ name, jid, ...hostOf(options) }), () => `${jid} no longer has the role ${name}`);
    },
    onHost,
  );
  apiCommand(
    role,
    "reset-factors <jid>",
    "take all second factors from an account that lost them",
    async ({ api, print }, [jid = ""]) => {
      const done = await api.factors.reset({ jid });
      print(done, () => `${done.removed} removed; ${jid} logs in with the password alone`);
    },
  );
}

function keyCommands(key: Command): void {
  apiCommand(key, "list", "API keys, without their text", async ({ api, print }) => {
    const { items } = await api.keys.list();
    print(items, () =>
      items.map(
        ({ id, name, permissions, expiresAt, lastUsedAt }) =>
          `${id}\t${name}\t${permissions.length} permissions\texpires ${expiresAt ?? "never"}\tlast used ${lastUsedAt ?? "never"}`,
      ),
    );
  });
  apiCommand(
    key,
    "create <name> <permissions...>",
    "make an API key; its text is printed this once",
    async ({ api, print }, [name = "", ...asked], options) => {
      const permissions = asked.map((text) => {
        const permission = PermissionSchema.safeParse(text);
        if (permission.success) return permission.data;
        throw new CommandError(`There is no permission ${text}.`, exitCodes.usage);
      });
      const days = options["days"] === undefined ? undefined : Number(options["days"]);
      if (days !== undefined && !(days > 0)) throw new CommandError("--days: a number above 0", exitCodes.usage);
      const made = await api.keys.create({
        name,
        permissions,
        ...(Array.isArray(options["host"]) ? { hosts: options["host"] } : {}),
        ...(Array.isArray(options["from"]) ? { addresses: options["from"] } : {}),
        ...(days === undefined ? {} : { expiresAt: new Date(Date.now() + days * 86_400_000).toISOString() }),
      });
      print(made, () => made.key);
    },
    (command) =>
      command
        .option("--host <hosts...>", "held to these virtual hosts")
        .option("--from <addresses...>", "usable from these addresses and blocks only")
        .option("--days <days>", "valid for so long, 90 days by default"),
  );
  apiCommand(key, "revoke <id>", "revoke an API key", async ({ api, print }, [id = ""]) => {
    print(await api.keys.revoke({ id }), () => `Key ${id} revoked`);
  });
}

function auditCommands(audit: Command): void {
  apiCommand(
    audit,
    "list",
    "the newest entries",
    async ({ api, print }, _arguments, options) => {
      const limit = Number(options["limit"] ?? 50);
      const { items } = await api.audit.list({ limit });
      print(items, () =>
        items.map(({ at, actor, action, object, result }) => `${at}\t${actor}\t${action}\t${object}\t${result}`),
      );
    },
    (command) => command.option("--limit <count>", "how many, at most 500", "50"),
  );
  apiCommand(
    audit,
    "verify",
    "is the chain of entries whole (exit code 0 or 1); note the head down elsewhere to notice a cut end",
    async ({ api, print }) => {
      const { intact, brokenAt, rows, head } = await api.audit.verify();
      print({ intact, brokenAt, rows, head }, () =>
        intact ? `intact: ${rows} entries, head ${head.id} ${head.hash}` : `broken at entry ${brokenAt}`,
      );
      if (!intact) process.exitCode = exitCodes.negative;
    },
  );
}
