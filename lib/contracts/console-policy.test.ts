import { expect, test } from "vitest";
import { ConsolePolicy } from "./console-policy.ts";
import { permissions } from "./permissions.ts";

test("a document from before there were roles gets the shipped ones, each its own copy", () => {
  const [one, other] = [ConsolePolicy.parse({}), ConsolePolicy.parse({})];
  expect(Object.keys(one.roles)).toEqual(["admin", "operator", "auditor"]);
  one.roles["operator"]!.permissions.length = 0;
  expect(other.roles["operator"]!.permissions).not.toEqual([]);
});

test("no shipped role gives what makes an owner, or opens people's letters", () => {
  for (const { permissions: granted } of Object.values(ConsolePolicy.parse({}).roles))
    for (const one of ["roles:write", "keys:write", "bodies:read"] as const) expect(granted).not.toContain(one);
});

test("roles that somebody took out stay out", () => {
  expect(ConsolePolicy.parse({ roles: {} }).roles).toEqual({});
});

test.each([
  ["an unknown permission", { roles: { x: { permissions: ["everything"], access: "x" } } }],
  ["a name with capitals", { roles: { X: { permissions: [], access: "x" } } }],
  ["a session without end", { login: { sessionHours: 0 } }],
  ["audit entries kept for a day", { login: { auditDays: 1 } }],
])("%s is refused", (_name, document) => {
  expect(ConsolePolicy.safeParse(document).success).toBe(false);
});

test("permissions have two halves", () => {
  for (const permission of permissions) expect(permission).toMatch(/^[a-z-]+:[a-z]+$/);
});
