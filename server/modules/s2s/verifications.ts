import { LinkFault } from "../../core/remote/fault.ts";
import type { Links } from "../../core/remote/links.ts";
import type { DomainPair, IncomingNegotiation } from "../../core/remote/negotiation.ts";
import { StreamError } from "../../xmpp/errors.ts";
import { dialbackElement } from "./dialback-element.ts";

export type Verdict = "valid" | "invalid" | LinkFault;

/** Connections here that wait for an answer, in all: each may cost a look-up and a connection of our own. */
const maxPendingInAll = 500;
const answerMs = 20_000;

/** Questions to the servers of domains, whether a key is theirs (XEP-0220 2.2.2), that are not answered yet. */
export class Verifications {
  readonly #links: Links;
  readonly #maxPerStream: number;
  readonly #waiting = new Map<string, (verdict: Verdict) => void>();
  readonly #perStream = new Map<IncomingNegotiation, number>();

  constructor(links: Links, maxPerStream: number) {
    this.#links = links;
    this.#maxPerStream = maxPerStream;
  }

  /**
   * Asks the server of `pair.remote` about a key that came on `stream`. Throws StreamError for a peer that wants too much at a
   * time.
   */
  async verify(stream: IncomingNegotiation, pair: DomainPair, key: string): Promise<Verdict> {
    const pending = this.#perStream.get(stream) ?? 0;
    if (pending >= this.#maxPerStream) throw new StreamError("policy-violation", "too many domains at a time");
    if (this.#waiting.size >= maxPendingInAll) return new LinkFault("overload", "too many servers are being checked");
    const name = nameOf(pair, stream.id);
    if (this.#waiting.has(name)) return new LinkFault("overload", "it is being checked already");
    this.#perStream.set(stream, pending + 1);
    const { promise, resolve } = Promise.withResolvers<Verdict>();
    this.#waiting.set(name, resolve);
    const limit = setTimeout(() => resolve(new LinkFault("timeout", "no answer in time")), answerMs).unref();
    const text = dialbackElement("verify", pair, key, stream.id);
    this.#links.ask(pair, { ask: (outgoing) => outgoing.write(text), failed: resolve });
    const verdict = await promise;
    clearTimeout(limit);
    this.#waiting.delete(name);
    const left = (this.#perStream.get(stream) ?? 1) - 1;
    if (left === 0) this.#perStream.delete(stream);
    else this.#perStream.set(stream, left);
    return verdict;
  }

  /** The server of `pair.remote` has answered. */
  answered(pair: DomainPair, streamId: string, type: string): void {
    const resolve = this.#waiting.get(nameOf(pair, streamId));
    if (type === "valid" || type === "invalid") resolve?.(type);
    else resolve?.(new LinkFault("not-proved", "the server does not know the domain"));
  }
}

function nameOf({ local, remote }: DomainPair, streamId: string): string {
  return `${local} ${remote} ${streamId}`;
}
