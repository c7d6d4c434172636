import { spawnSync } from "node:child_process";
import { createPublicKey, randomBytes, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { Webhook as Oracle } from "standardwebhooks";
import { beforeAll, describe, expect, test } from "vitest";
import { privateKeyText, publicKeyText, Signer } from "./signer.ts";

const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const other = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
const body = "from=romeo&to=juliet&body=%E2%98%80";
const now = Date.now();
const at = String(Math.floor(now / 1000));

describe("as others check them", () => {
  const keyOf = (): string => privateKeyText(randomBytes(32));
  const bodies = ["", "{}", body, "\u{1F600} ☀ \0", "x".repeat(100_000)];

  test("v1, by the library of Standard Webhooks", () => {
    const previous = { secret: other, key: null, until: now + 1_000 };
    const signer = new Signer({ current: secret, key: null, since: 0, previous }, ["v1"]);
    for (const text of bodies) {
      const signature = signer.sign("evt_1", at, text, now);
      const headers = { "webhook-id": "evt_1", "webhook-timestamp": at, "webhook-signature": signature };
      for (const one of [secret, other]) {
        const oracle = new Oracle(one);
        expect(() => oracle.verify(text, headers)).not.toThrow(/signature/i);
        expect(() => oracle.verify(`${text}.`, headers)).toThrow(/signature/i);
      }
    }
  });

  test("v1a, by the public key alone", () => {
    const [key, before] = [keyOf(), keyOf()];
    const previous = { secret: other, key: before, until: now + 1_000 };
    const signer = new Signer({ current: secret, key, since: 0, previous }, ["v1", "v1a"]);
    for (const text of bodies) {
      const list = signer.sign("evt_1", at, text, now).split(" ");
      expect(list.map((one) => one.split(",")[0])).toEqual(["v1", "v1a", "v1", "v1a"]);
      expect(isMadeBy(publicKeyText(key), list[1]!, text)).toBe(true);
      expect(isMadeBy(publicKeyText(key), list[3]!, text)).toBe(false);
      expect(isMadeBy(publicKeyText(before), list[3]!, text)).toBe(true);
      expect(isMadeBy(publicKeyText(key), list[1]!, `${text}.`)).toBe(false);
      expect(signer.sign("evt_1", at, text, now + 1_000).split(" ")).toHaveLength(2);
    }
  });

  test("keys are texts of Standard Webhooks", () => {
    const key = keyOf();
    expect(Buffer.from(key.replace(/^whsk_/, ""), "base64")).toHaveLength(64);
    expect(Buffer.from(publicKeyText(key).replace(/^whpk_/, ""), "base64")).toEqual(
      Buffer.from(key.replace(/^whsk_/, ""), "base64").subarray(32),
    );
    // RFC 8032 7.1, test 1.
    const seed = Buffer.from("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "hex");
    const point = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    expect(publicKeyText(privateKeyText(seed))).toBe(`whpk_${Buffer.from(point, "hex").toString("base64")}`);
  });

  test("without a key pair there is no v1a", () => {
    const signing = { current: secret, key: null, since: 0, previous: null };
    expect(new Signer(signing, ["v1a"]).sign("evt_1", at, body, now)).toBe("");
    expect(new Signer(signing, ["v1", "v1a"]).sign("evt_1", at, body, now)).toMatch(/^v1,[^ ]+$/);
  });

  function isMadeBy(publicKey: string, signature: string, text: string): boolean {
    const start = Buffer.from("302a300506032b6570032100", "hex");
    const der = Buffer.concat([start, Buffer.from(publicKey.replace(/^whpk_/, ""), "base64")]);
    const key = createPublicKey({ key: der, format: "der", type: "spki" });
    const bytes = Buffer.from(signature.replace(/^v1a,/, ""), "base64");
    return verify(null, Buffer.from(`evt_1.${at}.${text}`), key, bytes);
  }
});

/** What a receiver gets: headers and body. */
interface Received {
  readonly "webhook-id": string;
  readonly "webhook-timestamp": string;
  readonly "webhook-signature": string;
  readonly body: string;
}

function received(current: string, previous: string | null, changes: Partial<Received> = {}): Received {
  const before = previous === null ? null : { secret: previous, key: null, until: now + 1_000 };
  const signer = new Signer({ current, key: null, since: 0, previous: before }, ["v1"]);
  const old = String(Number(at) - 400);
  const timestamp = changes["webhook-timestamp"] === "old" ? old : at;
  return {
    "webhook-id": "evt_1",
    "webhook-signature": signer.sign("evt_1", timestamp, body, now),
    body,
    ...changes,
    "webhook-timestamp": timestamp,
  };
}

const cases: readonly (readonly [name: string, request: Received, isGenuine: boolean])[] = [
  ["signed with the secret", received(secret, null), true],
  ["signed with a new secret, and still with this one", received(other, secret), true],
  ["signed with another secret", received(other, null), false],
  ["another body", received(secret, null, { body: `${body}x` }), false],
  ["another id", received(secret, null, { "webhook-id": "evt_2" }), false],
  ["too old", received(secret, null, { "webhook-timestamp": "old" }), false],
  ["no signature", received(secret, null, { "webhook-signature": "" }), false],
  ["no base64", received(secret, null, { "webhook-signature": "v1,é" }), false],
];

/** The receivers that docs/forwarding.md shows are what people copy. */
function snippet(language: string, marker: string): string {
  const page = readFileSync(new URL("../../../docs/forwarding.md", import.meta.url), "utf8");
  const blocks = Array.from(page.matchAll(/```(\w+)\n([^]*?)```/g), ([, name, code]) => ({ name, code: code ?? "" }));
  return blocks.find(({ name, code }) => name === language && code.includes(marker))!.code;
}

describe("the receiver in JavaScript", () => {
  let isGenuine: (headers: Record<string, string>, text: string) => boolean;
  beforeAll(async () => {
    process.env["WEBHOOK_SECRET"] = secret;
    const url = `data:text/javascript,${encodeURIComponent(snippet("js", "isGenuine"))}`;
    ({ isGenuine } = (await import(url)) as { isGenuine: typeof isGenuine });
  });

  test.each(cases)("%s", (_name, { body: text, ...headers }, wanted) => {
    expect(isGenuine(headers, text)).toBe(wanted);
  });
});

test("the receiver with a public key", async () => {
  const [key, before] = [privateKeyText(randomBytes(32)), privateKeyText(randomBytes(32))];
  process.env["WEBHOOK_PUBLIC_KEY"] = publicKeyText(before);
  const url = `data:text/javascript,${encodeURIComponent(snippet("js", "isSigned"))}`;
  const { isSigned } = (await import(url)) as { isSigned: (headers: Record<string, string>, text: string) => boolean };
  const previous = { secret: other, key: before, until: now + 1_000 };
  const headersOf = (text: string, of: string | null, timestamp = at) => {
    const signing = { current: secret, key, since: 0, previous: of === null ? null : { ...previous, key: of } };
    const signature = new Signer(signing, ["v1", "v1a"]).sign("evt_1", timestamp, text, now);
    return { "webhook-id": "evt_1", "webhook-timestamp": timestamp, "webhook-signature": signature };
  };
  expect(isSigned(headersOf(body, before), body)).toBe(true);
  expect(isSigned(headersOf(body, null), body)).toBe(false);
  expect(isSigned(headersOf(body, before), `${body}x`)).toBe(false);
  expect(isSigned(headersOf(body, before, String(Number(at) - 400)), body)).toBe(false);
  expect(isSigned({ "webhook-id": "evt_1", "webhook-timestamp": at }, body)).toBe(false);
});

test("the receiver in Python", () => {
  const script = `
import json, sys
${snippet("python", "is_genuine")}
def environ(request):
    return {"HTTP_" + name.upper().replace("-", "_"): value for name, value in request.items() if name != "body"}
print(json.dumps([is_genuine(environ(one), one["body"].encode()) for one in json.load(sys.stdin)]))
`;
  const { error, stdout, stderr } = spawnSync("python3", ["-c", script], {
    input: JSON.stringify(cases.map(([, request]) => request)),
    encoding: "utf8",
    env: { ...process.env, WEBHOOK_SECRET: secret },
  });
  expect(error, "this test needs python3 on the PATH").toBeUndefined();
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual(cases.map(([, , isGenuine]) => isGenuine));
});

test("the receiver in PHP", () => {
  const script = `
${snippet("php", "is_genuine")}
$answers = [];
foreach (json_decode(file_get_contents("php://stdin"), true) as $one) {
    foreach (["ID", "TIMESTAMP", "SIGNATURE"] as $name)
        $_SERVER["HTTP_WEBHOOK_$name"] = $one["webhook-" . strtolower($name)];
    $answers[] = is_genuine($one["body"]);
}
echo json_encode($answers);
`;
  const { error, stdout, stderr } = spawnSync("php", ["-r", script], {
    input: JSON.stringify(cases.map(([, request]) => request)),
    encoding: "utf8",
    env: { ...process.env, WEBHOOK_SECRET: secret },
  });
  expect(error, "this test needs php on the PATH").toBeUndefined();
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual(cases.map(([, , isGenuine]) => isGenuine));
});
