import { beforeEach, expect, it } from "vitest";
import type { DeviceNews, DeviceRow, NewOutboxEvent, Settlement } from "../ports.ts";
import { account, attempt, device, enqueue, FAILED, HOST, only, outboxEvent, type StoresOf } from "./samples.ts";

const USER = `juliet@${HOST}`;

export function outboxDevicesConformance(storesOf: StoresOf): void {
  const push = (id: string, changes: Partial<NewOutboxEvent> = {}): NewOutboxEvent =>
    outboxEvent(id, { target: "push", toDevices: true, ...changes });
  const events = async (): Promise<string[]> =>
    (await storesOf().outbox.list({ target: "push" }, { limit: 99 })).items
      .map(({ id, state }) => `${id} ${state}`)
      .toReversed();
  /** Attempts the first event of the device's lane, with this news of the device. */
  const settle = async (news: DeviceNews, next: Settlement["next"] = { state: "dead" }, perLane = 1): Promise<void> => {
    const { outbox } = storesOf();
    const lane = only(await outbox.claim("push", 1000, 1000, 1, perLane));
    const { seq } = lane.events[0]!;
    const record = attempt(1, next.state === "delivered" ? {} : FAILED);
    expect(await outbox.settle([{ seq, claim: lane.claim, attempt: record, next, at: 3000, device: news }])).toBe(1);
  };
  const phone = async (): Promise<DeviceRow> => (await storesOf().devices.find("phone"))!;

  beforeEach(async () => {
    await storesOf().accounts.createMany([account("juliet"), account("nurse")], "skip");
  });

  it("makes an event for each active device of the user at the target, in a lane of its own", async () => {
    const { devices, outbox } = storesOf();
    await devices.register(device("phone"), 9);
    await devices.register(device("tablet"), 9);
    await devices.register(device("watch", { isEnabled: false }), 9);
    await devices.register(device("old"), 9);
    await devices.disable("old", { at: 600, reason: "gone" });
    await devices.register(device("browser", { target: "web-push", kind: "webpush" }), 9);
    await devices.register(device("nurses", { user: `nurse@${HOST}` }), 9);
    await enqueue(storesOf(), push("e1", { payload: "n=", unreadAt: 2 }));
    expect(await events()).toEqual(["e1_phone queued", "e1_tablet queued"]);
    const lanes = await outbox.claim("push", 1000, 1000, 9, 9);
    expect(lanes).toMatchObject([
      { lane: `${USER}/phone`, device: { id: "phone", token: "token-phone", isEnabled: true } },
      { lane: `${USER}/tablet`, device: { id: "tablet" } },
    ]);
    expect(lanes[0]!.events).toMatchObject([{ id: "e1_phone", device: "phone", payload: "n=0", bytes: 3 }]);
    expect(await outbox.list({ device: "tablet" }, { limit: 9 })).toMatchObject({ items: [{ id: "e1_tablet" }] });
    expect(await outbox.histogram({ device: "tablet" }, 0, 60_000, 1)).toMatchObject([{ queued: 1 }]);
  });

  it("makes none where there is no such device, one where only one is meant, and none twice", async () => {
    const { devices } = storesOf();
    await enqueue(storesOf(), push("e0"));
    await devices.register(device("phone"), 9);
    await devices.register(device("tablet"), 9);
    await enqueue(storesOf(), push("e1", { user: `nurse@${HOST}` }), push("e2", { onlyDevice: "tablet" }));
    await enqueue(storesOf(), push("e3", { onlyDevice: "nobody" }), push("e2", { onlyDevice: "tablet" }));
    expect(await events()).toEqual(["e2_tablet queued"]);
  });

  it("counts devices right after a call was taken back", async () => {
    const { devices, offline } = storesOf();
    const broken = push("bad", { createdAt: Number.NaN });
    const answers = await Promise.allSettled([
      devices.register(device("phone"), 9),
      devices.remove("phone", 1000),
      devices.register(device("phone"), 9),
      offline.commit({ ...unit, forwards: [broken] }),
      offline.commit({ ...unit, forwards: [push("e1")] }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([
      "fulfilled",
      "fulfilled",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(await events()).toEqual(["e1_phone queued"]);
    expect(await devices.count()).toEqual(new Map([["push", 1]]));
  });

  it("has a quota for each device", async () => {
    const { devices } = storesOf();
    await devices.register(device("phone"), 9);
    await devices.register(device("tablet"), 9);
    const few = { maxWaitingPerRecipient: 1 };
    await enqueue(storesOf(), push("e1", few), push("e2", { ...few, onlyDevice: "phone" }));
    expect(await events()).toEqual(["e1_phone dead", "e1_tablet queued", "e2_phone queued"]);
  });

  it("notes what attempts show of the device", async () => {
    const { devices } = storesOf();
    await devices.register(device("phone"), 9);
    await enqueue(storesOf(), ...["1", "2", "3", "4"].map((id) => push(id)));
    await settle({ kind: "failed", error: "503" });
    await settle({ kind: "failed", error: "504" });
    expect(await phone()).toMatchObject({ failures: 2, lastError: "504", lastAcceptedAt: null, disabled: null });
    expect((await phone()).failingSince).toBe(3000);
    await settle({ kind: "accepted" }, { state: "delivered" });
    const reached = { failures: 0, failingSince: null, lastError: null, lastAcceptedAt: 3000, registeredAt: 500 };
    expect(await phone()).toMatchObject(reached);
    await storesOf().devices.register(device("tablet"), 9);
    await enqueue(storesOf(), push("5", { onlyDevice: "tablet", dueAt: 500 }));
    await settle({ kind: "environment", environment: "sandbox" }, { state: "delivered" });
    expect(await storesOf().devices.find("tablet")).toMatchObject({ ...reached, settings: { environment: "sandbox" } });
  });

  it("tries a refused device once more, and only once as long as nothing is accepted", async () => {
    const { devices } = storesOf();
    const refused = { kind: "gone", reason: "refused", since: null, retryAt: 90_000 } as const;
    const refuse = async (id: string): Promise<void> => {
      await enqueue(storesOf(), push(id));
      await settle(refused);
    };
    await devices.register(device("phone"), 9);
    await refuse("1");
    expect(await devices.retryRefused(89_999, 9)).toBe(0);
    expect((await phone()).disabled).not.toBeNull();
    expect(await devices.retryRefused(90_000, 9)).toBe(1);
    expect(await phone()).toMatchObject({ disabled: null, failures: 1 });
    expect(await devices.count()).toEqual(new Map([["push", 1]]));
    await refuse("2");
    expect(await devices.retryRefused(9_000_000, 9)).toBe(0);
    // Registered again it is as good as new, and so it is after something was accepted.
    await devices.register(device("phone"), 9);
    await refuse("3");
    expect(await devices.retryRefused(9_000_000, 9)).toBe(1);
    await enqueue(storesOf(), push("4"));
    await settle({ kind: "accepted" }, { state: "delivered" });
    await refuse("5");
    // Whom somebody has disabled is not tried.
    await devices.disable("phone", { at: 5000, reason: "stolen" });
    expect(await devices.retryRefused(9_000_000, 9)).toBe(0);
  });

  it("ignores the news of a claim that is no longer valid", async () => {
    const { devices, outbox } = storesOf();
    await devices.register(device("phone"), 9);
    await enqueue(storesOf(), push("1"));
    const lane = only(await outbox.claim("push", 1000, 1000, 1, 1));
    await outbox.release([lane.claim]);
    const { seq } = lane.events[0]!;
    const news = { kind: "gone", reason: "x", since: null } as const;
    const next = { state: "dead" } as const;
    await outbox.settle([{ seq, claim: lane.claim, attempt: attempt(1), next, at: 3000, device: news }]);
    expect((await phone()).disabled).toBeNull();
  });

  it.each([{ perLane: 1 }, { perLane: 9 }])(
    "disables a device that is gone and cancels what else waits for it ($perLane claimed)",
    async ({ perLane }) => {
      const { devices, outbox } = storesOf();
      await devices.register(device("phone"), 9);
      await enqueue(storesOf(), push("1"), push("2"), push("3", { dueAt: 9000 }));
      await devices.register(device("tablet"), 9);
      await enqueue(storesOf(), push("4", { onlyDevice: "tablet", dueAt: 9000 }));
      await settle({ kind: "gone", reason: "Unregistered", since: null }, { state: "dead" }, perLane);
      expect(await phone()).toMatchObject({ disabled: { at: 3000, reason: "Unregistered" }, failures: 1 });
      expect(await events()).toEqual(["1_phone dead", "2_phone cancelled", "3_phone cancelled", "4_tablet queued"]);
      expect(await devices.count()).toEqual(new Map([["push", 1]]));
      expect(await outbox.due()).toEqual([{ target: "push", dueAt: 9000, backlog: 1 }]);
      await enqueue(storesOf(), push("5"));
      expect((await events()).at(-1)).toBe("5_tablet queued");
      await devices.register(device("again", { token: "token-phone" }), 9);
      await enqueue(storesOf(), push("6", { onlyDevice: "phone", dueAt: 500 }));
      const lanes = await outbox.claim("push", 1000, 1000, 9, 9);
      expect(lanes.map(({ lane }) => lane)).toContain(`${USER}/phone`);
    },
  );

  it.each([
    { since: 499, disabled: false },
    { since: 500, disabled: false },
    { since: 501, disabled: true },
    { since: 801, again: 800, disabled: true },
    { since: 700, again: 800, disabled: false },
  ])("believes that it went at $since (registered again: $again): $disabled", async ({ since, again, disabled }) => {
    const { devices } = storesOf();
    await devices.register(device("phone"), 9);
    if (again !== undefined) await devices.register(device("phone", { registeredAt: again }), 9);
    await enqueue(storesOf(), push("1"), push("2"));
    await settle({ kind: "gone", reason: "Unregistered", since });
    expect((await phone()).disabled !== null).toBe(disabled);
    expect((await events()).at(-1)).toBe(disabled ? "2_phone cancelled" : "2_phone queued");
  });

  it("claims lanes of a forgotten device without it", async () => {
    const { outbox, devices } = storesOf();
    await devices.register(device("phone"), 9);
    await enqueue(storesOf(), outboxEvent("web"), push("1"));
    await settle({ kind: "accepted" });
    await devices.remove("phone", 4000);
    await outbox.retry("1_phone", 5000);
    const [lane] = await outbox.claim("push", 5000, 1000, 1, 1);
    expect(lane).toMatchObject({ device: null, events: [{ device: "phone" }] });
    expect(await outbox.claim("web", 1000, 1000, 1, 1)).toMatchObject([{ device: null, events: [{ device: null }] }]);
  });
}

const unit = { host: HOST, local: "juliet", message: null, maxMessages: 9, maxBytes: 999 };
