import { expect, test } from "vitest";
import { endpointText } from "./endpoint-text.ts";

test.each([
  ["127.0.0.1", "127.0.0.1:5222"],
  ["::", "[::]:5222"],
  ["2001:db8::1", "[2001:db8::1]:5222"],
])("%s with its port", (address, text) => {
  expect(endpointText(address, 5222)).toBe(text);
});
