import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer as createTlsServer } from "node:https";
import { createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "../../core/clock.ts";
import { selfSignedPair } from "../../net/self-signed.ts";
import { newEventId } from "../event-id.ts";
import { startSink, targetFor, type SeenRequest } from "../testing.ts";
import type { Outgoing, TransportOptions } from "../transport.ts";
import { Signer } from "./signer.ts";
import { Webhook } from "./webhook.ts";

const event: Outgoing = {
  id: "evt_1",
  contentType: "text/plain",
  payload: "hello ✓",
  dueAt: 0,
  expiresAt: Number.MAX_SAFE_INTEGER,
  user: "juliet@example.org",
  class: "chat",
  device: null,
};
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

test("the trace is the event and its parent the attempt, unless the target names its own", async () => {
  const sink = await startSink();
  closing.push(() => sink.close());
  const id = newEventId();
  await webhook(sink.url).attempt({ ...event, id }, 10);
  await webhook(sink.url).attempt(event, 1);
  await webhook(sink.url, { headers: { Traceparent: "ours" } }).attempt({ ...event, id }, 1);
  const trace = `00-${id.slice("evt_".length)}-000000000000000a-01`;
  expect(sink.seen.map(({ headers }) => headers["traceparent"])).toEqual([trace, undefined, "ours"]);
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

describe("the steps of an attempt are timed", () => {
  const resolve: TransportOptions["resolve"] = (_name, callback) => {
    setImmediate(() => callback(null, [{ address: "127.0.0.1", family: 4 }]));
  };
  const steps = async (url: string, isSecond = false) => {
    const made = new Webhook(targetFor(url), { version: "1", clock: systemClock, resolve });
    closing.push(() => made.close(true));
    if (isSecond) await made.attempt(event, 1);
    const { record } = await made.attempt(event, 1);
    const { queueMs: _, totalMs, ...timing } = record.timing;
    for (const ms of Object.values(timing)) if (ms !== null) expect(ms).toBeLessThanOrEqual(totalMs);
    const taken = Object.entries(timing).flatMap(([name, ms]) => (ms === null ? [] : [name]));
    return { taken, record };
  };

  test.for([
    { name: "an address", host: "127.0.0.1", isSecond: false, taken: ["connectMs", "firstByteMs"] },
    { name: "a name", host: "hook.example", isSecond: false, taken: ["dnsMs", "connectMs", "firstByteMs"] },
    { name: "over the same connection", host: "hook.example", isSecond: true, taken: ["firstByteMs"] },
  ])("$name", async ({ host, isSecond, taken }) => {
    const sink = await startSink();
    closing.push(() => sink.close());
    expect((await steps(sink.url.replace("127.0.0.1", host), isSecond)).taken).toEqual(taken);
  });

  test("TLS, and where it fails", async () => {
    const { context, certificate } = await selfSignedPair("hook.example", null, Date.now());
    const server = createTlsServer(
      { SNICallback: (_name, callback) => callback(null, context) },
      (_request, response) => response.end(),
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    closing.push(() => server.close());
    const url = `https://hook.example:${(server.address() as AddressInfo).port}/`;
    const untrusted = await steps(url);
    expect(untrusted.taken).toEqual(["dnsMs", "connectMs"]);
    expect(untrusted.record).toMatchObject({
      outcome: "failed",
      status: null,
      error: expect.stringMatching(/self-signed/),
    });

    const known = getCACertificates();
    closing.push(() => setDefaultCACertificates(known));
    setDefaultCACertificates([...known, certificate.toString()]);
    expect((await steps(url)).taken).toEqual(["dnsMs", "connectMs", "tlsMs", "firstByteMs"]);
  });
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
    expect((await webhook(url).attempt(event, 1)).record).toMatchObject({
      outcome: "failed",
      status: null,
      error: "the answer is not HTTP (HPE_INVALID_CONSTANT)",
    });
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

describe("signatures", () => {
  /** Standard Webhooks as its receivers do it: any of the signatures listed, made with the secret's decoded bytes. */
  function isSigned(secret: string, request: SeenRequest): boolean {
    const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": header } = request.headers;
    const content = Buffer.concat([Buffer.from(`${String(id)}.${String(at)}.`), Buffer.from(request.body)]);
    const wanted = createHmac("sha256", key).update(content).digest();
    return String(header)
      .split(" ")
      .map((one) => one.split(","))
      .some(([version, signature = ""]) => version === "v1" && Buffer.from(signature, "base64").equals(wanted));
  }
  const secretOf = (byte: number): string => `whsec_${Buffer.alloc(32, byte).toString("base64")}`;
  const [current, previous] = [secretOf(1), secretOf(2)];

  test.for([
    { name: "one secret", before: null, previousSigns: false, count: 1 },
    {
      name: "during a rotation both sign",
      before: { secret: previous, key: null, until: Date.now() + 60_000 },
      previousSigns: true,
      count: 2,
    },
    {
      name: "after it only the new one",
      before: { secret: previous, key: null, until: Date.now() - 1 },
      previousSigns: false,
      count: 1,
    },
  ])("$name", async ({ before, previousSigns, count }) => {
    const sink = await startSink();
    closing.push(() => sink.close());
    const hook = webhook(sink.url, { signing: { current, key: null, since: 0, previous: before } });
    await hook.attempt(event, 1);
    const [seen] = sink.seen;
    expect(isSigned(current, seen!)).toBe(true);
    expect(isSigned(previous, seen!)).toBe(previousSigns);
    expect(isSigned(secretOf(3), seen!)).toBe(false);
    expect(String(seen!.headers["webhook-signature"]).split(" ")).toHaveLength(count);
  });

  test.for([
    ["valid", true, 0],
    ["none", false, 0],
    ["tampered", false, 0],
    ["old", true, 600],
  ] as const)("a test whose signature is %s", async ([signature, signs, secondsOld]) => {
    const sink = await startSink();
    closing.push(() => sink.close());
    const hook = webhook(sink.url, { signing: { current, key: null, since: 0, previous: null } });
    const { record } = await hook.attempt({ ...event, isTest: true, signature }, 1);
    const [seen] = sink.seen;
    expect(isSigned(current, seen!)).toBe(signs);
    expect(seen!.headers["webhook-signature"] === undefined).toBe(signature === "none");
    const told = Number(seen!.headers["webhook-timestamp"]);
    expect(told).toBe(Math.floor(record.startedAt / 1000 - secondsOld));
  });

  test("the example of the specification", () => {
    const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const signer = new Signer({ current: secret, key: null, since: 0, previous: null }, ["v1"]);
    expect(signer.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", '{"test": 2432232314}', 0)).toBe(
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    );
  });

  test("without a secret there is none", async () => {
    const sink = await startSink();
    closing.push(() => sink.close());
    await webhook(sink.url).attempt(event, 1);
    expect(sink.seen[0]!.headers["webhook-signature"]).toBeUndefined();
  });
});

describe("the access token", () => {
  const form: Outgoing = { ...event, contentType: "application/x-www-form-urlencoded", payload: "to=a&from=b&body=c" };

  test.for([
    { preset: "mod_interact", sent: form, body: "to=a&from=b&body=c&access_token=s%26cret+tok%C3%A9n" },
    { preset: "mod_http_offline", sent: form, body: "to=a&from=b&body=c&access_token=s%26cret+tok%C3%A9n" },
    { preset: "classic", sent: form, body: "to=a&from=b&body=c" },
    { preset: "mod_interact", sent: event, body: "hello ✓" },
  ] as const)("$preset sends $body", async ({ preset, sent, body }) => {
    const sink = await startSink((request) => request.answer(400, {}, request.body));
    closing.push(() => sink.close());
    const signing = { current: "whsec_AAAA", key: null, since: 0, previous: null };
    const { record } = await webhook(sink.url, { preset, accessToken: "s&cret tokén", signing }).attempt(sent, 1);
    const [seen] = sink.seen;
    expect(seen!.body).toBe(body);
    expect(JSON.stringify(record)).not.toMatch(/s&cret|s%26cret/);
    const content = `evt_1.${String(seen!.headers["webhook-timestamp"])}.${body}`;
    const signature = createHmac("sha256", Buffer.from("AAAA", "base64")).update(content).digest("base64");
    expect(seen!.headers["webhook-signature"]).toBe(`v1,${signature}`);
  });
});

test.for([
  { status: 500, header: "abort-message", outcome: "aborted" },
  { status: 429, header: " Abort-Message", outcome: "aborted" },
  { status: 200, header: "abort-message", outcome: "delivered" },
  { status: 410, header: "abort-message", outcome: "gone" },
  { status: 500, header: "later", outcome: "failed" },
])("$status with webhook-delivery: $header is $outcome", async ({ status, header, outcome }) => {
  const sink = await startSink((request) => request.answer(status, { "webhook-delivery": header }));
  closing.push(() => sink.close());
  const { record } = await webhook(sink.url).attempt(event, 1);
  expect(record).toMatchObject({ outcome, status });
  if (outcome === "aborted") expect(record.error).toBe("aborted by the receiver");
});
