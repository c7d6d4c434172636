import type { Command } from "commander";
import { z } from "zod";
import { type Room, RoomAffiliation, RoomChange, RoomRole, RoomSettings } from "../../../lib/contracts/rooms.ts";
import { apiCommand, pages, type Context } from "../context.ts";
import { csvRecords } from "../csv.ts";
import { CommandError, exitCodes } from "../exit.ts";
import { followJob } from "../follow-job.ts";

const affiliations = [...RoomAffiliation.options, "none"] as const;
const roles = [...RoomRole.options, "none"] as const;
const batchSize = 1000;

const withFilter = (command: Command): Command =>
  command
    .option("--host <host>", "only of this host")
    .option("--search <text>", "part of the address or the name")
    .option("--empty", "nobody is there")
    .option("--occupied", "somebody is there")
    .option("--unused <days>", "nobody has been there for so many days")
    .option("--persistent", "those that stay when the last one has left")
    .option("--temporary", "those that do not");

const Filter = z
  .object({
    host: z.string().optional(),
    search: z.string().optional(),
    empty: z.boolean().default(false),
    occupied: z.boolean().default(false),
    unused: z.coerce.number().int().min(1).optional(),
    persistent: z.boolean().default(false),
    temporary: z.boolean().default(false),
  })
  .transform(({ empty, occupied, unused, persistent, temporary, ...rest }) => ({
    ...rest,
    ...(empty || occupied ? { occupied: empty ? ("no" as const) : ("yes" as const) } : {}),
    ...(unused === undefined ? {} : { unusedDays: unused }),
    ...(persistent || temporary ? { persistent: persistent ? ("yes" as const) : ("no" as const) } : {}),
  }));

