import type { Command } from "commander";
import type { MessageDecision, TracedMessage } from "../../../lib/contracts/trace.ts";
import { apiCommand } from "../context.ts";

/** What became of messages. */
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
  apiCommand(
    program,
    "decisions <jid>",
    "what was decided about the latest messages of an account, newest first, and which forward rules chose them",
    async ({ api, print }, [jid = ""]) => {
      const { items } = await api.trace.decisions({ jid });
      print(items, () => items.flatMap(decisionLines));
    },
  );
}

function decisionLines({ at, kind, by, detail, from, to, traceId, planned, forwards }: MessageDecision): string[] {
  const decided = `${kind}${by === null ? "" : ` (${by})`}${detail === null ? "" : `: ${detail}`}`;
  const unknown = forwards.length === 0 && planned > 0 ? [`  forwards planned: ${planned}`] : [];
  return [
    `${at}  ${from} -> ${to}  ${decided}  ${traceId ?? ""}`.trimEnd(),
    ...forwards.map(({ id, rule, target }) => `  forwarded by rule ${rule} to ${target}  ${id}`),
    ...unknown,
  ];
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
