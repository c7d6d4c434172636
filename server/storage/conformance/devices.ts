import { beforeEach, expect, it } from "vitest";
import type { DeviceFilter } from "../ports.ts";
import { account, allPages, device, enqueue, HOST, outboxEvent, type StoresOf } from "./samples.ts";

const USER = `juliet@${HOST}`;

export function devicesConformance(storesOf: StoresOf): void {
  beforeEach(async () => {
    const abroad = account("romeo", { host: "montague.lit" });
    await storesOf().accounts.createMany([account("juliet"), account("nurse"), abroad], "skip");
  });

  it("counts the active devices of some users", async () => {
    const { devices } = storesOf();
    await devices.register(device("phone"), 9);
    await devices.register(device("tablet", { isEnabled: false }), 9);
    await devices.register(device("watch"), 9);
    await devices.disable("watch", { at: 1, reason: "gone" });
    await devices.register(device("nurse's", { user: `nurse@${HOST}` }), 9);
    expect(await devices.activeOf([USER, `nobody@${HOST}`])).toEqual(new Map([[USER, 1]]));
    expect(await devices.activeOf([])).toEqual(new Map());
  });

  it("registers a device and gives back all of it", async () => {
    const { devices } = storesOf();
    const full = device("phone", {
      settings: { environment: "sandbox", voipToken: "v" },
      name: "Juliet's phone",
      appVersion: "1.2",
      resource: "balcony",
      node: "n1",
      secretHash: "ff",
      via: "command",
      isEnabled: false,
    });
    const news = {
      updatedAt: 500,
      disabled: null,
      lastAcceptedAt: null,
      lastError: null,
      failures: 0,
      failingSince: null,
    };
    expect(await devices.register(full, 1)).toEqual({ ...full, ...news });
    expect(await devices.find("phone")).toEqual({ ...full, ...news });
    expect(await devices.findNode("n1")).toEqual({ ...full, ...news });
    expect(await devices.of(USER)).toEqual([{ ...full, ...news }]);
    expect(await devices.find("other")).toBeNull();
    expect(await devices.findNode("n2")).toBeNull();
    expect(await devices.of(`nurse@${HOST}`)).toEqual([]);
  });

  it("knows a user's token at a target again", async () => {
    const { devices } = storesOf();
    await devices.register(device("phone", { node: "n1", name: "old" }), 1);
    await devices.disable("phone", { at: 600, reason: "gone" });
    const told = { token: "token-phone", node: "n2", name: "new", registeredAt: 900, settings: { voipToken: "v" } };
    expect(await devices.register(device("other", { ...told, isEnabled: false, secretHash: "aa" }), 1)).toMatchObject({
      id: "phone",
      node: "n1",
      registeredAt: 500,
      updatedAt: 900,
      name: "new",
      settings: { voipToken: "v" },
      secretHash: "aa",
      isEnabled: true,
      disabled: null,
    });
    expect(await devices.of(USER)).toHaveLength(1);
    expect(await devices.find("other")).toBeNull();
    expect(await devices.register(device("elsewhere", { ...told, target: "fcm", node: null }), 9)).toMatchObject({
      id: "elsewhere",
    });
    const nurses = device("nurses", { ...told, user: `nurse@${HOST}`, node: null });
    expect(await devices.register(nurses, 1)).toMatchObject({ id: "nurses" });
  });

  it("takes no more than the user may have, and none of a user who is gone", async () => {
    const { devices } = storesOf();
    const answers = [];
    for (const id of ["1", "2", "3"]) answers.push((await devices.register(device(id), 2))?.id ?? null);
    expect(answers).toEqual(["1", "2", null]);
    expect(await devices.register(device("again", { token: "token-1" }), 2)).toMatchObject({ id: "1" });
    expect(await devices.register(device("x", { user: `paris@${HOST}` }), 2)).toBeNull();
    expect(await devices.count()).toEqual(new Map([["push", 2]]));
  });

  it("lets a device that is disabled give way to a new one, the first first", async () => {
    const { devices } = storesOf();
    for (const id of ["1", "2", "3"]) await devices.register(device(id), 3);
    await devices.disable("3", { at: 600, reason: "gone" });
    await devices.disable("2", { at: 700, reason: "gone" });
    expect(await devices.register(device("2"), 2)).toMatchObject({ id: "2", disabled: null });
    expect((await devices.of(USER)).map(({ id }) => id)).toEqual(["1", "2"]);
    await devices.disable("1", { at: 800, reason: "gone" });
    expect(await devices.register(device("4"), 1)).toBeNull();
    expect(await devices.register(device("4"), 2)).toMatchObject({ id: "4" });
    expect(await devices.register(device("5"), 2)).toBeNull();
    expect((await devices.of(USER)).map(({ id }) => id)).toEqual(["2", "4"]);
    expect(await devices.count()).toEqual(new Map([["push", 2]]));
  });

  it("keeps what was learnt of a device's environment until it says something else", async () => {
    const { devices } = storesOf();
    await devices.register(device("1", { settings: { environment: "sandbox" } }), 3);
    const again = { settings: { environment: null, voipToken: "v" } };
    expect((await devices.register(device("1", again), 3))?.settings).toEqual({
      environment: "sandbox",
      voipToken: "v",
    });
    const other = { settings: { environment: "production" } } as const;
    expect((await devices.register(device("1", other), 3))?.settings).toEqual({ environment: "production" });
  });

  it("lists the newest first, by page and filter", async () => {
    const { devices } = storesOf();
    await devices.register(device("1", { name: "Nokia" }), 9);
    await devices.register(device("2", { user: `nurse@${HOST}`, isEnabled: false, kind: "fcm", target: "fcm" }), 9);
    await devices.register(device("3", { user: "romeo@montague.lit", host: "montague.lit" }), 9);
    await devices.register(device("4"), 9);
    await devices.disable("4", { at: 700, reason: "gone" });
    const listed = async (filter: DeviceFilter): Promise<string[]> =>
      (await allPages((cursor) => devices.list(filter, { limit: 1, cursor }))).map(({ id }) => id);
    const cases: readonly [DeviceFilter, string[]][] = [
      [{}, ["4", "3", "2", "1"]],
      [{ hosts: ["montague.lit"] }, ["3"]],
      [{ hosts: [] }, []],
      [{ user: USER }, ["4", "1"]],
      [{ kind: "fcm" }, ["2"]],
      [{ target: "push" }, ["4", "3", "1"]],
      [{ state: "active" }, ["3", "1"]],
      [{ state: "registered" }, ["2"]],
      [{ state: "registered", not: ["state"] }, ["4", "3", "1"]],
      [{ user: USER, kind: "fcm", not: ["user", "kind"] }, ["3"]],
      [{ state: "disabled" }, ["4"]],
      [{ search: "montague" }, ["3"]],
      [{ search: "nokia" }, ["1"]],
      [{ search: "token" }, []],
      [{ user: USER, state: "active", search: "" }, ["1"]],
    ];
    for (const [filter, ids] of cases) expect(await listed(filter)).toEqual(ids);
    expect((await devices.list({}, { limit: 1 })).total).toBe(4);
    expect((await devices.list({ user: USER }, { limit: 1 })).total).toBe(2);
    await expect(devices.list({}, { limit: 1, cursor: "e30" })).rejects.toMatchObject({ code: "cursor" });
  });

  it("counts active devices by target", async () => {
    const { devices } = storesOf();
    const counts = async () => Object.fromEntries(await devices.count());
    expect(await counts()).toEqual({});
    await devices.register(device("1"), 9);
    await devices.register(device("2", { isEnabled: false }), 9);
    await devices.register(device("3", { target: "fcm" }), 9);
    expect(await counts()).toEqual({ push: 1, fcm: 1 });
    expect(await devices.setEnabled("2", true, 700)).toBe(true);
    expect(await devices.setEnabled("2", true, 700)).toBe(true);
    expect(await counts()).toEqual({ push: 2, fcm: 1 });
    expect(await devices.disable("1", { at: 800, reason: "r" })).toBe(true);
    expect(await devices.setEnabled("1", false, 800)).toBe(true);
    expect(await counts()).toEqual({ push: 1, fcm: 1 });
    expect(await devices.disable("1", null)).toBe(true);
    expect(await counts()).toEqual({ push: 1, fcm: 1 });
    expect(await devices.setEnabled("1", true, 900)).toBe(true);
    expect(await devices.remove("3", 900)).toBe(true);
    expect(await devices.remove("3", 900)).toBe(false);
    expect(await counts()).toEqual({ push: 2 });
    expect(await devices.setEnabled("3", true, 900)).toBe(false);
    expect(await devices.disable("3", null)).toBe(false);
    expect(await devices.find("1")).toMatchObject({ isEnabled: true, disabled: null, updatedAt: 900 });
  });

  it.each([
    { way: "removed", act: "remove" },
    { way: "disabled", act: "disable" },
    { way: "not enabled any more", act: "setEnabled" },
  ] as const)("cancels what waits for a device that is $way", async ({ act }) => {
    const { devices, outbox } = storesOf();
    await devices.register(device("phone"), 9);
    await devices.register(device("tablet"), 9);
    await enqueue(storesOf(), outboxEvent("e", { target: "push", toDevices: true }));
    if (act === "remove") await devices.remove("phone", 2000);
    else if (act === "disable") await devices.disable("phone", { at: 2000, reason: "r" });
    else await devices.setEnabled("phone", false, 2000);
    expect(await outbox.find("e_phone")).toMatchObject({ state: "cancelled", updatedAt: 2000 });
    expect(await outbox.find("e_tablet")).toMatchObject({ state: "queued" });
    expect(await outbox.due()).toMatchObject([{ backlog: 1 }]);
  });

  it("forgets the devices of an account that is removed", async () => {
    const { devices, accounts, outbox } = storesOf();
    await devices.register(device("phone", { node: "n" }), 9);
    await devices.register(device("nurses", { user: `nurse@${HOST}` }), 9);
    await devices.register(device("3", { user: "romeo@montague.lit", host: "montague.lit" }), 9);
    await enqueue(storesOf(), outboxEvent("e", { target: "push", toDevices: true }));
    await accounts.remove(HOST, "juliet");
    expect(await devices.find("phone")).toBeNull();
    expect(await outbox.find("e_phone")).toMatchObject({ state: "cancelled", payload: "" });
    expect(await devices.count()).toEqual(new Map([["push", 2]]));
    await accounts.removeHost(HOST);
    expect((await devices.list({}, { limit: 9 })).items.map(({ id }) => id)).toEqual(["3"]);
    await accounts.create(account("juliet"));
    expect(await devices.of(USER)).toEqual([]);
  });
}
