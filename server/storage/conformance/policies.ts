import { expect, it } from "vitest";
import { account, allPages, auditEntry, HOST, SCRAM, SEALED, type StoresOf } from "./samples.ts";

export function policiesConformance(storesOf: StoresOf): void {
  const change = (base: number, document: string) => ({
    base,
    at: 1000 + base,
    author: `admin@${HOST}`,
    comment: `after ${base}`,
    remark: base === 0 ? null : '{"reason":"by-itself","values":{}}',
    rollbackOf: null,
    document,
    audit: auditEntry("policy.change"),
  });

  it("appends a revision to the one it was made from, and only to that", async () => {
    const { policies, admin } = storesOf();
    expect(await policies.current()).toBeNull();
    const first = await policies.commit(change(0, "one"));
    expect(first).toEqual({
      id: 1,
      at: 1000,
      author: `admin@${HOST}`,
      comment: "after 0",
      remark: null,
      rollbackOf: null,
    });
    const [second, late] = await Promise.all([policies.commit(change(1, "two")), policies.commit(change(1, "late"))]);
    expect(second).toMatchObject({ id: 2, remark: '{"reason":"by-itself","values":{}}' });
    expect(late).toBeNull();
    expect(await policies.current()).toEqual({ revision: second, document: "two" });
    expect(await policies.get(1)).toEqual({ revision: first, document: "one" });
    expect(await policies.get(3)).toBeNull();
    expect((await admin.auditList({}, { limit: 10 })).items).toHaveLength(2);
  });

  it("lists the newest first", async () => {
    const { policies } = storesOf();
    for (let base = 0; base < 5; base++) await policies.commit({ ...change(base, "x"), audit: null });
    expect((await policies.list({ limit: 2 })).total).toBe(5);
    const rows = await allPages((cursor) => policies.list({ limit: 2, cursor }));
    expect(rows.map(({ id }) => id)).toEqual([5, 4, 3, 2, 1]);
  });

  it("makes the first account with the first revision, with the password given even if the name exists", async () => {
    const { policies, accounts } = storesOf();
    await accounts.create(account("harttle", { credentials: SEALED }));
    expect(await policies.commit({ ...change(1, "x"), account: account("nobody") })).toBeNull();
    expect(await accounts.exists(HOST, "nobody")).toBe(false);
    await policies.commit({ ...change(0, "x"), account: account("harttle") });
    expect(await accounts.login(HOST, "harttle")).toMatchObject({ credentials: SCRAM });
    await policies.commit({ ...change(1, "x"), account: account("second") });
    expect(await accounts.exists(HOST, "second")).toBe(true);
    expect(await accounts.count(HOST)).toBe(2);
  });
}
