import { createPublicKey, verify } from "node:crypto";
import { describe, expect, test } from "vitest";
import webpush from "web-push";
import { WebPushTarget } from "../../../../lib/contracts/forward-target.ts";
import { manualClock, systemClock } from "../../../core/clock.ts";
import { readJwt } from "../mock-http.ts";
import { checkWebPush } from "./check.ts";
import { newVapidPrivateKey, Vapid, VapidKeyError, vapidPublicKey } from "./vapid.ts";

const contact = "mailto:admin@example.org";
const hourMs = 3_600_000;

function parts(authorization: string): { jwt: ReturnType<typeof readJwt>; key: string } {
  const [, token = "", key = ""] = /^vapid t=([^,]+), k=(.+)$/.exec(authorization) ?? [];
  return { jwt: readJwt(token), key };
}

describe("the pair of keys", () => {
  test("is one that web-push takes", () => {
    for (let count = 0; count < 50; count += 1) {
      const privateKey = newVapidPrivateKey();
      expect(privateKey).toMatch(/^[\w-]{43}$/);
      expect(() => webpush.setVapidDetails(contact, vapidPublicKey(privateKey), privateKey)).not.toThrow();
    }
  });

  test("is that of web-push", () => {
    const { publicKey, privateKey } = webpush.generateVAPIDKeys();
    expect(vapidPublicKey(privateKey)).toBe(publicKey);
  });

  test("may begin with zeros", () => {
    expect(vapidPublicKey(Buffer.concat([Buffer.alloc(31), Buffer.of(1)]).toString("base64url"))).toMatch(
      /^[\w-]{87}$/,
    );
  });

  test.each([
    ["nothing", ""],
    ["31 bytes", "A".repeat(42)],
    ["33 bytes", "A".repeat(44)],
    ["zero", "A".repeat(43)],
    ["more than the curve has", "_".repeat(42) + "8"],
    ["base64", `${"+".repeat(42)}8`],
  ])("is refused: %s", (_name, text) => {
    expect(() => vapidPublicKey(text)).toThrow(VapidKeyError);
    expect(() => new Vapid(text, contact, systemClock)).toThrow(VapidKeyError);
  });
});

describe("the header", () => {
  test("says the same as that of web-push", () => {
    const { publicKey, privateKey } = webpush.generateVAPIDKeys();
    const subscription = {
      endpoint: "https://updates.push.services.mozilla.com/wpush/v2/abc",
      keys: { p256dh: publicKey, auth: "BTBZMqHH6r4Tts7J_aSIgg" },
    };
    const theirs = webpush.generateRequestDetails(subscription, "x", {
      vapidDetails: { subject: contact, publicKey, privateKey },
      contentEncoding: "aes128gcm",
    });
    const expected = parts(String(theirs.headers["Authorization"]));
    const ours = parts(
      new Vapid(privateKey, contact, systemClock).authorization("https://updates.push.services.mozilla.com"),
    );
    expect(ours.key).toBe(expected.key);
    expect(ours.jwt.header).toEqual(expected.jwt.header);
    expect({ ...ours.jwt.claims, exp: 0 }).toEqual({ ...expected.jwt.claims, exp: 0 });
  });

  test("is signed with the key that it names, and good for less than a day", () => {
    const clock = manualClock();
    const { jwt, key } = parts(new Vapid(newVapidPrivateKey(), contact, clock).authorization("https://a.example"));
    const point = Buffer.from(key, "base64url");
    const publicKey = createPublicKey({
      format: "jwk",
      key: {
        kty: "EC",
        crv: "P-256",
        x: point.subarray(1, 33).toString("base64url"),
        y: point.subarray(33).toString("base64url"),
      },
    });
    expect(verify("sha256", jwt.signed, { key: publicKey, dsaEncoding: "ieee-p1363" }, jwt.signature)).toBe(true);
    const leftMs = Number(jwt.claims["exp"]) * 1000 - clock.now();
    expect(leftMs).toBeGreaterThan(12 * hourMs);
    expect(leftMs).toBeLessThan(24 * hourMs);
  });

  test("is made anew every twelve hours, when asked for, and by origin", () => {
    const clock = manualClock();
    const vapid = new Vapid(newVapidPrivateKey(), contact, clock);
    const first = vapid.authorization("https://a.example");
    clock.advance(12 * hourMs - 1);
    expect(vapid.authorization("https://a.example")).toBe(first);
    expect(vapid.authorization("https://b.example")).not.toBe(first);
    clock.advance(1);
    const second = vapid.authorization("https://a.example");
    expect(second).not.toBe(first);
    vapid.renew("https://a.example");
    expect(vapid.authorization("https://a.example")).not.toBe(second);
  });

  test("does not come from the future", () => {
    const clock = manualClock();
    const vapid = new Vapid(newVapidPrivateKey(), contact, clock);
    vapid.authorization("https://a.example");
    clock.advance(-2 * hourMs);
    const { jwt } = parts(vapid.authorization("https://a.example"));
    expect(Number(jwt.claims["exp"]) * 1000 - clock.now()).toBeLessThan(24 * hourMs);
  });
});

describe("check", () => {
  const check = (settings: object): ReturnType<typeof checkWebPush> =>
    checkWebPush(WebPushTarget.parse({ kind: "webpush", contact, ...settings }));
  const { publicKey, privateKey } = webpush.generateVAPIDKeys();

  test("a key, and what browsers need", () => {
    expect(check({ privateKey })).toEqual({
      problems: [],
      facts: [
        ["VAPID public key", publicKey],
        ["curve", "P-256"],
      ],
    });
    expect(check({}).problems).toEqual([]);
    expect(check({ privateKey: "***" })).toEqual({ problems: [], facts: [] });
  });

  const cases: readonly (readonly [string, object, string, string])[] = [
    ["a cut public key", { privateKey: publicKey.slice(0, 64) }, "privateKey", "public key"],
    ["PEM", { privateKey: "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE" }, "privateKey", "PEM"],
    ["a JWK", { privateKey: '{"kty":"EC","crv":"P-256"' }, "privateKey", "JWK"],
    ["base64", { privateKey: `${"+".repeat(42)}8=` }, "privateKey", "base64"],
    ["a line end", { privateKey: `${privateKey}\n` }, "privateKey", "blanks"],
    ["something else", { privateKey: "hello" }, "privateKey", "32 bytes"],
    ["localhost", { contact: "mailto:admin@a.localhost" }, "contact", "Apple"],
    ["a name that cannot exist", { contact: "mailto:admin@nightpost.invalid" }, "contact", "Apple"],
    ["a name without a dot", { contact: "https://intranet/push" }, "contact", "Apple"],
    ["a name of the house", { contact: "https://chat.lan./push" }, "contact", "Apple"],
    ["an address", { contact: "https://192.0.2.1/push" }, "contact", "a name is needed"],
    ["a service with a path", { services: ["ntfy.example.org/up"] }, "services", "only the host name"],
    ["a service with a port", { services: ["ntfy.example.org:8443"] }, "services", "only the host name"],
    ["everything", { services: ["*"] }, "services", "no host name"],
    ["half of everything", { services: ["*.com"] }, "services", "half of the Internet"],
    ["a star inside", { services: ["push.*.example.org"] }, "services", "no host name"],
  ];
  test.each(cases)("%s", (_name, settings, field, message) => {
    expect(check(settings).problems).toMatchObject([
      { field, message: expect.stringContaining(message) as string, line: null, column: null },
    ]);
  });

  test("services that are right", () => {
    expect(check({ services: ["ntfy.sh", "*.push.example.org", "127.0.0.1", "localhost"] }).problems).toEqual([]);
  });
});
