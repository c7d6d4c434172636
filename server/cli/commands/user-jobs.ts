import type { Command } from "commander";
import { z } from "zod";
import { SessionFilter } from "../../../lib/contracts/sessions.ts";
import { UserAction, UserFilter } from "../../../lib/contracts/users.ts";
import { apiCommand, pages, type Context } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";
import { followJob } from "../follow-job.ts";
import { timeOf } from "../time.ts";

const actions = {
  suspend: { name: "suspend", summary: "suspend all accounts that a filter finds", done: "suspended" },
  resume: { name: "resume", summary: "lift the suspension of all that a filter finds", done: "resumed" },
  "end-sessions": { name: "kick", summary: "end the sessions of all that a filter finds", done: "put out" },
  "expire-password": {
    name: "expire-passwords",
    summary: "give all that a filter finds a password nobody knows, so that they need a link for a new one",
    done: "given a new password",
  },
  delete: { name: "delete", summary: "delete all accounts that a filter finds, with what they own", done: "deleted" },
} as const satisfies Record<UserAction, { name: string; summary: string; done: string }>;

const withFilter = (command: Command): Command =>
  command
    .option("--matching <text>", "a part of the name, or part@host")
    .option("--host <host>", "only of this host")
    .option("--filter <filter>", "online, suspended, never (logged in) or queued (messages wait)")
    .option("--idle <days>", "nobody was there for so many days")
    .option("--created <days>", "made in the last so many days")
    .option("--queued <n>", "at least so many messages wait")
    .option("--via <origin>", "how they were made: in-band, web, admin, cli, import or setup");

const withAct = (command: Command): Command =>
  withFilter(command)
    .option("--all", "all accounts")
    .option("--except <jids...>", "but not these")
    .option("--reason <text>", "told to those it concerns, where they are told")
    .option("--until <time>", "end of a suspension, e.g. 2026-12-24T08:00")
    .option("--dry-run", "only say how many there are")
    .option("--no-wait", "do not wait until it is done");

/** Many accounts, or sessions, at once. */
export function userJobCommands(program: Command): void {
  const sessions = program.command("sessions").description("connected clients");
  apiCommand(sessions, "end", "end all sessions that a filter matches", endSessions, (command) =>
    command
      .option("--matching <text>", "a part of the JID or of the address")
      .option("--host <host>", "only of this host")
      .option("--transport <transport>", "tcp, tls, starttls, websocket or bosh")
      .option("--idle <minutes>", "whose client has sent nothing for so long")
      .option("--hibernating", "those that have lost their connection")
      .option("--connected", "those that have not")
      .option("--all", "all sessions")
      .option("--reason <text>", "told to the clients")
      .option("--dry-run", "only say how many there are"),
  );
  const users = program.command("users").description("many accounts at once");
  apiCommand(users, "list", "accounts that a filter finds, one a line", list, withFilter);
  for (const action of UserAction.options) {
    const { name, summary } = actions[action];
    apiCommand(users, name, summary, async (context, _, options) => start(context, action, options), withAct);
  }
  apiCommand(users, "jobs", "the latest of these jobs", async ({ api, print }) => {
    const { items } = await api.users.jobs();
    print(items, () =>
      items.map(
        ({ id, action, state, done, matching, failed, by, startedAt }) =>
          `${startedAt}  ${action.padEnd(15)} ${state.padEnd(7)} ${done}/${matching} (${failed} left)  ${by}  ${id}`,
      ),
    );
  });
  apiCommand(users, "stop <id>", "end a job; what it has not come to stays", async ({ api, print }, [id = ""]) => {
    const job = await api.users.stopJob({ id });
    print(job, () => `${job.state}: ${job.done} of ${job.matching}`);
  });
}

async function list({ api, print }: Context, _: string[], options: Record<string, unknown>): Promise<void> {
  const filter = filterOf(options);
  const found = await Array.fromAsync(pages((cursor) => api.users.list({ ...filter, cursor, limit: 500 })));
  print(found, () => found.map(({ jid }) => jid));
}

async function start(context: Context, action: UserAction, options: Record<string, unknown>): Promise<void> {
  const { api, print } = context;
  const filter = filterOf(options);
  if (Object.keys(filter).length === 0 && options["all"] !== true)
    throw new CommandError("which ones? Give a filter, or --all.", exitCodes.usage);
  const except = Array.isArray(options["except"]) ? options["except"].map(String) : [];
  if (options["dryRun"] === true) {
    const found = await api.users.countMatching({ ...filter, except, action });
    print(found, () => [
      `${found.matching} accounts match, with ${found.sessions} sessions and ${found.offlineMessages} messages that wait; nothing was changed`,
      ...found.sample.map(({ jid }) => `  ${jid}`),
      ...found.leftOut.map(({ jid, why }) => `  left out: ${jid} (${why === "self" ? "yourself" : "it has a role"})`),
    ]);
    return;
  }
  const job = await api.users.startJob({
    ...filter,
    except,
    action,
    ...(typeof options["reason"] === "string" && { reason: options["reason"] }),
    ...(options["until"] === undefined ? {} : { until: timeOf("until", options) }),
  });
  const { done } = actions[action];
  await followJob(context, job, { list: () => api.users.jobs(), isAwaited: options["wait"] === true, done });
}

async function endSessions(context: Context, _: string[], options: Record<string, unknown>): Promise<void> {
  const { api, print } = context;
  const { host, matching: search, transport, idle: idleMinutes, hibernating, connected } = options;
  const which = hibernating === true ? "yes" : connected === true ? "no" : undefined;
  const filter = parsed(SessionFilter, { host, search, transport, idleMinutes, hibernating: which });
  if (Object.keys(filter).length === 0 && options["all"] !== true)
    throw new CommandError("which ones? Give a filter, or --all.", exitCodes.usage);
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

function filterOf({ matching, idle, created, queued, ...rest }: Record<string, unknown>) {
  const given = { ...rest, search: matching, idleDays: idle, createdDays: created, minMessages: queued };
  return parsed(UserFilter.partial(), given);
}

/** What was given, as the API takes it, without what was not. */
function parsed<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>, given: Record<string, unknown>) {
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const { success, data, error } = schema.safeParse(known);
  if (!success) throw new CommandError(z.prettifyError(error), exitCodes.usage);
  return Object.fromEntries(Object.entries(data).filter(([name]) => Object.hasOwn(known, name))) as typeof data;
}
