import { afterEach, expect, test } from "vitest";
import { openMemory } from "../../../storage/memory.ts";
import type { Outgoing } from "../../transport.ts";
import { sampleEvent } from "../testing.ts";
import { answering, phone, startScene, startTwoServers, type Refusal } from "./testing.ts";
import { ApnsTransport } from "./transport.ts";

// What is the fault of the settings, and what that of one device: APNs does not always say.

const atEnd: (() => unknown)[] = [];
afterEach(async () => {
  // oxlint-disable-next-line no-await-in-loop -- one after the other
  for (const end of atEnd.splice(0).toReversed()) await end();
});

const foreign: Refusal = [400, "DeviceTokenNotForTopic"];
const ofUser = (user: string): Partial<Outgoing> => ({ device: { ...phone(), user: `${user}@example.org` } });
const holdsDevice = { record: { outcome: "failed" }, isDeviceOnly: true, isFinal: false, device: { kind: "failed" } };

test("a token of another app is worth nothing once something was accepted, and waits before", async () => {
  const { apns, push } = await startScene(atEnd);
  apns.behave = answering(foreign, [200, ""], foreign);
  expect(await push()).toMatchObject(holdsDevice);
  expect((await push()).record.outcome).toBe("delivered");
  expect(await push()).toMatchObject({ record: { outcome: "unregistered" }, isFinal: true, device: { kind: "gone" } });
});

test("tokens of several accounts, all of another app: then it is the topic that is wrong", async () => {
  const { apns, push } = await startScene(atEnd);
  apns.behave = ({ answer }) => answer(...foreign);
  for (const user of ["romeo", "juliet", "romeo", "juliet"])
    expect(await push(ofUser(user))).toMatchObject(holdsDevice);
  const { record, device: news, isDeviceOnly } = await push(ofUser("nurse"));
  expect({ outcome: record.outcome, news, isDeviceOnly }).toEqual({
    outcome: "misconfigured",
    news: undefined,
    isDeviceOnly: false,
  });
  // Somebody has looked at it, and it takes as many again.
  expect(await push(ofUser("nurse"))).toMatchObject(holdsDevice);
});

test("what was seen of a topic outlives a restart", async () => {
  const { pushCredentials } = openMemory();
  const scene = await startScene(atEnd, {}, { credentials: pushCredentials });
  const { apns, push, target, time } = scene;
  await push();
  const store = { find: pushCredentials.find, put: pushCredentials.put };
  const restarted = new ApnsTransport(target, { clock: time.clock, credentials: store });
  atEnd.push(() => restarted.close(true));
  apns.behave = ({ answer }) => answer(...foreign);
  const attempt = await restarted.attempt(sampleEvent('{"aps":{"alert":{}}}', phone(), time.clock.now()), 1);
  expect(attempt).toMatchObject({ record: { outcome: "unregistered" }, isFinal: true, device: { kind: "gone" } });
});

test("a key that is refused where only the device says it is, is the device's matter", async () => {
  const { transport, servers, time } = await startTwoServers(atEnd);
  servers.sandbox.behave = ({ answer }) => answer(403, "BadEnvironmentKeyIdInToken");
  const attempt = (environment: "production" | "sandbox") =>
    transport.attempt(sampleEvent('{"aps":{"alert":{}}}', phone({ environment }), time.clock.now()), 1);
  expect(await attempt("sandbox")).toMatchObject(holdsDevice);
  expect((await attempt("production")).record.outcome).toBe("delivered");
  servers.production.behave = ({ answer }) => answer(403, "BadEnvironmentKeyIdInToken");
  expect((await attempt("production")).record.outcome).toBe("misconfigured");
});
