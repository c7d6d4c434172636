import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { expect, test } from "vitest";
import { remarkText } from "../../../../lib/contracts/remarks.ts";
import { checkApns } from "./check.ts";
import { readKey } from "./key.ts";
import { apnsTarget } from "./testing.ts";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const other = (namedCurve: string) => generateKeyPairSync("ec", { namedCurve }).privateKey;
const pkcs8 = (key: KeyObject) => key.export({ type: "pkcs8", format: "pem" });
const good = pkcs8(privateKey);
const lines = good.trim().split("\n");
const encrypted = privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" });
const legacy = privateKey.export({ type: "sec1", format: "pem", cipher: "aes-256-cbc", passphrase: "x" });
const wrapped = (label: string) => `-----BEGIN ${label}-----\nMIIB\n-----END ${label}-----\n`;
// PFX with version 3, as RFC 7292 4 begins.
const pfx = Buffer.from([0x30, 0x82, 0x0a, 0x00, 2, 1, 3, 0x30, 0x82, 0x09, 0xc6, 0xff, 0xfe]);

test.each([
  ["as Apple gives it", good],
  ["with Windows line ends", good.replaceAll("\n", "\r\n")],
  ["from an environment variable", good.replaceAll("\n", String.raw`\n`)],
  ["on one line", lines.join(" ")],
  ["with blanks around it", `\n\n  ${good}  \n`],
  ["after a comment", `# AuthKey_ABC123DEFG.p8\n${good}`],
  ["in the older form", privateKey.export({ type: "sec1", format: "pem" })],
])("the key, %s", (_, text) => {
  const { key, problem } = readKey(text);
  expect(problem).toBeNull();
  expect(key!.equals(privateKey)).toBe(true);
});

test.each([
  ["nothing", "", "there is no key"],
  ["blanks", " \n ", "there is no key"],
  ["a certificate", wrapped("CERTIFICATE"), "a certificate, not a key"],
  ["a certificate and its key", wrapped("CERTIFICATE") + pkcs8(rsa.privateKey), "a certificate, not a key"],
  ["a signing request", wrapped("CERTIFICATE REQUEST"), "signing request"],
  ["a public key", publicKey.export({ type: "spki", format: "pem" }), "public key"],
  ["an RSA key", rsa.privateKey.export({ type: "pkcs1", format: "pem" }), "RSA key"],
  ["an RSA key in PKCS #8", pkcs8(rsa.privateKey), "another kind (rsa)"],
  ["an Ed25519 key", pkcs8(generateKeyPairSync("ed25519").privateKey), "another kind (ed25519)"],
  ["an SSH key", wrapped("OPENSSH PRIVATE KEY"), "SSH key"],
  ["an encrypted key", encrypted, "encrypted with a password"],
  ["a key encrypted the old way", legacy, "encrypted with a password"],
  ["a key on P-384", pkcs8(other("P-384")), "curve secp384r1"],
  ["a key on secp256k1", pkcs8(other("secp256k1")), "curve secp256k1"],
  ["a .p12 read as text", pfx.toString("utf8"), "binary file"],
  ["a .p12 in base64", pfx.toString("base64"), ".p12"],
  ["a key without its first line", lines.slice(1).join("\n"), "the first line"],
  ["a key without its last line", lines.slice(0, -1).join("\n"), "cut off"],
  ["a key without either", lines.slice(1, -1).join("\n"), "BEGIN PRIVATE KEY----- and -----END"],
  ["a key with a line missing", [lines[0], ...lines.slice(2)].join("\n"), "damaged"],
  ["a key with something added", good.replace("\n", "\n<b>"), "not base64"],
  ["a PEM of something else", wrapped("PKCS7"), "a file of PKCS7"],
  ["JSON", '{"type":"service_account"}', "JSON"],
  ["a word", "hunter2!", "not a key"],
])("instead of the key %s", (_, text, wanted) => {
  const { key, problem } = readKey(text);
  expect(key).toBeNull();
  expect(remarkText(problem!)).toContain(wanted);
});

test("a target that is fine: no problem, and what the key is", () => {
  const { problems, facts } = checkApns(apnsTarget({ key: good }));
  expect(problems).toEqual([]);
  expect(facts).toEqual([
    ["Key", "EC private key, P-256 (ES256)"],
    ["Fingerprint", expect.stringMatching(/^[0-9a-f]{16}$/)],
  ]);
  expect(JSON.stringify(facts)).not.toContain(lines[1]!.slice(0, 16));
});

test.each([
  [{ key: "" }, "key", "there is no key"],
  [{ keyId: "DEF123GHIJ" }, "teamId", "the key's id"],
  [{ topic: "org.example.chat.voip" }, "topic", "leave out .voip"],
  [{ server: "https://10.0.0.1", allowPrivate: false }, "server", "private"],
  [{ server: "http://push.example.org", allowPrivate: false }, "server", "http:"],
  [{ server: "https://push.example.org/3/device" }, "server", "APNs fixes the path"],
])("%o: a problem of %s", (settings, field, message) => {
  const { problems } = checkApns(apnsTarget({ key: good, ...settings }));
  expect(problems).toMatchObject([{ field, message: expect.stringContaining(message), line: null, column: null }]);
});

test("a server next door is fine where the target allows it", () => {
  expect(checkApns(apnsTarget({ key: good, server: "http://127.0.0.1:2197" })).problems).toEqual([]);
});
