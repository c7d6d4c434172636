import { createServer, type Socket } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "../core/clock.ts";
import { startSink, targetFor } from "./testing.ts";
import { Webhook, type Outgoing } from "./webhook.ts";

const event: Outgoing = { id: "evt_1", contentType: "text/plain", payload: "hello ✓", dueAt: 0 };
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function webhook(...[url, settings]: Parameters<typeof targetFor>): Webhook {
  const made = new Webhook(targetFor(url, settings), { version: "1.2.3", clock: systemClock });
  closing.push(() => made.close(true));
  return made;
}

/** A server that answers each connection's data with what `script` returns; undefined closes the connection. */
async function rawServer(script: (request: number) => string | undefined): Promise<string> {
  let requests = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", () => {
      const answer = script(++requests);
      if (answer === undefined) socket.resetAndDestroy();
      else socket.write(answer);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

test("the request and its record", async () => {
  const sink = await startSink((request) =>
    request.answer(201, { "x-answer": "a", "x-echo": "got secret-token-1" }, "secret-token-1 seen"),
  );
  closing.push(() => sink.close());
  const hook = webhook(`${sink.url}?a=1&b=%20`, { headers: { Authorization: "Bearer secret-token-1" } });
  const { record } = await hook.attempt(event, 3);
  const [seen] = sink.seen;
  expect(seen!.body).toBe("hello ✓");
  expect(seen!.headers).toMatchObject({
    "content-type": "text/plain",
    "content-length": "9",
    "user-agent": "Nightpost/1.2.3",
    authorization: "Bearer secret-token-1",
    "webhook-id": "evt_1",
    "x-forward-attempt": "3",
    "x-forward-event": "message.offline",
  });
  expect(Math.abs(Number(seen!.headers["webhook-timestamp"]) - Date.now() / 1000)).toBeLessThan(10);
  expect(record).toMatchObject({ number: 3, outcome: "delivered", status: 201, error: null });
  expect(record.address).toMatch(/^127\.0\.0\.1:\d+$/);
  expect(record.timing.connectMs).not.toBeNull();
  expect(record.request.headers).toContainEqual(["Authorization", "***"]);
  expect(record.response).toMatchObject({ body: "*** seen", truncated: false });
  expect(record.response!.headers).toContainEqual(["x-answer", "a"]);
  expect(JSON.stringify(record)).not.toContain("secret-token-1");
});

test("a target may name its own user agent", async () => {
  const sink = await startSink();
  closing.push(() => sink.close());
  await webhook(sink.url, { headers: { "User-Agent": "ours/1" } }).attempt(event, 1);
  expect(sink.seen[0]!.headers["user-agent"]).toBe("ours/1");
});

test("the second request goes over the same connection", async () => {
  const sink = await startSink();
  closing.push(() => sink.close());
  const hook = webhook(sink.url);
  const first = await hook.attempt(event, 1);
  const second = await hook.attempt(event, 1);
  expect(first.record.timing.connectMs).not.toBeNull();
  expect(second.record.timing.connectMs).toBeNull();
  expect(second.record.address).toBe(first.record.address);
});

describe("answers that go wrong", () => {
  test("a kept connection that the server closed costs nothing", async () => {
    const url = await rawServer((request) => (request === 2 ? undefined : ok));
    const hook = webhook(url);
    await hook.attempt(event, 1);
    expect((await hook.attempt(event, 1)).record.outcome).toBe("delivered");
  });

  test("a new connection that the server closes is a failure", async () => {
    const url = await rawServer(() => undefined);
    expect((await webhook(url).attempt(event, 1)).record).toMatchObject({ outcome: "failed", status: null });
  });

  test("no more than 4 KiB of a body are read", async () => {
    const url = await rawServer(() => `HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n${"x".repeat(100_000)}`);
    const { record } = await webhook(url).attempt(event, 1);
    expect(record.outcome).toBe("delivered");
    expect(record.response!.body).toHaveLength(4_096);
    expect(record.response!.truncated).toBe(true);
  });

  test("a body that never ends does not undo the status", async () => {
    const url = await rawServer(() => "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
    const { record } = await webhook(url, { timeoutMs: 200 }).attempt(event, 1);
    expect(record).toMatchObject({ outcome: "delivered", response: { body: "he", truncated: true } });
  });

  test("not HTTP", async () => {
    const url = await rawServer(() => "SSH-2.0-OpenSSH_9.2\r\n");
    expect((await webhook(url).attempt(event, 1)).record).toMatchObject({ outcome: "failed", status: null });
  });

  test("informational answers are passed over", async () => {
    const url = await rawServer(() => `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok}`);
    expect((await webhook(url).attempt(event, 1)).record).toMatchObject({ outcome: "delivered", status: 200 });
  });

  test("Retry-After as a date", async () => {
    const at = new Date(Date.now() + 60_000).toUTCString();
    const url = await rawServer(() => `HTTP/1.1 503 Wait\r\nRetry-After: ${at}\r\nContent-Length: 0\r\n\r\n`);
    const { retryAfterMs } = await webhook(url).attempt(event, 1);
    expect(retryAfterMs).toBeGreaterThan(55_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  test("plain HTTP where TLS is expected", async () => {
    const url = await rawServer(() => ok);
    const { record } = await webhook(url.replace("http:", "https:")).attempt(event, 1);
    expect(record).toMatchObject({ outcome: "failed", status: null });
  });

  test("a name that points to a private address", async () => {
    const made = new Webhook(targetFor("http://hook.example/", { allowPrivate: false }), {
      version: "1",
      clock: systemClock,
      resolve: (_name, callback) => callback(null, [{ address: "127.0.0.1", family: 4 }]),
    });
    const { record } = await made.attempt(event, 1);
    expect(record).toMatchObject({ outcome: "blocked", address: null });
    expect(record.error).toContain("hook.example: 127.0.0.1 is not public");
  });
});
