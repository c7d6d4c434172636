import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { Signer } from "./signer.ts";

const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const other = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
const body = "from=romeo&to=juliet&body=%E2%98%80";
const now = Date.now();
const at = String(Math.floor(now / 1000));

/** What a receiver gets: headers and body. */
interface Received {
  readonly "webhook-id": string;
  readonly "webhook-timestamp": string;
  readonly "webhook-signature": string;
  readonly body: string;
}

function received(current: string, previous: string | null, changes: Partial<Received> = {}): Received {
  const signer = new Signer({
    current,
    since: 0,
    previous: previous === null ? null : { secret: previous, until: now + 1_000 },
  });
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
  const page = readFileSync(new URL("../../docs/forwarding.md", import.meta.url), "utf8");
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
