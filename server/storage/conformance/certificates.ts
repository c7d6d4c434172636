import { expect, it } from "vitest";
import type { CertificateRow, CertificateUse, OrderRow } from "../ports.ts";
import type { StoresOf } from "./samples.ts";

const row = (id: string, createdAt = 1): CertificateRow => ({
  id,
  source: "upload",
  chain: `chain of ${id}`,
  sealedKey: `sealed key of ${id}`,
  createdAt,
  createdBy: "boss",
});
const use = (host: string, since: number, certificate: string | null): CertificateUse => ({
  host,
  since,
  certificate,
  author: "boss",
});
const order = (id: string, createdAt: number, changes: Partial<OrderRow> = {}): OrderRow => ({
  id,
  createdAt,
  names: ["a.example", "b.a.example"],
  state: "running",
  certificate: null,
  steps: [],
  ...changes,
});

export function certificatesConformance(storesOf: StoresOf): void {
  it("keeps certificates, and which host uses which since when", async () => {
    const { certificates } = storesOf();
    await certificates.install(row("one"), [use("a.example", 1, "one"), use("b.example", 1, "one")]);
    await certificates.install(row("two"), [use("a.example", 5, "two")]);
    await certificates.use([use("b.example", 6, null)]);
    expect(await certificates.find("one")).toEqual(row("one"));
    expect(await certificates.find("three")).toBeNull();
    const inUse = (await certificates.inUse()).toSorted((a, b) => a.host.localeCompare(b.host));
    expect(inUse).toEqual([use("a.example", 5, "two"), use("b.example", 6, null)]);
    expect(await certificates.history("a.example", 10)).toEqual([
      use("a.example", 5, "two"),
      use("a.example", 1, "one"),
    ]);
    expect(await certificates.history("b.example", 1)).toEqual([use("b.example", 6, null)]);
    expect(await certificates.history("c.example", 10)).toEqual([]);
  });

  it("keeps orders with their steps, newest first", async () => {
    const { certificates } = storesOf();
    await certificates.putOrder(order("first", 1));
    await certificates.putOrder(order("second", 2));
    const steps = [{ at: 3, step: "failed", name: "", detail: "no" }] as const;
    await certificates.putOrder(order("first", 1, { state: "failed", steps }));
    expect(await certificates.orders(10)).toEqual([order("second", 2), order("first", 1, { state: "failed", steps })]);
    expect(await certificates.orders(1)).toHaveLength(1);
  });

  it("forgets old orders and what no host has used since, never what is in use", async () => {
    const { certificates } = storesOf();
    await certificates.install(row("old", 1), [use("a.example", 1, "old")]);
    await certificates.install(row("kept", 2), [use("b.example", 2, "kept")]);
    await certificates.install(row("new", 50), [use("a.example", 50, "new")]);
    await certificates.putOrder(order("old", 1));
    expect(await certificates.prune(40)).toBe(1);
    expect(await certificates.find("old")).not.toBeNull();
    expect(await certificates.prune(60)).toBe(2);
    expect(await certificates.find("old")).toBeNull();
    expect(await certificates.find("kept")).not.toBeNull();
    expect(await certificates.history("a.example", 10)).toEqual([use("a.example", 50, "new")]);
    expect(await certificates.orders(10)).toEqual([]);
  });
}
