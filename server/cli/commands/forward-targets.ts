import type { Command } from "commander";
import { z } from "zod";
import { basic, bearer } from "../../../lib/contracts/authorization.ts";
import { ForwardTarget, WebhookPreset } from "../../../lib/contracts/forward-policy.ts";
import type { ForwardAttempt } from "../../../lib/contracts/forward.ts";
import { apiCommand, type Context } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";

/** Web servers that offline messages are forwarded to. */
export function targetCommands(target: Command): void {
  apiCommand(target, "add <name>", "add a target, or change the one of this name", addTarget, (command) =>
    command
      .requiredOption("--url <url>", "where to POST")
      .option("--preset <preset>", `what is sent: ${WebhookPreset.options.join(", ")}`, "classic")
      .option("--jid <form>", "JIDs in the classic form: full, bare or local", "full")
      .option("--confidential", "say that there is a message, not what it says")
      .option("--header <header...>", "a request header, `Name: value`")
      .option("--bearer <token>", "send `Authorization: Bearer TOKEN`")
      .option("--basic <user:password>", "send `Authorization: Basic …`")
      .option("--access-token <token>", "sent as access_token by mod_interact and mod_http_offline")
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
  apiCommand(
    target,
    "rotate-secret <name>",
    "make a new signing secret and print it, this once",
    async ({ api, print }, [name = ""], options) => {
      const overlapHours = Number(options["overlap"]);
      const done = await api.forward.rotateSecret({ name, overlapHours });
      print(done, () => [
        ...secretLines(done.signingSecret),
        ...(done.previousUntil === null ? [] : [`The one before signs as well until ${done.previousUntil}`]),
      ]);
    },
    (command) => command.option("--overlap <hours>", "how long the one before signs as well", "24"),
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
    confidential: options["confidential"] === true,
    accessToken: options["accessToken"],
    headers: headersOf(options),
    allowPrivate: options["allowPrivate"] === true,
  });
  if (!parsed.success) throw new CommandError(z.prettifyError(parsed.error), exitCodes.usage);
  // A target that no rule names gets nothing, which is never what somebody who adds one means.
  const done = await api.forward.setTarget({ name, target: parsed.data, withRule: true });
  print(done, () => [
    `Target ${name} set (revision ${done.revision.id})`,
    ...(done.ruleAdded ? [`Rule ${name} added: chat messages of all hosts go to ${name}`] : []),
    ...(done.signingSecret === null ? [] : secretLines(done.signingSecret)),
    ...done.warnings.map((warning) => `warning: ${warning}`),
  ]);
}

function headersOf(options: Record<string, unknown>): Record<string, string> {
  const {
    header = [],
    bearer: token,
    basic: credentials,
  } = options as {
    header?: string[];
    bearer?: string;
    basic?: string;
  };
  const headers = header.map(headerOf);
  if (token !== undefined) headers.push(["Authorization", bearer(token)]);
  if (credentials !== undefined) {
    const colon = credentials.indexOf(":");
    if (colon < 1) throw new CommandError("--basic: expected `user:password`", exitCodes.usage);
    headers.push(["Authorization", basic(credentials.slice(0, colon), credentials.slice(colon + 1))]);
  }
  if (headers.filter(([name]) => name.toLowerCase() === "authorization").length > 1)
    throw new CommandError("more than one Authorization header", exitCodes.usage);
  return Object.fromEntries(headers);
}

function headerOf(text: string): [string, string] {
  const colon = text.indexOf(":");
  if (colon < 1) throw new CommandError(`${text}: expected \`Name: value\``, exitCodes.usage);
  return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
}

function secretLines(secret: string): string[] {
  return [`Signing secret, shown only this once: ${secret}`];
}

/** An attempt for people: outcome, request and the beginning of the answer. */
export function attemptLines(attempt: ForwardAttempt): string[] {
  return [
    `attempt ${attempt.number}  ${attempt.startedAt}  ${attempt.outcome}  ${attempt.status === null ? "" : `HTTP ${attempt.status}`} ${attempt.error ?? ""}  ${Math.round(attempt.timing.totalMs)} ms${attempt.address === null ? "" : `  ${attempt.address}`}`,
    `  ${attempt.request.method} ${attempt.request.url}`,
    ...(attempt.response === null || attempt.response.body === ""
      ? []
      : [`  ${JSON.stringify(attempt.response.body.slice(0, 200))}`]),
  ];
}
