import { expect, test } from "vitest";
import { z } from "zod";
import { hasSecret, isChanged, optionsOf } from "./option-schema.ts";

const options = z.strictObject({
  chat_to: z.enum(["all", "highest"]).default("all").describe("Who gets it."),
  max_bytes: z.int().min(1024).max(4096).default(2048),
  any: z.int().default(0),
  on: z.boolean().default(true),
  host: z.string().default("push.@HOST@"),
  ttl: z.int().min(1).nullable().default(null),
  names: z.array(z.string()).default([]),
  list: z.array(z.strictObject({ a: z.string() })).default([]),
  either: z.union([z.string(), z.int()]).default("x"),
});

const found = optionsOf(z.toJSONSchema(options, { io: "input", unrepresentable: "any" }));

test.each([
  ["chat_to", { kind: "choice", choices: ["all", "highest"], default: "all", description: "Who gets it." }],
  ["max_bytes", { kind: "number", least: 1024, most: 4096, default: 2048 }],
  ["any", { kind: "number", least: null, most: null }],
  ["on", { kind: "switch", default: true }],
  ["host", { kind: "text", default: "push.@HOST@" }],
  ["ttl", { kind: "number", least: 1, isNullable: true, default: null }],
  ["names", { kind: "list", default: [] }],
  ["list", { kind: "json" }],
  ["either", { kind: "json" }],
])("%s is asked for as %j", (name, expected) => {
  expect(found.find((option) => option.name === name)).toMatchObject(expected);
});

test("the order is that of the schema", () => {
  expect(found.map(({ name }) => name)).toEqual(Object.keys(options.shape));
});

test("what is written as its default is not changed", () => {
  const names = found.find(({ name }) => name === "names")!;
  expect([undefined, [], ["a"]].map((value) => isChanged(names, value))).toEqual([false, false, true]);
});

test.each([
  [{ key: z.string() }, false],
  [{ key: z.string().meta({ secret: true }) }, true],
  [{ store: z.strictObject({ key: z.string().meta({ secret: true }) }).nullable() }, true],
  [{ stores: z.array(z.strictObject({ key: z.string().meta({ secret: true }) })) }, true],
])("a schema with %j: a secret is in it: %s", (shape, expected) => {
  expect(hasSecret(z.toJSONSchema(z.strictObject(shape), { io: "input" }))).toBe(expected);
});

test("a schema of nothing has no options", () => {
  expect(optionsOf(undefined)).toEqual([]);
  expect(optionsOf({ type: "object" })).toEqual([]);
});
