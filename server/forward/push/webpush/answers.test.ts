import { describe, expect, test } from "vitest";
import { Exchange } from "../../http/exchange.ts";
import type { MockAnswer } from "../mock-http.ts";
import { meaningOf, type Asked } from "./answers.ts";

function exchangeOf({ status, headers = {}, body = "" }: MockAnswer): Exchange {
  const exchange = new Exchange(() => {});
  exchange.status = status;
  exchange.headers = Object.entries(headers);
  exchange.onResponseData({} as never, Buffer.from(body));
  return exchange;
}
const asked: Asked = { now: 0, isBrowsers: true, isProven: false, mayBeOfOtherKey: false };
const meaning = (answer: MockAnswer, more: Partial<Asked> = {}) => meaningOf(exchangeOf(answer), { ...asked, ...more });

const gone = { outcome: "unregistered", isFinal: true, device: { kind: "gone", since: null } };
const refused = { outcome: "rejected", isFinal: true, isDeviceOnly: true, device: { kind: "failed" } };
const misconfigured = { outcome: "misconfigured", isFinal: false, isDeviceOnly: false, device: undefined };
const failed = { outcome: "failed", isFinal: false, isDeviceOnly: false, device: undefined };
const ofDevice = { outcome: "failed", isFinal: false, isDeviceOnly: true, device: { kind: "failed" } };
const doubtful = { ...ofDevice, isDoubtful: true };

const mozilla = (status: number, errno: number, message: string): MockAnswer => ({
  status,
  body: JSON.stringify({ code: status, errno, error: "Unauthorized", message, more_info: "http://autopush" }),
});
const otherSender =
  "the key in the authorization header does not correspond to the sender ID used to subscribe this user.\n";

describe("what a push service's answer means", () => {
  const cases: readonly (readonly [string, MockAnswer, object])[] = [
    [
      "201",
      { status: 201, headers: { location: "https://push.example/m/abc" } },
      { outcome: "delivered", error: null, providerId: "abc", device: { kind: "accepted" } },
    ],
    ["200", { status: 200 }, { outcome: "delivered", providerId: null }],
    ["202", { status: 202 }, { outcome: "delivered" }],
    ["204", { status: 204 }, { outcome: "delivered" }],
    ["Apple's id", { status: 201, headers: { "apns-id": "A-1", location: "/x" } }, { providerId: "A-1" }],
    ["Microsoft's id", { status: 201, headers: { "x-wns-msg-id": "W1" } }, { providerId: "W1" }],
    ["404", { status: 404 }, gone],
    ["410", { status: 410, body: '{"reason":"Unregistered"}' }, { ...gone, error: "HTTP 410: Unregistered" }],
    ["413", { status: 413 }, refused],
    ["429", { status: 429 }, { ...ofDevice, retryAfterMs: 60_000 }],
    [
      "429 with Retry-After",
      { status: 429, headers: { "retry-after": "120" } },
      { ...ofDevice, retryAfterMs: 120_000 },
    ],
    ["503", { status: 503 }, { ...failed, retryAfterMs: 60_000 }],
    ["503 with Retry-After", { status: 503, headers: { "retry-after": "7" } }, { ...failed, retryAfterMs: 7_000 }],
    ["500", { status: 500 }, { ...failed, retryAfterMs: null }],
    ["502, a page", { status: 502, body: "<html>" }, { ...failed, error: "HTTP 502" }],
    ["408", { status: 408 }, failed],
    ["a redirect", { status: 301, headers: { location: "https://elsewhere.example/" } }, failed],
    ["406", { status: 406 }, refused],
    [
      "Apple: BadJwtToken",
      { status: 403, body: '{"reason":"BadJwtToken"}' },
      { ...misconfigured, error: "HTTP 403: BadJwtToken: check the VAPID key and the contact" },
    ],
    ["Mozilla: a bad token", mozilla(401, 109, "Request did not validate Invalid VAPID token"), misconfigured],
    ["Google: a bad token", { status: 403, body: "invalid JWT provided" }, misconfigured],
    ["Google: a bad header", { status: 400, body: "crypto-key header had invalid format" }, misconfigured],
    ["401 without a word", { status: 401 }, misconfigured],
    ["400 about something else", { status: 400, body: "TTL header is missing" }, refused],
    ["403 without a word", { status: 403 }, doubtful],
    ["Google: another key", { status: 403, body: otherSender }, doubtful],
    ["Google: subscribed without a key", { status: 400, body: "UnauthorizedRegistration" }, doubtful],
    ["Mozilla: another key", mozilla(401, 109, "VAPID public key mismatch"), doubtful],
    ["Apple: another key", { status: 400, body: '{"reason":"VapidPkHashMismatch"}' }, doubtful],
  ];
  test.each(cases)("%s", (_name, answer, expected) => {
    expect(meaning(answer)).toMatchObject(expected);
  });
});

// Anybody can subscribe with an endpoint of their choice: nobody must stop the pushes to all others by that.
describe("what concerns one device only", () => {
  test.each([
    ["Google", { status: 403, body: otherSender }],
    ["Mozilla", mozilla(401, 109, "VAPID public key mismatch")],
    ["Apple", { status: 400, body: '{"reason":"VapidPkHashMismatch"}' }],
  ])("another key, says %s of a subscription that may have one", (_, answer) => {
    expect(meaning(answer, { mayBeOfOtherKey: true })).toMatchObject(gone);
  });

  test("another key, says a service that is no browser's: it is not evidence", () => {
    const found = meaning({ status: 403, body: otherSender }, { isBrowsers: false });
    expect(found).toMatchObject({ ...ofDevice, isDoubtful: false });
  });

  test.each([400, 401, 403])("%i where the key was taken before", (status) => {
    expect(meaning({ status, body: "invalid JWT" }, { isProven: true })).toMatchObject(ofDevice);
  });

  test.each([401, 403, 500, 503, 301])("%i of a service that is no browser's", (status) => {
    expect(meaning({ status }, { isBrowsers: false })).toMatchObject(ofDevice);
  });

  test("no answer of a service that is no browser's", () => {
    const exchange = new Exchange(() => {});
    exchange.error = Object.assign(new Error("x"), { code: "ECONNREFUSED" });
    expect(meaningOf(exchange, { ...asked, isBrowsers: false })).toMatchObject({ ...ofDevice, outcome: "refused" });
    expect(meaningOf(exchange, asked)).toMatchObject({ ...failed, outcome: "refused" });
  });
});

test("an explanation is one line of bounded length", () => {
  const { error } = meaning({ status: 500, body: `a\n\tb ${"c".repeat(4_000)}` });
  expect(error).toMatch(/^HTTP 500: a b c+$/);
  expect(error).toHaveLength(300);
});
