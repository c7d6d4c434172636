import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A request as a provider's mock got it. */
export interface MockRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}
export interface MockAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
/** What a mock does with a request: an answer, or the end of the connection, or nothing at all. */
export type MockReaction = MockAnswer | "reset" | "silence";

/** An HTTP server on a port of its own, for the mocks of providers. */
export interface MockServer {
  readonly origin: string;
  /** Connections accepted so far. */
  readonly connections: number;
  /** Resolves when so many requests have come in all. */
  received(count: number): Promise<void>;
  close(): Promise<void>;
}

export async function startMockServer(react: (request: MockRequest) => MockReaction): Promise<MockServer> {
  let requests = 0;
  let connections = 0;
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = await buffer(request);
      const reaction = react({ path: request.url ?? "", headers: request.headers, body });
      requests += 1;
      for (const { count, resolve } of waiting) if (requests >= count) resolve();
      if (reaction === "silence") return;
      if (reaction === "reset") request.socket.resetAndDestroy();
      else response.writeHead(reaction.status, reaction.headers).end(reaction.body);
    })();
  });
  server.keepAliveTimeout = 60_000;
  server.on("connection", () => {
    connections += 1;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections;
    },
    received: (count) =>
      requests >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve })),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** An answer in JSON. */
export function jsonAnswer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): MockAnswer {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(value) };
}

/** Header and claims of a JWT, and what its signature is over. Nothing is verified. */
export function readJwt(token: string): {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly signed: Buffer;
  readonly signature: Buffer;
} {
  const [header = "", claims = "", signature = ""] = token.split(".");
  const read = (part: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
  return {
    header: read(header),
    claims: read(claims),
    signed: Buffer.from(`${header}.${claims}`),
    signature: Buffer.from(signature, "base64url"),
  };
}
