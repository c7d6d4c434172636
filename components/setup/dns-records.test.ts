import { expect, test } from "vitest";
import type { Finding } from "@/lib/contracts/doctor.ts";
import { dnsRecords } from "./dns-records.ts";

const found = (code: Finding["code"], values: Record<string, string>): Finding => ({
  group: "dns",
  subject: "a.example",
  state: "note",
  code,
  values,
  evidence: "",
});
const host = "a.example";
const name = "_xmpp-client._tcp.a.example";

test.each<[string, Finding, string[]]>([
  [
    "an address of each family",
    found("address-missing", { host, own: "192.0.2.1, 2001:db8::1" }),
    ["a.example. 3600 IN A 192.0.2.1", "a.example. 3600 IN AAAA 2001:db8::1"],
  ],
  ["no address that others could reach", found("address-missing-inside", { host, own: "" }), []],
  [
    "a service",
    found("srv-missing", { name, host, port: "5222" }),
    ["_xmpp-client._tcp.a.example. 3600 IN SRV 5 0 5222 a.example."],
  ],
  [
    "a service that nobody finds otherwise",
    found("srv-missing-needed", { name, host, port: "15222" }),
    ["_xmpp-client._tcp.a.example. 3600 IN SRV 5 0 15222 a.example."],
  ],
  ["what is there already", found("srv-found", { name, target: host, port: "5222" }), []],
])("%s", (_name, finding, expected) => {
  expect(dnsRecords([finding])).toEqual(expected);
});
