import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from "node:tls";

const waitMs = 5_000;

/** For tests: a client that knows bytes only. It sends text and waits for text. */
export class RawClient {
  #socket: Socket;
  #text = "";
  #isClosed = false;
  readonly #waiting = new Set<() => void>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen(socket);
  }

  static async connect(port: number, host = "127.0.0.1"): Promise<RawClient> {
    const socket = connect({ port, host, noDelay: true });
    await once(socket, "connect");
    return new RawClient(socket);
  }

  static async connectTls(port: number, options: ConnectionOptions = {}): Promise<RawClient> {
    const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false, ...options });
    await once(socket, "secureConnect");
    return new RawClient(socket);
  }

  get socket(): Socket {
    return this.#socket;
  }

  get tlsSocket(): TLSSocket {
    // Only a client that upgraded, or began with TLS, is asked.
    return this.#socket as TLSSocket;
  }

  /** What came in and was not taken by {@link until}. */
  get text(): string {
    return this.#text;
  }

  send(text: string | Buffer): void {
    this.#socket.write(text);
  }

  /** Takes everything up to and including the next match. Rejects after 5 s, or when the connection ends without it. */
  async until(pattern: string | RegExp): Promise<string> {
    const match = (): [index: number, length: number] | undefined => {
      if (typeof pattern === "string") {
        const index = this.#text.indexOf(pattern);
        return index < 0 ? undefined : [index, pattern.length];
      }
      const found = pattern.exec(this.#text);
      return found === null ? undefined : [found.index, found[0].length];
    };
    await this.#wait(() => match() !== undefined, `${pattern}`);
    const [index, length] = match()!;
    const taken = this.#text.slice(0, index + length);
    this.#text = this.#text.slice(index + length);
    return taken;
  }

  /** Waits for the end of the connection and takes all that came before. */
  async ended(): Promise<string> {
    await this.#wait(() => this.#isClosed, "the end");
    return this.#text;
  }

  async startTls(options: ConnectionOptions = {}): Promise<void> {
    const plain = this.#socket;
    plain.removeAllListeners();
    const socket = connectTls({ socket: plain, rejectUnauthorized: false, ...options });
    this.#socket = socket;
    await once(socket, "secureConnect");
    this.#listen(socket);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #listen(socket: Socket): void {
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => {
      this.#text += text;
      this.#wake();
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  #wake(): void {
    for (const look of this.#waiting) look();
  }

  #wait(isThere: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
      };
      const fail = (reason: string): void => {
        settle();
        reject(new Error(`${reason} waiting for ${what}; received: ${this.#text}`));
      };
      const look = (): void => {
        if (isThere()) {
          settle();
          resolve();
        } else if (this.#isClosed) {
          fail("the connection ended");
        }
      };
      const timer = setTimeout(() => fail("timed out"), waitMs);
      this.#waiting.add(look);
      look();
    });
  }
}
