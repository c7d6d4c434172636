import { expect, it } from "vitest";
import { account, allPages, decision, HOST, type StoresOf } from "./samples.ts";

const NETWORK = "192.0.2.9/32";

export function registrationsConformance(storesOf: StoresOf): void {
  it("creates the account, notes the network and logs the decision, or does none of it", async () => {
    const { registrations, accounts } = storesOf();
    const register = (local: string, createdAt: number, notBefore: number) =>
      registrations.register(account(local, { createdAt }), NETWORK, notBefore, decision(`${local}@${HOST}`));
    expect(await registrations.lastFrom(NETWORK)).toBeNull();
    expect(await register("romeo", 5000, 4400)).toBe("created");
    expect(await registrations.lastFrom(NETWORK)).toBe(5000);
    expect(await register("mercutio", 5100, 4500)).toBe("throttled");
    expect(await register("romeo", 5700, 5000)).toBe("taken");
    expect(await registrations.lastFrom(NETWORK)).toBe(5000);
    expect(await accounts.exists(HOST, "mercutio")).toBe(false);
    expect(await register("mercutio", 5700, 5000)).toBe("created");
    const { items } = await registrations.list({ outcome: "all" }, { limit: 10 });
    expect(items.map(({ jid }) => jid)).toEqual([`mercutio@${HOST}`, `romeo@${HOST}`]);
    await registrations.forget(NETWORK);
    expect(await registrations.lastFrom(NETWORK)).toBeNull();
  });

  it("lets only one of two registrations at the same moment through", async () => {
    const { registrations, accounts } = storesOf();
    const outcomes = await Promise.all(
      ["romeo", "mercutio", "romeo"].map((local) =>
        registrations.register(account(local, { createdAt: 5000 }), NETWORK, 4400, decision(`${local}@${HOST}`)),
      ),
    );
    expect(outcomes).toEqual(["created", "throttled", "throttled"]);
    expect(await accounts.count(HOST)).toBe(1);
  });

  it("throttles nobody without a network", async () => {
    const { registrations } = storesOf();
    expect(await registrations.register(account("a"), null, 0, decision("a"))).toBe("created");
    expect(await registrations.register(account("b"), null, 0, decision("b"))).toBe("created");
  });

  it("lists decisions, newest first, and forgets old ones", async () => {
    const { registrations } = storesOf();
    const denied = { allowed: false, code: "throttled", retryAfterSeconds: 30 };
    expect(await registrations.append(decision("a", { at: 1 }))).toBe(1);
    await registrations.append(decision("b", { at: 2, ...denied }));
    await registrations.append(decision("c", { at: 3, host: "montague.lit" }));
    const jids = async (filter: Parameters<typeof registrations.list>[0]) =>
      (await allPages((cursor) => registrations.list(filter, { limit: 1, cursor }))).map(({ jid }) => jid);
    expect(await jids({ outcome: "all" })).toEqual(["c", "b", "a"]);
    expect(await jids({ outcome: "allowed" })).toEqual(["c", "a"]);
    expect(await jids({ outcome: "denied" })).toEqual(["b"]);
    expect(await jids({ outcome: "all", hosts: ["montague.lit"] })).toEqual(["c"]);
    expect(await jids({ outcome: "all", jid: "b" })).toEqual(["b"]);
    expect(await jids({ outcome: "allowed", jid: "b" })).toEqual([]);
    const line = decision("a").line;
    expect(await registrations.hits(undefined, 0)).toEqual([
      { line, allowed: true, count: 2 },
      { line, allowed: false, count: 1 },
    ]);
    expect(await registrations.hits(["montague.lit"], 3)).toEqual([{ line, allowed: true, count: 1 }]);
    expect(await registrations.hits(undefined, 4)).toEqual([]);
    const { items } = await registrations.list({ outcome: "denied" }, { limit: 1 });
    expect(items).toEqual([{ id: 2, ...decision("b", { at: 2, ...denied }) }]);
    expect(await registrations.prune(3, 1)).toBe(1);
    expect(await registrations.prune(3, 10)).toBe(1);
    expect(await jids({ outcome: "all" })).toEqual(["c"]);
  });
}
