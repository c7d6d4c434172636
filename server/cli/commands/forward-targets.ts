import type { Command } from "commander";
import { z } from "zod";
import type { ForwardAttempt } from "../../../lib/contracts/forward-event.ts";
import type { ForwardTarget } from "../../../lib/contracts/forward-target.ts";
import type { TargetHealth } from "../../../lib/contracts/forward.ts";
import { testSignatures } from "../../../lib/contracts/words.ts";
import { apiCommand, type Context } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";
import { targetOf, targetOptions } from "./target-settings.ts";

/** Where messages for people who are away are forwarded to: web servers and push services. */
export function targetCommands(target: Command): void {
  apiCommand(target, "add <name>", "add a target, or change the one of this name", addTarget, targetOptions);
  apiCommand(target, "list", "targets and how they fare", async ({ api, print }) => {
    const { items } = await api.forward.targets();
    print(items, () => items.map(targetLine));
  });
  apiCommand(target, "remove <name>", "remove a target", remove, (command) =>
    command
      .option("--cancel-pending", "give up what still waits for it instead of keeping it as dead letters")
      .option("--to <target>", "send what still waits for it to this web server instead"),
  );
  apiCommand(
    target,
    "test <name>",
    "send one marked test event (exit code 0 when it was delivered)",
    async ({ api, print }, [name = ""], options) => {
      const signature = z.enum(testSignatures).optional().safeParse(options["signature"]);
      if (!signature.success)
        throw new CommandError(`--signature: one of ${testSignatures.join(", ")}`, exitCodes.usage);
      const attempt = await api.forward.testTarget({
        name,
        signature: signature.data,
        ...(typeof options["event"] === "string" && { event: options["event"] }),
      });
      print(attempt, () => attemptLines(attempt));
      if (attempt.outcome !== "delivered") process.exitCode = exitCodes.negative;
    },
    (command) =>
      command
        .option(
          "--signature <how>",
          `how it is signed: ${testSignatures.join(", ")}; all but the first have to be refused`,
        )
        .option("--event <id>", "what this event was sent as, instead of a sample"),
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
  apiCommand(target, "pause <name>", "hold a target's queue", async ({ api, print }, [name = ""]) => {
    print(await api.forward.pauseTarget({ name, paused: true }), () => `Target ${name} paused`);
  });
  apiCommand(
    target,
    "drain <name>",
    "send what waits for a target, and plan nothing new for it",
    async ({ api, print }, [name = ""]) => {
      print(await api.forward.drainTarget({ name, draining: true }), () => `Target ${name} drains`);
    },
  );
  apiCommand(target, "resume <name>", "end pausing and draining", async ({ api, print }, [name = ""]) => {
    await api.forward.drainTarget({ name, draining: false });
    print(await api.forward.pauseTarget({ name, paused: false }), () => `Target ${name} resumed`);
  });
}

async function addTarget(
  { api, print }: Context,
  [name = ""]: string[],
  options: Record<string, unknown>,
): Promise<void> {
  const target = targetOf(options);
  // A target that no rule names gets nothing, which is never what somebody who adds one means.
  const done = await api.forward.setTarget({ name, target, withRule: true });
  const told = target.kind === "webhook" ? "chat messages" : "whatever somebody can be told of";
  print(done, () => [
    `Target ${name} set (revision ${done.revision.id})`,
    ...(done.ruleAdded ? [`Rule ${name} added: ${told} of all hosts go to ${name}`] : []),
    ...(done.signingSecret === null ? [] : secretLines(done.signingSecret)),
    ...done.warnings.map((warning) => `warning: ${warning}`),
  ]);
}

async function remove({ api, print }: Context, [name = ""]: string[], options: Record<string, unknown>): Promise<void> {
  const backlog = options["cancelPending"] === true ? "cancel" : "dead";
  const { to } = options;
  const { ended, replay } = await api.forward.removeTarget({
    name,
    backlog,
    ...(typeof to === "string" && { to }),
  });
  const became = backlog === "cancel" ? "given up" : replay === null ? "kept as dead letters" : `on their way to ${to}`;
  print({ ended, replay }, () => `Target ${name} removed${ended > 0 ? `, ${ended} waiting events ${became}` : ""}`);
}

function targetLine(one: TargetHealth): string {
  const { name, target, backlog, delivered24h, failed24h, dead, devices } = one;
  const figures = `backlog ${backlog}\tdelivered ${delivered24h}\tfailed ${failed24h}\tdead ${dead}`;
  const reach = devices === null ? "" : `\tdevices ${devices}`;
  return `${name}\t${target.kind}\t${addressOf(target)}\t${stateOf(one)}\t${figures}${reach}`;
}

/** Where a target's requests go, and in which form. */
function addressOf(target: ForwardTarget): string {
  switch (target.kind) {
    case "webhook":
      return `${target.url}\t${target.preset}`;
    case "apns":
      return `${target.topic}\t${target.mode}`;
    case "fcm":
      return `${target.server ?? "Google"}\t${target.mode}`;
    case "webpush":
      return `${target.contact}\t${target.content}`;
    default:
      return `${target.domains.length === 0 ? "any domain" : target.domains.join(" ")}\t${target.body}`;
  }
}

function stateOf({ target, fault, goneSince, breaker }: TargetHealth): string {
  if (goneSince !== null) return `paused (it answered 410 Gone at ${goneSince})`;
  if (target.paused) return "paused";
  if (fault !== null) return `held (${fault.detail})`;
  return target.draining ? `draining, ${breaker}` : breaker;
}

function secretLines(secret: string): string[] {
  return [`Signing secret, shown only this once: ${secret}`];
}

/** An attempt for people: outcome, request and the beginning of the answer. */
export function attemptLines(attempt: ForwardAttempt): string[] {
  const body = attempt.response?.body ?? "";
  return [
    `attempt ${attempt.number}  ${attempt.startedAt}  ${attempt.outcome}  ${attempt.status === null ? "" : `HTTP ${attempt.status}`} ${attempt.error ?? ""}  ${Math.round(attempt.timing.totalMs)} ms${attempt.address === null ? "" : `  ${attempt.address}`}`,
    `  ${attempt.request.method} ${attempt.request.url}`,
    ...(body === "" ? [] : [`  ${JSON.stringify(body.slice(0, 200))}`]),
  ];
}
