import { expect, test } from "vitest";
import { type SetupValues, stepProblem } from "./setup-values.ts";

const good: SetupValues = {
  step: "language",
  host: "example.org",
  admin: "anna@example.org",
  password: "long enough",
  registration: "closed",
};

test.each([
  ["language", {}, null],
  ["host", {}, null],
  ["host", { host: "" }, "badHost"],
  ["host", { host: "a@b" }, "badHost"],
  ["admin", {}, null],
  ["admin", { admin: "anna" }, "badJid"],
  ["admin", { admin: "anna@elsewhere.example" }, "badJid"],
  ["admin", { admin: "@example.org" }, "badJid"],
  ["admin", { password: "short" }, "badPassword"],
  ["registration", {}, null],
] as const)("step %s with %j: %s", (step, change, expected) => {
  expect(stepProblem(step, { ...good, ...change })).toBe(expected);
});
