import type { IncomingMessage, ServerResponse } from "node:http";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { postAuthLimits } from "../../xmpp/limits.ts";
import type { AddressLimits } from "../address-limits.ts";
import { Deadlines } from "../deadlines.ts";
import type { AllowedOrigins } from "../http/origins.ts";
import type { Peer } from "../http/peer.ts";
import { refuse } from "../http/refuse.ts";
import { WebSocketConnection } from "./connection.ts";

export interface WebSocketOptions {
  /** Shared by everything that clients' connections are counted by. */
  readonly limits: AddressLimits;
  readonly origins: AllowedOrigins;
  peerOf(request: IncomingMessage): Peer;
  /** Whether streams that somebody could read along are taken at all. */
  readonly mayBeInsecure: boolean;
  /** Makes a stream of what `open` gives it; false: there is no room, and `open` was not called. */
  accept(open: (released: () => void) => WebSocketConnection): boolean;
  readonly now?: () => number;
}

const subprotocol = "xmpp";
const beatMs = 60_000;
/** More than a stanza may have: one that is too large is to end with the stream error that says so, and not to be resumed. */
const maxPayload = 2 * postAuthLimits.maxStanzaBytes;
/** A message of clients is one element; some fragment it, none has to in many. */
const maxFragments = 256;

/** Where clients open WebSockets for their streams (RFC 7395). */
export class WebSocketEndpoint {
  readonly #options: WebSocketOptions;
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload,
    maxFragments,
    maxBufferedChunks: 4 * maxFragments,
    // Compression of secrets next to what others send gives the secrets away (RFC 7395 6.2, CRIME), and costs 64 KiB each.
    perMessageDeflate: false,
    handleProtocols: () => subprotocol,
  });
  readonly #beats: Deadlines<WebSocketConnection>;

  constructor(options: WebSocketOptions) {
    this.#options = options;
    const beat = (connection: WebSocketConnection): void => {
      connection.beat();
      this.#beats.add(connection);
    };
    this.#beats = new Deadlines(beatMs, beat, options.now);
  }

  /** A request that does not ask for a WebSocket. */
  explain(response: ServerResponse): void {
    response.setHeader("upgrade", "websocket");
    refuse(response, 426, "This is for XMPP clients that speak WebSocket (RFC 7395).");
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { limits, origins, mayBeInsecure, accept } = this.#options;
    const peer = this.#options.peerOf(request);
    // RFC 7395 3.1: without the subprotocol it is not for us.
    if (!asksForXmpp(request.headers["sec-websocket-protocol"]))
      return end(socket, 400, "The subprotocol has to be xmpp.");
    if (!origins.allows(request.headers.origin)) return end(socket, 403, "Pages of this origin may not connect.");
    if (!peer.isSecure && !mayBeInsecure) return end(socket, 403, "Use wss: encryption is required here.");
    if (!limits.admit(peer.address)) return end(socket, 429, "Too many connections from this address.");
    let isOpen = false;
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      isOpen = true;
      const isAccepted = accept((released) => {
        const connection = new WebSocketConnection(webSocket, request, peer, () => {
          this.#beats.delete(connection);
          limits.release(peer.address);
          released();
        });
        this.#beats.add(connection);
        return connection;
      });
      if (isAccepted) return;
      limits.release(peer.address);
      // RFC 6455 7.4.1: try again later.
      webSocket.close(1013);
    });
    // A handshake that is not one was answered already.
    if (!isOpen) limits.release(peer.address);
  }

  /** Asks every client for a sign of life that is due to be asked. A timer does so, too. */
  sweep(): void {
    this.#beats.sweep();
  }
}

function asksForXmpp(protocols: string | undefined): boolean {
  return (protocols ?? "").split(",").some((protocol) => protocol.trim().toLowerCase() === subprotocol);
}

function end(socket: Duplex, status: number, reason: string): void {
  const text = `${reason}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\n` +
      `content-length: ${text.length}\r\n\r\n${text}`,
  );
}
