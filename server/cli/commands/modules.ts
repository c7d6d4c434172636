import type { Command } from "commander";
import type { Module, ModuleSummary, Registered } from "../../../lib/contracts/modules.ts";
import { apiCommand, type Context } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";
import { fileText } from "../file-text.ts";
import { hostOf } from "../host-option.ts";

/** What the server is made of. */
export function moduleCommands(program: Command): void {
  const module = program.command("module").description("what the server is made of");
  apiCommand(
    module,
    "list",
    "modules, and on how many hosts each runs",
    async ({ api, print }, _args, options) => {
      const { items } = await api.modules.list(hostOf(options));
      print(items, () => items.map(summaryLine));
    },
    (command) => command.option("--host <host>", "only on this host"),
  );
  apiCommand(
    module,
    "show <name>",
    "one module, with its options and handlers",
    async ({ api, print }, [name = ""], options) => {
      const shown = await api.modules.get({ name, ...hostOf(options) });
      print(shown, () => [
        `${shown.name}: ${shown.summary}`,
        ...shown.xeps.map(({ number, version }) => `  XEP-${String(number).padStart(4, "0")} ${version}`),
        ...moduleLines(shown),
        ...shown.hooks.flatMap(({ host, chains }) =>
          chains.flatMap(({ hook, handlers }) =>
            handlers
              .filter((handler) => handler.module === name)
              .map(
                ({ priority, calls, errors, p95Us }) =>
                  `  ${host}  ${hook} at ${priority}: ${calls} calls, ${errors} errors, p95 ${p95Us === null ? "-" : `${p95Us.toFixed(1)} us`}`,
              ),
          ),
        ),
        JSON.stringify(shown.options, null, 2),
      ]);
    },
    (command) => command.option("--host <host>", "whose handlers; left out: of one that it runs on"),
  );
  apiCommand(module, "set <name>", "switch or configure a module, for all hosts or one", set, (command) =>
    command
      .option("--host <host>", "only on this host; for all hosts when left out")
      .option("--on", "switch it on")
      .option("--off", "switch it off")
      .option("--inherit", "the setting of the host goes, or that for all hosts")
      .option("--options <json>", "its options, or a file of them with @; left out: as they are")
      .option("--comment <text>", "why", "")
      .option("--dry-run", "only say what would change"),
  );
  apiCommand(
    module,
    "restart <name>",
    "stop a module on a host and start it again",
    async ({ api, print }, [name = ""], options) => {
      const restart = await api.modules.restart({ name, host: String(options["host"]) });
      const { dropped, tookMs, error } = restart;
      print(restart, () => [
        error === null ? `${name} runs again after ${tookMs.toFixed(1)} ms` : `${name} does not run: ${error}`,
        dropped === null ? "it had not been running" : `dropped and registered anew: ${registeredText(dropped)}`,
      ]);
      if (error !== null) process.exitCode = exitCodes.negative;
    },
    (command) => command.requiredOption("--host <host>", "on this host"),
  );
}

async function set({ api, print }: Context, [name = ""]: string[], options: Record<string, unknown>): Promise<void> {
  const scope = { name, ...hostOf(options) };
  const setting = options["inherit"] === true ? null : await settingOf({ api }, name, options);
  if (options["dryRun"] === true) {
    const check = await api.modules.check({ ...scope, setting });
    if (check.issues.some(({ severity }) => severity === "error")) process.exitCode = exitCodes.negative;
    print(check, () => [
      ...check.issues.filter(({ severity }) => severity === "error").map(({ path, message }) => `${path}: ${message}`),
      ...check.changes.map(
        ({ path, before, after }) => `${path}: ${JSON.stringify(before ?? null)} -> ${JSON.stringify(after ?? null)}`,
      ),
    ]);
    return;
  }
  const done = await api.modules.set({ ...scope, setting, comment: String(options["comment"]) });
  print(done, () => `revision ${done.revision.id}, ${done.changes.length} changes`);
}

/** What was set before, with what the command line says. */
async function settingOf({ api }: Pick<Context, "api">, name: string, options: Record<string, unknown>) {
  const { on, off, host, options: text } = options;
  if (on === true && off === true) throw new CommandError("--on or --off, not both", exitCodes.usage);
  const module = await api.modules.get({ name });
  const onHost = module.hosts.find((one) => one.host === host);
  const before = onHost ?? module.setting ?? { enabled: module.enabledByDefault, options: {} };
  return {
    enabled: on === true || (off !== true && before.enabled),
    options: typeof text === "string" ? objectOf(text) : (before.options as Record<string, unknown>),
  };
}

function objectOf(given: string): Record<string, unknown> {
  const text = given.startsWith("@") ? fileText(given.slice(1)) : given;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    throw new CommandError(`--options: ${error instanceof Error ? error.message : String(error)}`, exitCodes.usage);
  }
  throw new CommandError("--options: expected a JSON object", exitCodes.usage);
}

function summaryLine({ name, hosts: { runs, off, failed, own }, faults }: ModuleSummary): string {
  const states = Object.entries({ runs, failed, off }).filter(([, count]) => count > 0);
  const state = states.map(([word, count]) => (states.length === 1 ? word : `${word} on ${count}`)).join(", ");
  return [
    `${name.padEnd(22)} ${state}`,
    ...(own > 0 ? [`own setting on ${own}`] : []),
    ...(faults.errors > 0 ? [`${faults.errors} errors`] : []),
  ].join("  ");
}

function moduleLines({ name, hosts }: Module): string[] {
  return hosts.map(({ host, enabled, inherited, running, error, faults }) => {
    const state = running !== null ? "runs" : enabled ? "failed" : "off";
    const own = inherited ? "" : "  (own setting)";
    const bad = faults.errors > 0 ? `  ${faults.errors} errors` : "";
    return `${name.padEnd(22)} ${state.padEnd(6)} ${host}${own}${bad}${error === null ? "" : `  ${error}`}`;
  });
}

function registeredText({ services, ...counts }: Registered): string {
  const parts = Object.entries(counts).flatMap(([kind, count]) => (count > 0 ? [`${count} ${kind}`] : []));
  return [...parts, ...services].join(", ") || "nothing";
}
