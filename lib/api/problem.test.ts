import { expect, test } from "vitest";
import { decodeProblem, problemOf } from "./problem.ts";

const decoded = (body: unknown): unknown => decodeProblem(body, 400, "req_1")?.data;

test.each([
  [
    { code: "bad-input", detail: "jid: is not an address", errors: [{ path: "jid", message: "is not an address" }, 7] },
    {
      code: "bad-input",
      status: 400,
      requestId: "req_1",
      detail: "jid: is not an address",
      errors: [{ path: "jid", message: "is not an address" }],
    },
  ],
  [
    { code: "throttled", retryAfterSeconds: 5, requestId: "req_2", title: 7, more: true },
    { code: "throttled", status: 400, retryAfterSeconds: 5, requestId: "req_2" },
  ],
  [
    { code: "not-found", detail: "There is no account a@b.", reason: "account-missing", values: { jid: "a@b" } },
    {
      code: "not-found",
      status: 400,
      requestId: "req_1",
      detail: "There is no account a@b.",
      reason: "account-missing",
      values: { jid: "a@b" },
    },
  ],
  [
    {
      code: "x",
      values: { a: {} },
      errors: [
        { path: "a", message: "b", values: [{}] },
        { path: "a", message: "b" },
      ],
    },
    { code: "x", status: 400, requestId: "req_1", errors: [{ path: "a", message: "b" }] },
  ],
  [{ code: 7 }, undefined],
  ["no", undefined],
  [null, undefined],
])("%j", (body, expected) => {
  expect(decoded(body)).toEqual(expected);
});

test("what never reached the server is told apart", () => {
  expect(problemOf(new TypeError("fetch failed"))).toEqual({ code: "unreachable", status: 0 });
  expect(problemOf(decodeProblem({ code: "exists" }, 409, undefined))).toEqual({ code: "exists", status: 409 });
});
