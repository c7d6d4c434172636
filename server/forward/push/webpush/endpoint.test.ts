import { expect, test } from "vitest";
import { browserServiceOf, refusalOfEndpoint, shortEndpoint } from "./endpoint.ts";

const strict = { services: ["ntfy.sh", "*.push.example.org"], allowPrivate: false };

test.each([
  "https://fcm.googleapis.com/fcm/send/abc:APA91b",
  "https://fcm.googleapis.com/wp/abc",
  "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
  "https://web.push.apple.com/QGuQyavXutnMH",
  "https://wns2-par02p.notify.windows.com/w/?token=BQYAAAB",
  "https://ntfy.sh/upAbc?up=1",
  "https://NTFY.sh/upAbc",
  "https://eu.push.example.org:8443/x",
])("allowed: %s", (endpoint) => {
  expect(refusalOfEndpoint(endpoint, strict)).toBeNull();
});

const refused: readonly (readonly [string, string])[] = [
  ["http://fcm.googleapis.com/fcm/send/abc", "http:"],
  ["https://example.org/push", "no push service"],
  ["https://fcm.googleapis.com.example.org/x", "no push service"],
  ["https://evilfcm.googleapis.com/x", "no push service"],
  ["https://notify.windows.com/x", "no push service"],
  ["https://evilpush.example.org/x", "no push service"],
  ["https://push.example.org/x", "no push service"],
  ["https://fcm.googleapis.com@127.0.0.1/", "user name"],
  ["https://user@fcm.googleapis.com/fcm/send/x", "user name"],
  ["https://127.0.0.1/", "not public"],
  ["https://[::ffff:7f00:1]/", "not public"],
  ["https://0x7f.1/", "not public"],
  ["https://fcm.googleapis.com:22/", "another protocol"],
  ["https://ntfy.sh%2f@evil.example/", "user name"],
  ["file:///etc/passwd", "neither"],
  ["javascript:alert(1)", "neither"],
  ["", "not a URL"],
  [`https://ntfy.sh/${"x".repeat(2048)}`, "longer"],
];
test.each(refused)("refused: %s", (endpoint, why) => {
  expect(refusalOfEndpoint(endpoint, strict)).toContain(why);
});

test("plain HTTP and private addresses only where the target allows them, and then only those it names", () => {
  const lax = { services: ["127.0.0.1"], allowPrivate: true };
  expect(refusalOfEndpoint("http://127.0.0.1:8080/push/x", lax)).toBeNull();
  expect(refusalOfEndpoint("http://127.0.0.2:8080/push/x", lax)).toContain("no push service");
});

test.each([
  ["https://fcm.googleapis.com/fcm/send/abc", true],
  ["https://fcm.googleapis.com/wp/abc", true],
  ["https://fcm.googleapis.com/v1/projects/p/messages:send", false],
  ["https://updates.push.services.mozilla.com/wpush/v2/abc", true],
  ["https://updates.push.services.mozilla.com/status", false],
  ["https://web.push.apple.com/QGuQ", true],
  ["https://db5.notify.windows.com/w/?token=x", true],
  ["https://ntfy.sh/upAbc", false],
])("is it such as a browser gets? %s", (endpoint, expected) => {
  expect(browserServiceOf(new URL(endpoint)) !== null).toBe(expected);
});

test("enough to recognise it, and not to use it", () => {
  expect(shortEndpoint("https://fcm.googleapis.com/fcm/send/abc:APA91bH012345")).toBe(
    "https://fcm.googleapis.com/…012345",
  );
  expect(shortEndpoint("https://ntfy.sh/upAbc")).toBe("https://ntfy.sh/…");
  expect(shortEndpoint("nonsense")).toBe("***");
});
