import { expect, test } from "vitest";
import { curlOfAttempt } from "./attempt-curl.ts";

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
