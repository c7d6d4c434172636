import { afterEach, expect, test } from "vitest";
import { manualClock } from "../clock.ts";
import { Network } from "../network.ts";
import { nameService } from "./name-service.ts";
import { ServerResolver } from "./resolver.ts";
import { startNames, type TestNames, type TestRecords } from "./testing-dns.ts";

const clock = manualClock();
let names: TestNames | null = null;

afterEach(async () => {
  await names?.close();
  names = null;
});

/** Asks a name server on loopback, by the real client; 127.0.0.0/8 is allowed. */
async function resolver(
  records: Readonly<Record<string, TestRecords>>,
  privateNetworks: readonly string[] = ["127.0.0.0/8"],
): Promise<ServerResolver> {
  names = await startNames(new Map(Object.entries(records)));
  return new ServerResolver({
    names: nameService([names.server]),
    clock,
    privateNetworks: privateNetworks.map((text) => Network.parse(text)!),
    random: () => 0,
  });
}

test("SRV records of both kinds are one list, by priority", async () => {
  const found = await (
    await resolver({
      "_xmpps-server._tcp.example.org": { services: [{ name: "tls.example.org", port: 5270, priority: 5 }] },
      "_xmpp-server._tcp.example.org": {
        services: [
          { name: "late.example.org", port: 5271, priority: 9 },
          { name: "first.example.org.", port: 5272, priority: 1 },
        ],
      },
      "tls.example.org": { addresses: ["127.0.0.2"] },
      "late.example.org": { addresses: ["127.0.0.3"] },
      "first.example.org": { addresses: ["127.0.0.1"] },
    })
  ).resolve("example.org");
  expect(found).toEqual([
    { host: "first.example.org", port: 5272, isDirectTls: false, addresses: ["127.0.0.1"] },
    { host: "tls.example.org", port: 5270, isDirectTls: true, addresses: ["127.0.0.2"] },
    { host: "late.example.org", port: 5271, isDirectTls: false, addresses: ["127.0.0.3"] },
  ]);
});

test("without SRV records it is the domain itself, at 5269, IPv6 first and in turns", async () => {
  const one = await resolver({ "example.org": { addresses: ["127.0.0.1", "127.0.0.2", "::1", "fd00::1"] } }, [
    "127.0.0.0/8",
    "::1",
    "fd00::/8",
  ]);
  expect(await one.resolve("example.org")).toEqual([
    { host: "example.org", port: 5269, isDirectTls: false, addresses: ["::1", "127.0.0.1", "fd00::1", "127.0.0.2"] },
  ]);
});

test.each<[string, Record<string, TestRecords>, string]>([
  ["no such domain", {}, "there is no example.org"],
  [
    "a lone dot",
    {
      "_xmpp-server._tcp.example.org": { services: [{ name: ".", port: 0 }] },
      "example.org": { addresses: ["127.0.0.1"] },
    },
    "example.org takes no connections from servers",
  ],
  [
    "a target without an address",
    { "_xmpp-server._tcp.example.org": { services: [{ name: "x.example.org", port: 1 }] } },
    "there is no x.example.org",
  ],
  [
    "an address of a private network",
    { "example.org": { addresses: ["10.0.0.1"] } },
    "example.org has private addresses only",
  ],
  ["an address of nobody", { "example.org": { addresses: ["0.0.0.0"] } }, "example.org has private addresses only"],
  [
    "the metadata service",
    { "example.org": { addresses: ["169.254.169.254"] } },
    "example.org has private addresses only",
  ],
])("not found: %s", async (_, records, message) => {
  const one = await resolver(records);
  await expect(one.resolve("example.org")).rejects.toMatchObject({ code: "not-found", message });
});

test("of several addresses the ones that may be used are", async () => {
  const one = await resolver({ "example.org": { addresses: ["10.0.0.1", "127.0.0.9"] } });
  expect((await one.resolve("example.org"))[0]!.addresses).toEqual(["127.0.0.9"]);
});

test("loopback is private as well, unless it is allowed", async () => {
  const one = await resolver({ "example.org": { addresses: ["127.0.0.1"] } }, []);
  await expect(one.resolve("example.org")).rejects.toMatchObject({ code: "not-found" });
  await expect(one.resolve("127.0.0.1")).rejects.toMatchObject({ code: "not-found" });
  await expect(one.resolve("[::1]")).rejects.toMatchObject({ code: "not-found" });
});

test("an internationalised domain is asked for by its A-labels", async () => {
  const one = await resolver({ "xn--bcher-kva.example": { addresses: ["127.0.0.1"] } });
  expect((await one.resolve("bücher.example"))[0]!.host).toBe("xn--bcher-kva.example");
});

test("an answer is remembered as long as it is good for, and a failure not at all", async () => {
  const one = await resolver({ "example.org": { addresses: ["127.0.0.1"] } });
  await one.resolve("example.org");
  const asked = names!.asked.length;
  await one.resolve("example.org");
  expect(names!.asked.length).toBe(asked);
  clock.advance(30_000);
  names!.names.set("example.org", { addresses: ["127.0.0.2"] });
  expect((await one.resolve("example.org"))[0]!.addresses).toEqual(["127.0.0.2"]);
  await expect(one.resolve("later.example")).rejects.toThrow("there is no later.example");
  names!.names.set("later.example", { addresses: ["127.0.0.1"] });
  expect(await one.resolve("later.example")).toHaveLength(1);
});

test("more targets and addresses than anybody needs are cut", async () => {
  const services = Array.from({ length: 20 }, (_, index) => ({ name: "x.example.org", port: index + 1 }));
  const addresses = Array.from({ length: 12 }, (_, index) => `127.0.0.${index + 1}`);
  const one = await resolver({
    "_xmpp-server._tcp.example.org": { services },
    "x.example.org": { addresses },
  });
  const found = await one.resolve("example.org");
  expect(found).toHaveLength(8);
  expect(found[0]!.addresses).toHaveLength(8);
});

test("a name server that does not answer is another matter than a name that is not there", async () => {
  const failing = Object.assign(new Error("queryA ESERVFAIL"), { code: "ESERVFAIL" });
  const silent = {
    services: () => Promise.reject(failing),
    addresses: () => Promise.reject(failing),
  };
  const one = new ServerResolver({ names: silent, clock, privateNetworks: [] });
  await expect(one.resolve("example.org")).rejects.toMatchObject({ code: "dns-failed" });
});
