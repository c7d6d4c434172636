import { type Command, InvalidArgumentError } from "commander";
import type { HostSetting, HostSummary } from "../../../lib/contracts/hosts.ts";
import { HostSettingKind } from "../../../lib/contracts/hosts.ts";
import { apiCommand } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";

function minutes(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("It is a whole number of minutes.");
  return number;
}

/** Virtual hosts: adding and taking away, switching on and off, and what each has of its own. */
export function hostCommands(host: Command): void {
  apiCommand(
    host,
    "add <host>",
    "serve another virtual host",
    async ({ api, print }, [name = ""], { like }) => {
      const added = await api.hosts.add({ host: name, ...(typeof like === "string" ? { like } : {}) });
      print(added, () => `Host ${added.host} added`);
    },
    (command) => command.option("--like <host>", "begin with the own settings of this host"),
  );
  apiCommand(
    host,
    "remove <host>",
    "remove a host with all its accounts",
    async ({ api, print }, [name = ""], options) => {
      if (options["yes"] !== true)
        throw new CommandError(`This deletes ${name} with all its accounts. Add --yes to do it.`, exitCodes.usage);
      print(await api.hosts.remove({ host: name, confirm: name }), () => `Host ${name} removed`);
    },
    (command) => command.option("--yes", "really do it"),
  );
  apiCommand(host, "list", "virtual hosts with their figures", async ({ api, print }) => {
    const { items } = await api.hosts.list();
    print(items, () => items.map(hostLine));
  });
  for (const [name, enabled] of [
    ["enable", true],
    ["disable", false],
  ] as const)
    apiCommand(
      host,
      `${name} <host>`,
      enabled ? "switch a host on" : "switch a host off: its sessions end, its data stays",
      async ({ api, print }, [of = ""]) => {
        const found = await api.hosts.update({ host: of, enabled });
        print(found, () => `Host ${found.host} ${name}d`);
      },
    );
  apiCommand(
    host,
    "drain <host>",
    "take no new sessions, and switch the host off after a while",
    async ({ api, print }, [of = ""], options) => {
      const found = await api.hosts.drain({ host: of, minutes: Number(options["minutes"]) });
      print(found, () => `Host ${found.host} takes no new sessions, and is switched off at ${found.drainUntil}`);
    },
    (command) => command.option("--minutes <number>", "how long those that are there may go on", minutes, 10),
  );
  apiCommand(host, "stop-draining <host>", "take new sessions again", async ({ api, print }, [of = ""]) => {
    const found = await api.hosts.stopDraining({ host: of });
    print(found, () => `Host ${found.host} takes sessions again`);
  });
  apiCommand(
    host,
    "settings <host>",
    "what a host has otherwise than the defaults",
    async ({ api, print }, [of = ""], options) => {
      const { items } = await api.hosts.settings({ host: of });
      const shown = options["all"] === true ? items : items.filter(({ isOwn }) => isOwn);
      print(shown, () => shown.flatMap(settingLines));
    },
    (command) => command.option("--all", "what it inherits as well"),
  );
  apiCommand(
    host,
    "reset <host> <kind> [name]",
    "take away what a host has of its own: registration, module, acl or access-rule",
    async ({ api, print }, [of = "", given = "", name]) => {
      const kind = HostSettingKind.safeParse(given);
      if (!kind.success)
        throw new CommandError(`${given} is none of ${HostSettingKind.options.join(", ")}.`, exitCodes.usage);
      const named = name === undefined ? {} : { name };
      const done = await api.hosts.resetSetting({ host: of, kind: kind.data, ...named });
      print(done, () => `${name ?? kind.data} of ${of} follows the default, revision ${done.revision.id}`);
    },
  );
  apiCommand(host, "names <host>", "what the DNS says of a host", async ({ api, print }, [of = ""]) => {
    const { findings } = await api.hosts.names({ host: of });
    print(findings, () => findings.map(({ state, code, evidence }) => `${state}\t${code}\t${evidence}`));
  });
}

function hostLine({ host, enabled, drainUntil, users, online, registration }: HostSummary): string {
  const state = enabled ? (drainUntil === null ? "" : `\tdrained until ${drainUntil}`) : "\tdisabled";
  return `${host}\t${users} users\t${online} online\tregistration ${registration}${state}`;
}

function settingLines({ kind, name, isOwn, isAdded, changes }: HostSetting): string[] {
  const origin = isOwn ? (isAdded ? "added to the default" : "its own") : "the default";
  const side = (value: unknown) => JSON.stringify(value ?? null);
  return [
    `${kind}${name === "" ? "" : ` ${name}`}\t${origin}`,
    ...changes.map(({ path, before, after }) => `  ${path}: ${side(before)} -> ${side(after)}`),
  ];
}
