import {
  createServer,
  type Http2Server,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";

/** A push as it came. */
export interface Push {
  /** `apns-id`: the same for each attempt of an event. */
  readonly id: string;
  readonly deviceToken: string;
  readonly payload: string;
}

/**
 * A push provider that takes everything at once and keeps it. The mock of the tests refuses a second provider token within 20
 * minutes, as Apple does, and here the server starts many times in one.
 */
export class Phones {
  readonly pushes: Push[] = [];
  readonly #server: Http2Server = createServer();
  readonly #sessions = new Set<Http2Session>();

  constructor() {
    this.#server.on("session", (session) => {
      this.#sessions.add(session);
      session.on("error", () => session.destroy());
      session.on("close", () => this.#sessions.delete(session));
    });
    this.#server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
      let payload = "";
      stream.setEncoding("utf8");
      stream.on("data", (text: string) => {
        payload += text;
      });
      stream.on("error", () => undefined);
      stream.on("end", () => {
        const id = String(headers["apns-id"]);
        const deviceToken = String(headers[":path"]).replace("/3/device/", "");
        this.pushes.push({ id, deviceToken, payload });
        stream.respond({ ":status": 200, "apns-id": id }, { endStream: true });
      });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", () => resolve()));
    return this;
  }

  async stop(): Promise<void> {
    for (const session of this.#sessions) session.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
