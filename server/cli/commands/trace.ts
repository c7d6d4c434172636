import type { Command } from "commander";
import type { TracedMessage } from "../../../lib/contracts/trace.ts";
import { apiCommand } from "../context.ts";

/** What became of a message. */
export function traceCommands(program: Command): void {
  apiCommand(
    program,
    "trace <id>",
    "what became of a message, by its stanza id, origin id, message id or the id of an event",
    async ({ api, print }, [id = ""]) => {
      const trace = await api.trace.get({ id });
      print(trace, () => trace.messages.flatMap(traceLines));
    },
  );
}

function traceLines({ from, to, stanzaId, steps, forwards }: TracedMessage): string[] {
  return [
    `${from} -> ${to}${stanzaId === null ? "" : `  ${stanzaId}`}`,
    ...steps.map(
      ({ at, kind, by, detail }) =>
        `  ${(at ?? "").padEnd(24)}  ${kind}${by === null ? "" : ` (${by})`}${detail === null ? "" : `: ${detail}`}`,
    ),
    ...forwards.flatMap(({ id, target, state, createdAt, attemptList, ackedAt }) => [
      `  ${createdAt}  forward to ${target}: ${state}  ${id}`,
      ...attemptList.map(({ startedAt, number, outcome, status, error }) =>
        `  ${startedAt}    attempt ${number}: ${outcome} ${status ?? ""} ${error ?? ""}`.trimEnd(),
      ),
      ...(ackedAt === null ? [] : [`  ${ackedAt}    confirmed by a client`]),
    ]),
  ];
}
