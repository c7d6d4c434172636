import { expect, test } from "vitest";
import { z } from "zod";
import { ForwardTarget } from "../../lib/contracts/forward-target.ts";
import { redactor } from "./redact.ts";

const secret = z.string().min(1).meta({ secret: true });

test.each([
  [
    "a field",
    z.object({ user: z.string(), password: secret }),
    { user: "a", password: "p" },
    { user: "a", password: "***" },
  ],
  ["an optional one", z.object({ token: secret.optional() }), { token: "t" }, { token: "***" }],
  ["one with a default", z.object({ token: secret.default("") }), { token: "t" }, { token: "***" }],
  [
    "one in a list",
    z.object({ users: z.array(z.object({ p: secret })) }),
    { users: [{ p: "1" }] },
    { users: [{ p: "***" }] },
  ],
  [
    "one in a branch",
    z.object({ to: z.union([z.null(), z.object({ p: secret })]) }),
    { to: { p: "1" } },
    { to: { p: "***" } },
  ],
  ["values of a record", ForwardTarget, { headers: { "x-key": "k" } }, { headers: { "x-key": "***" } }],
  ["input of the wrong shape", z.object({ password: secret }), { password: { nested: "p" } }, { password: "***" }],
  ["fields that are not known", z.object({ password: secret }), { pasword: "p" }, {}],
  ["no object at all", z.object({ password: secret }), "text", "text"],
  ["a name that is no plain key", z.object({}), JSON.parse('{"__proto__":{"a":1}}'), {}],
])("%s", (_name, schema, input, kept) => {
  expect(redactor(schema)(input)).toEqual(kept);
});

test("long texts and lists are cut", () => {
  const schema = z.object({ text: z.string(), list: z.array(z.int()) });
  const input = { text: "x".repeat(5_000), list: Array.from({ length: 500 }, (_, index) => index) };
  const { text, list } = redactor(schema)(input) as { text: string; list: unknown[] };
  expect(text).toHaveLength(1_001);
  expect(list).toHaveLength(21);
  expect(list.at(-1)).toBe("… 480 more");
});
