import type { contract } from "../../lib/contracts/index.ts";
import type { TracedMessage, TraceStep } from "../../lib/contracts/trace.ts";
import { formatStanzaId, parseStanzaId, type MessageKey } from "../core/stanza-id.ts";
import type { TraceNote } from "../core/trace.ts";
import type { KeptState, OutboxSummary } from "../storage/ports.ts";
import { Jid } from "../xmpp/jid.ts";
import { NS } from "../xmpp/namespaces.ts";
import { Stanza } from "../xmpp/stanza.ts";
import { accountJid } from "./address.ts";
import type { Call } from "./call.ts";
import { refused } from "./errors.ts";
import { forwardAttempt, forwardEvent } from "./forward-event.ts";
import { messageDecisions } from "./message-decisions.ts";
import type { Admin } from "./parts.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";
import { stepOf } from "./trace-step.ts";
import type { Verbs } from "./verbs.ts";

const maxMessages = 20;
const maxForwards = 20;

/** A message on its way to one recipient: what the store has of it, and what is remembered. */
interface Subject {
  readonly kept: KeptState | null;
  readonly notes: readonly TraceNote[];
  /** Events that name no kept message any more. */
  readonly event: OutboxSummary | null;
}

/** What became of a message: put together from the store, and from what is remembered of the latest ones. */
export function trace({ core }: Admin): Verbs<typeof contract.trace> {
  const { stores, trace: memory } = core;

  const keptUnder = async (key: MessageKey): Promise<KeptState | null> => {
    const kept = await stores.archive.find(key.id);
    return kept !== null && kept.key.salt === key.salt ? kept : null;
  };

  const byEvent = async (id: string): Promise<Subject[]> => {
    const event = await stores.outbox.find(id);
    if (event === null) return [];
    const message = await stores.outbox.messageOf(id);
    const kept = message === null ? null : await stores.archive.find(message.id);
    return [{ kept, notes: kept === null ? [] : memory.find(isAbout(kept.key)), event: kept === null ? event : null }];
  };

  const byKey = async (key: MessageKey): Promise<Subject[]> => {
    const kept = await keptUnder(key);
    const notes = memory.find((note) => isSame(note.key, key) || isSame(note.ownKey, key));
    const subjects = await fromNotes(notes);
    // What a sender keeps is nobody's way, unless it is remembered whose.
    return subjects.length > 0 || kept === null ? subjects : [{ kept, notes: [], event: null }];
  };

  const fromNotes = (notes: readonly TraceNote[]): Promise<Subject[]> =>
    Promise.all(
      [...Map.groupBy(notes, nameOf).values()].map(async (own) => {
        const key = own.find((note) => note.key !== undefined)?.key;
        return { kept: key === undefined ? null : await keptUnder(key), notes: own, event: null };
      }),
    );

  const find = async (id: string): Promise<Subject[]> => {
    const key = parseStanzaId(id);
    if (key !== undefined) {
      const subjects = await byKey(key);
      if (subjects.length > 0) return subjects;
    }
    const events = await byEvent(id);
    return events.length > 0 ? events : fromNotes(memory.find((note) => note.id === id || note.originId === id));
  };

  const eventsOf = async ({ kept, event }: Subject): Promise<TracedMessage["forwards"]> => {
    const about =
      kept === null || kept.isOwn ? [] : await stores.outbox.about(`${kept.local}@${kept.host}`, [kept.key.id]);
    const events = event === null ? about.map((one) => one.event) : [event];
    const details = await Promise.all(events.slice(0, maxForwards).map(({ id }) => stores.outbox.find(id)));
    return details.flatMap((detail) =>
      detail === null
        ? []
        : [
            {
              ...forwardEvent(detail),
              attemptList: detail.attemptList.map((record) => {
                const { request: _, response: __, ...attempt } = forwardAttempt(record);
                return attempt;
              }),
            },
          ],
    );
  };

  const describe = async (subject: Subject): Promise<TracedMessage> => {
    const forwards = await eventsOf(subject);
    const { kept, notes, event } = subject;
    const [first] = notes;
    const stanza = kept === null ? null : Stanza.parse(kept.xml);
    const owner = kept === null ? null : `${kept.local}@${kept.host}`;
    const to = first?.to ?? (kept?.isOwn === true ? kept.peer : owner) ?? event!.user;
    const acked = forwards.flatMap(({ ackedAt }) => ackedAt ?? []).toSorted()[0] ?? null;
    return {
      stanzaId: kept === null ? null : formatStanzaId(kept.key),
      id: first?.id ?? stanza?.id ?? null,
      originId: first?.originId ?? stanza?.child("origin-id", NS.stanzaId)?.attr("id") ?? null,
      from: first?.from ?? (kept?.isOwn === true ? owner! : kept?.peer) ?? event!.from,
      to,
      host: Jid.parse(to).domain,
      type: kept?.type ?? event?.type ?? null,
      bytes: kept === null ? null : Buffer.byteLength(kept.xml),
      at: timestamp(kept?.at ?? first?.at ?? event!.createdAt),
      steps: [...received(subject), ...notes.map(stepOf), ...nowIn(kept, acked)],
      forwards,
    };
  };

  return {
    decisions: ({ jid, limit }) => messageDecisions(core, accountJid(core, jid), limit),

    async get({ id }, call) {
      const subjects = await find(id.trim());
      const messages = await Promise.all(subjects.slice(0, maxMessages).map(describe));
      const seen = messages.filter(({ host }) => isHeldTo(call, host));
      if (seen.length === 0) throw refused("not-found", "untraceable", { id });
      return { messages: seen, memorySince: timestampOrNull(memory.since) };
    },
  };
}

function isHeldTo(call: Call, host: string): boolean {
  const hosts = call.hosts();
  return hosts === undefined || hosts.includes(host);
}

function isSame(one: MessageKey | undefined, other: MessageKey): boolean {
  return one !== undefined && one.id === other.id && one.salt === other.salt;
}

function isAbout(key: MessageKey): (note: TraceNote) => boolean {
  return (note) => isSame(note.key, key);
}

/** Notes of one message on its way to one recipient have this in common. */
function nameOf({ from, to, id }: TraceNote): string {
  return `${from}\n${to}\n${id}`;
}

function received({ kept, notes: [first], event }: Subject): TraceStep[] {
  // What the store says is rounded: nothing was decided before it came.
  const at = kept === null ? (first?.at ?? event?.createdAt) : Math.min(kept.at, first?.at ?? kept.at);
  if (at === undefined) return [];
  const source = kept === null && first !== undefined ? "memory" : "store";
  return [{ kind: "received", at: timestamp(at), by: null, detail: null, source }];
}

/** Where the store has it now. `ackedAt`: when a client confirmed it, if an event says so. */
function nowIn(kept: KeptState | null, ackedAt: string | null): TraceStep[] {
  if (kept === null) return [];
  const steps: TraceStep[] = [];
  const base = { by: null, detail: null, source: "store" } as const;
  if (kept.isWaiting) steps.push({ ...base, kind: "waiting", at: null });
  else if (kept.wasWaiting) steps.push({ ...base, kind: "taken", at: ackedAt });
  if (kept.isArchived) steps.push({ ...base, kind: "archived", at: null });
  return steps;
}
