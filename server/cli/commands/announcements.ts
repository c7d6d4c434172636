import { InvalidArgumentError, type Command } from "commander";
import type { Announcement, Audience } from "../../../lib/contracts/announcements.ts";
import { apiCommand, pages, type Context } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";
import { fileText } from "../file-text.ts";

const pollMs = 500;

function rate(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 2000) throw new InvalidArgumentError("It is 1 to 2000.");
  return number;
}

export const withSending = (command: Command): Command =>
  command
    .option("--per-second <number>", "messages in a second at most", rate)
    .option("--wait", "wait until everybody is told");

/** A text from the command line; `-` reads it from standard input. */
function textOf(given: string): string {
  const text = given === "-" ? fileText(given).trim() : given;
  if (text === "") throw new CommandError("There is no text.", exitCodes.usage);
  return text;
}

/** Announcements and messages of the day, with ejabberdctl's names beside our own. */
export function announcementCommands(program: Command): void {
  const announce = program.command("announce").description("messages of the server to many accounts");
  apiCommand(
    announce,
    "send <host> <subject> <body>",
    "tell all accounts of a host; `all` is every host, a body of - is read from standard input",
    async (context, [host = "", subject = "", body = ""], options) => {
      const { online, search, filter, to } = options;
      const jids = typeof to === "string" ? to.split(",").map((jid) => jid.trim()) : [];
      const audience: Audience =
        jids.length > 0
          ? { kind: "selection" }
          : online === true
            ? { kind: "online" }
            : {
                kind: "accounts",
                search: typeof search === "string" ? search : null,
                filter: filter === "never" || filter === "queued" ? filter : "all",
              };
      await send(context, host, audience, subject, body, options, jids);
    },
    (command) =>
      withSending(command)
        .option("--online", "those who are online only; nobody keeps it for the others")
        .option("--search <text>", "those with this in their user name")
        .option("--filter <filter>", "all, never (logged in) or queued (messages wait)")
        .option("--to <jids>", "these accounts, separated by commas"),
  );
  apiCommand(announce, "list [host]", "announcements, newest first", async ({ api, print }, [host]) => {
    const found: Announcement[] = [];
    const filter = host === undefined ? {} : { host };
    for await (const one of pages((cursor) => api.announcements.list({ ...filter, cursor, limit: 100 })))
      found.push(one);
    print(found, () => found.map(line));
  });
  apiCommand(announce, "show <id>", "how far an announcement has come", async ({ api, print }, [id = ""]) => {
    const one = await api.announcements.get({ id });
    print(one, () => line(one));
  });
  apiCommand(announce, "stop <id>", "tell nobody else", async ({ api, print }, [id = ""]) => {
    const one = await api.announcements.stop({ id });
    print(one, () => line(one));
  });

  const motd = program.command("motd").description("what each account is told once, at its next login");
  apiCommand(
    motd,
    "set <host> <subject> <body>",
    "set the message of the day; a body of - is read from standard input",
    async ({ api, print }, [host = "", subject = "", body = ""], options) => {
      const again = options["reword"] !== true;
      const set = await api.announcements.setMotd({ host, subject, body: textOf(body), again, tellPresent: again });
      print(set, () => `Message of the day of ${host} ${again ? "set" : "reworded"}`);
    },
    (command) => command.option("--reword", "only another wording: nobody is told a second time"),
  );
  apiCommand(motd, "show", "messages of the day", async ({ api, print }) => {
    const { items } = await api.announcements.motds();
    print(items, () =>
      items.flatMap(({ host, subject, body, setBy, setAt }) => [`${host}: ${subject} (${setBy}, ${setAt})`, body]),
    );
  });
  apiCommand(motd, "remove <host>", "tell nobody any more", async ({ api, print }, [host = ""]) => {
    print(await api.announcements.removeMotd({ host }), () => `${host} has no message of the day any more`);
  });

  apiCommand(
    program,
    "announce_send_all <host> <subject> <body>",
    "tell all accounts of a host",
    async (context, [host = "", subject = "", body = ""], options) =>
      send(context, host, { kind: "accounts", search: null, filter: "all" }, subject, body, options),
    withSending,
  );
  apiCommand(
    program,
    "announce_send_online <host> <subject> <body>",
    "tell those who are online",
    async (context, [host = "", subject = "", body = ""], options) =>
      send(context, host, { kind: "online" }, subject, body, options),
    withSending,
  );
}

async function send(
  context: Context,
  host: string,
  audience: Audience,
  subject: string,
  body: string,
  options: Record<string, unknown>,
  jids: string[] = [],
): Promise<void> {
  const whom = { ...(host === "all" ? {} : { host }), audience, jids };
  await sendAnnouncement(context, whom, { subject, body }, options);
}

type Whom = Pick<Parameters<Context["api"]["announcements"]["send"]>[0], "host" | "audience" | "jids">;

/** Begins an announcement and, if that is wanted, waits for its end. A body of - is read from standard input. */
export async function sendAnnouncement(
  { api, print }: Context,
  whom: Whom,
  { subject, body }: { readonly subject: string; readonly body: string },
  { perSecond, wait }: Record<string, unknown>,
): Promise<void> {
  let one = await api.announcements.send({
    ...whom,
    subject,
    body: textOf(body),
    ...(typeof perSecond === "number" ? { perSecond } : {}),
  });
  while (wait === true && one.state === "running") {
    await new Promise((resolve) => setTimeout(resolve, pollMs));
    one = await api.announcements.get({ id: one.id });
  }
  print(one, () => line(one));
  if (one.state === "failed" || one.state === "stopped") process.exitCode = exitCodes.negative;
}

function line({ id, state, host, audience, sent, matching, createdBy, createdAt, subject }: Announcement): string {
  return [id, state, host ?? "all hosts", audience.kind, `${sent}/${matching}`, createdBy, createdAt, subject].join(
    "\t",
  );
}
