import { expect, it } from "vitest";
import type { FactorRow } from "../ports.ts";
import { account, HOST, type StoresOf } from "./samples.ts";

const jid = `boss@${HOST}`;
const totp: FactorRow = {
  id: "f1",
  jid,
  kind: "totp",
  name: "phone",
  sealed: "key.text",
  credential: null,
  counter: 0,
  createdAt: 1000,
  lastUsedAt: null,
};
const passkey: FactorRow = { ...totp, id: "f2", kind: "passkey", name: "laptop", credential: "c2", createdAt: 2000 };

export function factorsConformance(storesOf: StoresOf): void {
  it("keeps what accounts prove themselves with", async () => {
    const { factors } = storesOf();
    await factors.put(passkey);
    await factors.put(totp);
    await factors.put({ ...totp, id: "f3", jid: `other@${HOST}` });
    expect(await factors.of(jid)).toEqual([totp, passkey]);
    expect(await factors.byCredential("c2")).toEqual(passkey);
    expect(await factors.byCredential("c9")).toBeNull();
    expect(await factors.remove("f1")).toBe(true);
    expect(await factors.remove("f1")).toBe(false);
    expect(await factors.removeAll(jid)).toBe(1);
    expect(await factors.of(jid)).toEqual([]);
    expect(await factors.of(`other@${HOST}`)).toHaveLength(1);
  });

  it("lets no credential belong to two", async () => {
    const { factors } = storesOf();
    await factors.put(passkey);
    await expect(factors.put({ ...passkey, id: "f9" })).rejects.toThrow();
  });

  it("lets a counter only grow, of two uses at once one counts", async () => {
    const { factors } = storesOf();
    await factors.put(totp);
    expect(await Promise.all([factors.use("f1", 7, 10), factors.use("f1", 7, 11)])).toEqual([true, false]);
    expect(await factors.use("f1", 6, 12)).toBe(false);
    expect(await factors.use("f1", 8, 13)).toBe(true);
    expect(await factors.of(jid)).toMatchObject([{ counter: 8, lastUsedAt: 13 }]);
    await factors.put(passkey);
    expect(await factors.use("f2", 0, 14)).toBe(true);
    expect(await factors.use("f2", 0, 15)).toBe(true);
    expect(await factors.use("f2", 3, 16)).toBe(true);
    expect(await factors.use("f2", 0, 17)).toBe(false);
  });

  it("uses a recovery code up", async () => {
    const { factors } = storesOf();
    await factors.setRecoveryCodes(jid, ["a", "b"]);
    await factors.setRecoveryCodes(jid, ["b", "c"]);
    expect(await factors.recoveryCodes(jid)).toBe(2);
    expect(await factors.useRecoveryCode(jid, "a")).toBe(false);
    expect(await factors.useRecoveryCode(`other@${HOST}`, "b")).toBe(false);
    expect(await factors.useRecoveryCode(jid, "b")).toBe(true);
    expect(await factors.useRecoveryCode(jid, "b")).toBe(false);
    await factors.removeAll(jid);
    expect(await factors.recoveryCodes(jid)).toBe(0);
  });

  it("forgets them with the account, also when its host goes", async () => {
    const { factors, accounts } = storesOf();
    for (const local of ["boss", "deputy"]) {
      await accounts.create(account(local));
      await factors.put({ ...totp, id: local, jid: `${local}@${HOST}` });
    }
    await accounts.remove(HOST, "boss");
    expect(await factors.of(jid)).toEqual([]);
    await accounts.removeHost(HOST);
    expect(await factors.of(`deputy@${HOST}`)).toEqual([]);
  });
}
