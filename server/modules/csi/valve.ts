import type { Session } from "../../core/session.ts";
import type { SessionValve } from "../../core/valve.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { waitsAs } from "./importance.ts";

/** What may wait for one client, in UTF-16 units: others choose how long it is. */
const maxLength = 256 * 1024;

/** Keeps back for a client that nobody looks at what can wait, the newest of each, until something comes that cannot. */
export class Valve implements SessionValve {
  readonly #session: Session;
  readonly #maxKept: number;
  readonly #kept = new Map<string, Stanza>();
  #length = 0;
  isInactive = true;

  constructor(session: Session, maxKept: number) {
    this.#session = session;
    this.#maxKept = maxKept;
  }

  keeps(stanza: Stanza): boolean {
    if (!this.isInactive) return false;
    const key = waitsAs(stanza);
    if (key === null) {
      this.#pass();
      return false;
    }
    // Newest last: what goes out keeps its order.
    const older = this.#kept.get(key);
    if (older !== undefined) this.#length -= older.toString().length;
    this.#kept.delete(key);
    this.#kept.set(key, stanza);
    this.#length += stanza.toString().length;
    if (this.#kept.size > this.#maxKept || this.#length > maxLength) this.#pass();
    return true;
  }

  /** Somebody looks again. */
  open(): void {
    this.isInactive = false;
    this.#pass();
  }

  #pass(): void {
    if (this.#kept.size === 0) return;
    const kept = [...this.#kept.values()];
    this.#kept.clear();
    this.#length = 0;
    for (const stanza of kept) this.#session.pass(stanza);
  }
}
