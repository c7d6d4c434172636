import type { StanzaRecord } from "@/lib/contracts/stanzas.ts";

const maxOpen = 5_000;

/** The other half of an iq. */
export interface Reply {
  seq: number;
  ms: number;
}

/** Finds the answers to iqs by session and id (RFC 6120 8.2.3), as rows come. */
export class Replies {
  readonly #asked = new Map<string, StanzaRecord>();
  readonly #bySeq = new Map<number, Reply>();

  take(row: StanzaRecord): void {
    if (row.kind !== "iq" || row.id === null) return;
    const isRequest = row.type === "get" || row.type === "set";
    // An answer goes the other way.
    const direction = isRequest ? row.direction : row.direction === "in" ? "out" : "in";
    const key = `${direction} ${row.jid} ${row.id}`;
    if (isRequest) {
      this.#asked.set(key, row);
      if (this.#asked.size > maxOpen) this.#asked.delete(this.#asked.keys().next().value ?? "");
      return;
    }
    const asked = this.#asked.get(key);
    if (asked === undefined) return;
    this.#asked.delete(key);
    const ms = Date.parse(row.at) - Date.parse(asked.at);
    this.#bySeq.set(asked.seq, { seq: row.seq, ms });
    this.#bySeq.set(row.seq, { seq: asked.seq, ms });
  }

  of(seq: number): Reply | undefined {
    return this.#bySeq.get(seq);
  }
}
