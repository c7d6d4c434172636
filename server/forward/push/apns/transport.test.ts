import { afterEach, expect, test } from "vitest";
import type { Outgoing } from "../../transport.ts";
import { counted, sampleEvent, samplePush } from "../testing.ts";
import type { SeenPush } from "./mock.ts";
import { renderApns } from "./payload.ts";
import { answering, apnsTarget, phone, startScene, startTwoServers, type Refusal } from "./testing.ts";
import { ApnsTransport } from "./transport.ts";

const atEnd: (() => unknown)[] = [];
afterEach(async () => {
  // oxlint-disable-next-line no-await-in-loop -- one after the other
  for (const end of atEnd.splice(0).toReversed()) await end();
});

const voipToken = "bb".repeat(32);

test("a push is accepted: the request is as Apple wants it, and the log shows no secret", async () => {
  const { apns, push, target } = await startScene(atEnd);
  const { record, device: news, retryAfterMs, isFinal } = await push();
  expect(apns.violations).toEqual([]);
  const [seen] = apns.seen;
  expect(JSON.parse(seen!.payload)).toMatchObject({ aps: { badge: 3 }, from: "romeo@example.org/orchard" });
  expect(seen!.headers).toMatchObject({
    "apns-topic": "org.example.chat",
    "apns-push-type": "alert",
    "apns-priority": "10",
    "apns-expiration": "1767229200",
  });
  expect(record).toMatchObject({ outcome: "delivered", status: 200, error: null, providerId: seen!.id, number: 1 });
  expect(record.address).toMatch(/^127\.0\.0\.1:\d+$/);
  expect(record.timing.connectMs).not.toBeNull();
  expect(record.timing.tlsMs).toBeNull();
  expect(record.request.url).toBe(`${apns.url}/3/device/aaaaaaaa…`);
  expect({ news, retryAfterMs, isFinal }).toEqual({ news: { kind: "accepted" }, retryAfterMs: null, isFinal: false });
  const written = JSON.stringify(record);
  expect(written).not.toContain(String(seen!.headers.authorization).slice("bearer ".length));
  expect(written).not.toContain(phone().token);
  expect(written).not.toContain(target.key.slice(40, 60));
});

test("the second push goes over the first one's connection", async () => {
  const { apns, push } = await startScene(atEnd);
  await push();
  const { record } = await push();
  expect(record.timing).toMatchObject({ connectMs: null, dnsMs: null });
  expect(apns.sessions).toBe(1);
});

test("a relay that answers with what it got does not bring tokens into the log", async () => {
  const { apns, push } = await startScene(atEnd);
  apns.behave = ({ headers, answer }) =>
    answer(400, "BadPriority", { headers: { "x-echo": `${headers.authorization} for ${headers[":path"]}` } });
  const { record } = await push();
  expect(record.response?.headers).toContainEqual(["x-echo", "bearer *** for /3/device/***"]);
});

test("apns-unique-id of the sandbox is kept beside apns-id", async () => {
  const { apns, push } = await startScene(atEnd);
  apns.behave = ({ answer }) => answer(200, undefined, { headers: { "apns-unique-id": "u-1" } });
  const { record } = await push();
  expect(record.providerId).toBe(`${apns.seen[0]!.id} u-1`);
});

test("background pushes have priority 5", async () => {
  const { apns, push } = await startScene(atEnd, { mode: "background" });
  await push();
  expect(apns.seen[0]!.headers).toMatchObject({ "apns-push-type": "background", "apns-priority": "5" });
  expect(apns.violations).toEqual([]);
});

const call = (more: Partial<Outgoing> = {}): Partial<Outgoing> => ({
  class: "call",
  device: phone({ environment: "production", voipToken }),
  ...more,
});

test.each([
  ["to the token for calls", {}, call(), voipToken, "voip", "0"],
  [
    "as an alert where the device gave no such token",
    {},
    call({ device: phone() }),
    phone().token,
    "alert",
    "1767229200",
  ],
  ["as an alert where the target says so", { voip: false }, call(), phone().token, "alert", "1767229200"],
] as const)("calls go %s", async (_, settings, event, token, type, expiration) => {
  const { apns, push } = await startScene(atEnd, settings);
  const { record } = await push(event);
  expect(record.outcome).toBe("delivered");
  expect(apns.seen[0]).toMatchObject({
    deviceToken: token,
    headers: {
      "apns-push-type": type,
      "apns-topic": type === "voip" ? "org.example.chat.voip" : "org.example.chat",
      "apns-expiration": expiration,
      "apns-priority": "10",
    },
  });
});

