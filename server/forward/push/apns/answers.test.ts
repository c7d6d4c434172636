import { expect, test } from "vitest";
import { judgeAnswer } from "./answers.ts";

const body = (reason: string, timestamp?: number): string => JSON.stringify({ reason, timestamp });

// Apple, "Handling notification responses from APNs", table 4, and what the end of that page says about each.
test.each([
  [400, "BadCollapseId", "rejected", true, null],
  [400, "BadDeviceToken", "unregistered", true, null],
  [400, "BadExpirationDate", "rejected", true, null],
  [400, "BadMessageId", "rejected", true, null],
  [400, "BadPriority", "rejected", true, null],
  [400, "BadTopic", "misconfigured", false, null],
  [400, "DeviceTokenNotForTopic", "misconfigured", false, null],
  [400, "DuplicateHeaders", "rejected", true, null],
  [400, "IdleTimeout", "failed", false, 5_000],
  [400, "InvalidPushType", "rejected", true, null],
  [400, "MissingDeviceToken", "rejected", true, null],
  [400, "MissingTopic", "misconfigured", false, null],
  [400, "PayloadEmpty", "rejected", true, null],
  [400, "TopicDisallowed", "misconfigured", false, null],
  [403, "BadCertificate", "misconfigured", false, null],
  [403, "BadCertificateEnvironment", "misconfigured", false, null],
  [403, "ExpiredProviderToken", "failed", false, null],
  [403, "Forbidden", "misconfigured", false, null],
  [403, "InvalidProviderToken", "misconfigured", false, null],
  [403, "MissingProviderToken", "misconfigured", false, null],
  [403, "UnrelatedKeyIdInToken", "failed", false, 5_000],
  [403, "BadEnvironmentKeyIdInToken", "misconfigured", false, null],
  [403, "BadEnvironmentKeyInToken", "misconfigured", false, null],
  [404, "BadPath", "rejected", true, null],
  [405, "MethodNotAllowed", "rejected", true, null],
  [410, "ExpiredToken", "unregistered", true, null],
  [410, "Unregistered", "unregistered", true, null],
  [413, "PayloadTooLarge", "rejected", true, null],
  [429, "TooManyProviderTokenUpdates", "failed", false, null],
  [429, "TooManyRequests", "failed", false, 60_000],
  [500, "InternalServerError", "failed", false, 5_000],
  [503, "ServiceUnavailable", "failed", false, 5_000],
  [503, "Shutdown", "failed", false, 5_000],
  // For broadcasts, which are not sent.
  [400, "MissingChannelId", "rejected", true, null],
  [400, "BadChannelId", "rejected", true, null],
  [400, "ChannelNotRegistered", "rejected", true, null],
  [400, "MissingPushType", "rejected", true, null],
  [400, "BadRequestParams", "rejected", true, null],
  [400, "BadRequestPayload", "rejected", true, null],
  [400, "CannotCreateChannelConfig", "rejected", true, null],
  [403, "FeatureNotEnabled", "misconfigured", false, null],
  [403, "TopicMismatch", "misconfigured", false, null],
] as const)("%i %s: %s, final %s, wait %s", (status, reason, outcome, isFinal, retryAfterMs) => {
  const verdict = judgeAnswer({ status, body: body(reason), retryAfterMs: null }, 1);
  expect(verdict).toMatchObject({ outcome, isFinal, retryAfterMs });
  expect(verdict.error).toMatch(new RegExp(`^[a-zA-Z].+ \\(${reason}\\)$`));
});

test.each([
  [302, "failed", false],
  [400, "rejected", true],
  [401, "misconfigured", false],
  [403, "misconfigured", false],
  [404, "misconfigured", false],
  [407, "misconfigured", false],
  [408, "failed", false],
  [410, "unregistered", true],
  [413, "rejected", true],
  [418, "rejected", true],
  [425, "failed", false],
  [429, "failed", false],
  [502, "failed", false],
  [504, "failed", false],
] as const)("%i without a reason: %s, final %s", (status, outcome, isFinal) => {
  for (const text of ["", "<html>", "null", '{"reason":7}', '{"reason":"New\\nReason"}']) {
    const verdict = judgeAnswer({ status, body: text, retryAfterMs: null }, 1);
    expect(verdict).toMatchObject({ outcome, isFinal });
    expect(verdict.error).toBe(`APNs refused (HTTP ${status})`);
  }
});

test("a reason that Apple adds one day is judged by its status, and told", () => {
  const verdict = judgeAnswer({ status: 400, body: body("SomethingNew"), retryAfterMs: null }, 1);
  expect(verdict).toMatchObject({ outcome: "rejected", isFinal: true, error: "APNs refused (SomethingNew)" });
});

test("410 says since when, in milliseconds", () => {
  const gone = (text: string) => judgeAnswer({ status: 410, body: text, retryAfterMs: null }, 1).since;
  expect(gone(body("Unregistered", 1_767_225_600_000))).toBe(1_767_225_600_000);
  expect(gone(body("Unregistered"))).toBeNull();
  expect(gone('{"reason":"Unregistered","timestamp":"soon"}')).toBeNull();
});

test.each([
  [1, 60_000],
  [2, 120_000],
  [3, 240_000],
  [50, 3_600_000],
] as const)("too many pushes for a device: attempt %i waits %i ms", (number, waitMs) => {
  const answer = { status: 429, body: body("TooManyRequests"), retryAfterMs: null };
  expect(judgeAnswer(answer, number).retryAfterMs).toBe(waitMs);
});

test("200 is accepted", () => {
  expect(judgeAnswer({ status: 200, body: "", retryAfterMs: null }, 1)).toMatchObject({
    about: "accepted",
    outcome: "delivered",
    error: null,
    isFinal: false,
  });
});
