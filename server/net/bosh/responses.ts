import type { ServerResponse } from "node:http";
import { writeBody } from "./body.ts";

/** Sends the text of a `<body/>`, with the headers that the endpoint wants. */
export type Reply = (response: ServerResponse, text: string) => void;

interface Held {
  readonly rid: number;
  response: ServerResponse;
  readonly since: number;
  repeats: number;
}

const emptyBody = writeBody({});
/** A client that repeats one request more often than that is not repairing anything. */
const maxRepeats = 10;

/**
 * The requests of a session that wait for their answers, in the order of their ids, and the answers that may have to be given
 * again (XEP-0124 14.3).
 */
export class Responses {
  readonly #reply: Reply;
  readonly #kept: number;
  readonly #held: Held[] = [];
  readonly #given = new Map<number, string>();

  /** `kept`: how many answers are remembered, which is how many requests the client may have under way. */
  constructor(reply: Reply, kept: number) {
    this.#reply = reply;
    this.#kept = kept;
  }

  /** Requests that wait. */
  get waiting(): number {
    return this.#held.length;
  }

  /** Since when the oldest request waits; undefined: none does. */
  get waitingSince(): number | undefined {
    return this.#held[0]?.since;
  }

  /** The id of the request that is answered next. */
  get next(): number | undefined {
    return this.#held[0]?.rid;
  }

  hold(rid: number, response: ServerResponse, since: number): void {
    const held = { rid, response, since, repeats: 0 };
    this.#held.push(held);
    this.#watch(held, response);
  }

  /** Answers the oldest request that waits. */
  give(text: string): void {
    const held = this.#held.shift();
    if (held === undefined) return;
    this.#remember(held.rid, text);
    this.#reply(held.response, text);
  }

  /** A request that was received before. false: its answer is forgotten, or it was repeated too often. */
  repeat(rid: number, response: ServerResponse, superseded: string): boolean {
    const held = this.#held.find((one) => one.rid === rid);
    if (held !== undefined) {
      held.repeats += 1;
      if (held.repeats > maxRepeats) return false;
      const before = held.response;
      held.response = response;
      this.#watch(held, response);
      this.#reply(before, superseded);
      return true;
    }
    const given = this.#given.get(rid);
    if (given === undefined) return false;
    this.#reply(response, given);
    return true;
  }

  // Who lost the connection under a request asks again: the payloads go to the requests that can still be answered.
  #watch(held: Held, response: ServerResponse): void {
    response.once("close", () => {
      if (held.response !== response) return;
      const index = this.#held.indexOf(held);
      if (index < 0) return;
      this.#held.splice(index, 1);
      this.#remember(held.rid, emptyBody);
    });
  }

  #remember(rid: number, text: string): void {
    this.#given.set(rid, text);
    for (const old of this.#given.keys()) {
      if (this.#given.size <= this.#kept) break;
      this.#given.delete(old);
    }
  }
}
