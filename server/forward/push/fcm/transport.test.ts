import { afterEach, describe, expect, test } from "vitest";
import { FcmTarget } from "../../../../lib/contracts/forward-target.ts";
import { manualClock } from "../../../core/clock.ts";
import { openMemory } from "../../../storage/memory.ts";
import type { PushCredentials } from "../../../storage/ports.ts";
import type { Outgoing } from "../../transport.ts";
import { counted, sampleDevice, sampleEvent, samplePush } from "../testing.ts";
import { fcmError, startFcmMock, type FcmMock } from "./mock.ts";
import { renderFcm } from "./payload.ts";
import { FcmTransport } from "./transport.ts";

const token = "dEvIcE-ToKeN:APA91bH0123456789";
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

interface Scene {
  readonly clock: ReturnType<typeof manualClock>;
  readonly mock: FcmMock;
  readonly target: FcmTarget;
  readonly transport: FcmTransport;
  event(more?: Partial<Outgoing>): Outgoing;
}

async function start(settings: object = {}, credentials?: PushCredentials): Promise<Scene> {
  const clock = manualClock();
  const mock = await startFcmMock(clock);
  const { url: server, serviceAccount } = mock;
  const target = FcmTarget.parse({ kind: "fcm", serviceAccount, server, allowPrivate: true, ...settings });
  const transport = new FcmTransport(target, { version: "1.2.3", clock, credentials });
  closing.push(() => mock.close());
  closing.push(() => transport.close(true));
  const payload = counted(renderFcm(samplePush(), target), 2);
  const device = sampleDevice({ kind: "fcm", token });
  return { clock, mock, target, transport, event: (more = {}) => sampleEvent(payload, device, clock.now(), more) };
}

test("the request and its record", async () => {
  const { mock, transport, event } = await start();
  const { record, device, retryAfterMs } = await transport.attempt(event(), 1);
  expect(mock.complaints).toEqual([]);
  expect(mock.seen).toMatchObject([{ token, android: { priority: "high", ttl: "3600s" }, data: { unread: "2" } }]);
  expect(record).toMatchObject({
    number: 1,
    outcome: "delivered",
    status: 200,
    error: null,
    providerId: "projects/test-project/messages/0:1",
    request: { method: "POST", url: `${mock.url}/v1/projects/test-project/messages:send` },
  });
  expect(record.request.headers).toContainEqual(["authorization", "***"]);
  expect(record.request.headers).toContainEqual(["user-agent", "Nightpost/1.2.3"]);
  expect(record.address).toMatch(/^127\.0\.0\.1:\d+$/);
  expect(device).toEqual({ kind: "accepted" });
  expect(retryAfterMs).toBeNull();
});

test("neither token nor access token gets into the record", async () => {
  const { mock, transport, event } = await start();
  mock.behave = (message) => fcmError(400, "INVALID_ARGUMENT", null, `no such token: ${message.token}`);
  const attempt = await transport.attempt(event(), 1);
  expect(attempt.record.error).toBe("INVALID_ARGUMENT: no such token: ***");
  expect(JSON.stringify(attempt)).not.toContain(token);
  expect(JSON.stringify(attempt)).not.toContain("ya29.");
});

describe("how long a push is kept", () => {
  const now = manualClock().now();
  const cases: readonly (readonly [string, Partial<Outgoing>, string])[] = [
    ["until it expires", { expiresAt: now + 90_500 }, "90s"],
    ["four weeks at most", { expiresAt: now + 10_000_000_000 }, "2419200s"],
    ["now or never", { expiresAt: now - 1 }, "0s"],
    ["a call for 45 seconds", { class: "call" }, "45s"],
    ["a call for less, when it is old", { class: "call", expiresAt: now + 12_000 }, "12s"],
  ];
  test.each(cases)("%s", async (_name, more, ttl) => {
    const { mock, transport, event } = await start();
    await transport.attempt(event(more), 1);
    expect(mock.seen[0]!.android.ttl).toBe(ttl);
  });
});

test("notifications carry the number on the app's icon", async () => {
  const { mock, transport, event } = await start();
  const target = FcmTarget.parse({ kind: "fcm", serviceAccount: "{}", mode: "notification" });
  await transport.attempt(event({ payload: counted(renderFcm(samplePush(), target), 7) }), 1);
  expect(mock.seen[0]!.android.notification).toEqual({ tag: "romeo@example.org", notification_count: 7 });
  expect(mock.complaints).toEqual([]);
});

test("many at once share one access token and as many connections", async () => {
  const { mock, transport, event } = await start();
  const attempts = await Promise.all(Array.from({ length: 32 }, () => transport.attempt(event(), 1)));
  expect(attempts.every(({ record }) => record.outcome === "delivered")).toBe(true);
  expect(mock.mints).toHaveLength(1);
  expect(mock.connections).toBeLessThanOrEqual(33);
  const before = mock.connections;
  await Promise.all(Array.from({ length: 32 }, () => transport.attempt(event(), 1)));
  expect(mock.connections).toBe(before);
  expect(transport.isBusy).toBe(false);
});

describe("an access token that is not taken", () => {
  test("is replaced at once, without an attempt lost", async () => {
    const { mock, transport, event } = await start();
    await transport.attempt(event(), 1);
    mock.withdrawTokens();
    expect((await transport.attempt(event(), 2)).record.outcome).toBe("delivered");
    expect(mock.mints).toHaveLength(2);
  });

  test("is replaced once only", async () => {
    const { mock, transport, event } = await start();
    mock.behave = () => fcmError(401, "UNAUTHENTICATED", null, "Request had invalid authentication credentials.");
    const { record, device } = await transport.attempt(event(), 1);
    expect(record).toMatchObject({ outcome: "misconfigured", status: 401 });
    expect(device).toBeUndefined();
    expect(mock.mints).toHaveLength(2);
  });
});

