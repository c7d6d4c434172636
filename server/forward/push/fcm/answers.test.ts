import { describe, expect, test } from "vitest";
import { Exchange } from "../../http/exchange.ts";
import type { MockAnswer } from "../mock-http.ts";
import { isTokenRefused, meaningOf, type Asked } from "./answers.ts";
import { fcmError } from "./mock.ts";

const badRequest = (...fields: string[]): object => ({
  "@type": "type.googleapis.com/google.rpc.BadRequest",
  fieldViolations: fields.map((field) => ({ field, description: "wrong" })),
});
const quotaFailure = (subject: string): object => ({
  "@type": "type.googleapis.com/google.rpc.QuotaFailure",
  violations: [{ subject, description: "too many" }],
});
const invalid = (message: string, ...details: object[]): MockAnswer =>
  fcmError(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT", message, details);

function exchangeOf({ status, headers = {}, body = "" }: MockAnswer): Exchange {
  const exchange = new Exchange(() => {});
  exchange.status = status;
  exchange.headers = Object.entries(headers);
  exchange.onResponseData({} as never, Buffer.from(body));
  return exchange;
}
const asked: Asked = { number: 1, now: 0, isProven: false };
const meaning = (answer: MockAnswer, more: Partial<Asked> = {}) => meaningOf(exchangeOf(answer), { ...asked, ...more });

const mismatch = fcmError(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH", "SenderId mismatch");

describe("what an answer means", () => {
  const gone = { outcome: "unregistered", isFinal: true, device: { kind: "gone", since: null } };
  const refused = { outcome: "rejected", isFinal: true, isDeviceOnly: true, device: { kind: "failed" } };
  const misconfigured = { outcome: "misconfigured", isFinal: false, device: undefined };
  const doubtful = { outcome: "failed", isDeviceOnly: true, isDoubtful: true, device: { kind: "failed" } };
  const failed = (retryAfterMs: number) => ({
    outcome: "failed",
    isFinal: false,
    isDeviceOnly: false,
    device: undefined,
    retryAfterMs,
  });
  const cases: readonly (readonly [string, MockAnswer, object])[] = [
    [
      "accepted",
      { status: 200, body: '{"name":"projects/p/messages/0:1"}' },
      { outcome: "delivered", error: null, providerId: "projects/p/messages/0:1", device: { kind: "accepted" } },
    ],
    ["accepted, without a name", { status: 200 }, { outcome: "delivered", providerId: null }],
    ["UNREGISTERED", fcmError(404, "NOT_FOUND", "UNREGISTERED", "Requested entity was not found."), gone],
    ["SENDER_ID_MISMATCH", mismatch, doubtful],
    [
      "INVALID_ARGUMENT of the token, by its words",
      invalid("The registration token is not a valid FCM registration token"),
      gone,
    ],
    [
      "INVALID_ARGUMENT of the token, by the field",
      invalid("Request contains an invalid argument.", badRequest("message.token")),
      gone,
    ],
    [
      "INVALID_ARGUMENT of another field",
      invalid("Invalid value at 'message.data[0].value'", badRequest("message.data[0].value")),
      refused,
    ],
    [
      "INVALID_ARGUMENT of more than the token",
      invalid("x", badRequest("message.token", "message.android.ttl")),
      refused,
    ],
    [
      "INVALID_ARGUMENT without a detail of FCM's",
      fcmError(400, "INVALID_ARGUMENT", null, "Request contains an invalid argument."),
      refused,
    ],
    ["QUOTA_EXCEEDED", fcmError(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", "Quota exceeded"), failed(60_000)],
    [
      "the project's quota",
      fcmError(429, "RESOURCE_EXHAUSTED", null, "Quota exceeded for quota metric 'Send requests'"),
      failed(60_000),
    ],
    [
      "the project's quota, in detail",
      fcmError(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", "x", [quotaFailure("project:1")]),
      failed(60_000),
    ],
    [
      "a device's quota",
      fcmError(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", "x", [quotaFailure("device:1")]),
      { outcome: "failed", retryAfterMs: 60_000, isDeviceOnly: true, device: { kind: "failed" } },
    ],
    [
      "Retry-After",
      { ...fcmError(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", "x"), headers: { "retry-after": "5" } },
      failed(5_000),
    ],
    [
      "UNAVAILABLE",
      fcmError(503, "UNAVAILABLE", "UNAVAILABLE", "The service is currently unavailable."),
      failed(10_000),
    ],
    [
      "UNAVAILABLE for long",
      { ...fcmError(503, "UNAVAILABLE", "UNAVAILABLE", "x"), headers: { "retry-after": "90" } },
      failed(90_000),
    ],
    ["INTERNAL", fcmError(500, "INTERNAL", "INTERNAL", "Internal error encountered."), failed(10_000)],
    ["UNSPECIFIED_ERROR", fcmError(500, "UNKNOWN", "UNSPECIFIED_ERROR", "?"), failed(10_000)],
    ["a page of the front end", { status: 502, body: "<!DOCTYPE html>" }, { ...failed(10_000), error: "HTTP 502" }],
    [
      "THIRD_PARTY_AUTH_ERROR",
      fcmError(401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR", "Auth error from APNS or Web Push Service"),
      doubtful,
    ],
    [
      "UNAUTHENTICATED",
      fcmError(401, "UNAUTHENTICATED", null, "Request had invalid authentication credentials."),
      misconfigured,
    ],
    [
      "PERMISSION_DENIED",
      fcmError(403, "PERMISSION_DENIED", null, "Firebase Cloud Messaging API has not been used"),
      { ...misconfigured, error: "PERMISSION_DENIED: Firebase Cloud Messaging API has not been used" },
    ],
    ["no such project", fcmError(404, "NOT_FOUND", null, "Requested entity was not found."), misconfigured],
    ["another server", { status: 404, body: "not found" }, misconfigured],
    ["a redirect", { status: 302, headers: { location: "/" } }, failed(0)],
    ["a timeout of the server", { status: 408 }, failed(0)],
    ["something else", { status: 418 }, { ...refused, error: "HTTP 418" }],
    ["an error that is none", { status: 400, body: '{"error":"x"}' }, refused],
    ["details that are none", { status: 400, body: '{"error":{"details":[null,1,{"@type":1}]}}' }, refused],
  ];
  test.each(cases)("%s", (_name, answer, expected) => {
    expect(meaning(answer)).toMatchObject(expected);
  });

  test("waits grow from attempt to attempt, up to an hour", () => {
    const answer = fcmError(503, "UNAVAILABLE", "UNAVAILABLE", "x");
    const waits = [1, 2, 3, 10, 100].map((number) => meaning(answer, { number }).retryAfterMs);
    expect(waits).toEqual([10_000, 20_000, 40_000, 3_600_000, 3_600_000]);
  });

  test("where pushes were accepted before, a token of another project is worth nothing", () => {
    expect(meaning(mismatch, { isProven: true })).toMatchObject(gone);
  });

  // Whoever registers a token of another platform must not stop the pushes to all others.
  test("where pushes were accepted before, a missing key of another platform is the device's matter", () => {
    const answer = fcmError(
      401,
      "UNAUTHENTICATED",
      "THIRD_PARTY_AUTH_ERROR",
      "Auth error from APNS or Web Push Service",
    );
    expect(meaning(answer, { isProven: true })).toMatchObject({
      outcome: "failed",
      isDeviceOnly: true,
      device: { kind: "failed" },
    });
  });

  test("no answer", () => {
    const exchange = new Exchange(() => {});
    exchange.error = Object.assign(new Error("x"), { code: "ECONNREFUSED" });
    expect(meaningOf(exchange, asked)).toMatchObject({ outcome: "refused", device: undefined, isFinal: false });
  });
});

test("which answers say that the access token is not taken", () => {
  const refusals = [
    fcmError(401, "UNAUTHENTICATED", null, "x"),
    { status: 401 },
    fcmError(401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR", "x"),
    fcmError(403, "PERMISSION_DENIED", null, "x"),
  ].map((answer) => isTokenRefused(exchangeOf(answer)));
  expect(refusals).toEqual([true, true, false, false]);
});
