import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { WebSocket } from "ws";
import { AddressLimits } from "../net/address-limits.ts";
import { BoshEndpoint } from "../net/bosh/endpoint.ts";
import { HttpFront } from "../net/http/front.ts";
import { AllowedOrigins } from "../net/http/origins.ts";
import { peerOf } from "../net/http/peer.ts";
import { Listener } from "../net/listener.ts";
import { TrustedSources } from "../net/trusted-sources.ts";
import { WebSocketEndpoint } from "../net/websocket/endpoint.ts";
import { plainAuth, type StreamTestOptions, type StreamTestServer, streamTestServer } from "./testing-streams.ts";

const waitMs = 5_000;
const framing = "urn:ietf:params:xml:ns:xmpp-framing";

export interface WebTestOptions extends StreamTestOptions {
  readonly origins?: readonly string[];
  readonly maxPerAddress?: number;
}

/** A {@link streamTestServer} that web clients can connect to as well; loopback is a trusted proxy. */
export interface WebTestServer extends StreamTestServer {
  readonly httpPort: number;
  readonly webSockets: WebSocketEndpoint;
  readonly bosh: BoshEndpoint;
}

export async function webTestServer(options: WebTestOptions): Promise<WebTestServer> {
  const server = await streamTestServer(options);
  const trusted = new TrustedSources(["127.0.0.0/8"]);
  const origins = new AllowedOrigins(options.origins ?? []);
  const limits = new AddressLimits({ maxPerAddress: options.maxPerAddress ?? 100, newPerSecond: 100 });
  const shared = {
    limits,
    origins,
    peerOf: (request: IncomingMessage) => peerOf(request, trusted),
    mayBeInsecure: options.settings?.starttls === "optional",
    now: server.clock.now,
  };
  const webSockets = new WebSocketEndpoint({ ...shared, accept: (open) => server.clients.carry(open) });
  const bosh = new BoshEndpoint({ ...shared, accept: (open) => server.clients.carry(open) });
  const front = new HttpFront({
    plain: "redirect",
    tlsOptions: () => server.certificates.serverOptions(undefined),
    isKnownHost: () => false,
    onError: (error) => {
      throw error;
    },
    routes: [
      {
        prefix: "/xmpp-websocket",
        handle: (_request, response) => webSockets.explain(response),
        upgrade: (request, socket, head) => webSockets.upgrade(request, socket, head),
      },
      { prefix: "/http-bind", handle: (request, response) => bosh.handle(request, response) },
    ],
  });
  const listener = await Listener.open({
    name: "http",
    address: "127.0.0.1",
    port: 0,
    limits: new AddressLimits({ maxPerAddress: 1_000, newPerSecond: 1_000 }),
    accept: front.accept,
  });
  return {
    ...server,
    httpPort: listener.port,
    webSockets,
    bosh,
    async stop() {
      await listener.close();
      await server.stop();
      await front.close(0);
    },
  };
}

/** For tests: a WebSocket client that knows texts only. */
export class FrameClient {
  readonly socket: WebSocket;
  readonly #messages: string[] = [];
  readonly #waiting = new Set<() => void>();
  closeCode: number | undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    const wake = (): void => {
      for (const look of this.#waiting) look();
    };
    socket.on("message", (data: Buffer) => {
      this.#messages.push(data.toString());
      wake();
    });
    socket.on("error", () => {});
    socket.on("close", (code) => {
      this.closeCode = code;
      wake();
    });
  }

  /** Rejects with what the server answered instead, such as `Unexpected server response: 403`. */
  static async connect(
    port: number,
    options: { readonly headers?: Record<string, string>; readonly tls?: boolean; readonly autoPong?: boolean } = {},
  ): Promise<FrameClient> {
    const { headers = {}, autoPong = true } = options;
    const url = `${options.tls === true ? "wss" : "ws"}://127.0.0.1:${port}/xmpp-websocket`;
    const socket = new WebSocket(url, "xmpp", { headers, autoPong, rejectUnauthorized: false });
    const client = new FrameClient(socket);
    await once(socket, "open");
    return client;
  }

  send(...messages: readonly (string | Buffer)[]): void {
    for (const message of messages) this.socket.send(message);
  }

  /** The next message. */
  async next(): Promise<string> {
    await this.#wait(() => this.#messages.length > 0);
    return this.#messages.shift()!;
  }

  /** Waits for the end and takes the messages that came before. */
  async ended(): Promise<string[]> {
    await this.#wait(() => this.closeCode !== undefined);
    return this.#messages.splice(0);
  }

  /** Opens a stream; returns the answer's header and the features. */
  async open(to: string): Promise<{ header: string; features: string }> {
    this.send(`<open xmlns='${framing}' to='${to}' version='1.0'/>`);
    return { header: await this.next(), features: await this.next() };
  }

  /** Opens a stream, logs in with PLAIN and binds a resource; returns the full JID. */
  async login(user: string, host: string, password: string): Promise<string> {
    await this.open(host);
    this.send(plainAuth("", user, password));
    await this.next();
    await this.open(host);
    this.send(
      "<iq xmlns='jabber:client' type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>web</resource></bind></iq>",
    );
    const answer = await this.next();
    return /<jid>([^<]+)<\/jid>/.exec(answer)?.[1] ?? answer;
  }

  destroy(): void {
    this.socket.terminate();
  }

  #wait(isThere: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`waited in vain; received: ${this.#messages.join("\n")}`));
      }, waitMs);
      const look = (): void => {
        const isOver = isThere();
        if (!isOver && this.closeCode === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        if (isOver) resolve();
        else reject(new Error(`closed with ${this.closeCode}`));
      };
      this.#waiting.add(look);
      look();
    });
  }
}
