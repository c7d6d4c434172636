import { setTimeout as wait } from "node:timers/promises";
import type { Command } from "commander";
import { z } from "zod";
import { MessageClass } from "../../../lib/contracts/forward-policy.ts";
import { ReplayFilter, type Replay } from "../../../lib/contracts/replays.ts";
import { apiCommand, type Context } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";
import { timeOf } from "../time.ts";

const pollMs = 300;
const filters = ["target", "user", "host", "device", "class", "reason", "search", "since", "until"];

/** Dead events, attempted again. */
export function replayCommands(forward: Command): void {
  apiCommand(forward, "replay [ids...]", "attempt dead events again, with the same ids", replay, (command) =>
    command
      .option("--target <name>", "only of this target")
      .option("--user <jid>", "only for this recipient")
      .option("--host <host>", "only for recipients on this host")
      .option("--device <id>", "only to this device")
      .option("--class <class>", `only of this class (${MessageClass.options.join(", ")})`)
      .option("--reason <text>", "only with this as the error of the last attempt, to the letter")
      .option("--search <text>", "only with this in recipient, sender, id or error")
      .option("--since <time>", "only of messages that came at this time or later, e.g. 2026-11-22T08:00")
      .option("--until <time>", "only of messages that came before this time")
      .option("--expired", "expired events, too: everything that failed")
      .option("--all", "all dead events, when there is no other choice")
      .option("--to <target>", "to this web server instead of their own; only what was for web servers")
      .option("--dry-run", "only say how many there are")
      .option("--no-wait", "do not wait until all of them are on their way"),
  );
  apiCommand(forward, "missing <target>", "make and send the events that a target missed", missing, (command) =>
    command
      .requiredOption("--since <time>", "of messages that came at this time or later, e.g. 2026-11-22T08:00")
      .option("--until <time>", "only of messages that came before this time")
      .option("--host <host>", "only for recipients on this host")
      .option("--dry-run", "only say how many there are")
      .option("--no-wait", "do not wait until all of them are on their way"),
  );
  apiCommand(forward, "replays", "the latest replays, newest first", async ({ api, print }) => {
    const { items } = await api.forward.replays();
    print(items, () => items.map(replayLine));
  });
  apiCommand(forward, "stop-replay <id>", "end a replay; the rest stays dead", async ({ api, print }, [id = ""]) => {
    const stopped = await api.forward.stopReplay({ id });
    print(stopped, () => replayLine(stopped));
  });
}

async function missing(
  { api, print }: Context,
  [target = ""]: string[],
  options: Record<string, unknown>,
): Promise<void> {
  const filter = {
    target,
    since: timeOf("since", options),
    ...(options["until"] === undefined ? {} : { until: timeOf("until", options) }),
    ...(typeof options["host"] === "string" && { host: options["host"] }),
  };
  if (options["dryRun"] === true) {
    const { matching } = await api.forward.countMissing(filter);
    print({ matching }, () => `${target} has no event for ${matching} messages; nothing was changed`);
    return;
  }
  await followed({ api, print }, await api.forward.recoverMissing(filter), options["wait"] === true);
}

async function replay({ api, print }: Context, ids: string[], options: Record<string, unknown>): Promise<void> {
  const { to } = options;
  const filter = { ...filterOf(ids, options), ...(typeof to === "string" && { to }) };
  if (options["dryRun"] === true) {
    const { matching } = await api.forward.countReplay(filter);
    print({ matching }, () => `${matching} dead events match; nothing was changed`);
    return;
  }
  await followed({ api, print }, await api.forward.replay(filter), options["wait"] === true);
}

/** Prints a job, when it has ended if that is waited for. */
async function followed({ api, print }: Pick<Context, "api" | "print">, begun: Replay, waits: boolean): Promise<void> {
  let job = begun;
  while (waits && job.state === "running") {
    await wait(pollMs);
    const { items } = await api.forward.replays();
    job = items.find(({ id }) => id === job.id) ?? { ...job, state: "failed" };
  }
  print(job, () => replayLine(job));
  if (job.state === "failed" || job.state === "stopped") process.exitCode = exitCodes.negative;
}

function filterOf(ids: string[], options: Record<string, unknown>): ReplayFilter {
  const names = filters.filter((name) => options[name] !== undefined);
  if (ids.length === 0 && names.length === 0 && options["all"] !== true)
    throw new CommandError("which ones? Give ids or a filter, or --all.", exitCodes.usage);
  const given = names.map((name) => [
    name,
    name === "since" || name === "until" ? timeOf(name, options) : options[name],
  ]);
  const parsed = ReplayFilter.safeParse({
    ...Object.fromEntries(given),
    ...(ids.length > 0 && { ids }),
    ...(options["expired"] === true && { withExpired: true }),
  });
  if (!parsed.success) throw new CommandError(z.prettifyError(parsed.error), exitCodes.usage);
  return parsed.data;
}

function replayLine({ id, kind, state, replayed, matching, left, to, by, startedAt }: Replay): string {
  const count = `${replayed}/${matching}${left > 0 ? `, ${left} left dead` : ""}`;
  return `${startedAt}  ${kind.padEnd(7)} ${state.padEnd(7)} ${count}  ${to === null ? "" : `to ${to}  `}${by}  ${id}`;
}
