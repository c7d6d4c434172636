import { expect, test } from "vitest";
import { Condition } from "../../lib/contracts/policy.ts";
import { readCondition, writeCondition } from "./condition.ts";

const conditions: Condition[] = [
  "all",
  "none",
  { user: "anna@example.org" },
  { acl: "admin" },
  { ip: "192.0.2.0/24" },
  { ip: ["127.0.0.0/8", "::1/128"] },
  { user_regexp: "^a.*$" },
  { node_glob: { user: "ext-*", server: "*.example.org" } },
  { node_regexp: { user: "^x", server: "org$" } },
];

test.each(conditions.map((condition) => [condition] as const))("%j survives being taken apart", (condition) => {
  const written = writeCondition(readCondition(condition));
  expect(written).toEqual(condition);
  expect(Condition.safeParse(written).success).toBe(true);
});
