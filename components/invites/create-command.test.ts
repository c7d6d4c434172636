import { expect, test } from "vitest";
import { createCommand } from "./create-command.ts";

test.each<[Parameters<typeof createCommand>[0], string]>([
  [{ host: "a.example", maxUses: 1, count: 1 }, "nightpost invite create a.example"],
  [{ host: "" }, "nightpost invite create HOST"],
  [
    { host: "a.example", local: "juliet", expireSeconds: 60 },
    "nightpost invite create a.example --user juliet --expire 60",
  ],
  [
    { host: "a.example", inviter: "romeo@a.example", count: 500, maxUses: 3, note: "for all" },
    "nightpost invite create a.example --inviter romeo@a.example --uses 3 --count 500 --note 'for all'",
  ],
  [
    { host: "a.example", role: { name: "host-admin", host: "a.example" }, groups: ["cast", "crew"], tags: ["vip"] },
    "nightpost invite create a.example --role host-admin --role-host a.example --groups cast crew --tags vip",
  ],
  [{ host: "a.example", kind: "contact", inviter: "romeo@a.example" }, "nightpost invite contact romeo@a.example"],
  [{ host: "a.example", kind: "contact" }, "nightpost invite contact USER@a.example"],
])("%j", (invites, command) => {
  expect(createCommand(invites)).toBe(command);
});
