import { expect, test } from "vitest";
import { resumedStep, type SetupValues, stepProblem } from "./setup-values.ts";

const good: SetupValues = {
  step: "language",
  host: "example.org",
  admin: "anna@example.org",
  password: "long enough",
  certificate: "self-signed",
  registration: "closed",
  minutes: "10",
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
  ["factor", {}, null],
  ["certificate", {}, null],
  ["registration", {}, null],
  ["registration", { minutes: "soon" }, null],
  ["registration", { registration: "open" }, null],
  ["registration", { registration: "open", minutes: "soon" }, "badMinutes"],
  ["registration", { registration: "open", minutes: "525601" }, "badMinutes"],
  ["target", {}, null],
] as const)("step %s with %j: %s", (step, change, expected) => {
  expect(stepProblem(step, { ...good, ...change })).toBe(expected);
});

test.each([
  [undefined, true, "language"],
  ["admin", true, "admin"],
  ["target", true, "language"],
  [undefined, false, "factor"],
  ["target", false, "target"],
  ["admin", false, "factor"],
] as const)("left at %s, open: %s, one goes on at %s", (kept, isOpen, expected) => {
  expect(resumedStep(kept, isOpen)).toBe(expected);
});
