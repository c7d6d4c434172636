import { derivationFor, type ScramMechanism } from "../../core/credentials.ts";
import type { NegotiatingStream } from "../../core/negotiation.ts";
import type { LoginMark } from "../../core/revocations.ts";
import { el, type Element } from "../../xmpp/element.ts";
import type { Jid } from "../../xmpp/jid.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { decodeData, encodeData } from "./base64.ts";
import { SaslError } from "./mechanism.ts";
import { NS_SASL2, NS_SCRAM_UPGRADE, NS_UPGRADE } from "./namespaces.ts";

/** What is missing on most streams. */
export const none: readonly ScramMechanism[] = [];
const missingOn = new WeakMap<NegotiatingStream, readonly ScramMechanism[]>();

/** Finds out what the account that the client's header names has no keys for; undefined: nothing, as far as anybody knows. */
export function lookForMissing(stream: NegotiatingStream): Promise<void> | undefined {
  const { account, core, from, host } = stream;
  const { missingKeys } = core.accounts;
  missingOn.delete(stream);
  if (account !== null || from === null || !missingKeys.mayBeOn(host.name)) return undefined;
  return missingKeys.of(from).then((missing) => {
    missingOn.set(stream, missing);
  });
}

/** SCRAM mechanisms that would not let in the account that the client's header names. */
export function missingFor(stream: NegotiatingStream): readonly ScramMechanism[] {
  return missingOn.get(stream) ?? none;
}

/** The tasks that lead to keys for these mechanisms (XEP-0480 2.1). */
export function upgradeOffers(mechanisms: readonly ScramMechanism[]): Element[] {
  return mechanisms.map((mechanism) => el("upgrade", NS_UPGRADE, undefined, taskOf(mechanism)));
}

/** Those of the mechanisms that the client wants to derive keys for (XEP-0480 2.2). */
export function wantedUpgrades(request: Element, mechanisms: readonly ScramMechanism[]): ScramMechanism[] {
  const wanted = new Set(request.elements("upgrade", NS_UPGRADE).map(({ text }) => text));
  return mechanisms.filter((mechanism) => wanted.has(taskOf(mechanism)));
}

/** A login that has come out well, and is over when its client has derived the keys that its account lacks (XEP-0480 3). */
export class Upgrade {
  readonly account: Jid;
  readonly #stream: NegotiatingStream;
  readonly #mark: LoginMark;
  /** The first one is under way. */
  readonly #waiting: ScramMechanism[];
  #derivation: ReturnType<typeof derivationFor> | null = null;

  constructor(stream: NegotiatingStream, account: Jid, mark: LoginMark, waiting: ScramMechanism[]) {
    this.#stream = stream;
    this.account = account;
    this.#mark = mark;
    this.#waiting = waiting;
  }

  /** Asks for the next task. `data`: what the mechanism has to say with its success, the first time (XEP-0388 2.6.3). */
  ask(data?: Buffer): Element {
    return el(
      "continue",
      NS_SASL2,
      undefined,
      data && el("additional-data", NS_SASL2, undefined, encodeData(data)),
      el("tasks", NS_SASL2, undefined, el("task", NS_SASL2, undefined, taskOf(this.#waiting[0]!))),
    );
  }

  /** Takes what the client answers; resolves with what it is told next, null when nothing is left to do. Throws SaslError. */
  async take({ name, element }: Stanza): Promise<Element | null> {
    if (name === "abort") throw new SaslError("aborted");
    const [mechanism] = this.#waiting;
    if (mechanism === undefined) throw new SaslError("malformed-request", "there is no task");
    if (name === "next" && this.#derivation === null) return this.#begin(mechanism, element);
    if (name === "task-data" && this.#derivation !== null) return this.#finish(mechanism, element, this.#derivation);
    throw new SaslError("malformed-request", "not what the task is about");
  }

  #begin(mechanism: ScramMechanism, next: Element): Element {
    if (next.attr("task") !== taskOf(mechanism)) throw new SaslError("malformed-request", "another task");
    const { salt, iterations } = (this.#derivation = derivationFor(mechanism));
    return el(
      "task-data",
      NS_SASL2,
      undefined,
      el("salt", NS_SCRAM_UPGRADE, { iterations: String(iterations) }, encodeData(salt)),
    );
  }

  async #finish(
    mechanism: ScramMechanism,
    answer: Element,
    { salt, iterations, bytes }: ReturnType<typeof derivationFor>,
  ): Promise<Element | null> {
    const saltedPassword = decodeData(answer.childText("hash", NS_SCRAM_UPGRADE) ?? "");
    if (saltedPassword.length !== bytes) throw new SaslError("malformed-request", "not the length of the hash");
    const { missingKeys } = this.#stream.core.accounts;
    await missingKeys.add(this.account, mechanism, { salt, iterations, saltedPassword }, this.#mark);
    this.#derivation = null;
    this.#waiting.shift();
    return this.#waiting.length === 0 ? null : this.ask();
  }
}

function taskOf(mechanism: ScramMechanism): string {
  return `UPGR-${mechanism}`;
}
