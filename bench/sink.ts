import net, { type Server, type Socket } from "node:net";
import { until } from "./session.ts";
import { demand } from "./workload.ts";

const answerOf = (status: number): string => `HTTP/1.1 ${status} \r\nContent-Length: 0\r\n\r\n`;

/** The cheapest web server for classic forwards: reads `to` and `body` of each form and checks that they come in order. */
export class Sink {
  misplaced = 0;
  latencies: number[] = [];
  /** What it answers; only what got a 200 counts as received, and is looked into. */
  status = 200;
  /** How long it takes to answer. */
  delayMs = 0;
  /** Requests since the last reset, whatever the answer. */
  requests = 0;
  open = 0;
  maxOpen = 0;
  /** Sees every request before it is answered; the form is then not read. */
  onRequest: ((head: string) => void) | null = null;
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

  /** Requests that were answered with 200. */
  get received(): number {
    return this.#received;
  }

  /** Forgets what came. */
  reset(): void {
    this.misplaced = 0;
    this.latencies = [];
    this.requests = 0;
    this.maxOpen = 0;
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
        this.#take(text.slice(0, body), text.slice(body, body + length));
        text = text.slice(body + length);
        this.#answer(socket);
      }
    });
  }

  #answer(socket: Socket): void {
    this.open += 1;
    this.maxOpen = Math.max(this.maxOpen, this.open);
    const answer = (): void => {
      this.open -= 1;
      socket.write(answerOf(this.status));
    };
    if (this.delayMs === 0) answer();
    else setTimeout(answer, this.delayMs);
  }

  #take(head: string, form: string): void {
    this.requests += 1;
    if (this.status !== 200) return;
    this.#received += 1;
    if (this.onRequest !== null) {
      this.onRequest(head);
      return;
    }
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
