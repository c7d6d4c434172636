import type { IncomingMessage, ServerResponse } from "node:http";
import { StreamError } from "../../xmpp/errors.ts";
import { preAuthLimits } from "../../xmpp/limits.ts";
import type { AddressLimits } from "../address-limits.ts";
import { contentOf } from "../http/content.ts";
import type { AllowedOrigins } from "../http/origins.ts";
import type { Peer } from "../http/peer.ts";
import { refuse } from "../http/refuse.ts";
import { type BoshBody, type BoshCondition, maxBodyBytes, peekSid, readBody, terminateBody } from "./body.ts";
import { BoshSession } from "./session.ts";

export interface BoshOptions {
  /** Shared by everything that clients' connections are counted by. A session counts as a connection. */
  readonly limits: AddressLimits;
  readonly origins: AllowedOrigins;
  peerOf(request: IncomingMessage): Peer;
  /** Whether streams that somebody could read along are taken at all. */
  readonly mayBeInsecure: boolean;
  /** Makes a stream of what `open` gives it; false: there is no room, and `open` was not called. */
  accept(open: (released: () => void) => BoshSession): boolean;
  readonly now?: () => number;
}

const tickMs = 1_000;
/** Sessions that ended while no request was waiting, whose clients are told with their next one. */
const maxFarewells = 1_000;
const maxFarewellLength = 64 * 1024;

/** What a page must not make of an answer that it has a browser show: other people's stanzas are in it. */
const headers = {
  "content-type": "text/xml; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; sandbox",
  "x-content-type-options": "nosniff",
};

/** Where clients that have nothing but HTTP requests have their streams (XEP-0124, XEP-0206). */
export class BoshEndpoint {
  readonly #options: BoshOptions;
  readonly #now: () => number;
  readonly #sessions = new Map<string, BoshSession>();
  readonly #farewells = new Map<string, string>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: BoshOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Sessions that have not ended. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Requests that wait for something to be told. */
  get waiting(): number {
    let waiting = 0;
    for (const session of this.#sessions.values()) waiting += session.waiting;
    return waiting;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#admitOrigin(request, response)) {
      refuse(response, 403, "Pages of this origin may not connect.");
    } else if (request.method === "OPTIONS") {
      response.setHeader("access-control-allow-methods", "POST, OPTIONS");
      response.setHeader("access-control-allow-headers", "content-type");
      response.setHeader("access-control-max-age", "86400");
      response.writeHead(204).end();
    } else if (request.method === "POST") {
      await this.#post(request, response);
    } else {
      response.setHeader("allow", "POST, OPTIONS");
      refuse(response, 405, "This is for XMPP clients that speak BOSH (XEP-0124).");
    }
  }

  /** Answers what has waited for long enough and ends forsaken sessions. A timer does so, too. */
  sweep(): void {
    const now = this.#now();
    for (const session of [...this.#sessions.values()]) session.tick(now);
  }

  async #post(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let content: Buffer | null;
    try {
      content = await contentOf(request, maxBodyBytes);
    } catch {
      // The client went away in the middle.
      response.destroy();
      return;
    }
    if (content === null) {
      response.setHeader("connection", "close");
      refuse(response, 413, "The request is too large.");
      return;
    }
    // Nothing large is looked into for somebody unknown.
    if (content.length > preAuthLimits.maxStanzaBytes && !this.#isFromTrusted(content)) {
      reply(response, terminateBody("policy-violation"));
      return;
    }
    const body = read(content);
    if (body === null) reply(response, terminateBody("bad-request"));
    else if (body.sid === undefined) this.#create(body, request, response);
    else this.#continue(body, body.sid, request, response);
  }

  #isFromTrusted(content: Buffer): boolean {
    return this.#sessions.get(peekSid(content) ?? "")?.isTrusted === true;
  }

  #create(body: BoshBody, request: IncomingMessage, response: ServerResponse): void {
    const { limits, mayBeInsecure, accept } = this.#options;
    const peer = this.#options.peerOf(request);
    const end = (condition: BoshCondition): void => reply(response, terminateBody(condition));
    if ((body.attr("to") ?? "") === "") return end("improper-addressing");
    if ((!peer.isSecure && !mayBeInsecure) || !limits.admit(peer.address)) return end("policy-violation");
    const isAccepted = accept((released) => {
      const session = new BoshSession(body, peer, reply, () => this.#ended(session, released), this.#now);
      this.#sessions.set(session.sid, session);
      this.#timer ??= setInterval(() => this.sweep(), tickMs).unref();
      queueMicrotask(() => session.begin(body, response));
      return session;
    });
    if (isAccepted) return;
    limits.release(peer.address);
    end("remote-connection-failed");
  }

  #continue(body: BoshBody, sid: string, request: IncomingMessage, response: ServerResponse): void {
    const session = this.#sessions.get(sid);
    if (session === undefined) {
      reply(response, this.#farewells.get(sid) ?? terminateBody("item-not-found"));
      this.#farewells.delete(sid);
    } else if (session.isSecure && !this.#options.peerOf(request).isSecure) {
      // XEP-0124 19.1: ending the session would help whoever guesses.
      response.destroy();
    } else {
      session.request(body, response);
    }
  }

  #ended(session: BoshSession, released: () => void): void {
    this.#sessions.delete(session.sid);
    this.#options.limits.release(session.address);
    if (session.farewell !== null && session.farewell.length <= maxFarewellLength) {
      this.#farewells.set(session.sid, session.farewell);
      const [oldest] = this.#farewells.keys();
      if (this.#farewells.size > maxFarewells) this.#farewells.delete(oldest!);
    }
    if (this.#sessions.size === 0 && this.#timer !== null) {
      clearInterval(this.#timer);
      this.#timer = null;
    }
    released();
  }

  /** XEP-0124 has no word on it, but web clients are served from elsewhere as a rule. */
  #admitOrigin(request: IncomingMessage, response: ServerResponse): boolean {
    const { origin } = request.headers;
    const { origins } = this.#options;
    if (!origins.allows(origin)) return false;
    response.setHeader("access-control-allow-origin", origins.isOpen ? "*" : (origin ?? "null"));
    if (!origins.isOpen) response.setHeader("vary", "origin");
    return true;
  }
}

function read(content: Buffer): BoshBody | null {
  try {
    return readBody(content);
  } catch (error) {
    if (error instanceof StreamError) return null;
    throw error;
  }
}

function reply(response: ServerResponse, text: string): void {
  if (!response.headersSent) response.writeHead(200, { ...headers, "content-length": Buffer.byteLength(text) });
  response.end(text);
}
