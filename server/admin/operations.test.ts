import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chartQueries } from "../../lib/contracts/charts.ts";
import { adminTestServer, type AdminTestServer } from "./testing.ts";

let server: AdminTestServer;
let reader: Record<string, string>;
let writer: Record<string, string>;
beforeAll(async () => {
  server = await adminTestServer();
  reader = await server.key(["server:read"]);
  writer = await server.key(["server:read", "server:write"]);
});
afterAll(() => server.stop());

const path = (text: string): string => `/api/v1${text}`;

describe("metrics", () => {
  const scrape = (authorization: string | undefined, isTrusted = false) =>
    server.api.metricsText({ authorization, address: "192.0.2.1", isTrusted });

  it("are for holders of a key with server:read, and for those who are trusted", async () => {
    const other = await server.key(["users:read"]);
    expect(await scrape(reader["authorization"])).toMatch(/^nightpost_accounts\{host="a\.example"\} 3$/m);
    expect(await scrape(undefined, true)).toMatch(/^nightpost_sessions\{host="b\.example"\} 0$/m);
    await expect(scrape(undefined)).rejects.toMatchObject({ status: 401 });
    await expect(scrape("Bearer np_none")).rejects.toMatchObject({ status: 401 });
    await expect(scrape(other["authorization"])).rejects.toMatchObject({ status: 403 });
  });

  it("have each name once, in Prometheus' spelling, and counters that say so", async () => {
    const text = await scrape(undefined, true);
    const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name!, type!] as const);
    expect(new Set(types.map(([name]) => name)).size).toBe(types.length);
    expect(types.length).toBeGreaterThan(20);
    for (const [name, type] of types) {
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(name.endsWith("_total"), name).toBe(type === "counter");
    }
  });

  it("have the names and labels that the queries of the charts ask for", async () => {
    const text = await scrape(undefined, true);
    const declared = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    for (const [chart, query] of chartQueries) {
      const names = query.match(/\b(?:nightpost|process|nodejs)_\w+/g) ?? [];
      expect(names.length, chart).toBeGreaterThan(0);
      expect(names.filter((name) => !declared.has(name))).toEqual([]);
      const [, label] = /by \((\w+)\)/.exec(query) ?? [];
      const samples = text.split("\n").filter((line) => line.startsWith(`${names[0]}{`));
      for (const sample of samples) if (label !== undefined) expect(sample).toContain(`${label}="`);
    }
    expect(new Set(chartQueries.map(([chart]) => chart)).size).toBe(chartQueries.length);
  });

  it("are drawn from what was measured, with starts and policies marked", async () => {
    const { status, body } = await server.ask("GET", path("/metrics?range=1h"), { as: reader });
    expect(status).toBe(200);
    expect(body).toMatchObject({ stepMs: 5_000, length: 720 });
    const marks = body["marks"] as { kind: string }[];
    expect(new Set(marks.map(({ kind }) => kind))).toEqual(new Set(["start", "policy"]));
    for (const range of ["6h", "24h", "7d", "30d"])
      expect((await server.ask("GET", path(`/metrics?range=${range}`), { as: reader })).status).toBe(200);
  });
});

describe("certificates", () => {
  it("are listed with what they are good for", async () => {
    const { body } = await server.ask("GET", path("/certificates"), { as: reader });
    const items = body["items"] as Record<string, unknown>[];
    expect(items.map(({ host, source, canRollBack }) => [host, source, canRollBack])).toEqual([
      ["a.example", "self-signed", false],
      ["b.example", "self-signed", false],
    ]);
  });

  it("are made anew, with the fingerprints in the audit row, and never a key", async () => {
    const { status } = await server.ask("POST", path("/certificates/a.example/self-signed"), { as: writer, body: {} });
    expect(status).toBe(200);
    const upload = { host: "a.example", chain: "nonsense", key: "-----BEGIN PRIVATE KEY-----secret" };
    const refused = await server.ask("POST", path("/certificates"), { as: writer, body: upload });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: "chain" }] } });
    const { items } = await server.stores.admin.auditList({}, { limit: 2 });
    expect(items.map(({ action, result }) => [action, result])).toEqual([
      ["certificate.upload", "failed"],
      ["certificate.self-sign", "done"],
    ]);
    expect(items.map(({ detail }) => detail).join()).not.toContain("secret");
  });

  it("are ordered only after the terms were agreed to, for hosts that are served", async () => {
    const order = await server.ask("POST", path("/certificates/a.example/order"), { as: writer, body: {} });
    expect(order).toMatchObject({ status: 409, body: { code: "conflict" } });
    const acme = { hosts: ["c.example"] };
    const foreign = await server.ask("PUT", path("/certificate-authority"), { as: writer, body: { acme } });
    expect(foreign).toMatchObject({ status: 400, body: { errors: [{ path: "acme.hosts[0]" }] } });
    const missing = await server.ask("POST", path("/certificates/c.example/order"), { as: writer, body: {} });
    expect(missing.status).toBe(404);
  });
});

it("has no backups of a store in memory, and says why", async () => {
  const { status, body } = await server.ask("GET", path("/backups"), { as: reader });
  expect([status, body["detail"]]).toEqual([503, "The store is in memory only: there is nothing to back up."]);
});

it("examines itself, and tells what was found", async () => {
  const { body } = await server.ask("POST", path("/doctor"), { as: reader, body: {} });
  expect(body).toMatchObject({ id: expect.any(String) });
  const last = async () => (await server.ask("GET", path("/doctor"), { as: reader })).body["examination"];
  await expect.poll(last, { interval: 5 }).toMatchObject({ pending: [], finishedAt: expect.any(String) });
  const { findings } = (await last()) as { findings: { code: string }[] };
  const codes = findings.map(({ code }) => code);
  expect(codes).toEqual(
    expect.arrayContaining(["address-missing-inside", "certificate-self-signed", "settings-sound"]),
  );
});