test.each([
  [410, "Unregistered"],
  [400, "BadDeviceToken"],
  [400, "DeviceTokenNotForTopic"],
] as const)(
  "a call whose token for calls is worth nothing (%i %s) is told as an alert at once",
  async (status, reason) => {
    const { apns, push } = await startScene(atEnd);
    apns.behave = answering([status, reason]);
    const { record, device: news } = await push(call());
    expect(apns.seen.map(({ deviceToken }) => deviceToken)).toEqual([voipToken, phone().token]);
    expect(record).toMatchObject({ outcome: "delivered", request: { url: `${apns.url}/3/device/aaaaaaaa…` } });
    expect(news).toEqual({ kind: "accepted" });
  },
);

test("a payload that is too large is sent again at once without its content, and only once", async () => {
  const { apns, push } = await startScene(atEnd, { content: "full" });
  apns.behave = answering([413, "PayloadTooLarge"]);
  expect((await push()).record.outcome).toBe("delivered");
  const [first, second] = apns.seen;
  expect(first!.payload).toContain("It is the east");
  expect(JSON.parse(second!.payload)).toEqual({
    aps: { alert: { body: "New message" }, sound: "default", "mutable-content": 1, badge: 3 },
    id: "evt_1",
    class: "chat",
  });
  expect(second!.id).toBe(first!.id);
  apns.behave = ({ answer }) => answer(413, "PayloadTooLarge");
  const { record, isFinal, device: news } = await push();
  expect({ outcome: record.outcome, isFinal, seen: apns.seen.length }).toEqual({
    outcome: "rejected",
    isFinal: true,
    seen: 4,
  });
  expect(news).toMatchObject({ kind: "failed" });
});

const unknown = phone({ environment: null });
const bad: Refusal = [400, "BadDeviceToken"];

test.each([
  { says: "sandbox", seen: [0, 1] },
  { says: "production", seen: [1, 0] },
] as const)("a device that says $says is pushed to there and nowhere else", async ({ says, seen }) => {
  const { transport, servers } = await startTwoServers(atEnd);
  for (const server of Object.values(servers)) server.behave = answering(bad);
  const {
    record,
    device: news,
    isFinal,
  } = await transport.attempt(sampleEvent("{}", phone({ environment: says }), 0), 1);
  expect([servers.production.seen.length, servers.sandbox.seen.length]).toEqual(seen);
  expect(record.outcome).toBe("unregistered");
  expect({ news, isFinal }).toMatchObject({ news: { kind: "gone", since: null }, isFinal: true });
});

test.each([
  ["accepts", [], { outcome: "delivered", isFinal: false, device: { kind: "environment", environment: "sandbox" } }],
  [
    "refuses the token as well",
    [bad],
    { outcome: "unregistered", isFinal: true, device: { kind: "gone", since: null } },
  ],
  ["has lost it", [[410, "Unregistered"]], { outcome: "unregistered", isFinal: true, device: { kind: "gone" } }],
  [
    "knows it for another app",
    [[400, "DeviceTokenNotForTopic"]],
    { outcome: "unregistered", isFinal: true, device: { kind: "gone" } },
  ],
  [
    "does not take the key",
    [[403, "BadEnvironmentKeyIdInToken"]],
    { outcome: "unregistered", isFinal: true, device: { kind: "gone" } },
  ],
  ["is in trouble", [[503, "ServiceUnavailable"]], { outcome: "failed", isFinal: false, device: undefined }],
] as const)(
  "a token of unknown environment, refused by the first one, is tried at the other one, which %s",
  async (_, answers, wanted) => {
    const { transport, servers } = await startTwoServers(atEnd);
    servers.production.behave = answering(bad);
    servers.sandbox.behave = answering(...answers);
    const event = sampleEvent(counted(renderApns(samplePush(), apnsTarget()), 3), unknown, 0);
    const { record, isFinal, device: news } = await transport.attempt(event, 1);
    expect({ outcome: record.outcome, isFinal, device: news }).toMatchObject(wanted);
    expect([servers.production.seen.length, servers.sandbox.seen.length]).toEqual([1, 1]);
  },
);

