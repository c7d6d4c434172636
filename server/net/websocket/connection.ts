import type { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import { WebSocket } from "ws";
import type { Carrier, TlsFacts, Traffic } from "../carrier.ts";
import { type ChannelBindings, channelBindings } from "../channel-binding.ts";
import type { ConnectionOwner } from "../connection.ts";
import { Deadlines } from "../deadlines.ts";
import type { Peer } from "../http/peer.ts";
import { Reading } from "../reading.ts";
import type { Rate } from "../shaper.ts";
import { stalls } from "../stalls.ts";
import { TurnQueue } from "../turns.ts";
import { webSocketFraming } from "./framing.ts";

const maxUnsentBytes = 1024 * 1024;
const lingerMs = 5_000;
/** What an unauthenticated peer may send in all, frames and masks included: messages are collected before they are counted. */
const maxBytesBeforeLogin = 72 * 1024;
/** RFC 6455 7.4.1. */
const closeCodes = { normal: 1000, unsupportedData: 1003 } as const;

const writes = new TurnQueue<WebSocketConnection>((connection) => connection.flush());
const lingering = new Deadlines<WebSocketConnection>(lingerMs, (one) => one.destroy("the peer kept it open"));

/** A WebSocket under a stream (RFC 7395): one message for each element, what is written in one turn leaves in one write. */
export class WebSocketConnection implements Carrier {
  readonly address: string;
  readonly port: number;
  readonly transport = "websocket";
  readonly framing = webSocketFraming;
  readonly isSecure: boolean;
  readonly #socket: WebSocket;
  readonly #under: Duplex;
  readonly #released: () => void;
  readonly #reading: Reading;
  #owner: ConnectionOwner | null = null;
  #isCorked = false;
  #isEnding = false;
  #isGone = false;
  #isAlive = true;
  #reason = "";
  #bytesLeft = maxBytesBeforeLogin;

  constructor(socket: WebSocket, request: IncomingMessage, peer: Peer, released: () => void) {
    this.address = peer.address;
    this.port = peer.port;
    this.isSecure = peer.isSecure;
    this.#socket = socket;
    this.#under = request.socket;
    this.#released = released;
    this.#reading = new Reading(
      (message) => this.#owner?.received(message, message.length),
      (isPaused) => (isPaused ? socket.pause() : socket.resume()),
    );
    request.socket.on("data", this.#count);
    socket.on("message", (data: Buffer, isBinary) => this.#received(data, isBinary));
    socket.on("pong", () => (this.#isAlive = true));
    socket.on("error", (error) => this.#failed(error));
    socket.on("close", this.#closed);
  }

  open(owner: ConnectionOwner): void {
    this.#owner = owner;
    if (this.#socket.readyState === WebSocket.CLOSED) queueMicrotask(this.#closed);
  }

  get tls(): TlsFacts | null {
    const under = this.#under;
    const protocol = under instanceof TLSSocket ? under.getProtocol() : null;
    return protocol === null ? null : { protocol, cipher: (under as TLSSocket).getCipher().name };
  }

  get bindings(): ChannelBindings | null {
    return this.#under instanceof TLSSocket ? channelBindings(this.#under) : null;
  }

  get unsent(): number {
    return this.#socket.bufferedAmount;
  }

  get traffic(): Traffic {
    const under = this.#under;
    return under instanceof Socket
      ? { bytesIn: under.bytesRead, bytesOut: under.bytesWritten }
      : { bytesIn: 0, bytesOut: 0 };
  }

  write(text: string): void {
    if (this.#isEnding) return;
    if (!this.#isCorked) {
      this.#isCorked = true;
      this.#under.cork();
      writes.add(this);
    }
    this.#socket.send(text);
  }

  /** Messages are apart anyway. */
  flushApart(): void {
    this.flush();
  }

  /** Hands everything to the operating system. A peer that does not read loses the connection at 1 MiB. */
  flush(): void {
    if (!this.#isCorked) return;
    this.#isCorked = false;
    this.#under.uncork();
    const { writableLength } = this.#under;
    if (this.#isGone || writableLength === 0) return;
    if (writableLength > maxUnsentBytes) this.destroy("the peer does not read");
    else stalls.watch(this);
  }

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
    throw new Error("a WebSocket is encrypted from the start, or never");
  }

  trust(): void {
    this.#under.removeListener("data", this.#count);
  }

  /** RFC 7395 3.6: after the stream the WebSocket is closed, with the handshake of its own. */
  end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#reading.end();
    if (this.#isGone) return;
    this.#socket.resume();
    this.#socket.close(closeCodes.normal);
    this.flush();
    lingering.add(this);
  }

  destroy(reason: string): void {
    if (this.#isGone) return;
    if (this.#reason === "") this.#reason = reason;
    this.#isEnding = true;
    this.#socket.terminate();
  }

  /** Asks whether the peer is still there (RFC 6455 5.5.2); one that has shown no sign of life since the last time is gone. */
  beat(): void {
    if (this.#isEnding) return;
    if (!this.#isAlive) {
      this.destroy("the peer does not answer");
      return;
    }
    this.#isAlive = false;
    this.#socket.ping();
  }

  #received(data: Buffer, isBinary: boolean): void {
    this.#isAlive = true;
    if (this.#isEnding) return;
    if (isBinary) {
      // RFC 7395 3.2: text only.
      this.#isEnding = true;
      this.#reason = "a binary message";
      this.#socket.close(closeCodes.unsupportedData);
      lingering.add(this);
    } else if (!isBlank(data)) {
      this.#reading.push(data);
    }
  }

  readonly #count = (bytes: Buffer): void => {
    this.#bytesLeft -= bytes.length;
    if (this.#bytesLeft < 0) this.destroy("too much before the login");
  };

  #failed(error: Error): void {
    if (this.#reason === "") this.#reason = error.message;
  }

  readonly #closed = (): void => {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#isEnding = true;
    this.#reading.end();
    lingering.delete(this);
    stalls.forget(this);
    this.#released();
    this.#owner?.disconnected(this.#reason === "" ? "the peer closed the connection" : this.#reason);
  };
}

// White space between elements, which on other carriers keeps a connection alive (RFC 6120 4.6.1), and which some clients send
// here, too.
function isBlank(data: Buffer): boolean {
  return data.length <= 1 && (data.length === 0 || data[0] === 0x20 || data[0] === 0x0a);
}
