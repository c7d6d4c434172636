import type { Command } from "commander";
import { z } from "zod";
import { ForwardTarget } from "../../../lib/contracts/forward-policy.ts";
import { ForwardState, type ForwardAttempt, type ForwardEvent } from "../../../lib/contracts/forward.ts";
import { apiCommand, type Context } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";

/** Forward targets and the forward log. */
export function forwardCommands(program: Command): void {
  const forward = program.command("forward").description("offline messages on their way to web servers");
  targetCommands(forward.command("target").description("web servers that offline messages are forwarded to"));
  apiCommand(
    forward,
    "list",
    "the forward log, newest first",
    async ({ api, print }, _args, options) => {
      const state = ForwardState.optional().safeParse(options["state"]);
      if (!state.success) throw new CommandError(`--state: one of ${ForwardState.options.join(", ")}`, exitCodes.usage);
      const { items } = await api.forward.list({
        limit: Number(options["limit"]),
        state: state.data,
        ...(typeof options["target"] === "string" && { target: options["target"] }),
        ...(typeof options["user"] === "string" && { user: options["user"] }),
      });
      print(items, () => items.map(eventLine));
    },
    (command) =>
      command
        .option("--target <name>", "only this target")
        .option("--user <jid>", "only this recipient")
        .option("--state <state>", `only this state (${ForwardState.options.join(", ")})`)
        .option("--limit <n>", "how many", "50"),
  );
  apiCommand(forward, "show <id>", "one event with every attempt", async ({ api, print }, [id = ""]) => {
    const event = await api.forward.get({ id });
    print(event, () => [eventLine(event), ...event.attemptList.flatMap(attemptLines)]);
  });
  apiCommand(forward, "retry <id>", "attempt an event now, with the same id", async ({ api, print }, [id = ""]) => {
    print(await api.forward.retry({ id }), () => `${id} is due now`);
  });
  apiCommand(forward, "cancel <id>", "give up a waiting event", async ({ api, print }, [id = ""]) => {
    print(await api.forward.cancel({ id }), () => `${id} cancelled`);
  });
}

function targetCommands(target: Command): void {
  apiCommand(target, "add <name>", "add a target, or change the one of this name", addTarget, (command) =>
    command
      .requiredOption("--url <url>", "where to POST")
      .option("--preset <preset>", "classic (from, to, body as a form) or json", "classic")
      .option("--jid <form>", "JIDs in the classic form: full, bare or local", "full")
      .option("--header <header...>", "a request header, `Name: value`")
      .option("--timeout <ms>", "time for one attempt, milliseconds", "10000")
      .option("--allow-private", "the address may be loopback or private"),
  );
  apiCommand(target, "list", "targets and how they fare", async ({ api, print }) => {
    const { items } = await api.forward.targets();
    print(items, () =>
      items.map(
        (one) =>
          `${one.name}\t${one.target.url}\t${one.target.preset}\t${one.target.paused ? "paused" : one.breaker}\tbacklog ${one.backlog}\tdelivered ${one.delivered24h}\tfailed ${one.failed24h}\tdead ${one.dead}`,
      ),
    );
  });
  apiCommand(
    target,
    "remove <name>",
    "remove a target",
    async ({ api, print }, [name = ""], options) => {
      const { cancelled } = await api.forward.removeTarget({ name, cancelPending: options["cancelPending"] === true });
      print(
        { cancelled },
        () => `Target ${name} removed${cancelled > 0 ? `, ${cancelled} waiting events cancelled` : ""}`,
      );
    },
    (command) => command.option("--cancel-pending", "cancel what still waits for it"),
  );
  apiCommand(
    target,
    "test <name>",
    "send one marked test event (exit code 0 when it was delivered)",
    async ({ api, print }, [name = ""]) => {
      const attempt = await api.forward.testTarget({ name });
      print(attempt, () => attemptLines(attempt));
      if (attempt.outcome !== "delivered") process.exitCode = exitCodes.negative;
    },
  );
  for (const [verb, paused] of [
    ["pause", true],
    ["resume", false],
  ] as const) {
    apiCommand(
      target,
      `${verb} <name>`,
      paused ? "hold a target's queue" : "release a target's queue",
      async ({ api, print }, [name = ""]) => {
        print(await api.forward.pauseTarget({ name, paused }), () => `Target ${name} ${paused ? "paused" : "resumed"}`);
      },
    );
  }
}

async function addTarget(
  { api, print }: Context,
  [name = ""]: string[],
  options: Record<string, unknown>,
): Promise<void> {
  const parsed = ForwardTarget.safeParse({
    kind: "webhook",
    url: options["url"],
    preset: options["preset"],
    jid: options["jid"],
    timeoutMs: Number(options["timeout"]),
    headers: Object.fromEntries(((options["header"] as string[] | undefined) ?? []).map(headerOf)),
    allowPrivate: options["allowPrivate"] === true,
  });
  if (!parsed.success) throw new CommandError(z.prettifyError(parsed.error), exitCodes.usage);
  // A target that no rule names gets nothing, which is never what somebody who adds one means.
  const done = await api.forward.setTarget({ name, target: parsed.data, withRule: true });
  print(done, () => [
    `Target ${name} set (revision ${done.revision.id})`,
    ...(done.ruleAdded ? [`Rule ${name} added: chat messages of all hosts go to ${name}`] : []),
    ...done.warnings.map((warning) => `warning: ${warning}`),
  ]);
}

function headerOf(text: string): [string, string] {
  const colon = text.indexOf(":");
  if (colon < 1) throw new CommandError(`${text}: expected \`Name: value\``, exitCodes.usage);
  return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
}

function eventLine(event: ForwardEvent): string {
  const outcome = event.status === null ? (event.error ?? "") : `HTTP ${event.status}`;
  return `${event.createdAt}  ${event.state.padEnd(9)} ${event.attempts}/${event.maxAttempts}  ${event.user} -> ${event.target}  ${outcome}  ${event.id}`;
}

function attemptLines(attempt: ForwardAttempt): string[] {
  return [
    `attempt ${attempt.number}  ${attempt.startedAt}  ${attempt.outcome}  ${attempt.status === null ? "" : `HTTP ${attempt.status}`} ${attempt.error ?? ""}  ${Math.round(attempt.timing.totalMs)} ms${attempt.address === null ? "" : `  ${attempt.address}`}`,
    `  ${attempt.request.method} ${attempt.request.url}`,
    ...(attempt.response === null || attempt.response.body === ""
      ? []
      : [`  ${JSON.stringify(attempt.response.body.slice(0, 200))}`]),
  ];
}