const mismatch = fcmError(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH", "SenderId mismatch");
const ofUser = (user: string): Partial<Outgoing> => ({
  device: sampleDevice({ kind: "fcm", token, user: `${user}@example.org` }),
});

describe("tokens of another project, or a service account of another one", () => {
  test("one account's say nothing of the target, those of several do", async () => {
    const { mock, transport, event } = await start();
    mock.behave = () => mismatch;
    for (const user of ["romeo", "juliet", "juliet"]) {
      const attempt = await transport.attempt(event(ofUser(user)), 1);
      expect(attempt).toMatchObject({ record: { outcome: "failed" }, isDeviceOnly: true, device: { kind: "failed" } });
    }
    const { record, device } = await transport.attempt(event(ofUser("nurse")), 1);
    expect(record.outcome).toBe("misconfigured");
    expect(record.error).toBe(
      "SENDER_ID_MISMATCH: SenderId mismatch; the same for several accounts, and nothing was accepted yet",
    );
    expect(device).toBeUndefined();
  });

  test("once something was accepted it is the device, after a restart, too", async () => {
    const { pushCredentials } = openMemory();
    const { clock, mock, transport, target, event } = await start({}, pushCredentials);
    await transport.attempt(event(), 1);
    mock.behave = () => mismatch;
    const credentials = { find: pushCredentials.find, put: pushCredentials.put };
    const restarted = new FcmTransport(target, { version: "1.2.3", clock, credentials });
    closing.push(() => restarted.close(true));
    expect(await restarted.attempt(event(ofUser("romeo")), 1)).toMatchObject({
      record: { outcome: "unregistered" },
      device: { kind: "gone" },
    });
  });

  test("that FCM looked at a test message is no evidence", async () => {
    const { mock, transport, event } = await start();
    await transport.attempt(event({ device: null, isTest: true }), 1);
    mock.behave = () => mismatch;
    expect((await transport.attempt(event(), 1)).record.outcome).toBe("failed");
  });
});

test("a service account that gets no access token", async () => {
  const { mock, transport, event } = await start();
  mock.behaveToken = () => ({
    status: 400,
    body: '{"error":"invalid_grant","error_description":"Invalid JWT Signature."}',
  });
  const { record, isFinal } = await transport.attempt(event(), 1);
  expect(record).toMatchObject({
    outcome: "misconfigured",
    error: "the service account gets no access token: Invalid JWT Signature. (invalid_grant) Was the key deleted?",
    request: { url: `${mock.url}/token` },
  });
  expect(isFinal).toBe(false);
  expect(mock.seen).toEqual([]);
});

test("a service account that is none", async () => {
  const { mock, transport, event } = await start({ serviceAccount: "{}" });
  const { record } = await transport.attempt(event(), 1);
  expect(record).toMatchObject({ outcome: "misconfigured", status: null, response: null });
  expect(record.error).toContain("service account: ");
  expect(mock.mints).toEqual([]);
});

describe("what is not sent", () => {
  test.each([
    ["to a device that is forgotten", { device: null }, "unregistered"],
    ["what was made for a web server", { payload: "from=a&to=b" }, "rejected"],
    ["what was made for a browser", { payload: '{"title":"x","tag":"y","data":{},"unread":1}' }, "rejected"],
  ] as const)("%s", async (_name, more, outcome) => {
    const { mock, transport, event } = await start();
    const { record, isFinal } = await transport.attempt(event(more), 1);
    expect(record.outcome).toBe(outcome);
    expect(isFinal).toBe(true);
    expect(mock.mints).toEqual([]);
  });

  test("anything to a private address, if the target does not say so", async () => {
    const { mock, transport, event } = await start({ allowPrivate: false });
    expect((await transport.attempt(event(), 1)).record.outcome).toBe("misconfigured");
    expect(mock.connections).toBe(0);
  });
});

test("a test without a device asks FCM whether all is well, and sends nothing", async () => {
  const { mock, transport, event } = await start();
  const { record } = await transport.attempt(event({ device: null, isTest: true }), 1);
  expect(record).toMatchObject({ outcome: "delivered", providerId: "projects/test-project/messages/fake_message_id" });
  expect(mock.seen).toMatchObject([{ topic: "nightpost-test" }]);
  expect(mock.complaints).toEqual([]);
});

test("an answer that does not come", async () => {
  const { mock, transport, event } = await start({ timeoutMs: 200 });
  mock.behave = () => "silence";
  expect((await transport.attempt(event(), 1)).record).toMatchObject({ outcome: "timeout", status: null });
});

test("closing lets attempts end, or ends them", async () => {
  const { mock, transport, event } = await start();
  const first = transport.attempt(event(), 1);
  transport.close(false);
  expect((await first).record.outcome).toBe("delivered");
  mock.behave = () => "silence";
  const second = transport.attempt(event(), 1);
  expect(transport.isBusy).toBe(true);
  await mock.received(3);
  transport.close(true);
  expect((await second).record.outcome).toBe("timeout");
  expect(transport.isBusy).toBe(false);
});

test("over a day of pushes no access token is ever refused", async () => {
  const { clock, mock, transport, event } = await start();
  for (let quarter = 0; quarter < 96; quarter += 1) {
    expect((await transport.attempt(event(), 1)).record.outcome).toBe("delivered");
    clock.advance(900_000);
  }
  expect(mock.complaints).toEqual([]);
  expect(mock.mints.length).toBeLessThanOrEqual(29);
});
