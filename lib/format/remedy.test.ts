import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { apnsReasons } from "../contracts/attempt-errors.ts";
import { remedyOf } from "./remedy.ts";

const fcm = readFileSync(new URL("../../server/forward/push/fcm/answers.ts", import.meta.url), "utf8");

test("every reason of APNs that the server tells has a remedy", () => {
  const told = Object.entries(apnsReasons).map(([reason, sentence]) => `${sentence} (${reason})`);
  expect(told.length).toBeGreaterThan(40);
  expect(told.filter((error) => remedyOf("apns", error) === null)).toEqual([]);
});

test("every code of FCM that the server knows has a remedy", () => {
  const told = Array.from(fcm.matchAll(/case "([A-Z_]+)":/g), ([, code]) => code!);
  expect(told.length).toBeGreaterThan(5);
  expect(told.filter((code) => remedyOf("fcm", `${code}: words`) === null)).toEqual([]);
});

test.each([
  ["apns", "the device token is not valid in this environment (BadDeviceToken)", "wrongEnvironment"],
  ["apns", "APNs refused (HTTP 418)", null],
  ["apns", "connection refused: nothing listens there (ECONNREFUSED)", "network"],
  ["apns", "the name server does not answer (EAI_AGAIN)", "network"],
  ["fcm", "UNREGISTERED: Requested entity was not found.", "registerAgain"],
  ["fcm", "SENDER_ID_MISMATCH", "project"],
  ["fcm", "INVALID_ARGUMENT: The registration token is not a valid FCM registration token", "registerAgain"],
  ["fcm", "INVALID_ARGUMENT: Android message is too big", "tellLess"],
  ["fcm", "INVALID_ARGUMENT: Invalid value", "request"],
  ["fcm", "the service account gets no access token: Invalid JWT Signature. (invalid_grant)", "serviceAccount"],
  ["webpush", "HTTP 410: push subscription has unsubscribed or expired.", "subscribeAgain"],
  ["webpush", "HTTP 404", "subscribeAgain"],
  ["webpush", "HTTP 401", "vapid"],
  ["webpush", "HTTP 400: VapidPkHashMismatch: the subscription was made with another VAPID key", "otherKey"],
  ["webpush", "HTTP 400: BadJwtToken: check the VAPID key and the contact", "vapid"],
  ["webpush", "HTTP 413: too long even without content", "tellLess"],
  ["webpush", "HTTP 429", "fewer"],
  ["xep0357", "item-not-found: No such node", "enableAgain"],
  ["xep0357", "refused by the app server: item-not-found", "enableAgain"],
  ["xep0357", "remote-server-timeout", "federation"],
  ["xep0357", "the app server takes no more for it", "enableAgain"],
  ["xep0357", "constructor", null],
  ["fcm", "the device is registered no more", "registerAgain"],
] as const)("%s: %s", (kind, error, remedy) => {
  expect(remedyOf(kind, error)).toBe(remedy);
});

test("what was accepted needs none", () => {
  expect(remedyOf("apns", null)).toBeNull();
});
