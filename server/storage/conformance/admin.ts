import { expect, it } from "vitest";
import type { ApiKeyRow, ConsoleSessionRow } from "../ports.ts";
import { allPages, auditEntry, HOST, type StoresOf } from "./samples.ts";

export function adminConformance(storesOf: StoresOf): void {
  it("keeps the audit trail", async () => {
    const { admin } = storesOf();
    const entries = ["user.create", "user.remove", "acl.set"].map((action) => auditEntry(action));
    expect(await Promise.all(entries.map((entry) => admin.audit(entry)))).toEqual([1, 2, 3]);
    await admin.audit(auditEntry("user.create", { actor: "key ci", detail: "50% done" }));
    const actions = async (filter: object) =>
      (await allPages((cursor) => admin.auditList(filter, { limit: 1, cursor }))).map(({ action }) => action);
    expect(await actions({})).toEqual(["user.create", "acl.set", "user.remove", "user.create"]);
    expect(await actions({ action: "user.create", actor: "key ci" })).toEqual(["user.create"]);
    expect(await actions({ search: "0%" })).toEqual(["user.create"]);
    expect(await actions({ search: "" })).toHaveLength(4);
    expect((await admin.auditList({}, { limit: 1 })).total).toBe(4);
    const means = JSON.stringify({ kind: "key" });
    await admin.audit(auditEntry("user.create", { means }));
    expect((await admin.auditList({}, { limit: 2 })).items).toMatchObject([{ means }, { means: null }]);
    expect(await admin.auditBreak()).toMatchObject({ badId: null, rows: 5, head: { id: 5 } });
  });

  it("finds entries by result and time", async () => {
    const { admin } = storesOf();
    for (const [at, result] of [
      [10, "done"],
      [20, "refused"],
      [30, "done"],
    ] as const)
      await admin.audit(auditEntry("user.create", { at, result }));
    const times = async (filter: object) => (await admin.auditList(filter, { limit: 9 })).items.map(({ at }) => at);
    expect(await times({ result: "done" })).toEqual([30, 10]);
    expect(await times({ result: "done", not: ["result"] })).toEqual([20]);
    expect(await times({ action: "user.create", result: "done", not: ["action"] })).toEqual([]);
    expect(await times({ since: 20 })).toEqual([30, 20]);
    expect(await times({ since: 10, until: 30 })).toEqual([20, 10]);
  });

  it("forgets the old end of the audit trail, and the chain of the rest still holds", async () => {
    const { admin } = storesOf();
    for (const at of [10, 20, 30]) await admin.audit(auditEntry("user.create", { at }));
    const { head } = await admin.auditBreak();
    expect(await admin.pruneAudit(30, 1)).toBe(1);
    expect(await admin.pruneAudit(30, 10)).toBe(1);
    expect(await admin.pruneAudit(30, 10)).toBe(0);
    expect(await admin.auditBreak()).toEqual({ badId: null, rows: 1, head });
    expect(await admin.pruneAudit(99, 10)).toBe(1);
    expect(await admin.auditBreak()).toEqual({ badId: null, rows: 0, head });
    expect(await admin.audit(auditEntry("user.create", { at: 40 }))).toBe(4);
    expect(await admin.auditBreak()).toMatchObject({ badId: null, rows: 1, head: { id: 4 } });
  });

  it("keeps API keys", async () => {
    const { admin } = storesOf();
    const key: ApiKeyRow = {
      id: "k1",
      name: "ci",
      hash: "00ff",
      permissions: ["users:read"],
      hosts: [HOST],
      addresses: ["192.0.2.0/24"],
      createdAt: 1,
      createdBy: "admin",
      expiresAt: null,
      lastUsedAt: null,
      lastUsedFrom: null,
    };
    await admin.putKey(key);
    await admin.putKey({ ...key, id: "k2", hash: "11", hosts: null });
    expect(await admin.keyByHash("00ff")).toEqual(key);
    expect(await admin.keyByHash("00")).toBeNull();
    await admin.touchKey("k1", 9, "192.0.2.1");
    expect(await admin.keys()).toMatchObject([{ id: "k1", lastUsedAt: 9, lastUsedFrom: "192.0.2.1" }, { hosts: null }]);
    expect(await admin.removeKey("k1")).toBe(true);
    expect(await admin.removeKey("k1")).toBe(false);
  });

  it("keeps console sessions, and forgets the ended ones at the next login", async () => {
    const { admin } = storesOf();
    const session = (id: string, createdAt: number): ConsoleSessionRow => ({
      id,
      jid: `${id}@${HOST}`,
      createdAt,
      lastSeenAt: createdAt,
      expiresAt: createdAt + 100,
      address: "192.0.2.1",
      userAgent: "browser",
    });
    await admin.putSession(session("a", 1000));
    await admin.putSession(session("b", 1050));
    await admin.touchSession("a", 1070);
    expect(await admin.session("a")).toEqual({ ...session("a", 1000), lastSeenAt: 1070 });
    expect(await admin.sessions()).toHaveLength(2);
    expect(await admin.sessions(`b@${HOST}`)).toEqual([session("b", 1050)]);
    await admin.putSession(session("c", 1120));
    expect(await admin.session("a")).toBeNull();
    expect(await admin.removeSession("b")).toBe(true);
    expect(await admin.removeSession("b")).toBe(false);
  });

  it("keeps secrets by name, whatever the name", async () => {
    const { admin } = storesOf();
    await admin.putSecret("__proto__", "1");
    await admin.putSecret("web/authorization", "2");
    await admin.putSecret("web/authorization", "3");
    expect(await admin.secret("__proto__")).toBe("1");
    expect(await admin.secret("toString")).toBeNull();
    expect(await admin.secrets()).toEqual(
      new Map([
        ["__proto__", "1"],
        ["web/authorization", "3"],
      ]),
    );
    expect(await admin.removeSecret("__proto__")).toBe(true);
    expect(await admin.removeSecret("__proto__")).toBe(false);
  });
}
