import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as the web server got it. */
export interface SunkRequest {
  readonly id: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** The operator's web server, for tests: keeps every request and answers as told. */
export class Sink {
  readonly requests: SunkRequest[] = [];
  status = 200;
  /** Requests that are being answered. */
  open = 0;
  maxOpen = 0;
  readonly #server: Server;
  #port = 0;
  #onRequest: (() => void)[] = [];

  constructor() {
    this.#server = createServer((request, response) => {
      this.open += 1;
      this.maxOpen = Math.max(this.maxOpen, this.open);
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        this.open -= 1;
        response.writeHead(this.status).end();
        this.requests.push({
          id: String(request.headers["webhook-id"] ?? ""),
          headers: request.headers,
          body: Buffer.concat(chunks).toString("utf8"),
        });
        for (const check of this.#onRequest) check();
      });
      request.on("error", () => {
        this.open -= 1;
      });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/xmppforward/offline`;
  }

  /** Listens; again on the same port after {@link stop}. */
  async start(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.#port, "127.0.0.1", () => resolve());
    });
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  /** Refuses connections from now on. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Resolves once `isEnough` holds; it is asked after each request. */
  async until(isEnough: () => boolean, ms = 60_000): Promise<void> {
    if (isEnough()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#onRequest = this.#onRequest.filter((one) => one !== check);
        reject(new Error(`the web server waited ${ms} ms in vain; it has ${this.requests.length} requests`));
      }, ms);
      const check = (): void => {
        if (!isEnough()) return;
        clearTimeout(timer);
        this.#onRequest = this.#onRequest.filter((one) => one !== check);
        resolve();
      };
      this.#onRequest.push(check);
    });
  }
}
