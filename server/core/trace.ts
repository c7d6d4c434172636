import type { MessageKey } from "../storage/ports.ts";
import { detached } from "../xmpp/detached.ts";
import { StanzaError } from "../xmpp/errors.ts";
import { NS } from "../xmpp/namespaces.ts";
import type { Stanza } from "../xmpp/stanza.ts";
import type { Clock } from "./clock.ts";
import type { MessageDelivery, OfflineDelivery, OfflineOutcome } from "./hooks.ts";
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
const nobody: readonly string[] = [];
/** Characters of an id; nobody looks for a message by a longer one, and 8,192 of any length would be no bound. */
const longestId = 256;

/** Where a note is kept, written over again and again: what lives as long as notes do costs the collector more than it says. */
class Slot {
  at = NaN;
  what: TraceNote["what"] = "kept";
  by: string | null = null;
  outcome = "";
  id: string | undefined = undefined;
  originId: string | undefined = undefined;
  from = "";
  to = "";
  keyId = NaN;
  keySalt = NaN;
  ownKeyId = NaN;
  ownKeySalt = NaN;
  /** Most messages are given to one. */
  resource: string | undefined = undefined;
  otherResources: readonly string[] = nobody;
  forwards = 0;

  get note(): TraceNote {
    const { at, what, by, outcome, id, originId, from, to, resource, otherResources, forwards } = this;
    return {
      at,
      what,
      by,
      outcome,
      id,
      originId,
      from,
      to,
      key: keyOf(this.keyId, this.keySalt),
      ownKey: keyOf(this.ownKeyId, this.ownKeySalt),
      resources: resource === undefined ? otherResources : [resource, ...otherResources],
      forwards,
    };
  }
}

/**
 * What was decided about the latest messages, in memory: their names and addresses, nothing of what is in them. A message
 * makes two or three notes; when there is no room the oldest go.
 */
export class Trace {
  readonly #clock: Clock;
  readonly #sessions: Sessions;
  readonly #slots: Slot[] = [];
  #next = 0;
  #id: string | undefined;

  constructor(clock: Clock, sessions: Sessions) {
    this.#clock = clock;
    this.#sessions = sessions;
  }

  /** From now on, what the modules of the host decide is noted. */
  follow({ hooks }: Host): void {
    hooks.observe("stanza/sent", (by, packet) => this.#dropped(by, packet, "stanza/sent"));
    hooks.observe("stanza/incoming", (by, packet) => this.#dropped(by, packet, "stanza/incoming"));
    hooks.observe("message/stamp", (by, packet, { key }) => void this.#note("kept", by, "", packet, key));
    hooks.observe("message/offline", (by, delivery, outcome) => this.#away(by, delivery, outcome));
    hooks.add("trace", "message/delivered", (delivery) => this.#given(delivery), 1_000);
  }

  /** The notes that match, oldest first. */
  find(matches: (note: TraceNote) => boolean): TraceNote[] {
    const inOrder = [...this.#slots.slice(this.#next), ...this.#slots.slice(0, this.#next)];
    return inOrder.map(({ note }) => note).filter(matches);
  }

  /** Since when notes are kept without a gap, ms since the epoch; null: there is none yet. */
  get since(): number | null {
    return (this.#slots.length < capacity ? this.#slots[0] : this.#slots[this.#next])?.at ?? null;
  }

  #dropped(by: string, packet: Packet, hook: string): void {
    if (packet.stanza.kind === "message") this.#note("dropped", by, hook, packet, undefined);
  }

  #away(by: string, { packet, kept, forwards }: OfflineDelivery, outcome: OfflineOutcome): void {
    const word = outcome instanceof StanzaError ? outcome.condition : outcome;
    this.#note("away", by, word, packet, kept?.key).forwards = forwards.length;
  }

  #given({ packet, kept, wasGiven, refused }: MessageDelivery): undefined {
    if (refused !== undefined) return;
    const slot = this.#note("given", null, "", packet, kept?.key);
    for (const session of this.#sessions.of(packet.to)) {
      if (!wasGiven(session)) continue;
      const { resource } = session.jid;
      if (slot.resource === undefined) slot.resource = resource;
      else slot.otherResources = [...slot.otherResources, resource];
    }
  }

  #note(
    what: TraceNote["what"],
    by: string | null,
    outcome: string,
    { stanza, from, to, keptAs }: Packet,
    key: MessageKey | undefined,
  ): Slot {
    const slot = (this.#slots[this.#next] ??= new Slot());
    this.#next = (this.#next + 1) % capacity;
    slot.at = this.#clock.now();
    slot.what = what;
    slot.by = by;
    slot.outcome = outcome;
    slot.id = this.#kept(stanza.id);
    slot.originId = this.#kept(originIdOf(stanza));
    slot.from = from.full;
    slot.to = to.full;
    slot.keyId = key?.id ?? NaN;
    slot.keySalt = key?.salt ?? NaN;
    slot.ownKeyId = keptAs?.id ?? NaN;
    slot.ownKeySalt = keptAs?.salt ?? NaN;
    slot.resource = undefined;
    slot.otherResources = nobody;
    slot.forwards = 0;
    return slot;
  }

  /** The notes of a message come one after the other, and share its id. */
  #kept(id: string | undefined): string | undefined {
    if (id === undefined || id.length > longestId) return undefined;
    if (id !== this.#id) this.#id = detached(id);
    return this.#id;
  }
}

function keyOf(id: number, salt: number): MessageKey | undefined {
  return Number.isNaN(id) ? undefined : { id, salt };
}

function originIdOf(stanza: Stanza): string | undefined {
  return stanza.has("origin-id", NS.stanzaId) ? stanza.child("origin-id", NS.stanzaId)?.attr("id") : undefined;
}
