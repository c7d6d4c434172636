import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import { isLoopback } from "../address.ts";
import type { TlsServerOptions } from "../connection.ts";
import type { Accepted } from "../listener.ts";
import { answerBroken } from "./broken-request.ts";
import { hostOf, isLocalAddress } from "./host.ts";
import { cleanPath } from "./path.ts";
import { refuse } from "./refuse.ts";

/** What answers a path. `prefix` matches the path itself and everything below it; the longest prefix wins. */
export interface HttpRoute {
  readonly prefix: string;
  /** Nothing is below it. */
  readonly isExact?: boolean;
  /** Large bodies come here: it sees itself to it that they come in time. */
  readonly isPatient?: boolean;
  /** It is answered unencrypted, and under names that are not the server's. */
  readonly isOpen?: boolean;
  /** `path` is decoded nowhere: it is what the client sent, checked to be in canonical form. */
  handle(request: IncomingMessage, response: ServerResponse, path: string): void | Promise<void>;
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export interface HttpFrontOptions {
  /** What happens to unencrypted requests that do not come from loopback; `off` refuses those from loopback as well. */
  readonly plain: "allow" | "redirect" | "off";
  /** Whether a proxy in front, one that is believed, got the request encrypted. */
  readonly wasEncrypted?: (request: IncomingMessage) => boolean;
  /** Certificates for HTTPS; undefined: there is none (yet). */
  readonly tlsOptions: () => TlsServerOptions | undefined;
  /** Host names this server answers to, beside loopback and the machine's addresses. */
  readonly isKnownHost: (name: string) => boolean;
  readonly routes: readonly HttpRoute[];
  /** How long a client may take to send the head of a request, and all of it, milliseconds. */
  readonly patience?: { readonly headMs: number; readonly requestMs: number };
  readonly onError: (error: unknown, request: IncomingMessage) => void;
}

/** First byte of a TLS record that carries a handshake (RFC 8446 5.1). */
const tlsHandshake = 0x16;
const firstByteMs = 10_000;
const patience = { headMs: 10_000, requestMs: 60_000 };

/** One TCP port for HTTP and HTTPS: the first byte tells them apart. Every path without a route is 404. */
export class HttpFront {
  readonly #options: HttpFrontOptions;
  readonly #routes: readonly HttpRoute[];
  readonly #http: http.Server;
  readonly #requestMs: number;
  readonly #sockets = new Set<Socket>();
  /** Connections, of TLS what is in them, over which a request has come. */
  readonly #asking = new WeakSet<Duplex>();
  #gone: (() => void) | null = null;

