import type { MessageKey } from "../storage/ports.ts";
import { detached } from "../xmpp/detached.ts";
import { StanzaError } from "../xmpp/errors.ts";
import { NS } from "../xmpp/namespaces.ts";
import type { Stanza } from "../xmpp/stanza.ts";
import type { Clock } from "./clock.ts";
import type { MessageDelivery, OfflineDelivery, OfflineOutcome, StampedMessage } from "./hooks.ts";
import type { Host } from "./host.ts";
import type { Packet } from "./router.ts";
import type { Sessions } from "./sessions.ts";

/**
 * One thing that was decided about a message. `kept`: the recipient's account keeps it, under this key. `dropped`: it went
 * no further. `given`: resources got it. `away`: what became of it because nobody could take it.
 */
export interface TraceNote {
  readonly at: number;
  readonly what: "kept" | "dropped" | "given" | "away";
  /** The module that decided; null: nobody had to. */
  readonly by: string | null;
  /** For `away`: `stored`, `ignored` or the condition of the error; for `dropped`: the hook. */
  readonly outcome: string;
  /** What the sender's client calls it, and calls it elsewhere (XEP-0359 3). */
  readonly id: string | undefined;
  readonly originId: string | undefined;
  readonly from: string;
  readonly to: string;
  /** The key of the recipient's account, and that of the sender's own. */
  readonly key: MessageKey | undefined;
  readonly ownKey: MessageKey | undefined;
  /** Resources that were given it. */
  readonly resources: readonly string[];
  /** How many forwards were planned. */
  readonly forwards: number;
}

const capacity = 8_192;
/** Characters of an id; nobody looks for a message by a longer one, and 8,192 of any length would be no bound. */
const longestId = 256;
const nobody: readonly string[] = [];

/**
 * What was decided about the latest messages, in memory: their names and addresses, nothing of what is in them. A message
 * makes two or three notes; when there is no room the oldest go.
 */
export class Trace {
  readonly #clock: Clock;
  readonly #sessions: Sessions;
  readonly #notes: TraceNote[] = [];
  #next = 0;

  constructor(clock: Clock, sessions: Sessions) {
    this.#clock = clock;
    this.#sessions = sessions;
  }

  /** From now on, what the modules of the host decide is noted. */
  follow({ hooks }: Host): void {
    hooks.observe("stanza/sent", (by, packet) => this.#dropped(by, packet, "stanza/sent"));
    hooks.observe("stanza/incoming", (by, packet) => this.#dropped(by, packet, "stanza/incoming"));
    hooks.observe("message/stamp", (by, packet, kept) => this.#kept(by, packet, kept));
    hooks.observe("message/offline", (by, delivery, outcome) => this.#away(by, delivery, outcome));
    hooks.add("trace", "message/delivered", (delivery) => this.#given(delivery), 1_000);
  }

  /** The notes that match, oldest first. */
  find(matches: (note: TraceNote) => boolean): TraceNote[] {
    const found = [...this.#notes.slice(this.#next), ...this.#notes.slice(0, this.#next)];
    return found.filter(matches);
  }

  /** Since when notes are kept without a gap, ms since the epoch; null: there is none yet. */
  get since(): number | null {
    return (this.#notes.length < capacity ? this.#notes[0] : this.#notes[this.#next])?.at ?? null;
  }

  #dropped(by: string, packet: Packet, hook: string): void {
    if (packet.stanza.kind === "message") this.#note("dropped", by, hook, packet, undefined, nobody, 0);
  }

  #kept(by: string, packet: Packet, { key }: StampedMessage): void {
    this.#note("kept", by, "", packet, key, nobody, 0);
  }

  #away(by: string, { packet, kept, forwards }: OfflineDelivery, outcome: OfflineOutcome): void {
    const word = outcome instanceof StanzaError ? outcome.condition : outcome;
    this.#note("away", by, word, packet, kept?.key, nobody, forwards.length);
  }

  #given({ packet, kept, wasGiven, refused }: MessageDelivery): undefined {
    if (refused !== undefined) return;
    const resources: string[] = [];
    for (const session of this.#sessions.of(packet.to)) if (wasGiven(session)) resources.push(session.jid.resource);
    this.#note("given", null, "", packet, kept?.key, resources, 0);
  }

  #note(
    what: TraceNote["what"],
    by: string | null,
    outcome: string,
    { stanza, from, to, keptAs }: Packet,
    key: MessageKey | undefined,
    resources: readonly string[],
    forwards: number,
  ): void {
    this.#notes[this.#next] = {
      at: this.#clock.now(),
      what,
      by,
      outcome,
      id: keptId(stanza.id),
      originId: keptId(originIdOf(stanza)),
      from: from.full,
      to: to.full,
      key,
      ownKey: keptAs,
      resources,
      forwards,
    };
    this.#next = (this.#next + 1) % capacity;
  }
}

function keptId(id: string | undefined): string | undefined {
  return id === undefined || id.length > longestId ? undefined : detached(id);
}

function originIdOf(stanza: Stanza): string | undefined {
  return stanza.has("origin-id", NS.stanzaId) ? stanza.child("origin-id", NS.stanzaId)?.attr("id") : undefined;
}
