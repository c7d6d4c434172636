import type { Command } from "commander";
import { SessionFilter } from "../../../lib/contracts/sessions.ts";
import { apiCommand, type Context } from "../context.ts";
import { nothingChosen, parsed } from "../filter-options.ts";
import { followJob } from "../follow-job.ts";
import { sendAnnouncement, withSending } from "./announcements.ts";

const withSessions = (command: Command): Command =>
  command
    .option("--matching <text>", "a part of the JID or of the address")
    .option("--host <host>", "only of this host")
    .option("--transport <transport>", "tcp, tls, starttls, websocket or bosh")
    .option("--idle <minutes>", "whose client has sent nothing for so long")
    .option("--hibernating", "those that have lost their connection")
    .option("--connected", "those that have not")
    .option("--not <names>", "which of transport and idle are turned round, separated by commas")
    .option("--all", "all sessions");

/** Many sessions at once. */
export function sessionJobCommands(program: Command): void {
  const sessions = program.command("sessions").description("connected clients");
  apiCommand(sessions, "end", "end all sessions that a filter matches", endSessions, (command) =>
    withSessions(command)
      .option("--reason <text>", "told to the clients")
      .option("--dry-run", "only say how many there are"),
  );
  apiCommand(
    sessions,
    "announce <subject> <body>",
    "tell the accounts of all sessions that a filter matches; a body of - is read from standard input",
    async (context, [subject = "", body = ""], options) => {
      const { host, ...filter } = sessionsOf(options);
      const whom = { ...(host === undefined ? {} : { host }), audience: { kind: "sessions" as const, filter } };
      await sendAnnouncement(context, whom, { subject, body }, options);
    },
    (command) => withSending(withSessions(command)),
  );
}

async function endSessions(context: Context, _: string[], options: Record<string, unknown>): Promise<void> {
  const { api, print } = context;
  const filter = sessionsOf(options);
  if (options["dryRun"] === true) {
    const found = await api.sessions.countMatching(filter);
    print(found, () => [
      `${found.matching} sessions of ${found.accounts} accounts match; nothing was changed`,
      ...found.sample.map(({ jid }) => `  ${jid}`),
    ]);
    return;
  }
  const { reason } = options;
  const job = await api.sessions.endMatching({ ...filter, ...(typeof reason === "string" && { reason }) });
  await followJob(context, job, { list: () => api.sessions.jobs(), done: "sessions ended" });
}

function sessionsOf(options: Record<string, unknown>): SessionFilter {
  const { host, matching: search, transport, idle: idleMinutes, hibernating, connected, not } = options;
  const which = hibernating === true ? "yes" : connected === true ? "no" : undefined;
  const turned = typeof not === "string" ? not.replace(/\bidle\b/, "idleMinutes") : undefined;
  const filter = parsed(SessionFilter, { host, search, transport, idleMinutes, hibernating: which, not: turned });
  if (Object.keys(filter).length === 0 && options["all"] !== true) throw nothingChosen();
  return filter;
}
