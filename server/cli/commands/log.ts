import type { Command } from "commander";
import { LogLevel, type LogFilter } from "../../../lib/contracts/log.ts";
import { StanzaFilter } from "../../../lib/contracts/stanzas.ts";
import { explain } from "../client.ts";
import { apiCommand, type Context } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";
import { fileText } from "../file-text.ts";
import { follow, logLine } from "../live.ts";
import { timeOf } from "../time.ts";

/** The server's log, its levels, and the traffic. */
export function logCommands(program: Command): void {
  const log = program.command("log").description("the server's log");
  apiCommand(log, "show", "the newest records, oldest of them first", show, (command) =>
    filtered(command).option("--limit <n>", "how many", "50").option("--follow", "go on with those that come"),
  );
  apiCommand(log, "levels", "levels of the log", async ({ api, print }) => {
    const levels = await api.log.levels();
    print(levels, () => [
      `${levels.standard}  (configuration)`,
      ...levels.overrides.map(
        ({ module, level, by, until }) => `${level}  ${module ?? "all modules"}  by ${by} until ${until}`,
      ),
    ]);
  });
  apiCommand(
    log,
    "level <level>",
    "set a level for a while",
    async ({ api, print }, [text = ""], options) => {
      const module = typeof options["module"] === "string" ? options["module"] : null;
      const override = await api.log.setLevel({ module, level: levelOf(text), minutes: Number(options["minutes"]) });
      print(override, () => `${module ?? "all modules"}: ${override.level} until ${override.until}`);
    },
    (command) =>
      command
        .option("--module <name>", "only of this module")
        .option("--minutes <n>", "then it is again what the configuration says", "15"),
  );
  apiCommand(
    log,
    "reset",
    "let a level be again what the configuration says",
    async ({ api, print }, _args, options) => {
      const module = typeof options["module"] === "string" ? options["module"] : null;
      print(await api.log.resetLevel({ module }), () => `${module ?? "all modules"}: as the configuration says`);
    },
    (command) => command.option("--module <name>", "of this module"),
  );
  apiCommand(program, "stanzas", "the traffic as it comes, for 15 minutes at most; recorded", watch, (command) =>
    command
      .option("--host <host>", "only of sessions on this host")
      .option("--jid <jid>", "only of this address, as session, sender or recipient")
      .option("--kind <kind>", "only message, presence or iq")
      .option("--ns <namespace>", "only with something of this namespace in it")
      .option("--direction <direction>", "only in (from clients) or out")
      .option("--reveal", "show texts and tokens; recorded"),
  );
  apiCommand(
    program,
    "send-stanza <from> <xml>",
    "send a stanza in the name of an address (xml: - reads it from standard input); recorded",
    async ({ api, print }, [from = "", text = ""]) => {
      const xml = text === "-" ? fileText(text) : text;
      const sent = await api.stanzas.send({ from, xml });
      print(sent, () => sent.answer ?? "nothing answered it");
    },
  );
}

async function show(context: Context, _args: string[], options: Record<string, unknown>): Promise<void> {
  const filter = filterOf(options);
  const { items } = await context.api.log.list({ ...filter, limit: Number(options["limit"]) });
  const records = items.toReversed();
  context.print(records, () => records.map(logLine));
  if (options["follow"] !== true) return;
  const since = records.at(-1)?.id;
  await follow(
    context.connection,
    [{ topic: "log", log: filter, ...(since === undefined ? {} : { since }) }],
    context.isJson,
  );
}

async function watch(
  { api, connection, isJson }: Context,
  _args: string[],
  options: Record<string, unknown>,
): Promise<void> {
  const names = ["host", "jid", "kind", "ns", "direction"].filter((name) => options[name] !== undefined);
  const filter = StanzaFilter.safeParse(Object.fromEntries(names.map((name) => [name, options[name]])));
  if (!filter.success)
    throw new CommandError("--kind: message, presence or iq; --direction: in or out", exitCodes.usage);
  const { id } = await api.stanzas.watch(filter.data);
  if (options["reveal"] === true) await api.stanzas.reveal({ id });
  const end = (): void => {
    api.stanzas.stop({ id }).then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(explain(error, connection).message);
        process.exit(exitCodes.negative);
      },
    );
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, end);
  await follow(connection, [{ topic: "stanzas", watch: id }], isJson);
}

function filtered(command: Command): Command {
  return command
    .option("--level <level>", `this one and those above it (${LogLevel.options.join(", ")})`)
    .option("--module <name>", "only of this module")
    .option("--host <host>", "only of this host")
    .option("--search <text>", "only with this in them")
    .option("--since <time>", "only from this time on")
    .option("--until <time>", "only up to this time");
}

function filterOf(options: Record<string, unknown>): LogFilter {
  const filter: LogFilter = {};
  if (typeof options["level"] === "string") filter.level = levelOf(options["level"]);
  for (const name of ["module", "host", "search"] as const)
    if (typeof options[name] === "string") filter[name] = options[name];
  for (const name of ["since", "until"] as const) if (options[name] !== undefined) filter[name] = timeOf(name, options);
  return filter;
}

function levelOf(text: string): LogLevel {
  const level = LogLevel.safeParse(text);
  if (level.success) return level.data;
  throw new CommandError(`the level is one of ${LogLevel.options.join(", ")}`, exitCodes.usage);
}
