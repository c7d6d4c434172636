import { Resolver } from "node:dns/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { startNames, type TestRecords } from "../../core/remote/testing-dns.ts";
import { testServer } from "../../core/testing.ts";
import { examineCaa } from "./caa.ts";
import { examinePointers } from "./pointers.ts";

const host = "a.example";

/** What is examined, with a name server that has these records. */
async function patientWith(records: Readonly<Record<string, TestRecords>>) {
  const names = await startNames(new Map(Object.entries(records)));
  const server = await testServer({ modules: [], hosts: [host] });
  onTestFinished(async () => {
    await server.stop();
    await names.close();
  });
  const dns = new Resolver({ timeout: 10_000, tries: 1 });
  dns.setServers([names.server]);
  const patient = { dns, addresses: () => [], dataDirectory: "", keyFile: null, warnings: [] };
  return { server, admin: { core: server.core, patient } };
}

describe("names of addresses", () => {
  const forward = { [host]: { addresses: ["192.0.2.7"] } };
  const reverse = "7.2.0.192.in-addr.arpa";
  it.each<[string, Readonly<Record<string, TestRecords>>, string[]]>([
    [
      "lead back",
      { ...forward, [reverse]: { pointers: ["chat.a.example"] }, "chat.a.example": { addresses: ["192.0.2.7"] } },
      ["ok pointer-found chat.a.example"],
    ],
    ["are missing", forward, ["note pointer-missing undefined"]],
    [
      "lead elsewhere",
      { ...forward, [reverse]: { pointers: ["old.example"] }, "old.example": { addresses: ["192.0.2.8"] } },
      ["note pointer-astray old.example"],
    ],
    ["lead nowhere", { ...forward, [reverse]: { pointers: ["gone.example"] } }, ["note pointer-astray gone.example"]],
    ["are not asked for where the address is private", { [host]: { addresses: ["192.168.1.2"] } }, []],
    ["are not asked for where there is no address", {}, []],
  ])("%s", async (_name, records, expected) => {
    const { admin } = await patientWith(records);
    const found = await examinePointers(admin);
    expect(found.map(({ state, code, values }) => `${state} ${code} ${values["name"]}`)).toEqual(expected);
  });
});

describe("authorities that may issue", () => {
  const ours = { [host]: { addresses: [], issuers: ["ca.example; validationmethods=http-01"] } };
  it.each<[string, Readonly<Record<string, TestRecords>>, string[] | null, string]>([
    ["anybody, where nobody is named", {}, null, "note caa-missing"],
    ["those that the name has", ours, null, "ok caa-found"],
    ["those that a name above has", { example: { issuers: ["ca.example"] } }, null, "ok caa-found"],
    ["the one that they are ordered from", ours, ["other.example", "ca.example"], "ok caa-found"],
    ["another than they are ordered from", ours, ["other.example"], "error caa-forbids"],
    ["nobody", { [host]: { issuers: [";"] } }, ["ca.example"], "error caa-forbids"],
    ["one, which does not say what it is called", ours, [], "ok caa-found"],
  ])("%s", async (_name, records, identities, expected) => {
    const { server, admin } = await patientWith(records);
    if (identities !== null)
      await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
        Object.assign(draft.operations.acme, { agreed: true, hosts: [host] });
      });
    const found = await examineCaa(admin, async () => ({ terms: null, caaIdentities: identities ?? [] }));
    expect(found.map(({ state, code }) => `${state} ${code}`)).toEqual([expected]);
  });
});
