import { expect, test } from "vitest";
import { STANZA_CONDITIONS } from "../../../xmpp/errors.ts";
import type { PublishAnswer } from "../../transport.ts";
import { verdictOn } from "./refusal.ts";

const hour = 3_600_000;
const verdictOf = (
  answer: PublishAnswer,
  failures: number,
  failingSince: number | null = null,
): ReturnType<typeof verdictOn> => verdictOn(answer, { failures, failingSince }, hour);
const error = (type: string, condition: string) => ({ kind: "error", type, condition, text: "" }) as const;

test("a result is accepted", () => {
  expect(verdictOf({ kind: "result" }, 7)).toEqual({
    outcome: "delivered",
    error: null,
    device: { kind: "accepted" },
    isFinal: false,
  });
});

test("no answer says nothing about the device", () => {
  expect(verdictOf({ kind: "timeout" }, 99)).toMatchObject({ outcome: "timeout", device: undefined });
});

const transient = [
  "internal-server-error",
  "recipient-unavailable",
  "remote-server-not-found",
  "remote-server-timeout",
  "resource-constraint",
];

test.each(STANZA_CONDITIONS)("%s of the type wait is tried again, however often", (condition) => {
  expect(verdictOf(error("wait", condition), 99)).toEqual({
    outcome: "failed",
    error: condition,
    device: undefined,
    isFinal: false,
  });
});

test.each(transient)("%s is a bad moment, whatever its type", (condition) => {
  expect(verdictOf(error("cancel", condition), 99)).toMatchObject({
    outcome: "failed",
    device: undefined,
  });
});

const refusals = STANZA_CONDITIONS.filter((one) => one !== "service-unavailable" && !transient.includes(one));

test.each(refusals)("%s counts against the node, and ends it the third time", (condition) => {
  const verdict = (failures: number) => verdictOf(error("cancel", condition), failures);
  for (const failures of [0, 1])
    expect(verdict(failures)).toMatchObject({ outcome: "rejected", device: { kind: "failed" }, isFinal: false });
  expect(verdict(2)).toMatchObject({
    outcome: "unregistered",
    device: { kind: "gone", reason: `refused by the app server: ${condition}`, since: null, retryAt: 25 * hour },
    isFinal: true,
  });
});

test.each([
  [0, "unregistered"],
  [1, "rejected"],
] as const)("a node that has been refused since %i ms is given up after an hour", (failingSince, outcome) => {
  expect(verdictOf(error("cancel", "item-not-found"), 1, failingSince).outcome).toBe(outcome);
});

test("an app server that is away for an hour is not given up for that", () => {
  expect(verdictOf(error("cancel", "service-unavailable"), 5, 0).outcome).toBe("failed");
});

test("an app server that is away is given up after sixteen times", () => {
  const verdict = (failures: number) => verdictOf(error("cancel", "service-unavailable"), failures);
  expect(verdict(14)).toMatchObject({ outcome: "failed", device: { kind: "failed" }, isFinal: false });
  expect(verdict(15)).toMatchObject({ outcome: "unregistered", device: { kind: "gone" }, isFinal: true });
});

test("what the app server says of it is kept", () => {
  const answer = { kind: "error", type: "modify", condition: "bad-request", text: "no such token" } as const;
  expect(verdictOf(answer, 0).error).toBe("bad-request: no such token");
});
