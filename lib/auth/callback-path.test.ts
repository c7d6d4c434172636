import { expect, test } from "vitest";
import { callbackPath } from "./callback-path.ts";

test.each([
  [null, "/"],
  ["", "/"],
  ["/users?host=a.example", "/users?host=a.example"],
  ["/forward/event?id=msg_1", "/forward/event?id=msg_1"],
  ["users", "/"],
  ["https://evil.example/", "/"],
  ["//evil.example/", "/"],
  ["/\\evil.example", "/"],
  ["/..//evil.example", "/"],
  ["/\t/evil.example", "/"],
  ["javascript:alert(1)", "/"],
  ["/login?callbackUrl=/x", "/"],
])("callbackPath(%j) is %j", (value, expected) => {
  expect(callbackPath(value)).toBe(expected);
});
