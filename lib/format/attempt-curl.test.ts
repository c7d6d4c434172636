import { execFile } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { curlOfAttempt } from "./attempt-curl.ts";

const run = promisify(execFile);

test("secrets become a variable, curl's own headers are left out", () => {
  const request = {
    method: "POST",
    url: "https://app.example.com/hooks?x=1&y=2",
    headers: [
      ["Host", "app.example.com"],
      ["Authorization", "***"],
      ["webhook-id", "msg_1"],
    ] as [string, string][],
  };
  expect(curlOfAttempt(request, "body=it's", "application/x-www-form-urlencoded")).toBe(
    [
      `curl -i -X POST 'https://app.example.com/hooks?x=1&y=2'`,
      `-H "Authorization: $SECRET"`,
      `-H 'webhook-id: msg_1'`,
      `-H 'content-type: application/x-www-form-urlencoded'`,
      `--data-raw 'body=it'\\''s'`,
    ].join(" \\\n  "),
  );
});

describe("as a shell runs it", () => {
  const secret = Buffer.from("c2lnbmVk", "base64");
  const got: { method: string; url: string; headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      got.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
      response.end();
    });
  });
  beforeAll(async () => void (await once(server.listen(0, "127.0.0.1"), "listening")));
  afterAll(() => server.close());

  test.each([
    ["a form", "application/x-www-form-urlencoded", "from=a%40b&body=it's"],
    ["a file's sign", "text/plain", "@/etc/passwd"],
    ["what a shell would fill in", "application/json", '{"body":"$HOME `id` $(id) \\\\ \\"!"}'],
    ["lines", "application/json", '{\n  "body": "你好\\n"\n}\n'],
  ])("the receiver gets the same bytes, and their signature is right: %s", async (_, contentType, payload) => {
    const { port } = server.address() as AddressInfo;
    const signature = createHmac("sha256", secret).update(`evt_1.1767225600.${payload}`).digest("base64");
    const headers: [string, string][] = [
      ["host", "app.example.com"],
      ["content-length", "7"],
      ["authorization", "***"],
      ["content-type", contentType],
      ["webhook-id", "evt_1"],
      ["webhook-timestamp", "1767225600"],
      ["webhook-signature", `v1,${signature}`],
    ];
    const command = curlOfAttempt(
      { method: "POST", url: `http://127.0.0.1:${port}/hooks?x=1&y='2'`, headers },
      payload,
      contentType,
    );
    await run("sh", ["-c", command], { env: { ...process.env, SECRET: "Bearer it's" } });
    const request = got.at(-1)!;
    expect(request).toMatchObject({
      method: "POST",
      headers: { authorization: "Bearer it's", "content-type": contentType, "webhook-id": "evt_1" },
      body: payload,
    });
    expect(request.headers.host).toBe(`127.0.0.1:${port}`);
    const { "webhook-id": id, "webhook-timestamp": at } = request.headers;
    const wanted = createHmac("sha256", secret).update(`${String(id)}.${String(at)}.${request.body}`);
    expect(request.headers["webhook-signature"]).toBe(`v1,${wanted.digest("base64")}`);
  });

  test("a body that is hidden comes from the environment", async () => {
    const { port } = server.address() as AddressInfo;
    const command = curlOfAttempt(
      { method: "POST", url: `http://127.0.0.1:${port}/`, headers: [] },
      null,
      "text/plain",
    );
    await run("sh", ["-c", command], { env: { ...process.env, BODY: "its own" } });
    expect(got.at(-1)).toMatchObject({ body: "its own", headers: { "content-type": "text/plain" } });
  });
});
