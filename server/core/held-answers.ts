import type { Stanza } from "../xmpp/stanza.ts";

type Held = { readonly after: number } & ({ readonly stanza: Stanza } | { readonly run: () => void });

/** Holds back the answers of a peer's stanzas until the writes that were under way before them are on disk. */
export class HeldAnswers {
  readonly #write: (stanza: Stanza) => void;
  readonly #held: Held[] = [];
  #hurry: (() => void) | null = null;
  #begun = 0;
  #done = 0;

  constructor(write: (stanza: Stanza) => void) {
    this.#write = write;
  }

  answer(stanza: Stanza): void {
    if (this.#begun === this.#done) this.#write(stanza);
    else this.#hold({ after: this.#begun, stanza });
  }

  /** Runs something in its turn among the answers; at once, if nothing is under way. */
  inTurn(run: () => void): void {
    if (this.#begun === this.#done) run();
    else this.#hold({ after: this.#begun, run });
  }

  /** As `awaitCommit` of an Origin. */
  awaitCommit(commit: Promise<unknown>, hurry?: () => void): void {
    this.#begun += 1;
    if (hurry !== undefined) this.#hurry = hurry;
    commit.then(this.#committed, this.#committed);
  }

  #hold(held: Held): void {
    this.#held.push(held);
    this.#hurry?.();
  }

  readonly #committed = (): void => {
    this.#done += 1;
    let sent = 0;
    while (sent < this.#held.length && this.#held[sent]!.after <= this.#done) sent += 1;
    for (const held of this.#held.splice(0, sent)) {
      if ("stanza" in held) this.#write(held.stanza);
      else held.run();
    }
  };
}
