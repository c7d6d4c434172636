import { MessageDecision } from "../../lib/contracts/trace.ts";
import type { Core } from "../core/core.ts";
import { formatStanzaId } from "../core/stanza-id.ts";
import type { TraceNote } from "../core/trace.ts";
import type { Jid } from "../xmpp/jid.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";
import { stepOf } from "./trace-step.ts";

/** What was decided about the latest messages of an account, newest first, with the forwards that the rules made of them. */
export async function messageDecisions(
  { stores, trace }: Core,
  account: Jid,
  limit: number,
): Promise<{ items: MessageDecision[]; memorySince: string | null }> {
  const notes = trace.find(isDecisionFor(account)).slice(-limit).toReversed();
  const keys = new Set(notes.flatMap(({ key }) => key?.id ?? []));
  const events = keys.size === 0 ? [] : await stores.outbox.about(account.bare, [...keys]);
  const forwardsOf = Map.groupBy(events, ({ message }) => message);
  const items = notes.map((note): MessageDecision => {
    const { key, id, originId, at, by, from, to, forwards: planned } = note;
    const { kind, detail } = stepOf(note);
    const forwards = key === undefined ? [] : (forwardsOf.get(key.id) ?? []);
    return {
      kind: MessageDecision.shape.kind.parse(kind),
      at: timestamp(at),
      by,
      detail,
      from,
      to,
      traceId: key === undefined ? (id ?? originId ?? null) : formatStanzaId(key),
      planned,
      forwards: forwards.map(({ event: { id: event, target, rule } }) => ({ id: event, target, rule })),
    };
  });
  return { items, memorySince: timestampOrNull(trace.since) };
}

/** That resources were given a message is decided by nobody; that it is kept decides nothing about its way. */
function isDecisionFor({ bare }: Jid): (note: TraceNote) => boolean {
  const isOf = (address: string): boolean => address === bare || address.startsWith(`${bare}/`);
  return ({ what, from, to }) => (what === "away" && isOf(to)) || (what === "dropped" && (isOf(to) || isOf(from)));
}
