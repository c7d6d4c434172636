import { beforeEach, expect, it } from "vitest";
import type { ClientLogin, ClientToken } from "../ports.ts";
import { account, HOST, SCRAM, type StoresOf } from "./samples.ts";

const token = (nonce: string, changes: Partial<ClientToken> = {}): ClientToken => ({
  nonce,
  mechanism: "HT-SHA-256-NONE",
  issuedAt: 1000,
  expiresAt: 9000,
  count: 0,
  ...changes,
});

function login(id: string, changes: Partial<ClientLogin> = {}): ClientLogin {
  return {
    host: HOST,
    local: "juliet",
    id,
    software: "Balcony",
    device: null,
    mechanism: "SCRAM-SHA-256",
    address: "192.0.2.1",
    isPassword: false,
    at: 1000,
    used: null,
    isInvalidated: false,
    issued: null,
    ...changes,
  };
}

export function clientsConformance(storesOf: StoresOf): void {
  beforeEach(async () => {
    await storesOf().accounts.createMany([account("juliet"), account("nurse")], "skip");
  });

  const tokens = async (id = "phone"): Promise<(string | undefined)[]> => {
    const row = await storesOf().clients.find(HOST, "juliet", id);
    return [row?.current?.nonce, row?.fresh?.nonce];
  };
  const use = (nonce: string, changes: Partial<ClientLogin> = {}, count: number | null = null) =>
    storesOf().clients.login(login("phone", { used: { nonce, count }, ...changes }), 10);

  it("keeps what a client said last and when it came first", async () => {
    const { clients } = storesOf();
    expect(await clients.find(HOST, "juliet", "phone")).toBeNull();
    expect(await clients.login(login("phone", { isPassword: true, issued: token("a") }), 10)).toBe("noted");
    const news = { software: null, device: "Phone", mechanism: "HT-SHA-256-NONE", address: "192.0.2.2", at: 2000 };
    expect(await clients.login(login("phone", news), 10)).toBe("noted");
    const { at, ...told } = news;
    const row = { id: "phone", ...told, knowsPassword: true, firstAt: 1000, lastAt: at };
    expect(await clients.find(HOST, "juliet", "phone")).toEqual({ ...row, current: null, fresh: token("a") });
    expect(await clients.of(HOST, "nurse")).toEqual([]);
    expect(await clients.find(HOST, "nurse", "phone")).toBeNull();
  });

  it("replaces a token when the new one is used, and not before", async () => {
    const { clients } = storesOf();
    await clients.login(login("phone", { issued: token("a") }), 10);
    expect(await use("a", { issued: token("b") })).toBe("noted");
    expect(await tokens()).toEqual(["a", "b"]);
    expect(await use("a", { issued: token("c") })).toBe("noted");
    expect(await tokens()).toEqual(["a", "c"]);
    expect(await use("b")).toBe("gone");
    expect(await use("c")).toBe("noted");
    expect(await tokens()).toEqual(["c", undefined]);
    expect(await use("a")).toBe("gone");
  });

  it("takes a token away with the login that says so, or leaves the one issued with it", async () => {
    const { clients } = storesOf();
    await clients.login(login("phone", { issued: token("a") }), 10);
    await use("a", { issued: token("b") });
    await use("a", { isInvalidated: true, issued: token("c") });
    expect(await tokens()).toEqual([undefined, "c"]);
    await use("c", { isInvalidated: true });
    expect(await tokens()).toEqual([undefined, undefined]);
  });

  it("takes a count once", async () => {
    const { clients } = storesOf();
    await clients.login(login("phone", { issued: token("a") }), 10);
    expect(await use("a", {}, 0)).toBe("replayed");
    expect(await use("a", {}, 5)).toBe("noted");
    expect(await use("a", {}, 5)).toBe("replayed");
    expect(await use("a", {}, null)).toBe("noted");
    expect(await use("a", {}, 4)).toBe("replayed");
    expect(await use("a", {}, 6)).toBe("noted");
    // Two at once: one of them.
    expect((await Promise.all([use("a", {}, 7), use("a", {}, 7)])).toSorted()).toEqual(["noted", "replayed"]);
  });

  it("has no tokens and no passwords any more after a change, an import or a removal", async () => {
    const { accounts, clients } = storesOf();
    const note = () => clients.login(login("phone", { isPassword: true, issued: token("a") }), 10);
    const state = async () => {
      const row = await clients.find(HOST, "juliet", "phone");
      return [row?.knowsPassword, row?.fresh?.nonce];
    };
    await note();
    await clients.revokeAll(HOST, "juliet", false);
    expect(await state()).toEqual([true, undefined]);
    await note();
    await clients.revokeAll(HOST, "juliet", true);
    expect(await state()).toEqual([false, undefined]);
    await note();
    await accounts.createMany([account("juliet", { credentials: SCRAM })], "update");
    expect(await state()).toEqual([false, undefined]);
    await note();
    await accounts.remove(HOST, "juliet");
    expect(await state()).toEqual([undefined, undefined]);
    expect(await note()).toBe("gone");
    expect(await state()).toEqual([undefined, undefined]);
  });

  it("lists, revokes, removes and forgets", async () => {
    const { clients } = storesOf();
    for (const [index, id] of ["a", "b", "c"].entries()) {
      await clients.login(login(id, { at: 1000 + index, issued: token(id) }), 10);
    }
    await clients.login(login("n", { local: "nurse", at: 500 }), 10);
    const ids = async (local = "juliet") => (await clients.of(HOST, local)).map(({ id }) => id);
    expect(await ids()).toEqual(["c", "b", "a"]);
    expect(await clients.revoke(HOST, "juliet", "b")).toBe(true);
    expect(await clients.revoke(HOST, "juliet", "x")).toBe(false);
    expect([await tokens("a"), await tokens("b")]).toEqual([
      [undefined, "a"],
      [undefined, undefined],
    ]);
    expect(await clients.remove(HOST, "juliet", "b")).toBe(true);
    expect(await clients.remove(HOST, "juliet", "b")).toBe(false);
    expect(await ids()).toEqual(["c", "a"]);
    expect(await clients.prune("montague.lit", 1001, 10)).toBe(0);
    expect(await clients.prune(HOST, 1001, 1)).toBe(1);
    expect(await clients.prune(HOST, 1001, 10)).toBe(1);
    expect([await ids(), await ids("nurse")]).toEqual([["c"], []]);
  });

  it("makes room for a new client and takes none from one that is known", async () => {
    const { clients } = storesOf();
    const ids = async () => (await clients.of(HOST, "juliet")).map(({ id }) => id);
    for (const [index, id] of ["a", "b", "c", "a", "d"].entries()) await clients.login(login(id, { at: index }), 3);
    expect(await ids()).toEqual(["d", "a", "c"]);
  });
}
