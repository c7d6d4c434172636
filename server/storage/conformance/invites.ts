import { expect, it } from "vitest";
import { StoreError } from "../errors.ts";
import type { NewInvite } from "../ports.ts";
import { account, allPages, decision, HOST, type StoresOf } from "./samples.ts";

function invite(id: string, changes: Partial<NewInvite> = {}): NewInvite {
  return {
    id,
    hash: `hash of ${id}`,
    kind: "account",
    host: HOST,
    local: null,
    inviter: null,
    registers: true,
    maxUses: 1,
    createdAt: 1000,
    createdBy: "boss",
    maker: null,
    expiresAt: 9000,
    note: "",
    role: null,
    groups: [],
    tags: [],
    ...changes,
  };
}

/** Somebody who never logged in, by an invite that gives nothing. */
const plain = { hasLoggedIn: false, isOwed: false, withheld: [] };

export function invitesConformance(storesOf: StoresOf): void {
  it("keeps an invite and finds it by id and by the hash of its token", async () => {
    const { invites } = storesOf();
    const { hash, ...row } = invite("a", { inviter: `romeo@${HOST}`, note: "for the cast", maxUses: 3 });
    expect(await invites.create({ ...row, hash })).toBe("created");
    const kept = { ...row, uses: 0, openedAt: null, revokedAt: null };
    expect(await invites.find("a")).toEqual(kept);
    expect(await invites.findByHash(hash)).toEqual(kept);
    expect(await invites.find(hash)).toBeNull();
    expect(await invites.findByHash("a")).toBeNull();
    await invites.opened("a", 2000);
    await invites.opened("a", 3000);
    expect(await invites.find("a")).toEqual({ ...kept, openedAt: 2000 });
  });

  it("keeps a name for one invite at a time, and only while that can be redeemed", async () => {
    const { invites, accounts } = storesOf();
    await accounts.create(account("romeo"));
    const named = (id: string, local: string, changes = {}) => invites.create(invite(id, { local, ...changes }));
    expect(await named("a", "romeo")).toBe("taken");
    expect(await named("b", "juliet")).toBe("created");
    expect(await named("c", "juliet")).toBe("held");
    expect(await invites.holderOf(HOST, "juliet", 8999)).toBe("b");
    expect(await invites.holderOf(HOST, "juliet", 9000)).toBeNull();
    expect(await invites.holderOf("montague.lit", "juliet", 2000)).toBeNull();
    expect(await named("d", "juliet", { createdAt: 9000, expiresAt: 20_000 })).toBe("created");
    expect(await invites.revoke("d", 9001)).toBe(true);
    expect(await invites.holderOf(HOST, "juliet", 9002)).toBeNull();
  });

  it("is used up as often as it says and no more, also at the same moment", async () => {
    const { invites } = storesOf();
    await invites.create(invite("a", { maxUses: 2 }));
    const used = await Promise.all(["x", "y", "z"].map((local) => invites.use("a", `${local}@${HOST}`, 2000)));
    expect(used).toEqual([true, true, false]);
    expect(await invites.uses("a", 10)).toEqual([
      { jid: `x@${HOST}`, at: 2000, ...plain },
      { jid: `y@${HOST}`, at: 2000, ...plain },
    ]);
    expect(await invites.uses("a", 1)).toHaveLength(1);
    expect((await invites.find("a"))?.uses).toBe(2);
    expect(await invites.revoke("a", 3000)).toBe(false);
    expect(await invites.use("nothing", "x", 1)).toBe(false);
  });

  it("cannot be used once revoked", async () => {
    const { invites } = storesOf();
    await invites.create(invite("a", { maxUses: 5 }));
    expect(await invites.revoke("a", 2000)).toBe(true);
    expect(await invites.revoke("a", 2001)).toBe(false);
    expect(await invites.use("a", "x", 2002)).toBe(false);
    expect(await invites.find("a")).toMatchObject({ revokedAt: 2000, uses: 0 });
  });

  it("registers an account and uses the invite up in one, or does neither", async () => {
    const { invites, registrations, accounts } = storesOf();
    await invites.create(invite("once"));
    await invites.create(invite("named", { local: "juliet" }));
    const register = (local: string, id: string | null) =>
      registrations.register(account(local, { createdAt: 2000 }), null, 0, decision(`${local}@${HOST}`), {
        inviteId: id,
      });
    expect(await register("juliet", null)).toBe("held");
    expect(await register("juliet", "once")).toBe("held");
    expect(await Promise.all(["romeo", "mercutio"].map((local) => register(local, "once")))).toEqual([
      "created",
      "spent",
    ]);
    expect(await accounts.exists(HOST, "mercutio")).toBe(false);
    await invites.create(invite("third"));
    expect(await register("romeo", "third")).toBe("taken");
    expect((await invites.find("third"))?.uses).toBe(0);
    expect(await register("juliet", "named")).toBe("created");
    expect(await invites.uses("named", 10)).toEqual([{ jid: `juliet@${HOST}`, at: 2000, ...plain }]);
    expect((await registrations.list({ outcome: "all" }, { limit: 10 })).items).toHaveLength(2);
  });

  it("owes what an invite gives from the account on until it has it, to that account alone", async () => {
    const { invites, registrations, accounts } = storesOf();
    const role = { name: "operator", host: null };
    const maker = { kind: "account", jid: `boss@${HOST}`, address: "192.0.2.1" } as const;
    await invites.create(invite("role", { role, maker }));
    await invites.create(invite("groups", { groups: ["cast"], tags: ["vip"], maker: { kind: "local" }, maxUses: 2 }));
    await invites.create(invite("nothing"));
    expect(await invites.find("role")).toMatchObject({ role, maker, groups: [], tags: [] });
    expect(await invites.find("groups")).toMatchObject({ role: null, groups: ["cast"], tags: ["vip"] });
    expect(await invites.owed(10)).toEqual([]);
    const register = (local: string, inviteId: string, at: number) =>
      registrations.register(account(local, { createdAt: at }), null, 0, decision(`${local}@${HOST}`), { inviteId });
    expect(await register("romeo", "role", 2000)).toBe("created");
    expect(await register("tybalt", "role", 2000)).toBe("spent");
    expect(await register("juliet", "groups", 2001)).toBe("created");
    expect(await register("nurse", "nothing", 2002)).toBe("created");
    const owed = async () => (await invites.owed(10)).map(({ invite: { id }, jid, at }) => `${id} ${jid} ${at}`);
    expect(await owed()).toEqual([`role romeo@${HOST} 2000`, `groups juliet@${HOST} 2001`]);
    expect((await invites.owed(1))[0]?.invite).toMatchObject({ role, maker, uses: 1 });
    await invites.gave("groups", `juliet@${HOST}`, 2001, []);
    const withheld = [
      { what: "role", name: "operator", text: "There is no role operator.", reason: "role-missing" },
    ] as const;
    await invites.gave("role", `romeo@${HOST}`, 1999, withheld);
    expect(await owed()).toEqual([`role romeo@${HOST} 2000`]);
    await invites.gave("role", `romeo@${HOST}`, 2000, withheld);
    expect(await owed()).toEqual([]);
    expect(await invites.uses("role", 9)).toMatchObject([{ isOwed: false, withheld }]);
    // Whoever has the name later was not invited.
    expect(await register("mercutio", "groups", 2003)).toBe("created");
    await accounts.remove(HOST, "mercutio");
    expect(await owed()).toEqual([`groups mercutio@${HOST} 2003`]);
    expect(await accounts.find(HOST, "mercutio")).toBeNull();
  });

  it("keeps no invite that gives a role more than once, or at nobody's word", async () => {
    const { invites } = storesOf();
    const role = { name: "operator", host: null };
    for (const changes of [{ maxUses: 2, maker: { kind: "local" } }, { maker: null }] as const)
      await expect(invites.create(invite("a", { role, ...changes }))).rejects.toThrow(StoreError);
    expect(await invites.find("a")).toBeNull();
  });

  it("resets the password of accounts that exist, with the last link only", async () => {
    const { invites, accounts } = storesOf();
    await accounts.create(account("romeo"));
    const reset = (id: string, local: string) =>
      invites.create(invite(id, { kind: "reset", local, registers: false, createdAt: 2000 }));
    expect(await reset("a", "nobody")).toBe("no-account");
    expect(await reset("a", "romeo")).toBe("created");
    expect(await reset("b", "romeo")).toBe("created");
    expect((await invites.find("a"))?.revokedAt).toBe(2000);
    expect(await invites.holderOf(HOST, "romeo", 2001)).toBeNull();
    await invites.revokeResets(HOST, "romeo", 3000);
    expect((await invites.find("b"))?.revokedAt).toBe(3000);
  });

  it("goes with the account that made it or whose password it is for, and with the host", async () => {
    const { invites, accounts } = storesOf();
    await accounts.create(account("romeo"));
    await invites.create(invite("contact", { kind: "contact", inviter: `romeo@${HOST}` }));
    await invites.use("contact", "x", 1500);
    await invites.create(invite("reset", { kind: "reset", local: "romeo" }));
    await invites.create(invite("other"));
    await accounts.remove(HOST, "romeo");
    expect(await invites.find("contact")).toBeNull();
    expect(await invites.uses("contact", 10)).toEqual([]);
    expect(await invites.find("reset")).toBeNull();
    expect(await invites.find("other")).not.toBeNull();
    await accounts.removeHost(HOST);
    expect(await invites.find("other")).toBeNull();
  });

  it("tells how far the invites to make an account got", async () => {
    const { invites, accounts, registrations, clients } = storesOf();
    const nothing = { made: 0, opened: 0, registered: 0, loggedIn: 0 };
    expect(await invites.funnel(undefined)).toEqual(nothing);
    await invites.create(invite("untouched"));
    await invites.create(invite("looked at"));
    await invites.opened("looked at", 1500);
    await invites.create(invite("twice", { maxUses: 3 }));
    const register = (local: string) =>
      registrations.register(account(local, { createdAt: 2000 }), null, 0, decision(`${local}@${HOST}`), {
        inviteId: "twice",
      });
    for (const local of ["romeo", "juliet", "tybalt"]) expect(await register(local)).toBe("created");
    await accounts.setLastActivity(HOST, "romeo", 3000, "");
    const phone = { id: "phone", software: null, device: null, mechanism: "SCRAM-SHA-256", address: "192.0.2.1" };
    const login = { ...phone, isPassword: true, at: 3000, used: null, isInvalidated: false, issued: null };
    await clients.login({ host: HOST, local: "juliet", ...login }, 10);
    // What others do with invites is not part of it.
    await invites.create(invite("reset", { kind: "reset", local: "romeo", registers: false }));
    await invites.create(invite("elsewhere", { host: "montague.lit" }));
    expect(await invites.funnel([HOST])).toEqual({ made: 3, opened: 2, registered: 3, loggedIn: 2 });
    expect(await invites.funnel(undefined)).toEqual({ made: 4, opened: 2, registered: 3, loggedIn: 2 });
    expect(await invites.funnel([])).toEqual(nothing);
    expect((await invites.uses("twice", 10)).map(({ hasLoggedIn }) => hasLoggedIn)).toEqual([true, true, false]);
  });

  it("lists by host, kind, inviter and state, newest first, in pages", async () => {
    const { invites, accounts } = storesOf();
    await accounts.create(account("romeo"));
    await invites.create(invite("open", { inviter: `romeo@${HOST}` }));
    await invites.create(invite("expired", { expiresAt: 1500 }));
    await invites.create(invite("used", { kind: "contact" }));
    await invites.use("used", "x", 1200);
    await invites.create(invite("revoked", { host: "montague.lit" }));
    await invites.revoke("revoked", 1200);
    await invites.create(invite("reset", { kind: "reset", local: "romeo" }));
    const ids = async (filter: Partial<Parameters<typeof invites.list>[0]>) =>
      (await allPages((cursor) => invites.list({ state: "all", now: 2000, ...filter }, { limit: 2, cursor }))).map(
        ({ id }) => id,
      );
    expect(await ids({})).toEqual(["reset", "revoked", "used", "expired", "open"]);
    expect(await ids({ state: "open" })).toEqual(["reset", "open"]);
    expect(await ids({ state: "done" })).toEqual(["revoked", "used", "expired"]);
    expect(await ids({ kind: "contact" })).toEqual(["used"]);
    expect(await ids({ hosts: ["montague.lit"] })).toEqual(["revoked"]);
    expect(await ids({ inviter: `romeo@${HOST}` })).toEqual(["open"]);
    expect(await invites.waitingOf("boss", 2000)).toBe(2);
    expect(await invites.waitingOf("boss", 9000)).toBe(0);
    expect(await invites.waitingOf(`romeo@${HOST}`, 2000)).toBe(0);
  });

  it("forgets old invites in steps", async () => {
    const { invites } = storesOf();
    for (const [index, id] of ["a", "b", "c"].entries()) await invites.create(invite(id, { expiresAt: 2000 + index }));
    expect(await invites.prune(2002, 1)).toBe(1);
    expect(await invites.prune(2002, 10)).toBe(1);
    expect(await invites.find("c")).not.toBeNull();
  });
}
