import { expect, test } from "vitest";
import { auditObject } from "./audit-words.ts";

test.each([
  ["1 rules", { kind: "rules", count: 1 }],
  ["1200 accounts", { kind: "accounts", count: 1200 }],
  ["7 events", { kind: "events", count: 7 }],
  ["revision 12", { kind: "revision", id: "12" }],
  ["admin on example.org", { kind: "onHost", name: "admin", host: "example.org" }],
  ["3 messages", { kind: "messages", count: 3 }],
  ["all hosts", { kind: "allHosts" }],
  ["all modules", { kind: "allModules" }],
  ["", { kind: "nothing" }],
  ["anna@example.org", { kind: "name", name: "anna@example.org" }],
  ["12 rules more", { kind: "name", name: "12 rules more" }],
])("%j", (text, object) => {
  expect(auditObject(text)).toEqual(object);
});
