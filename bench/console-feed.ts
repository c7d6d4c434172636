import { createServer, request as ask, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { feedRow } from "../e2e/console/live-feed.ts";
import type { LiveFrame, LiveRequest } from "../lib/contracts/events.ts";

const tickMs = 50;
const livePath = "/api/v1/live";

/**
 * Stands before a server and answers its live stream in its place, with as many changes of forwards a second as asked for,
 * each a little more than half a kilobyte; everything else is passed on.
 */
export class FastFeed {
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  readonly #connections = new Set<Socket>();
  readonly #target: string;
  readonly #perSecond: number;
  #viewer: WebSocket | null = null;
  #timer: NodeJS.Timeout | null = null;
  told = 0;
  bytes = 0;

  constructor(serverPort: number, target: string, perSecond: number) {
    this.#target = target;
    this.#perSecond = perSecond;
    this.#http = createServer((request, response) => {
      const { method, url: path, headers } = request;
      const passed = ask({ host: "127.0.0.1", port: serverPort, method, path, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      passed.on("error", () => response.destroy());
      request.pipe(passed);
    });
    this.#http.on("connection", (socket: Socket) => {
      this.#connections.add(socket);
      socket.on("close", () => this.#connections.delete(socket));
    });
    this.#http.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
      if (request.url !== livePath) socket.destroy();
      else this.#sockets.handleUpgrade(request, socket, head, (viewer) => this.#open(viewer));
    });
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#http.listen(0, "127.0.0.1", resolve));
    return this;
  }

  /** Begins to tell changes, to who is there. */
  start(): void {
    const startedAt = performance.now();
    this.#timer = setInterval(() => {
      const due = Math.floor(((performance.now() - startedAt) * this.#perSecond) / 1000);
      const frames: LiveFrame[] = [];
      for (; this.told < due; this.told += 1)
        frames.push({
          type: "event",
          event: { topic: "forward", id: this.told + 1, data: feedRow(this.#target, this.told) },
        });
      if (frames.length > 0) this.bytes += this.#say(frames);
    }, tickMs);
  }

  stop(): Promise<unknown> {
    if (this.#timer !== null) clearInterval(this.#timer);
    for (const socket of this.#connections) socket.destroy();
    return new Promise((resolve) => this.#http.close(resolve));
  }

  #open(viewer: WebSocket): void {
    this.#viewer = viewer;
    this.#say([{ type: "hello", version: "0", startedAt: new Date().toISOString() }]);
    viewer.on("message", (data) => {
      const request = JSON.parse((data as Buffer).toString()) as LiveRequest;
      if (request.type === "subscribe")
        this.#say([{ type: "subscribed", topic: request.topic, head: this.told, oldest: 1 }]);
    });
  }

  #say(frames: LiveFrame[]): number {
    const text = JSON.stringify(frames);
    this.#viewer?.send(text);
    return text.length;
  }
}
