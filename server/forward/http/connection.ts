import { Socket } from "node:net";
import { Client, type buildConnector } from "undici";
import type { Exchange } from "./exchange.ts";

/** How long the steps of connecting took, milliseconds; null: that step was not needed, or did not end. */
export interface ConnectTimes {
  readonly dnsMs: number | null;
  readonly connectMs: number | null;
  readonly tlsMs: number | null;
}
const notConnected: ConnectTimes = { dnsMs: null, connectMs: null, tlsMs: null };

/** One kept-alive HTTP/1.1 connection to a target, with one exchange at a time. It connects anew when it has to. */
export class Connection {
  readonly #client: Client;
  #address: string | null = null;
  #times: ConnectTimes = notConnected;
  #isUsed = false;

  constructor(origin: string, connect: buildConnector.connector, keepAliveMs: number) {
    this.#client = new Client(origin, {
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      // The deadline of the whole attempt takes care of both.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (options, callback) => this.#connect(connect, options, callback),
    });
  }

  /** `address:port` of the peer; null before there was one. */
  get address(): string | null {
    return this.#address;
  }

  /** Took part in an exchange before: the peer may have closed it in the meantime. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  send(exchange: Exchange, path: string, headers: string[], body: string | Uint8Array): void {
    this.#times = notConnected;
    this.#client.dispatch({ method: "POST", path, headers, body }, exchange);
  }

  /** After an exchange: how long connecting took; all null when it went over the connection of an earlier one. */
  takeTimes(): ConnectTimes {
    this.#isUsed = true;
    return this.#times;
  }

  /** Ends what is under way. */
  destroy(): void {
    void this.#client.destroy();
  }

  #connect(
    connect: buildConnector.connector,
    options: buildConnector.Options,
    callback: buildConnector.Callback,
  ): void {
    this.#isUsed = false;
    this.#address = null;
    let stepAt = performance.now();
    const step = (): number => {
      const startedAt = stepAt;
      stepAt = performance.now();
      return stepAt - startedAt;
    };
    // Undici answers with the socket, though its types do not say so.
    const socket: unknown = connect(options, (...result) => {
      if (result[0] === null) {
        this.#address = peerOf(result[1]);
        if (this.#times.connectMs === null) this.#times = { ...this.#times, connectMs: step() };
        else if (options.protocol === "https:") this.#times = { ...this.#times, tlsMs: step() };
      }
      callback(...result);
    });
    if (!(socket instanceof Socket)) return;
    socket.once("lookup", () => {
      this.#times = { ...this.#times, dnsMs: step() };
    });
    socket.once("connect", () => {
      if (this.#times.connectMs === null) this.#times = { ...this.#times, connectMs: step() };
    });
  }
}

function peerOf(socket: Socket): string | null {
  const { remoteAddress, remotePort, remoteFamily } = socket;
  if (remoteAddress === undefined) return null;
  return remoteFamily === "IPv6" ? `[${remoteAddress}]:${remotePort}` : `${remoteAddress}:${remotePort}`;
}
