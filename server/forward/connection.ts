import type { Socket } from "node:net";
import { Client, type buildConnector } from "undici";
import type { Exchange } from "./exchange.ts";

/** Shorter than the 5 s after which common servers close an idle connection, so that a request does not meet the close. */
const keepAliveMs = 4_000;

/** One kept-alive HTTP/1.1 connection to a target, with one exchange at a time. It connects anew when it has to. */
export class Connection {
  readonly #client: Client;
  #address: string | null = null;
  #connectMs: number | null = null;
  #isUsed = false;

  constructor(origin: string, connect: buildConnector.connector) {
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

  send(exchange: Exchange, path: string, headers: string[], body: string): void {
    this.#connectMs = null;
    this.#client.dispatch({ method: "POST", path, headers, body }, exchange);
  }

  /** After an exchange: how long connecting took, or null when it went over the connection of an earlier one. */
  takeConnectMs(): number | null {
    this.#isUsed = true;
    return this.#connectMs;
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
    const startedAt = performance.now();
    this.#isUsed = false;
    this.#address = null;
    connect(options, (...result) => {
      if (result[0] === null) {
        this.#connectMs = performance.now() - startedAt;
        this.#address = peerOf(result[1]);
      }
      callback(...result);
    });
  }
}

function peerOf(socket: Socket): string | null {
  const { remoteAddress, remotePort, remoteFamily } = socket;
  if (remoteAddress === undefined) return null;
  return remoteFamily === "IPv6" ? `[${remoteAddress}]:${remotePort}` : `${remoteAddress}:${remotePort}`;
}
