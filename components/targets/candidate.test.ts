import { expect, test } from "vitest";
import { candidateOf } from "./candidate.ts";
import { newForm } from "./target-form.ts";

test("a key can be looked at before the ids are typed", () => {
  const found = candidateOf({ ...newForm("apns", "ios", true), key: "-----BEGIN PRIVATE KEY-----" } as never);
  expect(found?.target).toMatchObject({ kind: "apns", key: "-----BEGIN PRIVATE KEY-----" });
  expect([...(found?.missing ?? [])].toSorted()).toEqual(["keyId", "teamId", "topic"]);
});

test("what is complete is taken as it is", () => {
  const found = candidateOf({ ...newForm("webhook", "app", true), url: "https://a.example/x" } as never);
  expect(found?.target).toMatchObject({ kind: "webhook", url: "https://a.example/x", headers: {} });
  expect(found?.missing.size).toBe(0);
});

test("a number that is none is left to its default", () => {
  const found = candidateOf({
    ...newForm("webhook", "app", true),
    url: "https://a.example/x",
    timeoutMs: Number.NaN,
  } as never);
  expect(found?.target.timeoutMs).toBe(10_000);
  expect(found?.missing.has("timeoutMs")).toBe(true);
});
