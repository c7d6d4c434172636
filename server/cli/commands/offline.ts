import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import type { OfflineFilter } from "../../../lib/contracts/offline.ts";
import { apiCommand, pages, type Context } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";
import { followJob } from "../follow-job.ts";
import { timeOf } from "../time.ts";

/** Messages that wait for somebody who is away. */
export function offlineCommands(program: Command): void {
  const offline = program.command("offline").description("messages that wait for somebody who is away");
  apiCommand(offline, "list", "accounts for which messages wait, the most first", list, (command) =>
    command
      .option("--host <host>", "only of this host")
      .option("--search <text>", "only with this in the JID")
      .option("--by-jid", "in the order of the JIDs")
      .option("--limit <n>", "how many", "50"),
  );
  apiCommand(
    offline,
    "show <jid>",
    "messages that wait for an account, oldest first",
    async ({ api, print }, [jid = ""]) => {
      const items = await Array.fromAsync(pages((cursor) => api.offline.messages({ jid, limit: 500, cursor })));
      print(items, () =>
        items.map(({ id, at, from, type, bytes, stanzaId, forwards }) => {
          const chips = forwards.map(({ target, state }) => `${target}:${state}`).join(" ");
          return `${at}  ${String(id).padStart(16)}  ${type.padEnd(9)} ${bytes} B  ${from}  ${stanzaId}  ${chips}`.trimEnd();
        }),
      );
    },
  );
  apiCommand(
    offline,
    "read <jid> <id>",
    "what is in a message that waits; recorded",
    async ({ api, print }, [jid = "", id]) => {
      const message = await api.offline.reveal({ jid, id: Number(id) });
      print(message, () => message.xml);
    },
  );
  apiCommand(
    offline,
    "export <jid>",
    "messages that wait for an account as XML (XEP-0227); recorded",
    exportXml,
    (command) => command.option("--file <file>", "where to; standard output when left out"),
  );
  apiCommand(
    offline,
    "remove <jid> <ids...>",
    "delete messages that wait",
    async ({ api, print }, [jid = "", ...ids]) => {
      const { removed } = await api.offline.remove({ jid, ids: ids.map(Number) });
      print({ removed }, () => `${removed} deleted`);
    },
  );
  apiCommand(
    offline,
    "deliver <jid>",
    "hand over what waits to a resource that is there",
    async ({ api, print }, [jid = ""]) => {
      print(await api.offline.deliver({ jid }), () => `what waits for ${jid} is on its way`);
    },
  );
  apiCommand(
    offline,
    "forward <jid> [ids...]",
    "forward what waits by the rules in force, whatever became of it before",
    async ({ api, print }, [jid = "", ...ids]) => {
      const counts = await api.offline.forward({ jid, ...(ids.length > 0 && { ids: ids.map(Number) }) });
      print(counts, () => `${counts.planned} planned, ${counts.retried} due now`);
    },
  );
  apiCommand(
    offline,
    "extend [jid] [ids...]",
    "keep what waits for longer; nothing expires sooner",
    extend,
    (command) =>
      command
        .option("--until <time>", "until then, e.g. 2026-12-24T08:00")
        .option("--never", "until a client has it")
        .option("--host <host>", "only for accounts of this host")
        .option("--from <jid>", "only from this sender")
        .option("--before <time>", "only what came before this time")
        .option("--all", "everything that waits"),
  );
  apiCommand(offline, "purge [jid]", "delete messages that wait, as a job", purge, (command) =>
    command
      .option("--host <host>", "only for accounts of this host")
      .option("--from <jid>", "only from this sender")
      .option("--before <time>", "only what came before this time, e.g. 2026-11-22T08:00")
      .option("--all", "everything that waits")
      .option("--dry-run", "only say how many there are")
      .option("--no-wait", "do not wait until they are deleted"),
  );
}

async function list({ api, print }: Context, _args: string[], options: Record<string, unknown>): Promise<void> {
  const { items } = await api.offline.queues({
    limit: Number(options["limit"]),
    order: options["byJid"] === true ? "jid" : "messages",
    ...(typeof options["host"] === "string" && { host: options["host"] }),
    ...(typeof options["search"] === "string" && { search: options["search"] }),
  });
  print(items, () =>
    items.map(({ jid, messages, bytes, oldestAt, fill, pendingForwards }) => {
      const full = fill === null ? "" : `  ${Math.round(fill * 100)} % full`;
      return `${String(messages).padStart(8)}  ${String(bytes).padStart(12)} B  since ${oldestAt}  ${jid}${full}  ${pendingForwards} forwards pending`;
    }),
  );
}

async function exportXml(
  { api, print }: Context,
  [jid = ""]: string[],
  options: Record<string, unknown>,
): Promise<void> {
  const parts = await Array.fromAsync(
    pages(async (cursor) => {
      const { xml, nextCursor } = await api.offline.export({ jid, limit: 500, cursor });
      return { items: [xml], nextCursor };
    }),
  );
  const text = parts.map((part) => `${part}\n`).join("");
  if (typeof options["file"] !== "string") {
    print({ xml: parts }, () => text.trimEnd());
    return;
  }
  const { file } = options;
  writeFileSync(file, text, { mode: 0o600 });
  print({ file }, () => `written to ${file}`);
}

async function extend(
  { api, print }: Context,
  [jid, ...ids]: string[],
  options: Record<string, unknown>,
): Promise<void> {
  const filter = filterOf(jid, options);
  if ((options["never"] === true) === (options["until"] !== undefined))
    throw new CommandError("until when? Give --until or --never.", exitCodes.usage);
  const until = options["never"] === true ? null : timeOf("until", options);
  const { extended } = await api.offline.extend({ ...filter, ...(ids.length > 0 && { ids: ids.map(Number) }), until });
  print({ extended }, () => `${extended} kept for longer`);
}

function filterOf(jid: string | undefined, options: Record<string, unknown>): OfflineFilter {
  const filter: OfflineFilter = {
    ...(jid === undefined ? {} : { jid }),
    ...(typeof options["host"] === "string" && { host: options["host"] }),
    ...(typeof options["from"] === "string" && { from: options["from"] }),
    ...(options["before"] === undefined ? {} : { before: timeOf("before", options) }),
  };
  if (Object.keys(filter).length === 0 && options["all"] !== true)
    throw new CommandError("which ones? Give an account or a filter, or --all.", exitCodes.usage);
  return filter;
}

async function purge(context: Context, [jid]: string[], options: Record<string, unknown>): Promise<void> {
  const { api, print } = context;
  const filter = filterOf(jid, options);
  if (options["dryRun"] === true) {
    const { messages, of } = await api.offline.count(filter);
    print({ messages, of }, () => `${messages} of ${of} messages match; nothing was changed`);
    return;
  }
  const job = await api.offline.purge(filter);
  const isAwaited = options["wait"] === true;
  await followJob(context, job, { list: () => api.offline.purges(), isAwaited, done: "deleted" });
}
