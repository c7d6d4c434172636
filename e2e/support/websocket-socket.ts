import { EventEmitter, once } from "node:events";
import { WebSocket } from "ws";
import { framing, streamTag, toMessages } from "./framed-socket.ts";

/**
 * A WebSocket (RFC 7395) that looks like the socket of a TCP stream: what is written is cut into its elements, each of which
 * becomes a message, and `<open/>` and `<close/>` stand for the stream's tags.
 */
export class WebSocketSocket extends EventEmitter {
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    super();
    this.#socket = socket;
    socket.on("message", (data: Buffer) => this.emit("data", Buffer.from(fromMessage(data.toString("utf8")))));
    socket.on("error", (error) => this.emit("error", error));
    socket.on("close", () => this.emit("close"));
  }

  /** Rejects with what the server answered instead, such as `Unexpected server response: 403`. */
  static async connect(url: string, headers: Readonly<Record<string, string>> = {}): Promise<WebSocketSocket> {
    const socket = new WebSocket(url, "xmpp", { rejectUnauthorized: false, perMessageDeflate: false, headers });
    await once(socket, "open");
    return new WebSocketSocket(socket);
  }

  write(text: string): void {
    for (const message of toMessages(text)) this.#socket.send(message);
  }

  end(text = ""): void {
    if (text !== "") this.write(text);
  }

  get writableLength(): number {
    return this.#socket.bufferedAmount;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): this {
    this.#socket.resume();
    return this;
  }

  destroy(): void {
    this.#socket.terminate();
  }

  resetAndDestroy(): void {
    this.#socket.terminate();
  }
}

function fromMessage(text: string): string {
  if (text.startsWith("<close ")) return "</stream:stream>";
  if (!text.startsWith("<open ")) return text;
  return streamTag(text.replace(/^<open |\/>$/g, "").replace(`xmlns='${framing}'`, ""));
}