  constructor(options: HttpFrontOptions) {
    this.#options = options;
    this.#routes = options.routes.toSorted((a, b) => b.prefix.length - a.prefix.length);
    const { headMs, requestMs } = options.patience ?? patience;
    this.#requestMs = requestMs;
    this.#http = http.createServer(
      {
        maxHeaderSize: 16_384,
        headersTimeout: headMs,
        // Of the whole request: see #hurry, since some routes take large ones.
        requestTimeout: 0,
        connectionsCheckingInterval: headMs / 5,
        keepAliveTimeout: 65_000,
        insecureHTTPParser: false,
        // What asks for anything else, such as h2c, is answered as it stands (RFC 9110 7.8).
        shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === "websocket",
      },
      (request, response) => this.#request(request, response),
    );
    this.#http.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#upgrade(request, socket, head),
    );
    this.#http.on("clientError", (error, socket) => {
      // Whoever asked for something before would take this for the answer to that.
      if (this.#asking.has(socket)) socket.destroy();
      else answerBroken(error, socket);
    });
    // Node begins to look after its timeouts when a server listens; this one is handed its connections instead.
    this.#http.emit("listening");
  }

  /** Lets requests under way end for up to `graceMs`, then cuts what is left. The listener is closed before. */
  async close(graceMs: number): Promise<void> {
    this.#http.closeIdleConnections();
    if (this.#sockets.size === 0) return;
    const gone = new Promise<void>((resolve) => {
      this.#gone = resolve;
    });
    const cut = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, graceMs);
    await gone;
    clearTimeout(cut);
  }

  /** A connection from a listener: plain or TLS, its first byte will tell. */
  readonly accept = ({ socket, closed }: Accepted): void => {
    this.#sockets.add(socket);
    socket.once("close", () => {
      closed();
      this.#sockets.delete(socket);
      if (this.#sockets.size === 0) this.#gone?.();
    });
    // Errors of a client's connection concern nobody else.
    socket.on("error", () => socket.destroy());
    socket.setTimeout(firstByteMs, () => socket.destroy());
    socket.once("data", (chunk: Buffer) => {
      socket.pause();
      socket.setTimeout(0);
      socket.removeAllListeners("timeout");
      socket.unshift(chunk);
      if (chunk[0] === tlsHandshake) this.#secure(socket);
      else this.#http.emit("connection", socket);
      process.nextTick(() => socket.resume());
    });
    socket.resume();
  };

  #secure(socket: Socket): void {
    const options = this.#options.tlsOptions();
    if (options === undefined) {
      socket.destroy();
      return;
    }
    const secure = new tls.TLSSocket(socket, { ...options, isServer: true, ALPNProtocols: ["http/1.1"] });
    // The client's, where a proxy has told them.
    const { remoteAddress, remotePort } = socket;
    Object.defineProperties(secure, { remoteAddress: { value: remoteAddress }, remotePort: { value: remotePort } });
    secure.setTimeout(firstByteMs, () => secure.destroy());
    secure.on("error", () => secure.destroy());
    secure.once("secure", () => {
      secure.setTimeout(0);
      secure.removeAllListeners("timeout");
      this.#http.emit("connection", secure);
    });
  }

  #request(request: IncomingMessage, response: ServerResponse): void {
    this.#asking.add(request.socket);
    const path = this.#admit(request);
    const route = typeof path === "string" ? this.#routeFor(path) : undefined;
    if (route?.isPatient !== true) this.#hurry(request);
    if (typeof path !== "string") {
      if (path.location !== undefined) response.setHeader("location", path.location);
      refuse(response, path.status, path.reason);
      return;
    }
    if (route === undefined) {
      refuse(response, 404, "There is nothing here.");
      return;
    }
    Promise.resolve()
      .then(() => route.handle(request, response, path))
      .catch((error: unknown) => {
        this.#options.onError(error, request);
        if (response.headersSent) response.destroy();
        else refuse(response, 500, "The server failed to answer this request.");
      });
  }

  /** Cuts a request whose body does not end in time. */
  #hurry(request: IncomingMessage): void {
    const { headers, socket } = request;
    if (headers["content-length"] === undefined && headers["transfer-encoding"] === undefined) return;
    const timer = setTimeout(() => socket.destroy(), this.#requestMs);
    request.once("close", () => clearTimeout(timer));
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    const path = this.#admit(request);
    const route = typeof path === "string" ? this.#routeFor(path) : undefined;
    if (route?.upgrade === undefined) {
      const [status, phrase] =
        typeof path === "string" ? [404, "Not Found"] : [path.status, http.STATUS_CODES[path.status]];
      socket.end(`HTTP/1.1 ${status} ${phrase}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    route.upgrade(request, socket, head);
  }

  #routeFor(path: string): HttpRoute | undefined {
    return this.#routes.find(
      ({ prefix, isExact }) =>
        path === prefix || (isExact !== true && path.startsWith(prefix.endsWith("/") ? prefix : `${prefix}/`)),
    );
  }

  /** The canonical path of a request that may be answered, or why it may not. */
  #admit(request: IncomingMessage): string | { status: number; reason: string; location?: string } {
    const host = hostOf(request.headers.host);
    const address = request.socket.localAddress ?? "";
    // RFC 9112 3.2: more than one Host is an error, too; what stands behind us might believe the other one.
    if (host === null || request.headersDistinct["host"]?.length !== 1)
      return { status: 400, reason: "The Host header is missing or malformed." };
    const path = cleanPath(request.url ?? "");
    if (path !== null && this.#routeFor(path)?.isOpen === true) return path;
    if (!isLocalAddress(host.name, address) && !this.#options.isKnownHost(host.name)) {
      return {
        status: 421,
        reason: `This server does not answer to the name ${host.name}. Add it to http.names in its configuration.`,
      };
    }
    if (path === null) return { status: 400, reason: "The path is not in canonical form." };
    if (!isEncrypted(request) && !this.#mayBePlain(request)) {
      if (this.#options.plain === "off")
        return { status: 403, reason: "Unencrypted HTTP is switched off here. Use https." };
      const port = host.port === "" ? "" : `:${host.port}`;
      return { status: 308, reason: "Use https.", location: `https://${host.name}${port}${request.url ?? "/"}` };
    }
    return path;
  }

  #mayBePlain(request: IncomingMessage): boolean {
    const { plain, wasEncrypted } = this.#options;
    if (plain === "allow" || wasEncrypted?.(request) === true) return true;
    return plain === "redirect" && isLoopback(request.socket.remoteAddress ?? "");
  }
}

export function isEncrypted(request: IncomingMessage): boolean {
  return request.socket instanceof tls.TLSSocket;
}
