import { expect, test } from "vitest";
import type { ForwardAttempt } from "../contracts/forward-event.ts";
import { changesSince } from "./attempt-diff.ts";

const attempt = (change: Partial<ForwardAttempt>): ForwardAttempt => ({
  number: 1,
  startedAt: "2026-01-01T00:00:00.000Z",
  outcome: "failed",
  status: 503,
  error: "HTTP 503",
  address: "192.0.2.1:443",
  timing: { queueMs: 0, dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null, totalMs: 5 },
  request: { method: "POST", url: "https://app.example/", headers: [["webhook-timestamp", "1"]] },
  response: { headers: [["Set-Cookie", "a"]], body: "busy", truncated: false },
  providerId: null,
  ...change,
});

const request = (headers: [string, string][]): Pick<ForwardAttempt, "request"> => ({
  request: { method: "POST", url: "https://app.example/", headers },
});
const answer = (headers: [string, string][], body: string | null): Pick<ForwardAttempt, "response"> => ({
  response: { headers, body, truncated: false },
});

test.each<[string, Partial<ForwardAttempt>, ReturnType<typeof changesSince>]>([
  ["times and numbers are no difference", { number: 2, startedAt: "2026-01-01T00:01:00.000Z" }, []],
  [
    "a header of the request",
    request([["webhook-timestamp", "2"]]),
    [{ path: "request.headers.webhook-timestamp", before: "1", after: "2" }],
  ],
  [
    "a header that came and one that went",
    request([["x-forward-replay", "1"]]),
    [
      { path: "request.headers.webhook-timestamp", before: "1", after: null },
      { path: "request.headers.x-forward-replay", before: null, after: "1" },
    ],
  ],
  [
    "status and error",
    { status: 500, error: "HTTP 500" },
    [
      { path: "response.status", before: "503", after: "500" },
      { path: "error", before: "HTTP 503", after: "HTTP 500" },
    ],
  ],
  [
    "a header told twice, whatever its case",
    answer(
      [
        ["set-cookie", "a"],
        ["set-cookie", "b"],
      ],
      "busy",
    ),
    [{ path: "response.headers.set-cookie", before: "a", after: "a, b" }],
  ],
  ["a body", answer([["Set-Cookie", "a"]], "down"), [{ path: "response.body", before: "busy", after: "down" }]],
  [
    "no answer at all",
    { response: null, status: null, address: null },
    [
      { path: "address", before: "192.0.2.1:443", after: null },
      { path: "response.status", before: "503", after: null },
      { path: "response.headers.set-cookie", before: "a", after: null },
      { path: "response.body", before: "busy", after: null },
    ],
  ],
])("%s", (_, change, expected) => {
  expect(changesSince(attempt({}), attempt(change))).toEqual(expected);
});
