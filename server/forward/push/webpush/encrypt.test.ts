import { createECDH, randomBytes, type ECDH } from "node:crypto";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { encrypt, maxPlaintextBytes, SubscriptionKeyError, type SubscriptionKeys } from "./encrypt.ts";

interface Ece {
  decrypt(body: Buffer, options: { version: "aes128gcm"; privateKey: ECDH; authSecret: Buffer }): Buffer;
}
// What web-push encrypts with.
const load = createRequire(createRequire(import.meta.url).resolve("web-push"));
const ece = load("http_ece") as Ece;

function subscriber(): { ecdh: ECDH; authSecret: Buffer; keys: SubscriptionKeys } {
  const ecdh = createECDH("prime256v1");
  ecdh.generateKeys();
  const authSecret = randomBytes(16);
  return {
    ecdh,
    authSecret,
    keys: { p256dh: ecdh.getPublicKey("base64url"), auth: authSecret.toString("base64url") },
  };
}

// RFC 8291 5 and appendix A.
test("the example of the standard, byte for byte", () => {
  const body = encrypt(
    Buffer.from("When I grow up, I want to be a watermelon"),
    {
      p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
      auth: "BTBZMqHH6r4Tts7J_aSIgg",
    },
    {
      privateKey: Buffer.from("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw", "base64url"),
      salt: Buffer.from("DGv6ra1nlYgDCS1FRnbzlw", "base64url"),
    },
  );
  expect(body.toString("base64url")).toBe(
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml" +
      "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT" +
      "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
  );
});

test.each([0, 1, 15, 16, 17, 1_000, maxPlaintextBytes])("%i bytes, decrypted by another implementation", (length) => {
  const { ecdh, authSecret, keys } = subscriber();
  const plaintext = randomBytes(length);
  const body = encrypt(plaintext, keys);
  expect(body).toHaveLength(length + 103);
  expect(body.length).toBeLessThanOrEqual(4096);
  expect(ece.decrypt(body, { version: "aes128gcm", privateKey: ecdh, authSecret })).toEqual(plaintext);
});

test("one byte more than fits", () => {
  expect(() => encrypt(Buffer.alloc(maxPlaintextBytes + 1), subscriber().keys)).toThrow(RangeError);
});

test("salt and key are new each time", () => {
  const { keys } = subscriber();
  const [a, b] = [encrypt(Buffer.from("x"), keys), encrypt(Buffer.from("x"), keys)];
  expect(a.subarray(0, 16)).not.toEqual(b.subarray(0, 16));
  expect(a.subarray(21, 86)).not.toEqual(b.subarray(21, 86));
});

test.each([
  ["a point off the curve", { p256dh: Buffer.alloc(65, 4).toString("base64url") }],
  ["a compressed point", { p256dh: createCompressed() }],
  ["nothing", { p256dh: "" }],
  ["a short secret", { auth: "AAAA" }],
])("keys that are none: %s", (_name, wrong) => {
  expect(() => encrypt(Buffer.from("x"), { ...subscriber().keys, ...wrong })).toThrow(SubscriptionKeyError);
});

function createCompressed(): string {
  const ecdh = createECDH("prime256v1");
  ecdh.generateKeys();
  return ecdh.getPublicKey("base64url", "compressed");
}
