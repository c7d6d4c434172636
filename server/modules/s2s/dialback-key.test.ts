import { expect, test } from "vitest";
import { dialbackKey, isDialbackKey } from "./dialback-key.ts";

// XEP-0185 3.
const secret = "s3cr3tf0rd14lb4ck";
const subject = { receiving: "xmpp.example.com", originating: "example.org", streamId: "D60000229F" };
const key = "37c69b1cf07a3f67c04a5ef5902fa5114f2c76fe4a2686482ba5b89323075643";

test("the key is that of the standard's example", () => {
  expect(dialbackKey(secret, subject)).toBe(key);
  expect(isDialbackKey(secret, subject, key)).toBe(true);
});

test.each([
  ["another receiving server", { ...subject, receiving: "example.org" }, key],
  ["another originating server", { ...subject, originating: "xmpp.example.com" }, key],
  ["another stream", { ...subject, streamId: "D60000229E" }, key],
  ["half of it", subject, key.slice(0, 32)],
  ["nothing", subject, ""],
])("it is not the key of %s", (_, other, text) => {
  expect(isDialbackKey(secret, other, text)).toBe(false);
});
