import { describe, expect, it, onTestFinished } from "vitest";
import { testServer } from "../../core/testing.ts";
import { examineDns } from "./dns.ts";
import type { DnsResolver } from "./parts.ts";

const listener = (name: string, port: number) => ({ name, port, address: "::", tls: "starttls", error: null }) as const;

/** A DNS with these records: addresses as text, SRV records as `target port`. */
function dnsOf(records: Readonly<Record<string, readonly string[]>>, fails: readonly string[] = []): DnsResolver {
  const answer = async (name: string, fits: (record: string) => boolean): Promise<string[]> => {
    if (fails.includes(name)) throw Object.assign(new Error("timed out"), { code: "ETIMEOUT" });
    const found = (Object.hasOwn(records, name) ? records[name]! : []).filter(fits);
    if (found.length === 0) throw Object.assign(new Error(`queryA ENODATA ${name}`), { code: "ENODATA" });
    return found;
  };
  return {
    resolve4: (name) => answer(name, (record) => /^[\d.]+$/.test(record)),
    resolveCaa: (name) => answer(name, () => false).then(() => []),
    reverse: (name) => answer(name, () => false),
    resolve6: (name) => answer(name, (record) => record.includes(":")),
    resolveSrv: async (name) =>
      (await answer(name, (record) => record.includes(" "))).map((record) => {
        const [target = "", port = ""] = record.split(" ");
        return { name: target, port: Number(port) };
      }),
  };
}

async function examine(
  dns: DnsResolver,
  port = 5222,
  host = "a.example",
  addresses: readonly string[] = ["192.0.2.1"],
): Promise<string[]> {
  const server = await testServer({ modules: [], hosts: [host] });
  onTestFinished(() => server.stop());
  const patient = { dns, addresses: () => addresses, dataDirectory: "", keyFile: null, warnings: [] };
  const admin = { core: server.core, listeners: () => [listener("c2s", port)], patient };
  const findings = await examineDns(admin);
  return findings.map(({ state, code }) => `${state} ${code}`);
}

describe("examineDns", () => {
  it.each([
    [
      "all there",
      { "a.example": ["192.0.2.1"], "_xmpp-client._tcp.a.example": ["a.example 5222"] },
      ["ok address-found", "ok srv-found"],
    ],
    ["no record where none is needed", { "a.example": ["192.0.2.1"] }, ["ok address-found", "note srv-missing"]],
    [
      "another machine",
      { "a.example": ["198.51.100.7", "2001:db8::1"] },
      ["note address-elsewhere", "note srv-missing"],
    ],
    ["nothing", {}, ["error address-missing", "note srv-missing"]],
    [
      "a record to another port",
      { "a.example": ["192.0.2.1"], "_xmpp-client._tcp.a.example": ["a.example 15222"] },
      ["ok address-found", "note srv-other-port"],
    ],
    [
      "a record to nowhere",
      { "a.example": ["192.0.2.1"], "_xmpp-client._tcp.a.example": ["gone.example 5222"] },
      ["ok address-found", "error srv-dead-target"],
    ],
  ])("%s", async (_name, records, expected) => {
    expect(await examine(dnsOf(records))).toEqual(expected);
  });

  it.each([
    ["has no record", [], "error address-missing-inside"],
    ["has one that leads elsewhere", ["198.51.100.7"], "note address-elsewhere-inside"],
    ["has one that leads here, for others of the same network", ["10.0.0.7"], "ok address-found"],
  ])("names no address of a network of one's own where the host %s", async (_name, records, expected) => {
    const found = await examine(dnsOf({ "a.example": records }), 5222, "a.example", ["10.0.0.7", "fd00::2"]);
    expect(found).toEqual([expected, "note srv-missing"]);
  });

  it("misses a record where the listener is at another port than the fallback", async () => {
    expect(await examine(dnsOf({ "a.example": ["192.0.2.1"] }), 15_222)).toEqual([
      "ok address-found",
      "error srv-missing-needed",
    ]);
  });

  it("tells a DNS that does not answer from one that has no record", async () => {
    const dns = dnsOf({}, ["a.example", "_xmpp-client._tcp.a.example"]);
    expect(await examine(dns)).toEqual(["warning dns-failed", "warning dns-failed"]);
  });

  it("asks for names in their ASCII form", async () => {
    const name = "xn--bcher-kva.example";
    expect(await examine(dnsOf({ [name]: ["192.0.2.1"] }), 5222, "bücher.example")).toEqual([
      "ok address-found",
      "note srv-missing",
    ]);
  });
});
