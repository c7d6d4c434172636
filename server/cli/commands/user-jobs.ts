import type { Command } from "commander";
import { UserAction, UserFilter } from "../../../lib/contracts/users.ts";
import { apiCommand, pages, type Context } from "../context.ts";
import { nothingChosen, parsed } from "../filter-options.ts";
import { followJob } from "../follow-job.ts";
import { timeOf } from "../time.ts";
import { sendAnnouncement, withSending } from "./announcements.ts";

const actions = {
  suspend: { name: "suspend", summary: "suspend all accounts that a filter finds", done: "suspended" },
  resume: { name: "resume", summary: "lift the suspension of all that a filter finds", done: "resumed" },
  "end-sessions": { name: "kick", summary: "end the sessions of all that a filter finds", done: "put out" },
  "expire-password": {
    name: "expire-passwords",
    summary: "give all that a filter finds a password nobody knows, so that they need a link for a new one",
    done: "given a new password",
  },
  tag: { name: "tag", summary: "put a tag on all accounts that a filter finds", done: "tagged" },
  untag: { name: "untag", summary: "take a tag off all accounts that a filter finds", done: "without it" },
  delete: { name: "delete", summary: "delete all accounts that a filter finds, with what they own", done: "deleted" },
} as const satisfies Record<UserAction, { name: string; summary: string; done: string }>;

const withFilter = (command: Command): Command =>
  command
    .option("--matching <text>", "a part of the name, or part@host")
    .option("--host <host>", "only of this host")
    .option("--filter <filter>", "online, suspended, never (logged in) or queued (messages wait)")
    .option("--idle <days>", "nobody was there for so many days")
    .option("--created <days>", "made in the last so many days")
    .option("--created-since <time>", "made since then, e.g. 2026-12-24T08:00")
    .option("--queued <n>", "at least so many messages wait")
    .option("--via <origin>", "how they were made: in-band, web, admin, cli, import or setup")
    .option("--tag <tag>", "that have this tag")
    .option("--not <names>", "which of these options are turned round, e.g. filter,tag");

const withSelection = (command: Command): Command =>
  withFilter(command)
    .option("--all", "all accounts")
    .option("--only <jids...>", "of these accounts")
    .option("--except <jids...>", "but not these");

const withAct = (command: Command): Command =>
  withSelection(command)
    .option("--reason <text>", "told to those it concerns, where they are told")
    .option("--until <time>", "end of a suspension, e.g. 2026-12-24T08:00")
    .option("--dry-run", "only say how many there are")
    .option("--no-wait", "do not wait until it is done");

/** Many accounts at once. */
export function userJobCommands(program: Command): void {
  const users = program.command("users").description("many accounts at once");
  apiCommand(users, "list", "accounts that a filter finds, one a line", list, withFilter);
  for (const action of UserAction.options) {
    const { name, summary } = actions[action];
    const usage = action === "tag" || action === "untag" ? `${name} <tag>` : name;
    const run = async (context: Context, [word]: string[], options: Record<string, unknown>) =>
      start(context, action, { ...options, word });
    apiCommand(users, usage, summary, run, withAct);
  }
  apiCommand(users, "tags [host]", "tags that accounts have, each with how many have it", async (context, [host]) => {
    const { items } = await context.api.users.tags(host === undefined ? {} : { host });
    context.print(items, () => items.map(({ tag, accounts }) => `${tag}\t${accounts}`));
  });
  apiCommand(
    users,
    "announce <subject> <body>",
    "tell all accounts that a filter finds; a body of - is read from standard input",
    async (context, [subject = "", body = ""], options) => {
      const { host, ...filter } = selectionOf(options);
      const whom = { ...(host === undefined ? {} : { host }), audience: { kind: "users" as const, filter } };
      await sendAnnouncement(context, whom, { subject, body }, options);
    },
    (command) => withSending(withSelection(command)),
  );
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
  const selection = selectionOf(options);
  if (options["dryRun"] === true) {
    const found = await api.users.countMatching({ ...selection, action });
    print(found, () => [
      `${found.matching} accounts match, with ${found.sessions} sessions and ${found.offlineMessages} messages that wait; nothing was changed`,
      ...found.sample.map(({ jid }) => `  ${jid}`),
      ...found.leftOut.map(({ jid, why }) => `  left out: ${jid} (${why === "self" ? "yourself" : "it has a role"})`),
    ]);
    return;
  }
  const job = await api.users.startJob({
    ...selection,
    action,
    ...(typeof options["reason"] === "string" && { reason: options["reason"] }),
    ...(typeof options["word"] === "string" && { word: options["word"] }),
    ...(options["until"] === undefined ? {} : { until: timeOf("until", options) }),
  });
  const { done } = actions[action];
  await followJob(context, job, { list: () => api.users.jobs(), isAwaited: options["wait"] === true, done });
}

/** Which accounts: nothing is taken for all of them. */
function selectionOf(options: Record<string, unknown>) {
  const { only, except, all } = options;
  const named = Array.isArray(only) ? { only: only.map(String) } : {};
  const filter = { ...filterOf(options), ...named };
  if (Object.keys(filter).length === 0 && all !== true) throw nothingChosen();
  return { ...filter, except: Array.isArray(except) ? except.map(String) : [] };
}

function filterOf(options: Record<string, unknown>) {
  const { matching, idle, created, createdSince, queued, not, ...rest } = options;
  const turned = typeof not === "string" ? not.split(",").map((name) => fieldOf.get(name) ?? name) : undefined;
  const since =
    createdSince === undefined ? {} : { createdSince: timeOf("created-since", { "created-since": createdSince }) };
  const given = { ...rest, ...since, search: matching, idleDays: idle, createdDays: created, minMessages: queued };
  return parsed(UserFilter.partial(), { ...given, not: turned?.join(",") });
}

/** Options that the API calls by another name. */
const fieldOf = new Map([
  ["idle", "idleDays"],
  ["created", "createdDays"],
  ["queued", "minMessages"],
]);
