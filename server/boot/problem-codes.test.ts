import { expect, test } from "vitest";
import * as words from "../../lib/i18n/messages/errors.ts";
import { AdminError, badInput, badInputAs, problemBody, problemStatuses, refused } from "../admin/errors.ts";

test.each(Object.keys(problemStatuses))("the console tells %s in both languages", (code) => {
  for (const { code: texts } of [words.en, words.zh]) expect(new Map(Object.entries(texts)).get(code)).toMatch(/\S/);
});

test("a problem says why by a code of its own, with its values", () => {
  const error = refused("not-found", "client-missing", { jid: "a@b", id: "x" });
  expect(problemBody(error, "r1")).toMatchObject({
    code: "not-found",
    status: 404,
    detail: "a@b has no client x.",
    reason: "client-missing",
    values: { jid: "a@b", id: "x" },
    requestId: "r1",
  });
});

test.each([
  [
    "with its values",
    badInput("confirm", "has-to-be", { text: "a.example" }),
    { path: "confirm", message: "has to be a.example", reason: "has-to-be", values: { text: "a.example" } },
  ],
  [
    "without any",
    badInput("jid", "own-account"),
    { path: "jid", message: "is your own account", reason: "own-account" },
  ],
  [
    "in other words",
    badInputAs("key", "no PEM", "certificate-unusable"),
    { message: "no PEM", reason: "certificate-unusable" },
  ],
])("a field says so, too: %s", (_name, error, expected) => {
  expect(problemBody(error, "")).toMatchObject({ status: 400, errors: [expected] });
});

test("whatever has no reason is told by its code alone", () => {
  expect(problemBody(new AdminError("throttled"), "")).not.toHaveProperty("reason");
});
