import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from "node:http2";
import type { LookupFunction, Socket } from "node:net";
import { attemptError } from "../../../../lib/contracts/attempt-errors.ts";
import type { ConnectTimes } from "../../http/connection.ts";
import type { Timers } from "../../timers.ts";
import { connectSocket, type Connected } from "./socket.ts";
import type { StreamExchange } from "./stream-exchange.ts";

const pingTimeoutMs = 10_000;

export interface SessionOptions {
  readonly server: URL;
  readonly lookup: LookupFunction;
  readonly timers: Timers;
  /** It became ready, or has more room than before. */
  readonly onRoom: () => void;
  /** The peer has not looked at this exchange. */
  readonly onUnprocessed: (exchange: StreamExchange) => void;
  readonly onEnd: (session: Session) => void;
}

/** One HTTP/2 connection to APNs. It is never repaired: when it ends or is retired, another one takes its place. */
export class Session {
  readonly #options: SessionOptions;
  readonly #open = new Set<StreamExchange>();
  #http2: ClientHttp2Session | null = null;
  #socket: Socket | null = null;
  #cancelConnect: (() => void) | null = null;
  #address: string | null = null;
  #times: ConnectTimes | null = null;
  #maxStreams = 1;
  #lastStreamId = Number.POSITIVE_INFINITY;
  #isProven = false;
  #isRetired = false;
  #isDoubted = false;
  #wasUsed = true;
  #isEnded = false;
  #failure: Error | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#cancelConnect = connectSocket(options.server, options.lookup, (error, connected) => {
      this.#cancelConnect = null;
      if (connected === undefined || this.#isEnded) this.#end(error);
      else this.#begin(connected);
    });
  }

  /**
   * Streams that may be begun now. Until APNs has taken a provider token over a connection there may be only one (Apple,
   * "Sending notification requests to APNs").
   */
  get room(): number {
    if (this.#http2 === null || this.#isRetired || this.#isDoubted) return 0;
    return (this.#isProven ? this.#maxStreams : Math.min(1, this.#maxStreams)) - this.#open.size;
  }

  /** There will be room by itself: it is not ready yet, or its first request is under way. */
  get isComing(): boolean {
    return !this.#isEnded && !this.#isRetired && (this.#http2 === null || (!this.#isProven && this.#open.size > 0));
  }

  /** No exchange is under way and none was since it was last asked. */
  get isIdle(): boolean {
    const wasUsed = this.#wasUsed;
    this.#wasUsed = this.#open.size > 0;
    return !wasUsed && this.#open.size === 0;
  }

  get isProven(): boolean {
    return this.#isProven;
  }

  get isRetired(): boolean {
    return this.#isRetired;
  }

  /** It was ready once; else {@link failure} says why it never was. */
  get wasReady(): boolean {
    return this.#address !== null;
  }

  get failure(): Error | null {
    return this.#failure;
  }

  /** false: it takes no more; the exchange is as it was. */
  run(exchange: StreamExchange): boolean {
    let stream: ClientHttp2Stream;
    try {
      stream = this.#http2!.request(exchange.headers, { endStream: false });
    } catch (error) {
      if (!isOver(error)) {
        exchange.fail(error as Error);
        return true;
      }
      this.retire();
      return false;
    }
    this.#open.add(exchange);
    this.#wasUsed = true;
    exchange.address = this.#address;
    if (this.#times !== null) exchange.times = this.#times;
    this.#times = null;
    exchange.run(stream, this);
    return true;
  }

  /** APNs has taken the provider token of an exchange. */
  prove(): void {
    this.#isProven = true;
  }

  /** Begins nothing more; ends when what is under way has ended. */
  retire(): void {
    this.#isRetired = true;
    if (this.#http2 === null) this.destroy(null);
    else this.#leave();
  }

  /** Asks the peer whether it is there, and ends when it does not answer; with `isDoubted` nothing is begun until it does. */
  ping(isDoubted: boolean): void {
    const http2 = this.#http2;
    if (http2 === null || http2.closed || http2.destroyed || this.#isDoubted) return;
    this.#isDoubted = isDoubted;
    const callOff = this.#options.timers.after(pingTimeoutMs, () => {
      this.destroy(new Error(attemptError("connection-dead")));
    });
    const isSent = http2.ping((error) => {
      callOff();
      if (error !== null) return;
      this.#isDoubted = false;
      this.#options.onRoom();
    });
    if (!isSent) callOff();
  }

  destroy(error: Error | null): void {
    this.#failure ??= error;
    this.#cancelConnect?.();
    this.#isRetired = true;
    if (this.#http2 === null) this.#end(error);
    else this.#http2.destroy();
  }

  released(exchange: StreamExchange, isUnprocessed: boolean): void {
    this.#open.delete(exchange);
    if (isUnprocessed) this.#options.onUnprocessed(exchange);
    this.#leave();
    this.#options.onRoom();
  }

  // RFC 9113 6.8 and 8.7: neither a refused stream nor one after the last that the peer names has been looked at.
  isUnprocessed({ id, rstCode }: ClientHttp2Stream): boolean {
    return id === undefined || id > this.#lastStreamId || rstCode === constants.NGHTTP2_REFUSED_STREAM;
  }

  #begin({ socket, address, times }: Connected): void {
    this.#socket = socket;
    this.#address = address;
    this.#times = times;
    const http2 = connect(this.#options.server.origin, {
      createConnection: () => socket,
      settings: { enablePush: false },
    });
    this.#http2 = http2;
    http2.on("remoteSettings", ({ maxConcurrentStreams }) => {
      // Left out means no limit (RFC 9113 6.5.2), which node tells as the largest number.
      this.#maxStreams = Math.min(maxConcurrentStreams ?? Number.POSITIVE_INFINITY, 1_000);
      this.#options.onRoom();
    });
    http2.on("goaway", (code: number, lastStreamId: number, data?: Buffer) => {
      this.#lastStreamId = lastStreamId;
      this.#isRetired = true;
      if (code !== constants.NGHTTP2_NO_ERROR) this.#failure = new Error(farewell(code, data));
      this.#leave();
    });
    http2.on("error", (error: Error) => {
      this.#failure ??= error;
    });
    http2.once("close", () => this.#end(null));
    this.#options.onRoom();
  }

  // Not by closing the HTTP/2 session, which would wait for the peer to close its side.
  #leave(): void {
    if (this.#isRetired && this.#open.size === 0) this.#socket?.destroySoon();
  }

  #end(error: Error | null): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#isRetired = true;
    this.#failure ??= error;
    this.#options.onEnd(this);
  }
}

/** A GOAWAY came with what was read last, the connection broke, or stream ids have run out (RFC 9113 5.1.1). */
const over: ReadonlySet<unknown> = new Set([
  "ERR_HTTP2_GOAWAY_SESSION",
  "ERR_HTTP2_INVALID_SESSION",
  "ERR_HTTP2_OUT_OF_STREAMS",
]);

function isOver(error: unknown): boolean {
  return error instanceof Error && "code" in error && over.has(error.code);
}

// Apple, "Handling notification responses": a GOAWAY may carry a reason as JSON, like a response.
function farewell(code: number, data: Buffer | undefined): string {
  const reason = /"reason"\s*:\s*"([A-Za-z]{1,64})"/.exec(data?.toString("latin1") ?? "")?.[1];
  return `APNs ended the connection (${reason ?? `HTTP/2 error ${code}`})`;
}
