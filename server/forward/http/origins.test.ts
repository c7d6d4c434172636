import { afterEach, describe, expect, test } from "vitest";
import { startMockServer, type MockReaction, type MockServer } from "../push/mock-http.ts";
import type { ExchangesOptions } from "./exchanges.ts";
import { Origins } from "./origins.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function server(react: () => MockReaction = () => ({ status: 200 })): Promise<MockServer> {
  const started = await startMockServer(react);
  closing.push(() => started.close());
  return started;
}

function origins(more: Partial<ExchangesOptions> = {}): Origins {
  const made = new Origins({ timeoutMs: 5_000, allowPrivate: true, maxIdle: 8, ...more });
  closing.push(() => made.close(true));
  return made;
}

test("one connection serves one request after another, by origin", async () => {
  const [a, b] = [await server(), await server()];
  const pool = origins();
  for (const { origin } of [a, b, a, b]) await pool.post(`${origin}/x`, [], "");
  expect([a.connections, b.connections]).toEqual([1, 1]);
});

test("as many at once as there are callers", async () => {
  const one = await server();
  const pool = origins();
  const post = (): Promise<unknown> => pool.post(one.origin, [], "");
  await Promise.all([post(), post(), post()]);
  await Promise.all([post(), post(), post()]);
  expect(one.connections).toBe(3);
});

test("beyond the limit the connection unused for longest is closed", async () => {
  const [a, b, c] = [await server(), await server(), await server()];
  const pool = origins({ maxIdle: 2 });
  for (const { origin } of [a, b, c, b, a]) await pool.post(origin, [], "");
  expect([a.connections, b.connections, c.connections]).toEqual([2, 1, 1]);
});

test("a kept connection that the other side closed costs nothing", async () => {
  let count = 0;
  const one = await server(() => (++count === 2 ? "reset" : { status: 200 }));
  const pool = origins();
  await pool.post(one.origin, [], "");
  const { exchange } = await pool.post(one.origin, [], "");
  expect(exchange.status).toBe(200);
  expect(one.connections).toBe(2);
});

test("a new connection that is reset is a failure", async () => {
  const one = await server(() => "reset");
  const { exchange } = await origins().post(one.origin, [], "");
  expect(exchange).toMatchObject({ status: null, isReset: true });
  expect(one.connections).toBe(1);
});

test("redirects are not followed", async () => {
  const one = await server(() => ({ status: 307, headers: { location: "/elsewhere" } }));
  const { exchange } = await origins().post(one.origin, [], "");
  expect(exchange.status).toBe(307);
});

test("bytes go out as they are", async () => {
  const bodies: Buffer[] = [];
  const one = await startMockServer(({ body }) => {
    bodies.push(body);
    return { status: 200 };
  });
  closing.push(() => one.close());
  const bytes = Buffer.from([0, 255, 13, 10, 128]);
  await origins().post(one.origin, [], bytes);
  expect(bodies).toEqual([bytes]);
});

describe("an answer that does not come", () => {
  test("ends with the deadline, and the others have theirs", async () => {
    const one = await server(() => "silence");
    const pool = origins({ timeoutMs: 100 });
    const replies = await Promise.all([pool.post(one.origin, [], ""), pool.post(one.origin, [], "")]);
    expect(replies.map(({ exchange }) => exchange.error?.name)).toEqual(["DeadlineError", "DeadlineError"]);
  });

  test("ends when the pool is closed, and nothing begins after that", async () => {
    const one = await server(() => "silence");
    const pool = origins();
    const waiting = pool.post(one.origin, [], "");
    await one.received(1);
    pool.close(true);
    expect((await waiting).exchange.error?.name).toBe("DeadlineError");
    expect((await pool.post(one.origin, [], "")).exchange.error?.name).toBe("DeadlineError");
    expect(one.connections).toBe(1);
  });

  test("comes, when the pool is closed with patience", async () => {
    const one = await server();
    const pool = origins();
    const reply = pool.post(one.origin, [], "");
    pool.close(false);
    expect((await reply).exchange.status).toBe(200);
  });
});

describe("what is never connected to", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["http://push.example/", "http: would show the credentials"],
    ["https://127.0.0.1/", "not public"],
    ["https://[::1]/", "not public"],
    ["https://169.254.169.254/latest", "not public"],
    ["https://2130706433/", "not public"],
    ["https://user:pass@push.example/", "user name"],
    ["https://push.example:25/", "another protocol"],
    ["ftp://push.example/", "neither"],
    ["nonsense", "not a URL"],
  ];
  test.each(cases)("%s", async (url, why) => {
    const { exchange, address } = await origins({ allowPrivate: false }).post(url, [], "");
    expect(exchange.error?.name).toBe("BlockedError");
    expect(exchange.error?.message).toContain(why);
    expect(address).toBeNull();
  });

  test("a name that points to a private address", async () => {
    const pool = origins({
      allowPrivate: false,
      resolve: (_name, callback) => callback(null, [{ address: "10.0.0.1", family: 4 }]),
    });
    const { exchange } = await pool.post("https://push.example/", [], "");
    expect(exchange.error?.message).toContain("push.example: 10.0.0.1 is not public");
  });
});
