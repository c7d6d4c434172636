import { once } from "node:events";
import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import net, { type AddressInfo } from "node:net";
import { Duplex } from "node:stream";
import tls from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TlsServerOptions } from "../connection.ts";
import { selfSignedPair } from "../self-signed.ts";
import { HttpFront, type HttpFrontOptions } from "./front.ts";

let certificate: TlsServerOptions;
const closing: (() => Promise<void>)[] = [];
beforeAll(async () => {
  const { context } = await selfSignedPair("localhost", null, Date.now());
  certificate = { secureContext: context };
});
afterAll(async () => {
  await Promise.all(closing.map((close) => close()));
});

const faults: unknown[] = [];

/** A front on a free port whose connections seem to come from `remoteAddress`. */
async function listen(options: Partial<HttpFrontOptions> & { remoteAddress?: string } = {}): Promise<number> {
  const front = new HttpFront({
    plain: "redirect",
    tlsOptions: () => certificate,
    isKnownHost: (name) => name === "chat.bix.org",
    onError: (error) => faults.push(error),
    routes: [
      { prefix: "/api/v1", handle: (_request, response, path) => void response.end(`api ${path}`) },
      {
        prefix: "/api/v1/live",
        handle: (_request, response) => void response.end("live"),
        upgrade: (_request, socket) => socket.end("HTTP/1.1 101 Switching Protocols\r\n\r\nlive"),
      },
      {
        prefix: "/broken",
        handle: () => {
          throw new Error("broken");
        },
      },
      {
        prefix: "/half",
        handle: async (_request, response) => {
          response.write("half");
          await Promise.reject(new Error("half"));
        },
      },
    ],
    ...options,
  });
  const server = net.createServer({ pauseOnConnect: true }, (socket) => {
    if (options.remoteAddress !== undefined)
      Object.defineProperty(socket, "remoteAddress", { value: options.remoteAddress });
    front.accept({ socket, closed: () => undefined });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    await front.close(0);
    await closed;
  });
  return (server.address() as AddressInfo).port;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

async function get(
  port: number,
  path: string,
  { host = "localhost", isTls = false, headers = {} }: { host?: string; isTls?: boolean; headers?: object } = {},
): Promise<Answer> {
  const options = {
    port,
    host: "127.0.0.1",
    path,
    agent: false,
    rejectUnauthorized: false,
    headers: { host, ...headers },
  };
  const request = isTls ? https.get(options) : http.get(options);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const body = (await response.setEncoding("utf8").toArray()).join("");
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

/** Everything that comes back for these bytes, until the server closes. */
async function raw(port: number, bytes: string | Buffer): Promise<string> {
  const socket = net.connect(port, "127.0.0.1");
  socket.write(bytes);
  return (await socket.setEncoding("utf8").toArray()).join("");
}

describe("HttpFront", () => {
  it("speaks HTTP and HTTPS on the same port", async () => {
    const port = await listen();
    for (const isTls of [false, true])
      expect(await get(port, "/api/v1/users?x=1", { isTls })).toMatchObject({ status: 200, body: "api /api/v1/users" });
  });

  it.each([
    ["the head of a request", "GET /api/v1 HTTP/1.1\r\nhost: localhost\r\nx: "],
    ["the body of a request", "POST /api/v1 HTTP/1.1\r\nhost: localhost\r\ncontent-length: 99\r\n\r\nx"],
  ])("does not wait for ever for %s", async (_name, start) => {
    const port = await listen({
      patience: { headMs: 50, requestMs: 100 },
      routes: [{ prefix: "/", handle: (request) => void request.resume() }],
    });
    const socket = net.connect(port, "127.0.0.1");
    socket.write(start);
    await once(socket.resume(), "close");
  });

  it("takes a TLS greeting that comes in pieces", async () => {
    const port = await listen();
    const socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
    await once(socket, "connect");
    // The first byte decides; the rest follows in a packet of its own.
    const cutting = new Duplex({
      read: () => undefined,
      write: (bytes: Buffer, _encoding, done) => {
        socket.write(bytes.subarray(0, 1));
        setImmediate(() => socket.write(bytes.subarray(1), done));
      },
    });
    socket.on("data", (bytes: Buffer) => cutting.push(bytes));
    socket.on("end", () => cutting.push(null));
    const secure = tls.connect({ socket: cutting, rejectUnauthorized: false });
    await once(secure, "secureConnect");
    secure.write("GET /api/v1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    expect((await secure.setEncoding("utf8").toArray()).join("")).toContain("api /api/v1");
  });

  it("closes a TLS connection while there is no certificate", async () => {
    expect(await raw(await listen({ tlsOptions: () => undefined }), Buffer.from([0x16, 3, 1]))).toBe("");
  });

  const head = "POST /api/v1 HTTP/1.1\r\nhost: localhost\r\n";
  it.each([
    ["rubbish", "\0\0\0\0\r\n\r\n", /^HTTP\/1\.1 400 .*connection: close.*no HTTP request/s],
    ["two lengths", `${head}content-length: 1\r\ncontent-length: 2\r\n\r\nx`, /^HTTP\/1\.1 400 /],
    ["a length beside chunks", `${head}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n`, /^HTTP\/1\.1 400 /],
    ["a head that is too large", `${head}x: ${"x".repeat(200_000)}\r\n\r\n`, /^HTTP\/1\.1 431 .*16384 bytes/s],
  ])("says what is wrong with %s, once, and ends the connection", async (_name, sent, answer) => {
    const text = await raw(await listen(), sent);
    expect(text).toMatch(answer);
    expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  it("says nothing behind an answer that something else was asked for", async () => {
    const text = await raw(await listen(), "GET /api/v1 HTTP/1.1\r\nhost: localhost\r\n\r\n\0\0\r\n\r\n");
    expect(text).not.toContain("400");
  });

  it.each([
    ["/", 404],
    ["/admin", 404],
    ["/api", 404],
    ["/api/v10", 404],
    ["/api/v1", 200],
    ["/api/v1/", 200],
    ["/api/v1/../../etc/passwd", 400],
    ["/api/v1/%2e%2e/admin", 400],
    ["//api/v1", 400],
  ])("answers %s with %i: what no route names does not exist", async (path, status) => {
    expect((await get(await listen(), path)).status).toBe(status);
  });

  it.each([
    ["localhost", 200],
    ["127.0.0.1", 200],
    ["chat.bix.org", 200],
    ["CHAT.bix.org.:8080", 200],
    ["evil.example", 421],
    ["192.0.2.7", 421],
    ["localhost@evil.example", 400],
  ])("answers to the name %j with %i", async (host, status) => {
    expect((await get(await listen(), "/api/v1", { host })).status).toBe(status);
  });

  it("wants a Host header", async () => {
    for (const request of [
      "GET /api/v1 HTTP/1.0\r\n\r\n",
      "GET /api/v1 HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n",
      "GET /api/v1 HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    ])
      expect(await raw(await listen(), request)).toMatch(/^HTTP\/1.1 400 /);
  });

  it.each([
    ["redirect", "192.0.2.7", 308],
    ["redirect", "127.0.0.1", 200],
    ["redirect", "::ffff:127.0.0.1", 200],
    ["redirect", "::1", 200],
    ["allow", "192.0.2.7", 200],
    ["off", "192.0.2.7", 403],
    ["off", "127.0.0.1", 403],
  ] as const)("with plain: %s, unencrypted HTTP from %s gets %i, HTTPS 200", async (plain, remoteAddress, status) => {
    const port = await listen({ plain, remoteAddress });
    const answer = await get(port, "/api/v1/a?b=c", { host: "chat.bix.org:5280" });
    expect(answer.status).toBe(status);
    expect(answer.headers.location).toBe(status === 308 ? "https://chat.bix.org:5280/api/v1/a?b=c" : undefined);
    expect((await get(port, "/api/v1", { isTls: true })).status).toBe(200);
  });

  it("never redirects to a name that is not its own", async () => {
    const port = await listen({ plain: "redirect", remoteAddress: "192.0.2.7" });
    const answer = await get(port, "/api/v1", {
      host: "evil.example",
      headers: { "x-forwarded-host": "evil.example" },
    });
    expect(answer).toMatchObject({ status: 421 });
    expect(answer.headers.location).toBeUndefined();
  });

  it("reports a handler that fails and answers 500, or cuts what has begun", async () => {
    const port = await listen();
    expect(await get(port, "/broken")).toMatchObject({
      status: 500,
      body: "The server failed to answer this request.\n",
    });
    await expect(get(port, "/half")).rejects.toThrow(/aborted|hang up/);
    expect(faults.map(String)).toEqual(["Error: broken", "Error: half"]);
  });

  describe("upgrades", () => {
    const upgrade = (path: string, host = "localhost", to = "websocket"): string =>
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: ${to}\r\n\r\n`;

    it.each([
      [upgrade("/api/v1/live"), /^HTTP\/1.1 101 .*live$/s],
      [upgrade("/api/v1"), /^HTTP\/1.1 404 /],
      [upgrade("/admin/_next/webpack-hmr"), /^HTTP\/1.1 404 /],
      [upgrade("/api/v1/live", "evil.example"), /^HTTP\/1.1 421 /],
      [upgrade("/api/v1/../live"), /^HTTP\/1.1 400 /],
    ])("%j", async (request, answer) => expect(await raw(await listen(), request)).toMatch(answer));

    it("are refused where the request would be", async () => {
      const port = await listen({ plain: "off", remoteAddress: "192.0.2.7" });
      expect(await raw(port, upgrade("/api/v1/live"))).toMatch(/^HTTP\/1.1 403 /);
    });

    it("to anything but a WebSocket are ignored (RFC 9110 7.8)", async () => {
      expect(
        await get(await listen(), "/api/v1", { headers: { connection: "Upgrade", upgrade: "h2c" } }),
      ).toMatchObject({ status: 200 });
    });
  });
});
