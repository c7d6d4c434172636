import { afterEach, describe, expect, test } from "vitest";
import { WebPushTarget } from "../../../../lib/contracts/forward-target.ts";
import { manualClock } from "../../../core/clock.ts";
import type { DeviceRow } from "../../../storage/ports.ts";
import type { Outgoing } from "../../transport.ts";
import { counted, sampleDevice, sampleEvent, samplePush } from "../testing.ts";
import { startPushService, type MockSubscription, type PushServiceMock } from "./mock.ts";
import { renderWebPush } from "./payload.ts";
import { WebPushTransport } from "./transport.ts";
import { newVapidPrivateKey } from "./vapid.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

interface Scene {
  readonly clock: ReturnType<typeof manualClock>;
  readonly mock: PushServiceMock;
  readonly transport: WebPushTransport;
  /** A new subscription's event. */
  event(more?: Partial<Outgoing>, subscription?: MockSubscription): Outgoing;
}

const deviceOf = ({ endpoint, p256dh, auth }: MockSubscription): DeviceRow =>
  sampleDevice({ kind: "webpush", token: endpoint, settings: { p256dh, auth } });

async function start(settings: object = {}): Promise<Scene> {
  const clock = manualClock();
  const mock = await startPushService(clock);
  const target = WebPushTarget.parse({
    kind: "webpush",
    contact: "mailto:admin@example.org",
    privateKey: newVapidPrivateKey(),
    services: ["127.0.0.1"],
    allowPrivate: true,
    ...settings,
  });
  const resolve = (_name: string, callback: (error: null, addresses: { address: string; family: 4 }[]) => void): void =>
    callback(null, [{ address: "127.0.0.1", family: 4 }]);
  const transport = new WebPushTransport(target, { version: "1.2.3", clock, resolve });
  closing.push(() => mock.close());
  closing.push(() => transport.close(true));
  const payload = counted(renderWebPush(samplePush(), target), 2);
  return {
    clock,
    mock,
    transport,
    event: (more = {}, subscription = mock.subscribe()) =>
      sampleEvent(payload, deviceOf(subscription), clock.now(), more),
  };
}

/** The same subscription, as if it were one of Chrome's. */
function ofChrome(mock: PushServiceMock): MockSubscription {
  const subscription = mock.subscribe(`/fcm/send/${mock.seen.length}-${"x".repeat(20)}`);
  return { ...subscription, endpoint: subscription.endpoint.replace("127.0.0.1", "fcm.googleapis.com") };
}

test("the push, its headers and its record", async () => {
  const { mock, transport, event } = await start();
  const one = event();
  const attempt = await transport.attempt(one, 2);
  const { record, device } = attempt;
  expect(mock.complaints).toEqual([]);
  expect(mock.seen).toMatchObject([{ text: one.payload, ttl: 3600, urgency: "high" }]);
  expect(record).toMatchObject({ number: 2, outcome: "delivered", status: 201, error: null, providerId: "m1" });
  expect(record.request.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/….{6}$/);
  expect(record.request.headers).toContainEqual(["authorization", "***"]);
  expect(record.request.headers).toContainEqual(["user-agent", "Nightpost/1.2.3"]);
  expect(device).toEqual({ kind: "accepted" });
});

test("nothing in the record lets anybody else push", async () => {
  const { mock, transport, event } = await start();
  mock.behave = ({ endpoint, authorization }) => ({
    status: 500,
    headers: { "x-echo": endpoint },
    body: `${endpoint} ${endpoint.slice(endpoint.lastIndexOf("/") + 1)} ${authorization.length}`,
  });
  const one = event();
  const text = JSON.stringify(await transport.attempt(one, 1));
  const { token, settings } = one.device!;
  expect(text).not.toContain(token.slice(token.lastIndexOf("/") + 1));
  expect(text).not.toContain(settings.auth);
  expect(text).not.toContain("vapid t=");
});

