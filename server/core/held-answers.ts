import type { Stanza } from "../xmpp/stanza.ts";

/** Holds back the answers of a peer's stanzas until the writes that were under way before them are on disk. */
export class HeldAnswers {
  readonly #write: (stanza: Stanza) => void;
  readonly #held: { readonly after: number; readonly stanza: Stanza }[] = [];
  #begun = 0;
  #done = 0;

  constructor(write: (stanza: Stanza) => void) {
    this.#write = write;
  }

  answer(stanza: Stanza): void {
    if (this.#begun === this.#done) this.#write(stanza);
    else this.#held.push({ after: this.#begun, stanza });
  }

  awaitCommit(commit: Promise<unknown>): void {
    this.#begun += 1;
    commit.then(this.#committed, this.#committed);
  }

  readonly #committed = (): void => {
    this.#done += 1;
    let sent = 0;
    while (sent < this.#held.length && this.#held[sent]!.after <= this.#done) sent += 1;
    for (const { stanza } of this.#held.splice(0, sent)) this.#write(stanza);
  };
}
