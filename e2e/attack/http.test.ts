/** Hostile HTTP: nothing hangs, nothing is answered with a fault of ours, and no path leads where it should not. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { RawClient } from "../../server/net/testing.ts";
import { TestServer } from "../support/server.ts";

let server: TestServer;
before(async () => {
  server = await TestServer.start();
});
after(() => server.stop());

/** Status of the answer; 0: the connection was closed without one. */
async function statusOf(request: string | Buffer): Promise<number> {
  const client = await RawClient.connect(server.httpPort);
  client.send(request);
  try {
    return Number(/^HTTP\/1\.1 (\d+)/.exec(await client.until("\r\n\r\n"))?.[1]);
  } catch (error) {
    if (/the connection ended/.test(String(error))) return 0;
    throw error;
  } finally {
    client.destroy();
  }
}
const get = (path: string, headers = "", host = "localhost"): string =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n`;
const post = (path: string, body: string, headers = "Content-Type: application/json\r\n"): string =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const verify = "/api/v1/auth/verify";

describe("requests", () => {
  const cases: [name: string, request: string | Buffer, status: number][] = [
    ["the prefix of the API alone", get("/api/v1"), 404],
    ["the prefix with a query", get("/api/v1?x=1"), 404],
    ["nothing of ours", get("/.env"), 404],
    ["dot segments", get("/api/v1/../../etc/passwd"), 400],
    ["encoded dot segments", get("/api/v1/%2e%2e/x"), 400],
    ["a NUL", get("/api/v1/x%00"), 400],
    ["a backslash", get("/api/v1\\x"), 400],
    ["half an encoding", get("/admin/%2>%2>"), 400],
    ["another site's name", get("/", "", "evil.example"), 421],
    ["two names", get("/", "Host: evil.example\r\n"), 400],
    ["a user in the name", get("/", "", "localhost@evil.example"), 400],
    ["an absolute target", get("http://localhost/api/v1/status"), 400],
    ["a tunnel", "CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n", 0],
    [
      "two lengths",
      `POST ${verify} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
      400,
    ],
    [
      "a length and chunks",
      `POST ${verify} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    ["a large head", get("/", `X: ${"a".repeat(20_000)}\r\n`), 431],
    ["a large body", `POST ${verify} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n{`, 413],
    ["no JSON", post(verify, "{{{"), 400],
    ["JSON without end", post(verify, "[".repeat(60_000)), 400],
    ["deep JSON", post(verify, "[".repeat(30_000) + "]".repeat(30_000)), 400],
    ["another type", post(verify, "{}", "Content-Type: text/plain\r\n"), 415],
    ["keys of the prototype", post(verify, '{"__proto__":{"x":1},"jid":"a","password":"b"}'), 401],
    [
      "a cookie from another site",
      post(
        verify,
        '{"jid":"a","password":"b"}',
        "Content-Type: application/json\r\nOrigin: https://evil.example\r\nCookie: a=b\r\n",
      ),
      403,
    ],
    ["a broken cookie", get("/api/v1/users", "Cookie: nightpost.sid=a.b.c.d.e\r\n"), 401],
    ["a broken key", get("/api/v1/users", "Authorization: Bearer np_\xff\r\n"), 401],
    [
      "a way around the middleware",
      get("/api/v1/users", "X-Middleware-Subrequest: middleware:middleware:middleware\r\n"),
      401,
    ],
    ["another protocol", get("/", "Connection: Upgrade\r\nUpgrade: h2c\r\n"), 404],
    ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
    ["no TLS behind its first byte", Buffer.from([0x16, 9, 9, 0, 5, 1, 1, 1, 1, 1]), 0],
  ];
  for (const [name, request, status] of cases)
    test(`${name}: ${status === 0 ? "closed" : status}`, async () => assert.equal(await statusOf(request), status));
});

describe("the live stream", () => {
  const upgrade = (headers: string): string =>
    get(
      "/api/v1/live",
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n" +
        headers,
    );
  test("is not for strangers", async () => assert.equal(await statusOf(upgrade("")), 401));
  test("is not for other sites", async () =>
    assert.equal(await statusOf(upgrade("Origin: https://evil.example\r\nCookie: nightpost.sid=x\r\n")), 403));
});
