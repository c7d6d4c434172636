import net, { type Server, type Socket } from "node:net";
import { until } from "./session.ts";
import { demand } from "./workload.ts";

const answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/** The cheapest web server for classic forwards: reads `to` and `body` of each form and checks that they come in order. */
export class Sink {
  misplaced = 0;
  latencies: number[] = [];
  #received = 0;
  readonly #next = new Map<string, number>();
  readonly #sentAt = new Map<string, number[]>();
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor() {
    this.#server = net.createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  static async start(port: number): Promise<Sink> {
    const sink = new Sink();
    await new Promise<void>((resolve, reject) => {
      sink.#server.once("error", reject);
      sink.#server.listen({ port, host: "127.0.0.1", backlog: 4096 }, resolve);
    });
    return sink;
  }

  /** Forgets what came. */
  reset(): void {
    this.misplaced = 0;
    this.latencies = [];
    this.#received = 0;
    this.#next.clear();
    this.#sentAt.clear();
  }

  /** The next request for this recipient belongs to a message sent at `at`. */
  expect(recipient: number, at: number): void {
    const key = String(recipient);
    const waiting = this.#sentAt.get(key);
    if (waiting === undefined) this.#sentAt.set(key, [at]);
    else waiting.push(at);
  }

  /** Resolves when so many requests have come since the last reset. */
  async until(count: number): Promise<void> {
    await until(() => this.#received >= count);
    demand(this.#received >= count, `${this.#received} of ${count} messages were forwarded`);
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    let text = "";
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("data", (bytes: Buffer) => {
      text += bytes.toString("latin1");
      for (;;) {
        const body = text.indexOf("\r\n\r\n") + 4;
        if (body < 4) return;
        const length = Number(/\ncontent-length: *(\d+)/i.exec(text.slice(0, body))?.[1] ?? 0);
        if (text.length < body + length) return;
        this.#take(text.slice(body, body + length));
        text = text.slice(body + length);
        socket.write(answer);
      }
    });
  }

  #take(form: string): void {
    this.#received += 1;
    const match = /&to=u(\d+)[^&]*&body=(\w\w)(\w{6})/.exec(form);
    if (match === null) throw new Error(`not a form of ours: ${form}`);
    const [, recipient = "", sender = "", digits = ""] = match;
    const number = Number.parseInt(digits, 36);
    const lane = `${recipient} ${sender}`;
    if (number !== (this.#next.get(lane) ?? 0)) this.misplaced += 1;
    this.#next.set(lane, number + 1);
    const sentAt = this.#sentAt.get(String(Number(recipient) - 1000))?.shift();
    if (sentAt !== undefined) this.latencies.push(performance.now() - sentAt);
  }
}
