import type { OutgoingHttpHeaders } from "node:http2";
import type { LookupFunction } from "node:net";
import { attemptError } from "../../../../lib/contracts/attempt-errors.ts";
import type { Timers } from "../../timers.ts";
import { Session } from "./session.ts";
import { StreamExchange } from "./stream-exchange.ts";

/** With one stream each, as APNs may want it, this many pushes are under way at once. */
const maxSessions = 8;
/** A request that the server has not looked at goes to another connection, but not for ever. */
const maxTries = 4;
/** Connections in a row that ended before APNs took a token over one: it is no use to go on at once. */
const maxFruitless = 3;
const pingAfterMs = 60_000;
/** Connections are given up for what APNs answered no more often than so. */
const minLifeMs = 10_000;
const ended = new Error("the attempt was ended");

export interface ClientOptions {
  readonly lookup: LookupFunction;
  readonly timers: Timers;
  /** For a request with all its tries, waiting for a stream included, milliseconds. */
  readonly timeoutMs: number;
}

/**
 * The connections to one APNs server: one, and more only while all streams that the server allows are taken. They are kept
 * open and asked for a sign of life when nothing went over them for a minute. One timer serves the deadlines of all
 * requests, which have the same length and so end in the order they began.
 */
export class Client {
  readonly #server: URL;
  readonly #options: ClientOptions;
  readonly #all = new Set<StreamExchange>();
  readonly #waiting: StreamExchange[] = [];
  readonly #sessions = new Set<Session>();
  readonly #onSession = new WeakMap<StreamExchange, Session>();
  #fruitless = 0;
  #spentAt = Number.NEGATIVE_INFINITY;
  #sweep: NodeJS.Timeout | undefined;
  #callOffPing: (() => void) | undefined;
  #isClosing = false;

  constructor(server: URL, options: ClientOptions) {
    this.#server = server;
    this.#options = options;
  }

  /** Never rejects: what went wrong is in the exchange. */
  send(headers: OutgoingHttpHeaders, payload: string): Promise<StreamExchange> {
    return new Promise((resolve) => {
      const exchange = new StreamExchange(headers, payload, (done) => {
        this.#all.delete(done);
        resolve(done);
        if (this.#isClosing && this.#all.size === 0) this.close(false);
      });
      this.#all.add(exchange);
      this.#waiting.push(exchange);
      this.#sweep ??= this.#sweepAfter(this.#options.timeoutMs);
      this.#serve();
    });
  }

  /** The answer shows that APNs has taken the provider token: its connection may be used to the full. */
  tokenTaken(exchange: StreamExchange): void {
    const session = this.#onSession.get(exchange);
    if (session === undefined || session.isProven) return;
    this.#fruitless = 0;
    session.prove();
    this.#serve();
  }

  /** The answer shows that APNs is in trouble: what comes next goes over another connection. */
  connectionSpent(exchange: StreamExchange): void {
    const now = performance.now();
    // Apple takes many short connections for an attack.
    if (now - this.#spentAt < minLifeMs) return;
    this.#spentAt = now;
    this.#onSession.get(exchange)?.retire();
  }

  close(isNow: boolean): void {
    this.#isClosing = true;
    if (isNow) for (const exchange of this.#all) exchange.expire();
    if (this.#all.size > 0) return;
    clearTimeout(this.#sweep);
    this.#callOffPing?.();
    for (const session of this.#sessions) {
      if (isNow) session.destroy(ended);
      else session.retire();
    }
  }

  /** Gives waiting exchanges to connections with room, and makes one more connection when there is none. */
  #serve(): void {
    while (this.#waiting.length > 0) {
      const exchange = this.#waiting[0]!;
      if (exchange.isDone) {
        this.#waiting.shift();
        continue;
      }
      const session = this.#roomiest();
      if (session === null) {
        this.#grow();
        return;
      }
      if (!session.run(exchange)) continue;
      this.#waiting.shift();
      this.#onSession.set(exchange, session);
    }
  }

  #roomiest(): Session | null {
    for (const session of this.#sessions) if (session.room > 0) return session;
    return null;
  }

  #grow(): void {
    let inUse = 0;
    for (const session of this.#sessions) {
      if (session.isComing) return;
      // One that came to nothing counts until its end is known, or a server that hangs up were dialled without end.
      if (!session.isRetired || !session.isProven) inUse += 1;
    }
    if (inUse >= maxSessions) return;
    const { lookup, timers } = this.#options;
    const session = new Session({
      server: this.#server,
      lookup,
      timers,
      onRoom: () => this.#serve(),
      onUnprocessed: (exchange) => this.#again(exchange),
      onEnd: (ended) => this.#onEnd(ended),
    });
    this.#sessions.add(session);
    this.#callOffPing ??= timers.after(pingAfterMs, () => this.#pingIdle());
  }

  #again(exchange: StreamExchange): void {
    if (exchange.tries >= maxTries) exchange.fail(exchange.error ?? ended);
    else this.#waiting.unshift(exchange);
  }

  #onEnd(session: Session): void {
    this.#sessions.delete(session);
    if (!session.isProven) this.#fruitless += 1;
    const isFruitless = this.#fruitless >= maxFruitless;
    const mayBeServed = (one: Session): boolean => !one.isRetired && (one.isProven || !isFruitless);
    if ((isFruitless || !session.wasReady) && !this.#sessions.values().some(mayBeServed)) {
      this.#fruitless = 0;
      const error = session.failure ?? new Error(attemptError("ended-by-apns"));
      for (const exchange of this.#waiting.splice(0)) if (!exchange.isDone) exchange.fail(error);
    } else this.#serve();
  }

  #pingIdle(): void {
    this.#callOffPing = undefined;
    if (this.#sessions.size === 0 || this.#isClosing) return;
    this.#callOffPing = this.#options.timers.after(pingAfterMs, () => this.#pingIdle());
    let isOneKept = false;
    for (const session of this.#sessions) {
      if (isOneKept && session.isIdle) session.retire();
      else if (session.isIdle) session.ping(false);
      isOneKept ||= !session.isRetired;
    }
  }

  #sweepAfter(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#sweepNow(), ms).unref();
  }

  #sweepNow(): void {
    this.#sweep = undefined;
    const now = performance.now();
    for (const exchange of this.#all) {
      const leftMs = exchange.startedAt + this.#options.timeoutMs - now;
      if (leftMs > 0) {
        this.#sweep = this.#sweepAfter(Math.ceil(leftMs));
        return;
      }
      exchange.expire();
      // APNs may be slow, or the connection dead.
      this.#onSession.get(exchange)?.ping(true);
    }
  }
}