describe("headers", () => {
  const now = manualClock().now();
  const cases: readonly (readonly [string, Partial<Outgoing>, object, object])[] = [
    ["TTL until it expires", { expiresAt: now + 90_999 }, {}, { ttl: 90 }],
    ["TTL of four weeks at most", { expiresAt: now + 10_000_000_000 }, {}, { ttl: 2_419_200 }],
    ["TTL of what is late", { expiresAt: now - 1 }, {}, { ttl: 0 }],
    ["urgency of the target", {}, { urgency: "low" }, { urgency: "low" }],
    ["a call", { class: "call" }, { urgency: "low" }, { ttl: 45, urgency: "high", topic: null }],
    ["no topic where the text is told", {}, { content: "full" }, { topic: null }],
  ];
  test.each(cases)("%s", async (_name, more, settings, expected) => {
    const { mock, transport, event } = await start(settings);
    await transport.attempt(event(more), 1);
    expect(mock.seen).toMatchObject([expected]);
    expect(mock.complaints).toEqual([]);
  });

  test("pushes that only count replace those of the same conversation, which nobody can tell from the topic", async () => {
    const { mock, transport, event, clock } = await start();
    const juliet = mock.subscribe();
    const target = WebPushTarget.parse({ kind: "webpush", contact: "mailto:a@example.org" });
    const fromOther = counted(renderWebPush(samplePush({ from: samplePush().user }), target), 1);
    await transport.attempt(event({}, juliet), 1);
    await transport.attempt(event({}, juliet), 1);
    await transport.attempt(sampleEvent(fromOther, deviceOf(juliet), clock.now()), 1);
    await transport.attempt(event(), 1);
    const [first, second, other, someoneElse] = mock.seen.map(({ topic }) => topic);
    expect(first).toMatch(/^[\w-]{32}$/);
    expect(second).toBe(first);
    expect(new Set([first, other, someoneElse]).size).toBe(3);
  });
});

test("a push that a service finds too long goes again without content, once", async () => {
  const { mock, transport, event } = await start({ content: "full" });
  mock.behave = ({ text }) => (text.includes("east") ? { status: 413 } : undefined);
  const { record } = await transport.attempt(event(), 1);
  expect(record.outcome).toBe("delivered");
  expect(mock.seen.map(({ text }) => (JSON.parse(text) as { title: string }).title)).toEqual(["romeo", "New message"]);
  mock.behave = () => ({ status: 413 });
  expect(await transport.attempt(event(), 1)).toMatchObject({ record: { outcome: "rejected" }, isFinal: true });
  expect(mock.seen).toHaveLength(4);
});

test("a payload that no service would take goes without content", async () => {
  const { mock, transport, event } = await start();
  const payload = JSON.stringify({ title: "x", body: "y".repeat(5_000), tag: "t", data: { id: "evt_1" }, unread: 1 });
  expect((await transport.attempt(event({ payload }), 1)).record.outcome).toBe("delivered");
  expect(mock.seen[0]!.text).toBe('{"title":"New message","tag":"messages","data":{"id":"evt_1"},"unread":1}');
});

describe("subscriptions that are worth nothing", () => {
  const cases: readonly (readonly [string, DeviceRow["settings"]])[] = [
    ["no keys", {}],
    ["a key that is none", { p256dh: "A".repeat(87), auth: "A".repeat(22) }],
  ];
  test.each(cases)("%s", async (_name, settings) => {
    const { mock, transport, event } = await start();
    const one = event();
    const attempt = await transport.attempt({ ...one, device: { ...one.device!, settings } }, 1);
    expect(attempt).toMatchObject({ isFinal: true, device: { kind: "gone" }, record: { outcome: "rejected" } });
    expect(mock.connections).toBe(0);
  });

  test("an endpoint that is no push service", async () => {
    const { mock, transport, event } = await start({ services: [] });
    const attempt = await transport.attempt(event(), 1);
    expect(attempt).toMatchObject({ isFinal: true, isDeviceOnly: true, device: { kind: "failed" } });
    expect(attempt.record).toMatchObject({
      outcome: "blocked",
      error: "127.0.0.1 is no push service that the target allows",
    });
    expect(mock.connections).toBe(0);
  });

  test("an endpoint whose name points inside", async () => {
    const { mock, transport, event } = await start({ services: ["push.example.org"], allowPrivate: false });
    const subscription = { ...mock.subscribe(), endpoint: "https://push.example.org/x" };
    const attempt = await transport.attempt(event({}, subscription), 1);
    expect(attempt).toMatchObject({ isFinal: true, isDeviceOnly: true, record: { outcome: "blocked" } });
    expect(mock.connections).toBe(0);
  });

  test("a device that is forgotten", async () => {
    const { transport, event } = await start();
    const attempt = await transport.attempt({ ...event(), device: null }, 1);
    expect(attempt).toMatchObject({ isFinal: true, record: { outcome: "unregistered" } });
  });

  test("a payload for another kind of target", async () => {
    const { mock, transport, event } = await start();
    const attempt = await transport.attempt(event({ payload: '{"aps":{}}' }), 1);
    expect(attempt).toMatchObject({ isFinal: true, record: { outcome: "rejected" } });
    expect(mock.connections).toBe(0);
  });
});

