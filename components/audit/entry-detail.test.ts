import { expect, test } from "vitest";
import { entryDetail } from "./entry-detail.ts";

test.each([
  [
    "a change of the policy",
    { input: { name: "x" }, base: 4, changes: [{ path: "acl.x", before: null, after: [] }] },
    { base: 4, rest: { input: { name: "x" } } },
  ],
  ["a refusal", { input: {}, code: "forbidden", reason: "no" }, { reason: "no", rest: { code: "forbidden" } }],
  ["something else", { changes: "many" }, { rest: {} }],
  ["nothing", null, { rest: {} }],
  ["text", "text", { rest: {} }],
])("%s", (_name, detail, expected) => {
  expect(entryDetail(detail)).toMatchObject(expected);
});
