import { expect, test } from "vitest";
import { refusalOf } from "./sign-in.ts";

test.each([
  ["bad-credentials {}", { code: "bad-credentials" }],
  ['throttled {"retryAfterSeconds":7}', { code: "throttled", retryAfterSeconds: 7 }],
  ["throttled {}", { code: "throttled", retryAfterSeconds: 60 }],
  ['second-factor {"ticket":"t","factors":["totp"]}', { code: "second-factor", ticket: "t", factors: ["totp"] }],
  ['bad-code {"clockSkewSeconds":-90}', { code: "bad-code", clockSkewSeconds: -90 }],
  ['not-admin {"owners":["a@b.example"]}', { code: "not-admin", owners: ["a@b.example"] }],
  ["CredentialsSignin", { code: "unreachable" }],
  ["bad-code {nonsense", { code: "bad-code", clockSkewSeconds: null }],
  ["", { code: "unreachable" }],
])("refusalOf(%j)", (text, expected) => {
  expect(refusalOf(text)).toMatchObject(expected);
});
