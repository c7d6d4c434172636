import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { FcmTarget } from "../../../../lib/contracts/forward-target.ts";
import { checkFcm } from "./check.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const pem = rsa.export({ type: "pkcs8", format: "pem" });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" });
const encrypted = rsa.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" });
const fields = {
  type: "service_account",
  project_id: "my-app",
  private_key_id: "abc123",
  private_key: pem,
  client_email: "push@my-app.iam.gserviceaccount.com",
  token_uri: "https://oauth2.googleapis.com/token",
};

function check(serviceAccount: string, more: object = {}): ReturnType<typeof checkFcm> {
  return checkFcm(FcmTarget.parse({ kind: "fcm", serviceAccount, ...more }));
}
const withField = (name: string, value: unknown): string => JSON.stringify({ ...fields, [name]: value });

test("a right file has no problems, and these facts", () => {
  expect(check(JSON.stringify(fields, null, 2))).toEqual({
    problems: [],
    facts: [
      ["project", "my-app"],
      ["account", "push@my-app.iam.gserviceaccount.com"],
      ["key", "abc123"],
      ["tokens", "https://oauth2.googleapis.com/token"],
    ],
  });
});

test("what Google leaves out does no harm", () => {
  const { private_key_id: _id, token_uri: _uri, ...rest } = fields;
  expect(check(JSON.stringify(rest))).toMatchObject({
    problems: [],
    facts: [
      ["project", "my-app"],
      ["account", fields.client_email],
      ["tokens", fields.token_uri],
    ],
  });
  expect(check(withField("private_key", rsa.export({ type: "pkcs1", format: "pem" }))).problems).toEqual([]);
});

test("a mask stands for a file that is stored", () => {
  expect(check("***")).toEqual({ problems: [], facts: [] });
});

describe("says what is wrong", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["nothing", " ", "empty"],
    ["the key alone", pem, "this is the key alone"],
    ["a legacy key", "AAAAabcdefg:APA91bH0123456789", "legacy server key"],
    ["the app's file", JSON.stringify({ project_info: {}, client: [] }), "google-services.json"],
    ["the iOS app's file", '<?xml version="1.0"?><plist></plist>', "GoogleService-Info.plist"],
    ["the web app's settings", JSON.stringify({ apiKey: "x", authDomain: "y" }), "configuration of a web app"],
    ["an OAuth client", JSON.stringify({ installed: {} }), "OAuth client"],
    ["a person", JSON.stringify({ type: "authorized_user" }), "credentials of a person"],
    ["a workload identity", JSON.stringify({ type: "external_account" }), "workload identity"],
    ["another object", "{}", "it has no “type”"],
    ["another type", JSON.stringify({ type: "x" }), "“type” is another"],
    ["a list", "[1]", "no object"],
    ["no project", withField("project_id", undefined), "project_id is missing"],
    ["no account", withField("client_email", ""), "client_email is not a text"],
    ["no key", withField("private_key", undefined), "private_key is missing"],
    ["a key escaped twice", withField("private_key", pem.replaceAll("\n", String.raw`\n`)), "escaped once too often"],
    ["a key without its first line", withField("private_key", pem.split("\n").slice(1).join("\n")), "first line"],
    ["a key cut short", withField("private_key", pem.slice(0, 500)), "last line is missing"],
    [
      "a damaged key",
      withField("private_key", pem.replace(/[A-Za-z0-9+/]{200}\n/, "").replace("MII", "XXX")),
      "damaged",
    ],
    ["a key of a curve", withField("private_key", ec), "of type ec"],
    ["an encrypted key", withField("private_key", encrypted), "passphrase"],
    [
      "a certificate",
      withField("private_key", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----"),
      "certificate",
    ],
    ["no token address", withField("token_uri", "x"), "token_uri is not a URL"],
    ["a private token address", withField("token_uri", "https://10.0.0.1/token"), "token_uri: 10.0.0.1 is not public"],
    ["a plain token address", withField("token_uri", "http://example.org/token"), "token_uri: http:"],
  ];
  test.each(cases)("%s", (_name, text, message) => {
    const { problems } = check(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ field: "serviceAccount", line: null });
    expect(problems[0]!.message).toContain(message);
  });

  test("where the JSON breaks, without repeating any of it", () => {
    const { problems } = check('{\n  "type": "service_account",\n  "private_key": secret-words\n}');
    expect(problems).toMatchObject([
      { field: "serviceAccount", message: "not JSON: the file has to be pasted as it is", line: 3, column: 18 },
    ]);
    expect(JSON.stringify(problems)).not.toContain("secret-words");
  });

  test.each([
    ["{x}", 1, 2],
    ['{"s": secret-words, "type": "service_account"}', 1, 7],
    ['{"type":\n"service_account",}', 2, 19],
    ['{"type":"service\naccount"}', 1, 17],
    ['{"type":"service_account"}\n}', 2, 1],
  ])("where %j breaks", (text, line, column) => {
    expect(check(text).problems).toMatchObject([{ line, column }]);
  });

  test("JSON that is cut short", () => {
    const text = JSON.stringify(fields);
    expect(check(text.slice(0, 200)).problems[0]!.message).toContain("not JSON");
  });

  test("a server that must not be asked", () => {
    expect(check(JSON.stringify(fields), { server: "https://127.0.0.1" }).problems).toMatchObject([
      { field: "server" },
    ]);
    expect(check(JSON.stringify(fields), { server: "http://fcm.example.org" }).problems).toMatchObject([
      { field: "server" },
    ]);
    expect(check(JSON.stringify(fields), { server: "http://127.0.0.1", allowPrivate: true }).problems).toEqual([]);
  });
});
