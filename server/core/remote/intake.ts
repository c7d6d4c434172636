import type { XmppStream } from "../../net/stream.ts";
import { StreamError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { HeldAnswers } from "../held-answers.ts";
import type { Router } from "../router.ts";
import type { Origin } from "../session.ts";
import type { DomainPair } from "./negotiation.ts";

/** Takes the stanzas of another server, one at a time, and sends the answers where stanzas for their addresses go. */
export class Intake implements Origin {
  readonly session = null;
  readonly #stream: XmppStream;
  readonly #router: Router;
  readonly #answers: HeldAnswers;
  #isBusy = false;
  #onIdle: (() => void)[] = [];
  received = 0;

  constructor(stream: XmppStream, router: Router) {
    this.#stream = stream;
    this.#router = router;
    this.#answers = new HeldAnswers((stanza) => void router.send(stanza));
  }

  answer(stanza: Stanza): void {
    this.#answers.answer(stanza);
  }

  awaitCommit(commit: Promise<unknown>, hurry?: () => void): void {
    this.#answers.awaitCommit(commit, hurry);
  }

  /**
   * Nothing further is read while one is being dealt with, so that the order is kept. `isProved`: whether the peer speaks for a
   * domain towards one that is served here. Throws StreamError: both addresses have to be proved (RFC 6120 8.1.1.2, 8.1.2.2).
   */
  take(stanza: Stanza, isProved: (pair: DomainPair) => boolean): void {
    const from = Jid.tryParse(stanza.from ?? "");
    const to = Jid.tryParse(stanza.to ?? "");
    if (from === undefined) throw new StreamError("invalid-from");
    if (to === undefined) throw new StreamError("improper-addressing");
    if (!isProved({ local: to.domain, remote: from.domain })) throw new StreamError("invalid-from");
    this.received += 1;
    const pending = this.#router.fromPeer(this, from, stanza);
    if (pending === undefined) return;
    this.#isBusy = true;
    this.#stream.pauseReading();
    pending.then(this.#idle, (error: unknown) => {
      this.#stream.fail(error);
      this.#idle();
    });
  }

  /** Runs `end` once everything taken has been dealt with. */
  settle(end: () => void): void {
    if (this.#isBusy) this.#onIdle.push(end);
    else end();
  }

  /** The same, once it is on disk as well; `taken`: how many stanzas that are. */
  onceSettled(settled: (taken: number) => void): void {
    const taken = this.received;
    this.settle(() => this.#answers.inTurn(() => settled(taken)));
  }

  readonly #idle = (): void => {
    this.#isBusy = false;
    this.#stream.resumeReading();
    for (const callback of this.#onIdle.splice(0)) callback();
  };
}
