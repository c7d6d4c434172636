import { afterEach, expect, test } from "vitest";
import { FcmTarget, WebPushTarget } from "../../../lib/contracts/forward-target.ts";
import { account } from "../../storage/conformance/samples.ts";
import type { DeviceRow } from "../../storage/ports.ts";
import { commitEvent, newEvent, startBench, type Bench } from "../testing.ts";
import { fcmError, startFcmMock, type FcmMock } from "./fcm/mock.ts";
import { renderFcm } from "./fcm/payload.ts";
import { sampleDevice, samplePush } from "./testing.ts";
import { startPushService, type PushServiceMock } from "./webpush/mock.ts";
import { renderWebPush } from "./webpush/payload.ts";
import { newVapidPrivateKey } from "./webpush/vapid.ts";

// Outbox, dispatcher, transports and providers together: what comes of an event for all devices of somebody.

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

interface Scene {
  readonly bench: Bench;
  readonly google: FcmMock;
  readonly browsers: PushServiceMock;
  readonly fcm: FcmTarget;
  register(id: string, device: Pick<DeviceRow, "kind" | "token"> & Partial<DeviceRow>): Promise<void>;
  /** Stores the event for all devices of Juliet at a target, and wakes the dispatcher. */
  push(target: "phones" | "web", id: string): Promise<void>;
}

async function start(): Promise<Scene> {
  const [google, browsers] = await Promise.all([startFcmMock(), startPushService()]);
  const fcm = FcmTarget.parse({
    kind: "fcm",
    server: google.url,
    serviceAccount: google.serviceAccount,
    content: "full",
    allowPrivate: true,
  });
  const web = WebPushTarget.parse({
    kind: "webpush",
    contact: "mailto:admin@example.org",
    privateKey: newVapidPrivateKey(),
    services: ["127.0.0.1"],
    content: "full",
    allowPrivate: true,
  });
  const bench = await startBench({ phones: fcm, web });
  // The providers' mocks go by the real time; so do the tokens that they check.
  await bench.time.advance(Date.now() - bench.time.clock.now());
  closing.push(
    () => google.close(),
    () => browsers.close(),
    () => bench.close(),
  );
  await bench.stores.accounts.create(account("juliet", { host: "example.org" }));
  return {
    bench,
    google,
    browsers,
    fcm,
    async register(id, device) {
      const target = device.kind === "fcm" ? "phones" : "web";
      expect(await bench.stores.devices.register(sampleDevice({ id, target, ...device }), 10)).not.toBeNull();
    },
    async push(target, id) {
      const message = samplePush({ id });
      const { text, unreadAt, contentType } =
        target === "phones" ? renderFcm(message, fcm) : renderWebPush(message, web);
      const more = { id, target, contentType, toDevices: true, ...(unreadAt !== undefined && { unreadAt }) };
      await commitEvent(bench.stores, newEvent("juliet", text, bench.time.clock.now(), more));
      bench.dispatcher.wake();
    },
  };
}

test("each of the recipient's devices gets the message once, with the number of those that wait", async () => {
  const { bench, google, browsers, register, push } = await start();
  await register("phone", { kind: "fcm", token: "phone-token" });
  await register("tablet", { kind: "fcm", token: "tablet-token" });
  const { endpoint, p256dh, auth } = browsers.subscribe();
  await register("browser", { kind: "webpush", token: endpoint, settings: { p256dh, auth } });
  await push("phones", "evt_a");
  await push("web", "evt_b");
  await Promise.all(["evt_a_phone", "evt_a_tablet", "evt_b_browser"].map((id) => bench.reached(id, "delivered")));
  expect(google.seen).toHaveLength(2);
  expect(new Set(google.seen.map(({ token }) => token))).toEqual(new Set(["phone-token", "tablet-token"]));
  expect(google.seen[0]!.data).toMatchObject({ id: "evt_a", unread: expect.stringMatching(/^\d+$/) as string });
  expect(browsers.seen.map(({ text }) => JSON.parse(text) as unknown)).toMatchObject([{ data: { id: "evt_b" } }]);
  expect([...google.complaints, ...browsers.complaints]).toEqual([]);
  const event = await bench.stores.outbox.find("evt_b_browser");
  expect(event).toMatchObject({ providerId: "m1", attempts: 1 });
  expect((await bench.stores.devices.find("browser"))?.lastAcceptedAt).not.toBeNull();
});

test("a device that FCM knows no more is disabled; the others get theirs", async () => {
  const { bench, google, register, push } = await start();
  await register("old", { kind: "fcm", token: "old-token" });
  await register("new", { kind: "fcm", token: "new-token" });
  google.behave = ({ token }) =>
    token === "old-token" ? fcmError(404, "NOT_FOUND", "UNREGISTERED", "Requested entity was not found.") : undefined;
  await push("phones", "evt_a");
  await Promise.all([bench.reached("evt_a_old", "dead"), bench.reached("evt_a_new", "delivered")]);
  const old = await bench.stores.devices.find("old");
  expect(old?.disabled?.reason).toBe("UNREGISTERED: Requested entity was not found.");
  await push("phones", "evt_b");
  await bench.reached("evt_b_new", "delivered");
  expect(google.seen.filter(({ token }) => token === "old-token")).toHaveLength(1);
});

test("a key that Google refuses costs no attempt: the events go out when it is replaced", async () => {
  const { bench, google, fcm, register, push } = await start();
  await register("phone", { kind: "fcm", token: "phone-token" });
  google.behaveToken = () => ({
    status: 400,
    body: '{"error":"invalid_grant","error_description":"Invalid JWT Signature."}',
  });
  await push("phones", "evt_a");
  await bench.reached("evt_a_phone", "held");
  expect(bench.alerts).toMatchObject([{ kind: "misconfigured", target: "phones" }]);
  google.behaveToken = () => undefined;
  bench.dispatcher.configure(new Map([["phones", { ...fcm, timeoutMs: 9_000 }]]));
  await bench.reached("evt_a_phone", "delivered");
  expect(await bench.stores.outbox.find("evt_a_phone")).toMatchObject({ attempts: 1 });
});

test("an endpoint that a client made up harms nobody else", async () => {
  const { bench, browsers, register, push } = await start();
  const { endpoint, p256dh, auth } = browsers.subscribe();
  const settings = { p256dh, auth };
  await register("made-up", { kind: "webpush", token: "https://169.254.169.254/latest/meta-data", settings });
  await register("browser", { kind: "webpush", token: endpoint, settings });
  await push("web", "evt_a");
  await Promise.all([bench.reached("evt_a_made-up", "dead"), bench.reached("evt_a_browser", "delivered")]);
  expect(bench.alerts).toEqual([]);
  expect(await bench.stores.outbox.find("evt_a_made-up")).toMatchObject({ attemptList: [{ outcome: "blocked" }] });
});