test("with a server of one's own there is no other environment", async () => {
  const { apns, push } = await startScene(atEnd);
  apns.behave = answering(bad);
  expect((await push({ device: unknown })).record.outcome).toBe("unregistered");
  expect(apns.seen.length).toBe(1);
});

test.each([
  ["a key that is none", { key: "-----BEGIN CERTIFICATE-----\nMIIB" }, "misconfigured", "certificate"],
  ["a server next door", { allowPrivate: false }, "blocked", "private"],
  ["a server with a path", { server: "https://relay.example/v1" }, "blocked", "path"],
  ["no TLS to a public server", { server: "http://93.184.216.34", allowPrivate: false }, "blocked", "http:"],
] as const)("nothing is sent with %s", async (_, settings, outcome, text) => {
  const { apns, push } = await startScene(atEnd, settings);
  const { record, device: news } = await push();
  expect(record).toMatchObject({ outcome, status: null, response: null, providerId: null });
  expect(record.error).toContain(text);
  expect(news).toBeUndefined();
  expect(apns.sessions).toBe(0);
});

test("a name that points next door is not connected to", async () => {
  const { apns, target, time } = await startScene(atEnd);
  const transport = new ApnsTransport(
    { ...target, server: `https://push.example:${new URL(apns.url).port}`, allowPrivate: false },
    { clock: time.clock, resolve: (_, callback) => callback(null, [{ address: "127.0.0.1", family: 4 }]) },
  );
  atEnd.push(() => transport.close(true));
  const { record } = await transport.attempt(sampleEvent("{}", phone(), 0), 1);
  expect(record).toMatchObject({ outcome: "blocked", address: null });
  expect(record.error).toContain("push.example");
  expect(apns.sessions).toBe(0);
});

test("a test without a device says whether APNs takes the key", async () => {
  const { apns, push } = await startScene(atEnd);
  apns.behave = ({ deviceToken, answer }) => (deviceToken === "0".repeat(64) ? answer(...bad) : answer());
  const { record, device: news } = await push({ device: null, isTest: true });
  expect(record).toMatchObject({ outcome: "unregistered", status: 400 });
  expect(record.error).toContain("APNs accepts the key");
  expect(news).toBeUndefined();
  apns.behave = ({ answer }) => answer(403, "InvalidProviderToken");
  expect((await push({ device: null, isTest: true })).record.outcome).toBe("misconfigured");
});

test.each([
  [1, 5_000],
  [2, 60_000],
  [3, 900_000],
  [9, 900_000],
] as const)("APNs in trouble at attempt %i: the next one comes after %i ms at the earliest", async (number, waitMs) => {
  const { apns, push } = await startScene(atEnd);
  apns.behave = ({ answer }) => answer(503, "ServiceUnavailable");
  expect((await push({}, number)).retryAfterMs).toBe(waitMs);
});

test("Retry-After counts where it asks for more", async () => {
  const { apns, push } = await startScene(atEnd);
  apns.behave = ({ answer }) => answer(503, "ServiceUnavailable", { headers: { "retry-after": "120" } });
  expect((await push()).retryAfterMs).toBe(120_000);
});

test("nobody listens: refused, and worth another attempt", async () => {
  const { apns, push } = await startScene(atEnd);
  await apns.close();
  atEnd.shift();
  const { record, retryAfterMs, isFinal } = await push();
  expect(record).toMatchObject({ outcome: "refused", status: null, address: null });
  expect({ retryAfterMs, isFinal }).toEqual({ retryAfterMs: 5_000, isFinal: false });
});

test("a closed transport finishes what it has begun", async () => {
  const { apns, push, transport } = await startScene(atEnd);
  const held: SeenPush[] = [];
  apns.behave = (seen) => held.push(seen);
  const attempt = push();
  await apns.received(1);
  transport.close(false);
  expect(transport.isBusy).toBe(true);
  held[0]!.answer();
  expect((await attempt).record.outcome).toBe("delivered");
  expect(transport.isBusy).toBe(false);
});

test("a transport that is closed now ends what it has begun", async () => {
  const { apns, pushMany, transport } = await startScene(atEnd);
  apns.behave = () => undefined;
  const attempts = pushMany(5);
  await apns.received(1);
  transport.close(true);
  expect((await attempts).map(({ record }) => record.outcome)).toEqual(Array(5).fill("timeout"));
});
