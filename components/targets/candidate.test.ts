import { expect, test } from "vitest";
import type { TargetKind } from "@/lib/contracts/forward-target.ts";
import { candidateOf } from "./candidate.ts";
import { newForm, type TargetFormInput } from "./target-form.ts";

const filled = (kind: TargetKind, values: object): TargetFormInput => ({ ...newForm(kind, "app", true), ...values });

test("a key can be looked at before the ids are typed", () => {
  const found = candidateOf(filled("apns", { key: "-----BEGIN PRIVATE KEY-----" }));
  expect(found?.target).toMatchObject({ kind: "apns", key: "-----BEGIN PRIVATE KEY-----" });
  expect([...(found?.missing ?? [])].toSorted()).toEqual(["keyId", "teamId", "topic"]);
});

test("what is complete is taken as it is", () => {
  const found = candidateOf(filled("webhook", { url: "https://a.example/x" }));
  expect(found?.target).toMatchObject({ kind: "webhook", url: "https://a.example/x", headers: {} });
  expect(found?.missing.size).toBe(0);
});

test("a number that is none is left to its default", () => {
  const found = candidateOf(filled("webhook", { url: "https://a.example/x", timeoutMs: Number.NaN }));
  expect(found?.target.timeoutMs).toBe(10_000);
  expect(found?.missing.has("timeoutMs")).toBe(true);
});
