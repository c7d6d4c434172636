import { expect, it } from "vitest";
import type { NewReport } from "../ports.ts";
import { allPages, HOST, type StoresOf } from "./samples.ts";

function report(id: string, changes: Partial<NewReport> = {}): NewReport {
  return {
    id,
    host: HOST,
    reporter: `juliet@${HOST}`,
    jid: "tybalt@x.example",
    reason: "urn:xmpp:reporting:spam",
    text: "",
    consents: ["third-party"],
    messages: [{ by: `juliet@${HOST}`, id: "1", xml: "<message/>" }],
    at: 1000,
    ...changes,
  };
}
const limits = { maxReports: 3, maxPerReporter: 10, since: 0 };

export function reportsConformance(storesOf: StoresOf): void {
  it("keeps reports, and what became of them", async () => {
    const { reports } = storesOf();
    expect(await reports.add(report("r1"), limits)).toBe(true);
    expect(await reports.find("r1")).toEqual({ ...report("r1"), resolved: null, note: "" });
    expect(await reports.open(undefined)).toEqual({ count: 1, oldestAt: 1000 });
    expect(await reports.open(["x.example"])).toEqual({ count: 0, oldestAt: null });
    expect(await reports.resolve("r1", "dismissed", "boss", "no harm", 2000)).toBe(true);
    expect(await reports.resolve("r1", "acted", "boss", "", 3000)).toBe(false);
    const resolved = { at: 2000, by: "boss", as: "dismissed" };
    expect(await reports.find("r1")).toMatchObject({ resolved, note: "no harm" });
    expect(await reports.open([HOST])).toEqual({ count: 0, oldestAt: null });
    expect(await reports.reopen("r1")).toBe(true);
    expect(await reports.reopen("r1")).toBe(false);
    expect(await reports.find("r1")).toMatchObject({ resolved: null });
    expect(await reports.about("tybalt@x.example")).toBe(1);
    expect(await reports.find("r2")).toBeNull();
  });

  it("lists them newest first, by state, host and address", async () => {
    const { reports } = storesOf();
    const wide = { ...limits, maxReports: 10 };
    for (let n = 1; n <= 4; n += 1)
      await reports.add(report(`r${n}`, { jid: `p${n}@x.example`, host: n === 4 ? "x.example" : HOST }), wide);
    await reports.resolve("r2", "acted", "boss", "", 1);
    const ids = async (filter: object) =>
      (await allPages((cursor) => reports.list({ state: "all", ...filter }, { cursor, limit: 2 }))).map(({ id }) => id);
    expect(await ids({})).toEqual(["r4", "r3", "r2", "r1"]);
    expect(await ids({ state: "open", hosts: [HOST] })).toEqual(["r3", "r1"]);
    expect(await ids({ state: "resolved" })).toEqual(["r2"]);
    expect(await ids({ search: "p3@" })).toEqual(["r3"]);
  });

  it("keeps within its limits", async () => {
    const { reports } = storesOf();
    for (const id of ["r1", "r2", "r3"]) expect(await reports.add(report(id), limits)).toBe(true);
    expect(await reports.add(report("r4"), limits)).toBe(false);
    await reports.resolve("r2", "acted", "boss", "", 1);
    expect(await reports.add(report("r4"), limits)).toBe(true);
    expect(await reports.find("r2")).toBeNull();
    const daily = { maxReports: 10, maxPerReporter: 3, since: 500 };
    expect(await reports.add(report("r5"), daily)).toBe(false);
    expect(await reports.add(report("r5"), { ...daily, since: 1001 })).toBe(true);
  });

  it("forgets old ones of a host, in steps", async () => {
    const { reports } = storesOf();
    for (const id of ["r1", "r2", "r3"]) await reports.add(report(id), limits);
    expect(await reports.prune(HOST, 1000, 10)).toBe(0);
    expect(await reports.prune("x.example", 1001, 10)).toBe(0);
    expect(await reports.prune(HOST, 1001, 2)).toBe(2);
    expect((await reports.list({ state: "all" }, { limit: 9 })).items.map(({ id }) => id)).toEqual(["r3"]);
  });
}
