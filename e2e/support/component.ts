import { createHash } from "node:crypto";
import { once } from "node:events";
import net from "node:net";

const waitMs = 30_000;

/** An external component (XEP-0114) as small as it gets: it sends text and waits for text. */
export class Component {
  readonly #socket: net.Socket;
  #text = "";
  #id = "";
  #isClosed = false;
  readonly #looks = new Set<() => void>();

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => {
      this.#text += text;
      for (const look of this.#looks) look();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.#isClosed = true;
      for (const look of this.#looks) look();
    });
  }

  /** Opens the stream, without a handshake. */
  static async open(port: number, domain: string): Promise<Component> {
    const socket = net.connect(port, "127.0.0.1");
    await once(socket, "connect");
    const component = new Component(socket);
    component.send(
      `<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='${domain}'>`,
    );
    const header = await component.until(/<stream:stream[^>]*>/);
    component.#id = / id='([^']+)'/.exec(header)?.[1] ?? "";
    return component;
  }

  static async connect(port: number, domain: string, secret: string): Promise<Component> {
    const component = await Component.open(port, domain);
    component.prove(secret);
    await component.until("<handshake/>");
    return component;
  }

  /** XEP-0114 3: the hash of the stream's id and the secret. */
  prove(secret: string): void {
    this.send(`<handshake>${createHash("sha1").update(`${this.#id}${secret}`).digest("hex")}</handshake>`);
  }

  send(xml: string): void {
    this.#socket.write(xml);
  }

  /** Takes everything up to and including the next match. Rejects after 10 s, or when the connection ends without it. */
  until(pattern: string | RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.#looks.delete(look);
      };
      const fail = (): void => {
        settle();
        reject(new Error(`waited in vain for ${String(pattern)}: ${this.#text}`));
      };
      const look = (): void => {
        const index = this.#text.search(typeof pattern === "string" ? RegExp.escape(pattern) : pattern);
        if (index >= 0) {
          settle();
          const found = typeof pattern === "string" ? pattern : (pattern.exec(this.#text)?.[0] ?? "");
          const taken = this.#text.slice(0, index + found.length);
          this.#text = this.#text.slice(index + found.length);
          resolve(taken);
        } else if (this.#isClosed) {
          fail();
        }
      };
      const timer = setTimeout(fail, waitMs);
      this.#looks.add(look);
      look();
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}
