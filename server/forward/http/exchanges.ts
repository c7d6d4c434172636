import { buildConnector } from "undici";
import { Connection, type ConnectTimes } from "./connection.ts";
import { Exchange } from "./exchange.ts";
import { BlockedError, guardedLookup, type Resolver } from "./guard.ts";

const connectTimeoutMs = 3_000;
const neverConnected: ConnectTimes = { dnsMs: null, connectMs: null, tlsMs: null };

export interface ExchangesOptions {
  readonly timeoutMs: number;
  readonly allowPrivate: boolean;
  /** Connections that are kept for later, over all origins; the one unused for longest goes first. */
  readonly maxIdle: number;
  /** How long an idle one is kept. */
  readonly keepAliveMs: number;
  readonly resolve?: Resolver | undefined;
}

/** An exchange that has ended, and the connection it went over. */
export interface Reply {
  readonly exchange: Exchange;
  readonly address: string | null;
  readonly times: ConnectTimes;
}

/**
 * POST requests to checked addresses, over connections kept by origin: as many at once as there are callers, the connection
 * used last first. Redirects are not followed. One timer serves the deadlines of all requests, which have the same length and
 * so end in the order they began.
 */
export class Exchanges {
  readonly #options: ExchangesOptions;
  readonly #connect: buildConnector.connector;
  /** By origin, the one used last at the end; the origin used last is the last one. */
  readonly #idle = new Map<string, Connection[]>();
  #idleCount = 0;
  readonly #open = new Map<Exchange, Connection>();
  #sweep: NodeJS.Timeout | undefined;
  #isClosing = false;
  #isEnded = false;

  constructor(options: ExchangesOptions) {
    this.#options = options;
    this.#connect = buildConnector({
      timeout: connectTimeoutMs,
      allowH2: false,
      lookup: guardedLookup(options.allowPrivate, options.resolve),
    });
  }

  get isBusy(): boolean {
    return this.#open.size > 0;
  }

  /** `headers` is a list of names and values by turns. Never rejects: what went wrong is in the exchange. */
  async post(origin: string, path: string, headers: string[], body: string | Uint8Array): Promise<Reply> {
    if (this.#isEnded) return unsent(null);
    let connection = this.#take(origin);
    let exchange = await this.#exchange(connection, path, headers, body);
    if (connection.isUsed && exchange.isReset && !this.#isEnded) {
      // The peer closed the kept connection while the request was on its way: that says nothing about the request.
      connection.destroy();
      connection = this.#new(origin);
      exchange = await this.#exchange(connection, path, headers, body);
    }
    const reply = { exchange, address: connection.address, times: connection.takeTimes() };
    this.#keep(origin, connection, exchange);
    return reply;
  }

  /** Closes what is idle; with `isNow`, ends what is under way, too, and begins nothing more. */
  close(isNow: boolean): void {
    this.#isClosing = true;
    for (const connections of this.#idle.values()) for (const connection of connections) connection.destroy();
    this.#idle.clear();
    this.#idleCount = 0;
    if (!isNow) return;
    this.#isEnded = true;
    for (const [exchange, connection] of this.#open) abandon(exchange, connection);
    clearTimeout(this.#sweep);
  }

  #exchange(connection: Connection, path: string, headers: string[], body: string | Uint8Array): Promise<Exchange> {
    return new Promise((resolve) => {
      const exchange = new Exchange((ended) => {
        this.#open.delete(ended);
        resolve(ended);
      });
      this.#open.set(exchange, connection);
      this.#sweep ??= this.#sweepAfter(this.#options.timeoutMs);
      connection.send(exchange, path, headers, body);
    });
  }

  #new(origin: string): Connection {
    return new Connection(origin, this.#connect, this.#options.keepAliveMs);
  }

  #take(origin: string): Connection {
    const idle = this.#idle.get(origin);
    const connection = idle?.pop();
    if (idle === undefined || connection === undefined) return this.#new(origin);
    if (idle.length === 0) this.#idle.delete(origin);
    this.#idleCount -= 1;
    return connection;
  }

  // After a failure the connection may be half open or out of step: a new one costs little.
  #keep(origin: string, connection: Connection, exchange: Exchange): void {
    if (this.#isClosing || exchange.status === null || exchange.isTruncated) {
      connection.destroy();
      return;
    }
    const connections = this.#idle.get(origin) ?? [];
    connections.push(connection);
    this.#idle.delete(origin);
    this.#idle.set(origin, connections);
    this.#idleCount += 1;
    if (this.#idleCount > this.#options.maxIdle) this.#dropOldest();
  }

  #dropOldest(): void {
    for (const [origin, connections] of this.#idle) {
      connections.shift()?.destroy();
      if (connections.length === 0) this.#idle.delete(origin);
      this.#idleCount -= 1;
      return;
    }
  }

  #sweepAfter(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#sweepNow(), ms).unref();
  }

  #sweepNow(): void {
    this.#sweep = undefined;
    const now = performance.now();
    for (const [exchange, connection] of this.#open) {
      const leftMs = exchange.startedAt + this.#options.timeoutMs - now;
      if (leftMs > 0) {
        this.#sweep = this.#sweepAfter(Math.ceil(leftMs));
        return;
      }
      abandon(exchange, connection);
    }
  }
}

/** The reply to a request that was not made: refused by the guard, or because everything ends. */
export function unsent(refusal: string | null): Reply {
  const exchange = new Exchange(ignore);
  if (refusal === null) exchange.expire();
  else exchange.error = new BlockedError(refusal);
  return { exchange, address: null, times: neverConnected };
}

function abandon(exchange: Exchange, connection: Connection): void {
  const { isWritten } = exchange;
  exchange.expire();
  if (!isWritten) connection.destroy();
}

function ignore(): void {}
