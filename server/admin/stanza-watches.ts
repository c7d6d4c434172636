import { randomBytes } from "node:crypto";
import type { StanzaFilter, StanzaRecord, StanzaWatch } from "../../lib/contracts/stanzas.ts";
import type { Clock } from "../core/clock.ts";
import type { Session } from "../core/session.ts";
import { tapStanzas } from "../core/tap.ts";
import type { Stanza } from "../xmpp/stanza.ts";
import { StanzaPace } from "./stanza-pace.ts";
import { viewOf } from "./stanza-view.ts";
import { timestamp } from "./timestamp.ts";

/** A watch ends by itself after this time. */
export const watchMs = 15 * 60_000;
const maxWatches = 32;

interface Watch {
  readonly id: string;
  readonly by: string;
  readonly filter: StanzaFilter;
  /** Hosts that whoever watches is held to; undefined: all. */
  readonly hosts: readonly string[] | undefined;
  readonly startedAt: number;
  readonly timer: NodeJS.Timeout;
  readonly pace: StanzaPace;
  isRevealed: boolean;
  seq: number;
}

/** What becomes of the watches: rows for whoever follows one, and the end of one. */
export interface WatchListener {
  row(record: StanzaRecord): void;
  ended(watch: string): void;
}

/**
 * Who may look at which traffic just now. Sessions are tapped only while somebody follows a watch, and what a watch does
 * not ask for is not turned into text.
 */
export class StanzaWatches {
  readonly #clock: Clock;
  readonly #watches = new Map<string, Watch>();
  #open: readonly Watch[] = [];
  #untap: (() => void) | null = null;
  #listener: WatchListener | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  listen(listener: WatchListener): void {
    this.#listener = listener;
  }

  /** null: there are too many. */
  start(filter: StanzaFilter, hosts: readonly string[] | undefined, by: string): StanzaWatch | null {
    if (this.#watches.size >= maxWatches) return null;
    const id = randomBytes(12).toString("base64url");
    const startedAt = this.#clock.now();
    const timer = setTimeout(() => this.end(id), watchMs).unref();
    const watch = { id, by, filter, hosts, startedAt, timer, pace: new StanzaPace(), isRevealed: false, seq: 0 };
    this.#watches.set(id, watch);
    return this.#describe(watch);
  }

  /** Texts are shown from now on. */
  reveal(id: string): StanzaWatch | undefined {
    const watch = this.#watches.get(id);
    if (watch === undefined) return undefined;
    watch.isRevealed = true;
    return this.#describe(watch);
  }

  /** Whose watch it is; undefined: it is over. */
  ownerOf(id: string): string | undefined {
    return this.#watches.get(id)?.by;
  }

  list(): readonly StanzaWatch[] {
    return Array.from(this.#watches.values(), (watch) => this.#describe(watch));
  }

  end(id: string): boolean {
    const watch = this.#watches.get(id);
    if (watch === undefined) return false;
    clearTimeout(watch.timer);
    this.#watches.delete(id);
    this.follow(new Set(this.#open.map((open) => open.id)));
    this.#listener?.ended(id);
    return true;
  }

  /** These are followed just now, and no other. */
  follow(ids: ReadonlySet<string>): void {
    this.#open = [...this.#watches.values()].filter(({ id }) => ids.has(id));
    if (this.#open.length > 0) this.#untap ??= tapStanzas(this.#see);
    else {
      this.#untap?.();
      this.#untap = null;
    }
  }

  close(): void {
    for (const { timer } of this.#watches.values()) clearTimeout(timer);
    this.#watches.clear();
    this.follow(new Set());
  }

  readonly #see = (direction: "in" | "out", session: Session, stanza: Stanza): void => {
    if (stanza.kind === "nonza") return;
    for (const watch of this.#open) {
      if (!isWanted(watch, direction, session, stanza) || !watch.pace.admits(performance.now())) continue;
      watch.seq += 1;
      this.#listener?.row({
        watch: watch.id,
        seq: watch.seq,
        at: timestamp(this.#clock.now()),
        direction,
        jid: session.jid.full,
        kind: stanza.kind,
        missed: watch.pace.takeMissed(),
        ...viewOf(stanza, watch.isRevealed),
      });
    }
  };

  #describe({ id, by, filter, startedAt, isRevealed, pace, seq }: Watch): StanzaWatch {
    return {
      id,
      by,
      filter,
      startedAt: timestamp(startedAt),
      expiresAt: timestamp(startedAt + watchMs),
      revealed: isRevealed,
      open: this.#open.some((watch) => watch.id === id),
      matched: pace.matched,
      shown: seq,
    };
  }
}

function isWanted({ filter, hosts }: Watch, direction: "in" | "out", session: Session, stanza: Stanza): boolean {
  if (filter.direction !== undefined && filter.direction !== direction) return false;
  if (filter.kind !== undefined && filter.kind !== stanza.kind) return false;
  if (hosts !== undefined && !hosts.includes(session.host.name)) return false;
  if (filter.ns !== undefined && stanza.children.every(({ ns }) => ns !== filter.ns)) return false;
  const { jid } = filter;
  return jid === undefined || isOf(session.jid.full, jid) || isOf(stanza.from, jid) || isOf(stanza.to, jid);
}

function isOf(address: string | undefined, wanted: string): boolean {
  if (address === undefined || !address.startsWith(wanted)) return false;
  return address.length === wanted.length || address[wanted.length] === "/";
}
