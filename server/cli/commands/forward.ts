import type { Command } from "commander";
import { ForwardState, type ForwardEvent } from "../../../lib/contracts/forward-event.ts";
import { apiCommand } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";
import { replayCommands } from "./forward-replays.ts";
import { ruleCommands } from "./forward-rules.ts";
import { attemptLines, targetCommands } from "./forward-targets.ts";

/** Forward targets and the forward log. */
export function forwardCommands(program: Command): void {
  const forward = program.command("forward").description("offline messages on their way to web servers");
  ruleCommands(forward);
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
  apiCommand(
    forward,
    "show <id>",
    "one event with every attempt",
    async ({ api, print }, [id = ""], options) => {
      const event = options["body"] === true ? await api.forward.reveal({ id }) : await api.forward.get({ id });
      const body = event.payload === null ? [] : [event.payload];
      print(event, () => [eventLine(event), ...body, ...event.attemptList.flatMap(attemptLines)]);
    },
    (command) => command.option("--body", "with what was sent and answered; it is audited"),
  );
  apiCommand(
    forward,
    "related <id>",
    "what else there is about an event: its message, the message's other events, the recipient's around it",
    async ({ api, print }, [id = ""]) => {
      const { message, sameMessage, sameUser } = await api.forward.related({ id });
      print({ message, sameMessage, sameUser }, () => [
        message === null
          ? "its message is not kept"
          : `message ${message.stanzaId}${message.isWaiting ? ", waits" : ""}${message.isArchived ? ", archived" : ""}`,
        ...sameMessage.map((event) => `same message  ${eventLine(event)}`),
        ...sameUser.map((event) => `around it     ${eventLine(event)}`),
      ]);
    },
  );
  apiCommand(
    forward,
    "retry <id>",
    "attempt an event now, with the same id",
    async ({ api, print }, [id = ""], options) => {
      print(await api.forward.retry({ id, render: options["render"] === true }), () => `${id} is due now`);
    },
    (command) => command.option("--render", "write the request anew from the message, by the target's settings now"),
  );
  apiCommand(forward, "cancel <id>", "give up a waiting event", async ({ api, print }, [id = ""]) => {
    print(await api.forward.cancel({ id }), () => `${id} cancelled`);
  });
  replayCommands(forward);
}

function eventLine(event: ForwardEvent): string {
  const outcome = event.status === null ? (event.error ?? "") : `HTTP ${event.status}`;
  return `${event.createdAt}  ${event.state.padEnd(9)} ${event.attempts}/${event.maxAttempts}  ${event.user} -> ${event.target}  ${outcome}  ${event.id}`;
}