describe("a subscription made with another key", () => {
  const otherKey = { status: 403, body: '{"reason":"VapidPkHashMismatch"}' };
  /** Registered while the target had its key already. */
  const later = (mock: PushServiceMock, user: string, now: number): DeviceRow => ({
    ...deviceOf(ofChrome(mock)),
    user: `${user}@example.org`,
    registeredAt: now + 1,
  });

  test("is disabled when it is older than the key", async () => {
    const { mock, transport, event } = await start();
    mock.behave = () => otherKey;
    expect(await transport.attempt(event({}, ofChrome(mock)), 1)).toMatchObject({
      record: { outcome: "unregistered" },
      device: { kind: "gone" },
    });
  });

  test("waits when it is not; those of several accounts speak against the key", async () => {
    const { clock, mock, transport, event } = await start();
    mock.behave = () => otherKey;
    const push = (user: string) => transport.attempt(event({ device: later(mock, user, clock.now()) }), 1);
    for (const user of ["romeo", "juliet"])
      expect(await push(user)).toMatchObject({ record: { outcome: "failed" }, isDeviceOnly: true });
    expect((await push("nurse")).record.outcome).toBe("misconfigured");
  });

  test("is disabled once the key was taken by any service", async () => {
    const { clock, mock, transport, event } = await start();
    await transport.attempt(event({}, ofChrome(mock)), 1);
    mock.behave = () => otherKey;
    const attempt = await transport.attempt(event({ device: later(mock, "romeo", clock.now()) }), 1);
    expect(attempt.record.outcome).toBe("unregistered");
  });
});

describe("a browser's service that complains about the key", () => {
  test("stops the target as long as it never took one", async () => {
    const { mock, transport, event } = await start();
    mock.behave = () => ({ status: 403, body: '{"reason":"BadJwtToken"}' });
    const attempt = await transport.attempt(event({}, ofChrome(mock)), 1);
    expect(attempt).toMatchObject({ isFinal: false, record: { outcome: "misconfigured" } });
    expect(attempt.device).toBeUndefined();
  });

  test("does not stop it later, and gets a new token", async () => {
    const { mock, transport, event } = await start();
    await transport.attempt(event({}, ofChrome(mock)), 1);
    mock.behave = () => ({ status: 403, body: '{"reason":"BadJwtToken"}' });
    const attempt = await transport.attempt(event({}, ofChrome(mock)), 1);
    expect(attempt).toMatchObject({ isDeviceOnly: true, record: { outcome: "failed" } });
    mock.behave = () => undefined;
    expect((await transport.attempt(event({}, ofChrome(mock)), 1)).record.outcome).toBe("delivered");
    const [first, refused, last] = mock.seen.map(({ authorization }) => authorization);
    expect(refused).toBe(first);
    expect(last).not.toBe(first);
  });
});

test.each([
  ["no key yet", "", "no VAPID key yet"],
  ["a key that is none", "A".repeat(43), "no private key"],
])("a target with %s", async (_name, privateKey, error) => {
  const { mock, transport, event } = await start({ privateKey });
  const { record } = await transport.attempt(event(), 1);
  expect(record).toMatchObject({ outcome: "misconfigured", error: expect.stringContaining(error) as string });
  expect(mock.connections).toBe(0);
});

test("a test needs a device", async () => {
  const { transport, event } = await start();
  const { record } = await transport.attempt({ ...event(), device: null, isTest: true }, 1);
  expect(record.error).toContain("test one of the devices");
});

test("many at once share the token, and their connections serve the next", async () => {
  const { mock, transport, event } = await start();
  const burst = (): Promise<unknown> => Promise.all(Array.from({ length: 16 }, () => transport.attempt(event(), 1)));
  await burst();
  const { connections } = mock;
  await burst();
  expect(mock.connections).toBe(connections);
  expect(new Set(mock.seen.map(({ authorization }) => authorization)).size).toBe(1);
  expect(mock.complaints).toEqual([]);
});

test("over a day of pushes no token is ever too old", async () => {
  const { clock, mock, transport, event } = await start();
  const subscription = mock.subscribe();
  for (let hour = 0; hour < 25; hour += 1) {
    expect((await transport.attempt(event({}, subscription), 1)).record.outcome).toBe("delivered");
    clock.advance(3_600_000);
  }
  expect(mock.complaints).toEqual([]);
  expect(new Set(mock.seen.map(({ authorization }) => authorization)).size).toBe(3);
});

test("an answer that does not come", async () => {
  const { mock, transport, event } = await start({ timeoutMs: 200 });
  mock.behave = () => "silence";
  expect((await transport.attempt(event(), 1)).record).toMatchObject({ outcome: "timeout", status: null });
});

test("closing ends what is under way", async () => {
  const { mock, transport, event } = await start();
  mock.behave = () => "silence";
  const attempt = transport.attempt(event(), 1);
  expect(transport.isBusy).toBe(true);
  await mock.received(1);
  transport.close(true);
  expect((await attempt).record.outcome).toBe("timeout");
  expect(transport.isBusy).toBe(false);
});
