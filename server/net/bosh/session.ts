import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { StreamError } from "../../xmpp/errors.ts";
import { escapeAttribute } from "../../xmpp/escape.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { type Carrier, errorText, type Framing, type Traffic } from "../carrier.ts";
import type { ConnectionOwner } from "../connection.ts";
import type { Peer } from "../http/peer.ts";
import { Reading } from "../reading.ts";
import { type Rate, TokenBucket } from "../shaper.ts";
import { TurnQueue } from "../turns.ts";
import { standalone } from "../websocket/framing.ts";
import { type BoshBody, type BoshCondition, count, NS_XBOSH, terminateBody, writeBody } from "./body.ts";
import { KeySequence } from "./keys.ts";
import { type Reply, Responses } from "./responses.ts";

/** Seconds, as they are told the client. */
const maxWait = 60;
const maxHold = 2;
const inactivity = 60;
/** Somebody who polls asks when they like, and may need longer. */
const pollingInactivity = 120;
const polling = 2;
const maxPause = 120;

const minorVersion = 11;

const maxUnsentLength = 1024 * 1024;
/** Requests a second, of a client that is in a hurry. */
const requestRate: Rate = { rate: 50, burst: 200 };
/** While that much waits to be read, requests are not answered, so that the client cannot send more. */
const maxWaiting = 64;

const turns = new TurnQueue<BoshSession>((session) => session.flush());

/**
 * A session of requests that make up one stream (XEP-0124, XEP-0206). What a request carries goes on as the frames of RFC 7395,
 * and the frames that come back are wrapped in the answers.
 */
export class BoshSession implements Carrier {
  readonly sid = randomBytes(18).toString("base64url");
  readonly address: string;
  readonly port: number;
  readonly transport = "bosh";
  readonly isSecure: boolean;
  // The TLS connections of its requests come and go.
  readonly tls = null;
  readonly bindings = null;
  readonly framing: Framing = {
    isFramed: true,
    header: (_carrier, { id, from }) => this.#answerHeader(id, from),
    element: (_carrier, xml) => this.write(xml.startsWith("<stream:") ? xml : standalone(xml)),
    end: (_carrier, error) => this.#announceEnd(error),
  };
  /** Its client has logged in: requests may be large. */
  isTrusted = false;
  /** What ended it, for a client that has not been told yet. */
  farewell: string | null = null;
  readonly #reply: Reply;
  readonly #wait: number;
  readonly #hold: number;
  readonly #isPolling: boolean;
  readonly #usesAcks: boolean;
  readonly #keys: KeySequence;
  readonly #responses: Responses;
  readonly #reading: Reading;
  readonly #requests: TokenBucket;
  readonly #now: () => number;
  readonly #released: () => void;
  #owner: ConnectionOwner | null = null;
  #nextRid: number;
  /** Requests that came before one with a lower id. */
  readonly #early = new Map<number, { readonly body: BoshBody; readonly response: ServerResponse }>();
  /** Lengths of payloads that the client may not have yet, by the id of the request they answered. */
  readonly #unconfirmed = new Map<number, number>();
  /** Attributes of the first answer; null: it was given. */
  #creation: Record<string, string | undefined> | null;
  #payloads = "";
  #bytesIn = 0;
  #bytesOut = 0;
  #ending: { readonly condition: BoshCondition | undefined } | null = null;
  #idleSince: number;
  #maxIdleMs: number;
  #emptyPollAt: number | null = null;
  #isGone = false;

