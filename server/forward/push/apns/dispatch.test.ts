import { afterEach, expect, test } from "vitest";
import { manualClock } from "../../../core/clock.ts";
import type { NewOutboxEvent } from "../../../storage/ports.ts";
import { addDevice, pushEvent } from "../../testing-provider.ts";
import { commitEvent, startBench, type Bench } from "../../testing.ts";
import { samplePush } from "../testing.ts";
import { startApnsMock, type ApnsMock } from "./mock.ts";
import { renderApns } from "./payload.ts";
import { apnsTarget } from "./testing.ts";

// The whole way: from the commit of an event over the real dispatcher and HTTP/2 to what the store knows afterwards.

const atEnd: (() => unknown)[] = [];
afterEach(async () => {
  // oxlint-disable-next-line no-await-in-loop -- one after the other
  for (const end of atEnd.splice(0).toReversed()) await end();
});

const token = "cd".repeat(32);

async function start(): Promise<{
  apns: ApnsMock;
  bench: Bench;
  commit: (more?: Partial<NewOutboxEvent>) => Promise<string>;
}> {
  const apns = await startApnsMock({ clock: manualClock() });
  atEnd.push(() => apns.close());
  const target = apnsTarget({ ...apns.credentials, server: apns.url, content: "full" });
  const bench = await startBench({ push: target });
  atEnd.push(() => bench.close());
  const phone = await addDevice(bench.stores, "juliet", "phone");
  const { updatedAt: _, disabled: _d, lastAcceptedAt: _a, lastError: _e, failures: _f, ...known } = phone;
  await bench.stores.devices.remove("phone", 0);
  await bench.stores.devices.register({ ...known, token, registeredAt: bench.time.clock.now() }, 10);
  const commit = async (more: Partial<NewOutboxEvent> = {}): Promise<string> => {
    const { text, unreadAt } = renderApns(samplePush(), target);
    const event = pushEvent("juliet", text, bench.time.clock.now(), {
      contentType: "application/json",
      class: "chat",
      ...(unreadAt === undefined ? {} : { unreadAt }),
      ...more,
    });
    await commitEvent(bench.stores, event);
    bench.dispatcher.wake();
    return `${event.id}_phone`;
  };
  return { apns, bench, commit };
}

test("accepted: the event is done, and the device has been pushed to", async () => {
  const { apns, bench, commit } = await start();
  const id = await commit();
  await bench.reached(id, "delivered");
  expect(apns.violations).toEqual([]);
  expect(apns.seen[0]).toMatchObject({ deviceToken: token });
  expect(JSON.parse(apns.seen[0]!.payload)).toMatchObject({ aps: { badge: 0 }, from: "romeo@example.org/orchard" });
  expect(await bench.stores.outbox.find(id)).toMatchObject({ providerId: apns.seen[0]!.id, status: 200, attempts: 1 });
  expect(await bench.stores.devices.find("phone")).toMatchObject({
    lastAcceptedAt: bench.time.clock.now(),
    failures: 0,
  });
});

test("410: the event is dead and the device disabled, unless it was registered again since", async () => {
  const { apns, bench, commit } = await start();
  const at = bench.time.clock.now();
  apns.behave = ({ answer }) => answer(410, "Unregistered", { timestamp: at - 1000 });
  await bench.reached(await commit(), "dead");
  expect(await bench.stores.devices.find("phone")).toMatchObject({ disabled: null });
  apns.behave = ({ answer }) => answer(410, "Unregistered", { timestamp: at + 1000 });
  await bench.reached(await commit(), "dead");
  const phone = await bench.stores.devices.find("phone");
  expect(phone!.disabled!.reason).toBe("the app is no longer on the device (Unregistered)");
});

test("settings that Apple refuses hold the queue; events wait and are sent once they are right", async () => {
  const { apns, bench, commit } = await start();
  apns.behave = ({ answer }) => answer(403, "InvalidProviderToken");
  const id = await commit();
  await bench.reached(id, "held");
  expect(bench.dispatcher.health().get("push")?.fault?.detail).toContain("InvalidProviderToken");
  expect(bench.alerts).toMatchObject([{ kind: "misconfigured", target: "push" }]);
  apns.behave = ({ answer }) => answer();
  bench.dispatcher.configure(
    new Map([["push", apnsTarget({ ...apns.credentials, server: apns.url, content: "full", sound: "" })]]),
  );
  await bench.reached(id, "delivered");
  expect((await bench.stores.outbox.find(id))!.attemptList.map(({ outcome }) => outcome)).toEqual([
    "misconfigured",
    "delivered",
  ]);
});
