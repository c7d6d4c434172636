import { expect, test } from "vitest";
import { z } from "zod";
import { Timestamp } from "./endpoint.ts";
import { valueFault, valueFaultText } from "./value-faults.ts";

const issueOf = (schema: z.ZodType, value: unknown) => schema.safeParse(value).error!.issues[0]!;

test.each([
  [z.string(), undefined, "is missing"],
  [z.string(), 7, "has to be text"],
  [z.number(), "7", "has to be a number"],
  [z.int(), 7.5, "has to be a whole number"],
  [z.boolean(), "yes", "has to be true or false"],
  [z.array(z.string()), "a", "has to be a list"],
  [z.object({}), "a", "has to be an object"],
  [z.record(z.string(), z.string()), 7, "has to be an object"],
  [z.string().min(1), "", "may not be empty"],
  [z.string().min(8), "short", "has to have at least 8 characters"],
  [z.string().max(3), "long", "may have at most 3 characters"],
  [z.array(z.string()).min(1), [], "may not be empty"],
  [z.array(z.string()).min(2), ["a"], "has to have at least 2 entries"],
  [z.array(z.string()).max(1), ["a", "b"], "may have at most 1 entries"],
  [z.int().min(1), 0, "has to be at least 1"],
  [z.int().max(9), 10, "may be at most 9"],
  [z.number().gt(0), 0, "has to be more than 0"],
  [z.number().lt(1), 1, "has to be less than 1"],
  [z.enum(["on", "off"]), "of", "has to be one of on, off"],
  [z.literal("chat"), "calls", "has to be one of chat"],
  [z.strictObject({ a: z.string().optional() }), { b: 1, c: 2 }, "has what is not known here: b, c"],
  [z.url(), "nowhere", "is not a URL"],
  [Timestamp, "yesterday", "is not a time, such as 2026-01-31T12:00:00Z"],
  [z.string().regex(/^a$/), "b", "is not in the expected form"],
  [z.union([z.string(), z.number()]), true, "cannot have this value"],
])("%#: %j is told as: %s", (schema, value, sentence) => {
  expect(valueFaultText(issueOf(schema, value))).toBe(sentence);
  expect(valueFault(issueOf(schema, value))).not.toBeNull();
});

test("a schema's own words stay", () => {
  const issue = issueOf(z.string().regex(/^[0-9a-f]+$/, "hex digits"), "xyz");
  expect(valueFault(issue)).toBeNull();
  expect(valueFaultText(issue)).toBe("hex digits");
});