  constructor(first: BoshBody, peer: Peer, reply: Reply, released: () => void, now: () => number) {
    this.address = peer.address;
    this.port = peer.port;
    this.isSecure = peer.isSecure;
    this.#reply = reply;
    this.#now = now;
    this.#released = released;
    this.#wait = Math.min(count(first.attr("wait"), 65_535) ?? maxWait, maxWait);
    this.#hold = this.#wait === 0 ? 0 : Math.min(count(first.attr("hold"), 255) ?? 1, maxHold);
    this.#isPolling = this.#hold === 0;
    this.#usesAcks = first.ack === 1;
    this.#keys = new KeySequence(first.newKey);
    this.#responses = new Responses(reply, this.#hold + 1);
    this.#reading = new Reading(
      (frame) => {
        this.#bytesIn += frame.length;
        this.#owner?.received(frame, frame.length);
      },
      (isPaused) => {
        if (!isPaused) turns.add(this);
      },
    );
    this.#requests = new TokenBucket(requestRate, now());
    this.#nextRid = first.rid + 1;
    this.#idleSince = now();
    this.#maxIdleMs = this.#inactivity * 1000;
    this.#creation = {
      sid: this.sid,
      wait: String(this.#wait),
      requests: String(this.#hold + 1),
      hold: String(this.#hold),
      inactivity: String(this.#inactivity),
      polling: this.#isPolling ? String(polling) : undefined,
      maxpause: String(maxPause),
      ver: version(first.attr("ver")),
      ack: String(first.rid),
      "xmlns:xmpp": NS_XBOSH,
      "xmpp:version": "1.0",
      "xmpp:restartlogic": "true",
    };
  }

  /** Requests that wait for something to be told. */
  get waiting(): number {
    return this.#responses.waiting;
  }

  get #inactivity(): number {
    return this.#isPolling ? pollingInactivity : inactivity;
  }

  open(owner: ConnectionOwner): void {
    this.#owner = owner;
  }

  /** The request that asked for the session. */
  begin(first: BoshBody, response: ServerResponse): void {
    this.#responses.hold(first.rid, response, this.#now());
    this.#frame(openFrame(first));
    for (const payload of first.payloads) this.#frame(payload);
    turns.add(this);
  }

  /** A further request of the client. */
  request(body: BoshBody, response: ServerResponse): void {
    const now = this.#now();
    if (!this.#requests.tryTake(now)) {
      this.#fail("policy-violation", response);
      return;
    }
    if (body.rid < this.#nextRid) {
      if (!this.#responses.repeat(body.rid, response, writeBody({ type: "error" })))
        this.#fail("item-not-found", response);
      return;
    }
    // XEP-0124 11: one more is for a pause or the end.
    const window = this.#hold + 1 + (body.isTerminate || body.pause !== undefined ? 1 : 0);
    if (body.rid >= this.#nextRid + window || this.#early.has(body.rid)) {
      this.#fail("item-not-found", response);
      return;
    }
    this.#early.set(body.rid, { body, response });
    for (let next = this.#early.get(this.#nextRid); next !== undefined; next = this.#early.get(this.#nextRid)) {
      this.#early.delete(this.#nextRid);
      this.#process(next.body, next.response, now);
      if (this.#isGone) return;
    }
    turns.add(this);
  }

  get unsent(): number {
    let length = this.#payloads.length;
    for (const one of this.#unconfirmed.values()) length += one;
    return length;
  }

  get traffic(): Traffic {
    return { bytesIn: this.#bytesIn, bytesOut: this.#bytesOut };
  }

  write(text: string): void {
    if (this.#ending !== null || this.#isGone) return;
    this.#payloads += text;
    this.#bytesOut += Buffer.byteLength(text);
    if (this.#payloads.length > maxUnsentLength) this.destroy("the peer does not read");
    else turns.add(this);
  }

  /** Answers are apart anyway. */
  flushApart(): void {}

  pauseReading(): void {
    this.#reading.hold();
  }

  resumeReading(): void {
    this.#reading.release();
  }

  shape(rate: Rate | null): void {
    this.#reading.shape(rate);
  }

  startTls(): void {
    throw new Error("BOSH is encrypted by its requests, or never");
  }

  trust(): void {
    this.isTrusted = true;
  }

  /** The stream is closed: so is the session, once what was written is on its way. */
  end(): void {
    this.#reading.end();
    this.#ending ??= { condition: undefined };
    queueMicrotask(() => this.#leave("closed by the server"));
  }

  destroy(reason: string): void {
    if (this.#isGone) return;
    this.#ending ??= { condition: "remote-connection-failed" };
    this.#leave(reason);
  }

  /** The end of a turn: hands out what there is, and holds no more requests than agreed. */
  flush(): void {
    if (this.#isGone) return;
    if (this.#payloads !== "" && this.#responses.waiting > 0) this.#give();
    if (this.#reading.waiting > maxWaiting) return;
    while (this.#responses.waiting > this.#hold) this.#give();
  }

  /** Answers what has waited for long enough, and ends the session when its client has been away for too long. */
  tick(now: number): void {
    for (let since = this.#responses.waitingSince; since !== undefined; since = this.#responses.waitingSince) {
      if (now - since < this.#wait * 1000) return;
      this.#give();
    }
    if (now - this.#idleSince >= this.#maxIdleMs) {
      this.#ending ??= { condition: "item-not-found" };
      this.#leave("the client has not asked for too long");
    }
  }

  #process(body: BoshBody, response: ServerResponse, now: number): void {
    this.#nextRid += 1;
    if (!this.#keys.accepts(body.key, body.newKey)) {
      this.#fail("item-not-found", response);
      return;
    }
    this.#confirm(body);
    this.#maxIdleMs = this.#inactivity * 1000;
    const isEmpty = body.payloads.length === 0 && !body.isTerminate && !body.isRestart && body.pause === undefined;
    if (this.#isPolling && this.#isHasty(isEmpty, now)) {
      this.#fail("policy-violation", response);
      return;
    }
    this.#responses.hold(body.rid, response, now);
    if (body.pause !== undefined && body.pause > 0 && body.pause <= maxPause) {
      // XEP-0124 10: nothing is in those answers.
      while (this.#responses.waiting > 0) this.#answer("");
      this.#maxIdleMs = body.pause * 1000;
      return;
    }
    if (body.isRestart) {
      this.#frame(openFrame(body));
      return;
    }
    for (const payload of body.payloads) this.#frame(payload);
    if (body.isTerminate) this.#frame(`<close xmlns='${NS.framing}'/>`);
  }

  /** XEP-0124 12: two empty requests in a row, the first of which brought nothing, too fast after one another. */
  #isHasty(isEmpty: boolean, now: number): boolean {
    const previous = this.#emptyPollAt;
    this.#emptyPollAt = isEmpty && this.#payloads === "" ? now : null;
    return isEmpty && previous !== null && now - previous < polling * 1000;
  }

  // As with TCP: what was handed out counts as taken once the client has sent something later. Acknowledgements tell more.
  #confirm(body: BoshBody): void {
    const previous = body.rid - 1;
    const upTo = this.#usesAcks ? Math.max(body.ack ?? previous, previous - this.#hold) : previous;
    for (const rid of this.#unconfirmed.keys()) if (rid <= upTo) this.#unconfirmed.delete(rid);
  }

  #frame(xml: string): void {
    if (!this.#isGone) this.#reading.push(Buffer.from(xml));
  }

  #give(): void {
    const payloads = this.#payloads;
    this.#payloads = "";
    if (payloads !== "") this.#emptyPollAt = null;
    this.#answer(payloads);
  }

  #answer(payloads: string): void {
    const rid = this.#responses.next!;
    if (payloads !== "") this.#unconfirmed.set(rid, payloads.length);
    const received = this.#nextRid - 1;
    const attributes = this.#creation ?? { ack: received > rid ? String(received) : undefined };
    this.#creation = null;
    this.#responses.give(writeBody(attributes, payloads));
    this.#idleSince = this.#now();
  }

  #answerHeader(id: string, from: string): void {
    if (this.#creation !== null)
      this.#creation = { ...this.#creation, from: from === "" ? undefined : from, authid: id };
  }

  #announceEnd(error: StreamError | undefined): void {
    if (this.#ending !== null) return;
    if (error === undefined) {
      this.#ending = { condition: undefined };
    } else if (this.#creation !== null && (error.condition === "host-unknown" || error.condition === "host-gone")) {
      this.#ending = { condition: error.condition };
    } else {
      this.#payloads += errorText(error, "");
      this.#ending = { condition: "remote-stream-error" };
    }
  }

  /** Ends the session for a request that breaks the rules. */
  #fail(condition: BoshCondition, response: ServerResponse): void {
    this.#reply(response, terminateBody(condition));
    this.#ending ??= { condition };
    this.#leave(condition);
  }

  /** Answers whatever still waits: the oldest request with the end, the others with nothing (XEP-0124 13). */
  #leave(reason: string): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#reading.end();
    const last = terminateBody(this.#ending?.condition, this.#payloads);
    this.#payloads = "";
    if (this.#responses.waiting === 0) this.farewell = last;
    this.#responses.give(last);
    while (this.#responses.waiting > 0) this.#responses.give(writeBody({}));
    for (const { response } of this.#early.values()) this.#reply(response, writeBody({}));
    this.#early.clear();
    this.#released();
    this.#owner?.disconnected(reason);
  }
}

function openFrame(body: BoshBody): string {
  let text = `<open xmlns='${NS.framing}' version='${escapeAttribute(body.attr(`{${NS_XBOSH}}version`) ?? "1.0")}'`;
  for (const name of ["to", "from", "xml:lang"]) {
    const value = body.attr(name);
    if (value !== undefined) text += ` ${name}='${escapeAttribute(value)}'`;
  }
  return `${text}/>`;
}

/** The lower one of the client's and ours (XEP-0124 7.2). */
function version(theirs: string | undefined): string {
  const match = /^1\.(\d{1,3})$/.exec(theirs ?? "");
  return match !== null && Number(match[1]) < minorVersion ? match[0] : `1.${minorVersion}`;
}
