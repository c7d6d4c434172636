import { expect, it } from "vitest";
import type { NewApplication } from "../ports.ts";
import { account, allPages, decision, HOST, SCRAM, type StoresOf } from "./samples.ts";

const NETWORK = "192.0.2.9/32";
const NEVER = Number.MAX_SAFE_INTEGER;

const application = (local: string, changes: Partial<NewApplication> = {}): NewApplication => ({
  host: HOST,
  local,
  credentials: SCRAM,
  at: 1000,
  source: "web",
  address: "192.0.2.9",
  message: "",
  language: "",
  expiresAt: NEVER,
  ...changes,
});

export function applicationsConformance(storesOf: StoresOf): void {
  const apply = (one: NewApplication, network: string | null = null, notBefore = 0, maxWaiting = 9) =>
    storesOf().applications.apply(one, network, notBefore, maxWaiting, decision(`${one.local}@${one.host}`));
  const waiting = async (query: object = {}) =>
    (
      await allPages((cursor) => storesOf().applications.list({ state: "waiting", ...query }, { limit: 1, cursor }))
    ).map(({ local }) => local);

  it("keeps an application and the decision, or says why not and keeps neither", async () => {
    const { accounts, registrations, applications } = storesOf();
    await accounts.create(account("nurse"));
    expect(
      await apply(application("romeo", { at: 5000, message: "let me in", language: "zh-CN" }), NETWORK, 4400),
    ).toBe("waiting");
    expect(await registrations.lastFrom(NETWORK)).toBe(5000);
    expect(await apply(application("tybalt", { at: 5100 }), NETWORK, 4500)).toBe("throttled");
    expect(await apply(application("romeo"))).toBe("taken");
    expect(await apply(application("nurse"))).toBe("taken");
    expect(await apply(application("tybalt"), null, 0, 1)).toBe("full");
    expect((await registrations.list({ outcome: "all" }, { limit: 9 })).items.map(({ jid }) => jid)).toEqual([
      `romeo@${HOST}`,
    ]);
    expect(await applications.find(HOST, "romeo")).toEqual({
      host: HOST,
      local: "romeo",
      at: 5000,
      source: "web",
      address: "192.0.2.9",
      message: "let me in",
      language: "zh-CN",
      expiresAt: NEVER,
      denied: null,
    });
    expect(await applications.find(HOST, "tybalt")).toBeNull();
  });

  it("holds the name against registrations, and looks like a suspended account to a login", async () => {
    const { accounts, registrations } = storesOf();
    await apply(application("romeo"));
    expect(await registrations.register(account("romeo"), null, 0, decision("romeo"))).toBe("taken");
    expect(await accounts.exists(HOST, "romeo")).toBe(false);
    expect(await accounts.login(HOST, "romeo")).toMatchObject({
      credentials: SCRAM,
      suspended: { at: 1000, until: null },
    });
    expect(await accounts.count(HOST)).toBe(0);
  });

  it("becomes an account once, with what was applied for", async () => {
    const { accounts, applications } = storesOf();
    await apply(application("romeo"));
    expect(await applications.approve(HOST, "romeo", 7000)).toMatchObject({ local: "romeo", createdVia: "web" });
    expect(await accounts.find(HOST, "romeo")).toMatchObject({
      createdAt: 7000,
      createdVia: "web",
      createdFrom: "192.0.2.9",
      suspended: null,
    });
    expect(await accounts.login(HOST, "romeo")).toEqual({ credentials: SCRAM, suspended: null });
    expect(await applications.approve(HOST, "romeo", 7000)).toBeNull();
    await apply(application("nurse"));
    await accounts.create(account("nurse"));
    expect(await applications.approve(HOST, "nurse", 7000)).toBe("taken");
  });

  it("is refused once, and then makes way for another", async () => {
    const { applications } = storesOf();
    await apply(application("romeo"));
    const denied = { at: 6000, by: "admin", reason: "no spam" };
    expect(await applications.deny(HOST, "romeo", denied)).toBe(true);
    expect(await applications.deny(HOST, "romeo", denied)).toBe(false);
    expect(await applications.approve(HOST, "romeo", 7000)).toBeNull();
    expect(await applications.find(HOST, "romeo")).toMatchObject({ denied });
    expect(await waiting()).toEqual([]);
    expect(await waiting({ state: "denied" })).toEqual(["romeo"]);
    expect(await apply(application("romeo", { at: 8000 }))).toBe("waiting");
    expect(await applications.find(HOST, "romeo")).toMatchObject({ at: 8000, denied: null });
  });

  it("is listed and counted, the oldest first, until it expires", async () => {
    const { applications, registrations, accounts } = storesOf();
    await apply(application("b", { at: 2 }));
    await apply(application("a", { at: 3 }));
    await apply(application("c", { at: 1, host: "montague.lit" }));
    await apply(application("old", { expiresAt: 1 }));
    expect(await waiting()).toEqual(["c", "b", "a"]);
    expect(await waiting({ hosts: [HOST] })).toEqual(["b", "a"]);
    expect(await waiting({ search: "A" })).toEqual(["a"]);
    expect(await applications.waiting()).toEqual({ count: 3, oldestAt: 1 });
    expect(await applications.waiting([HOST])).toEqual({ count: 2, oldestAt: 2 });
    expect(await applications.waiting([])).toEqual({ count: 0, oldestAt: null });
    expect(await accounts.login(HOST, "old")).toBeNull();
    await registrations.prune(0, 10);
    expect(await applications.find(HOST, "old")).toBeNull();
    await accounts.removeHost(HOST);
    expect(await waiting()).toEqual(["c"]);
  });

  it("keeps passes until they are used, taken back or over", async () => {
    const { applications, registrations } = storesOf();
    const pass = { host: HOST, local: "romeo", network: NETWORK, createdAt: 5, createdBy: "admin", expiresAt: NEVER };
    await applications.addPass({ id: "one", ...pass });
    await applications.addPass({ id: "two", ...pass, createdAt: 6 });
    await applications.addPass({ id: "over", ...pass, expiresAt: 1 });
    expect(await applications.passes()).toEqual([
      { id: "two", ...pass, createdAt: 6 },
      { id: "one", ...pass },
    ]);
    const register = (local: string, passId: string) =>
      registrations.register(account(local), null, 0, decision(local), { passId });
    expect(await register("tybalt", "over")).toBe("spent");
    expect(await register("romeo", "one")).toBe("created");
    expect(await register("mercutio", "one")).toBe("spent");
    expect(await applications.removePass("two")).toBe(true);
    expect(await applications.removePass("two")).toBe(false);
    expect(await applications.passes()).toEqual([]);
  });
}