/** Rooms: who is in them, who is what to them, and their end. */
export function roomCommands(program: Command): void {
  const room = program.command("room").description("rooms in which many people talk with each other");
  apiCommand(room, "list", "rooms by name", list, withFilter);
  apiCommand(room, "show <room>", "a room with its settings", async ({ api, print }, [jid = ""]) => {
    const found = await api.rooms.get({ jid });
    print(found, () => [
      roomLine(found),
      `  password: ${found.hasPassword ? "yes" : "no"}`,
      ...Object.entries(found.settings).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`),
    ]);
  });
  apiCommand(
    room,
    "create <room> <owner>",
    "make a room that stays",
    async ({ api, print }, [jid = "", owner = ""], { set }) => {
      const made = await api.rooms.create({ jid, owner, settings: settingsOf(set) });
      print(made, () => `Room ${made.jid} created`);
    },
    withSettings,
  );
  apiCommand(
    room,
    "set <room>",
    "change settings of a room",
    async ({ api, print }, [jid = ""], { set }) => {
      const room = await api.rooms.configure({ jid, settings: settingsOf(set) });
      print(room, () => `Room ${room.jid} configured`);
    },
    withSettings,
  );
  apiCommand(room, "occupants <room>", "who is in a room", occupants);
  apiCommand(room, "affiliations <room>", "owners, admins, members and banned users", listAffiliations);
  apiCommand(
    room,
    "affiliate <room> <jid> <affiliation>",
    `make somebody one of ${affiliations.join(", ")}`,
    async (context, [jid = "", user = "", to = ""], { reason }) =>
      affiliate(context, jid, [{ jid: user, affiliation: to, ...(typeof reason === "string" && { reason }) }]),
    (command) => command.option("--reason <text>", "told to those in the room"),
  );
  apiCommand(
    room,
    "import-affiliations <room> <file>",
    "read lines jid,affiliation[,nick[,reason]] from a CSV file; - is standard input",
    importAffiliations,
  );
  apiCommand(
    room,
    "role <room> <nick> <role>",
    `make an occupant one of ${roles.join(", ")}; none puts them out`,
    async ({ api, print }, [jid = "", nick = "", text = ""], { reason }) => {
      const role = roles.find((one) => one === text);
      if (role === undefined) throw new CommandError(`${text} is none of ${roles.join(", ")}.`, exitCodes.usage);
      const done = await api.rooms.setRole({ jid, nick, role, ...(typeof reason === "string" && { reason }) });
      print(done, () => (role === "none" ? `${nick} put out of ${jid}` : `${nick} is ${role} in ${jid}`));
    },
    (command) => command.option("--reason <text>", "told to those in the room"),
  );
  apiCommand(
    room,
    "history <room>",
    "what was said in a room, newest first",
    async ({ api, print }, [jid = ""], { limit, search }) => {
      const wanted = { jid, limit: Number(limit ?? 50), ...(typeof search === "string" && { search }) };
      const { items } = await api.rooms.history(wanted);
      print(items, () => items.map(({ at, nick, from, body }) => `${at} ${nick || "-"} (${from}): ${body ?? ""}`));
    },
    (command) =>
      command.option("--limit <number>", "how many messages (50)").option("--search <text>", "words that must occur"),
  );
  apiCommand(
    room,
    "destroy <room>",
    "destroy a room with what was said in it",
    async (context, [jid = ""], options) => destroy(context, jid, options),
    withDestruction,
  );
  apiCommand(
    room,
    "destroy-matching",
    "destroy all rooms that a filter matches; --dry-run only counts them",
    destroyMatching,
    (command) => withDestruction(withFilter(command)).option("--dry-run", "change nothing"),
  );
  ejabberdCommands(program);
}

/** As ejabberdctl has them: a room by its name and its service. */
function ejabberdCommands(program: Command): void {
  const at = (name: string, service: string): string => `${name}@${service}`;
  apiCommand(program, "destroy_room <name> <service>", "destroy a room", (context, [name = "", service = ""]) =>
    destroy(context, at(name, service), {}),
  );
  apiCommand(program, "get_room_occupants <name> <service>", "who is in a room", (context, [name = "", service = ""]) =>
    occupants(context, [at(name, service)]),
  );
  apiCommand(
    program,
    "get_room_affiliations <name> <service>",
    "who is what to a room",
    (context, [name = "", service = ""]) => listAffiliations(context, [at(name, service)]),
  );
  apiCommand(
    program,
    "set_room_affiliation <name> <service> <jid> <affiliation>",
    "make somebody owner, admin, member, outcast or none",
    (context, [name = "", service = "", jid = "", affiliation = ""]) =>
      affiliate(context, at(name, service), [{ jid, affiliation }]),
  );
}

const withSettings = (command: Command): Command =>
  command.option(
    "--set <name=value>",
    `a setting: ${[...Object.keys(RoomSettings.shape), "password"].join(", ")}; the value is JSON or text`,
    (text: string, before: string[]) => [...before, text],
    [],
  );

const withDestruction = (command: Command): Command =>
  command
    .option("--reason <text>", "told to those in the room")
    .option("--venue <room>", "where they are sent instead");

function settingsOf(set: unknown): z.input<typeof RoomChange> {
  const entries = z
    .array(z.string())
    .parse(set)
    .map((text) => {
      const [, name = "", value = ""] = /^([^=]+)=([^]*)$/.exec(text) ?? [];
      return [name, valueOf(value)] as const;
    });
  const parsed = z.strictObject(RoomChange.shape).safeParse(Object.fromEntries(entries));
  if (!parsed.success) throw new CommandError(z.prettifyError(parsed.error), exitCodes.usage);
  return parsed.data;
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function filterOf(options: Record<string, unknown>): z.output<typeof Filter> {
  const parsed = Filter.safeParse(options);
  if (!parsed.success) throw new CommandError(z.prettifyError(parsed.error), exitCodes.usage);
  return parsed.data;
}

async function list({ api, print }: Context, _: string[], options: Record<string, unknown>): Promise<void> {
  const filter = filterOf(options);
  const found = await Array.fromAsync(pages((cursor) => api.rooms.list({ ...filter, cursor, limit: 500 })));
  print(found, () => found.map(roomLine));
}

async function occupants({ api, print }: Context, [jid = ""]: string[]): Promise<void> {
  const found = await Array.fromAsync(pages((cursor) => api.rooms.occupants({ jid, cursor, limit: 500 })));
  print(found, () =>
    found.map(({ nick, role, affiliation, jids }) => `${nick} ${role} ${affiliation} ${jids.join(" ")}`),
  );
}

async function listAffiliations({ api, print }: Context, [jid = ""]: string[]): Promise<void> {
  const found = await Array.fromAsync(pages((cursor) => api.rooms.affiliations({ jid, cursor, limit: 500 })));
  print(found, () =>
    found.map(({ jid: who, affiliation, nick, reason }) =>
      [who, affiliation, nick ?? "", reason ?? ""].join(" ").trim(),
    ),
  );
}

interface Line {
  readonly jid: string;
  readonly affiliation: string;
  readonly nick?: string;
  readonly reason?: string;
}

async function affiliate({ api, print }: Context, jid: string, lines: readonly Line[]): Promise<void> {
  const report = { changed: 0, failed: [] as { jid: string; reason: string }[] };
  const changes = lines.flatMap((line) => {
    const affiliation = affiliations.find((one) => one === line.affiliation);
    if (affiliation !== undefined) return [{ ...line, affiliation }];
    report.failed.push({ jid: line.jid, reason: `${line.affiliation} is none of ${affiliations.join(", ")}` });
    return [];
  });
  for (let from = 0; from < changes.length; from += batchSize) {
    const step = await api.rooms.affiliate({ jid, changes: changes.slice(from, from + batchSize) });
    report.changed += step.changed;
    report.failed.push(...step.failed);
  }
  print(report, () => [
    `${report.changed} changed, ${report.failed.length} failed`,
    ...report.failed.map(({ jid: who, reason }) => `  ${who}: ${reason}`),
  ]);
  if (report.failed.length > 0) process.exitCode = exitCodes.negative;
}

async function importAffiliations(context: Context, [jid = "", file = ""]: string[]): Promise<void> {
  const lines: Line[] = [];
  for await (const { line, fields } of csvRecords(file)) {
    const [who = "", affiliation = "", nick = "", reason = ""] = fields.map((field) => field.trim());
    if (line === 1 && who === "jid") continue;
    lines.push({ jid: who, affiliation, ...(nick === "" ? {} : { nick }), ...(reason === "" ? {} : { reason }) });
  }
  await affiliate(context, jid, lines);
}

function destructionOf({ reason, venue }: Record<string, unknown>): { reason?: string; venue?: string } {
  return { ...(typeof reason === "string" && { reason }), ...(typeof venue === "string" && { venue }) };
}

async function destroy({ api, print }: Context, jid: string, options: Record<string, unknown>): Promise<void> {
  print(await api.rooms.remove({ jid, ...destructionOf(options) }), () => `Room ${jid} destroyed`);
}

/** Waits for the job, so that the exit code tells how it went. */
async function destroyMatching(
  context: Context,
  _: string[],
  { dryRun, ...options }: Record<string, unknown>,
): Promise<void> {
  const { api, print } = context;
  const filter = filterOf(options);
  if (Object.keys(filter).length === 0) throw new CommandError("Which rooms? Give a filter.", exitCodes.usage);
  if (dryRun === true) {
    const found = await api.rooms.countMatching(filter);
    print(found, () => [`${found.matching} rooms match`, ...found.sample.map((room) => `  ${roomLine(room)}`)]);
    return;
  }
  const job = await api.rooms.removeMatching({ ...filter, ...destructionOf(options) });
  await followJob(context, job, { list: () => api.rooms.removals(), done: "rooms destroyed" });
}

function roomLine(room: Room): string {
  const flags = [
    room.isPersistent ? "persistent" : "temporary",
    room.isPublic ? "public" : "hidden",
    ...(room.isMembersOnly ? ["members-only"] : []),
    ...(room.isModerated ? ["moderated"] : []),
    ...(room.isArchived ? ["archived"] : []),
  ];
  const name = room.name === "" ? "" : ` "${room.name}"`;
  return `${room.jid}${name} ${room.occupants} occupants, ${room.affiliations} affiliated, ${flags.join(" ")}, used ${room.usedAt}`;
}
