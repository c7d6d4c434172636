import { randomBytes } from "node:crypto";
import { Jid } from "../xmpp/jid.ts";
import type { Stanza } from "../xmpp/stanza.ts";
import type { Origin } from "./session.ts";

interface Question {
  readonly from: string;
  readonly to: string;
  readonly timer: NodeJS.Timeout;
  settle(answer: Stanza | null): void;
}

/** Iqs that the server has sent on its own behalf and that are not answered yet (RFC 6120 8.2.3). */
export class PendingIqs {
  readonly #questions = new Map<string, Question>();
  /** Takes the answers that come back without being routed: those of handlers here, and bounces. */
  readonly origin: Origin = { answer: (stanza) => void this.take(stanza), awaitCommit() {}, session: null };

  get size(): number {
    return this.#questions.size;
  }

  /**
   * Waits for the answer to an iq, which gets an id of its own and goes out by `send`. Resolves with the result or error, or
   * with null when none has come after `timeoutMs`.
   */
  ask(iq: Stanza, timeoutMs: number, send: (iq: Stanza) => void | Promise<void>): Promise<Stanza | null> {
    const id = randomBytes(15).toString("base64url");
    const { promise, resolve } = Promise.withResolvers<Stanza | null>();
    const settle = (answer: Stanza | null): void => {
      clearTimeout(timer);
      this.#questions.delete(id);
      resolve(answer);
    };
    const timer = setTimeout(settle, timeoutMs, null);
    this.#questions.set(id, { from: iq.from ?? "", to: iq.to ?? "", timer, settle });
    void send(iq.with({ id }));
    return promise;
  }

  /** An answer for the server. Only whoever was asked can give it; false: nobody waits for it. */
  take(answer: Stanza): boolean {
    const question = this.#questions.get(answer.id ?? "");
    if (question === undefined || !isSame(answer.from, question.to) || !isSame(answer.to, question.from)) return false;
    question.settle(answer);
    return true;
  }
}

function isSame(one: string | undefined, other: string): boolean {
  return one === other || (one !== undefined && Jid.tryParse(one)?.full === Jid.tryParse(other)?.full);
}
