import { expect, test } from "vitest";
import { networkErrors } from "../contracts/attempt-errors.ts";
import { webhookRemedyOf } from "./webhook-remedy.ts";

test("every break of a connection that the server has a sentence for has a remedy", () => {
  const without = Object.entries(networkErrors).filter(
    ([code, sentence]) => webhookRemedyOf({ outcome: "failed", status: null, error: `${sentence} (${code})` }) === null,
  );
  expect(without).toEqual([]);
});

test.each([
  ["delivered", 200, null, null],
  ["refused", null, "connection refused: nothing listens there (ECONNREFUSED)", "listen"],
  ["timeout", null, "no connection within 3 seconds (UND_ERR_CONNECT_TIMEOUT)", "reach"],
  ["timeout", null, "no complete answer in time", "slow"],
  ["blocked", null, "10.0.0.1 is not public (private) and the target does not allow private addresses", "private"],
  ["failed", 302, null, "redirect"],
  ["failed", 401, null, "credentials"],
  ["failed", 404, null, "path"],
  ["gone", 410, null, "gone"],
  ["failed", 413, null, "large"],
  ["failed", 429, null, "rate"],
  ["failed", 418, null, null],
  ["failed", 503, null, "serverLog"],
  ["aborted", 500, null, null],
  // It began to answer, and did not go on.
  ["failed", 500, "the connection was closed before an answer came (UND_ERR_SOCKET)", "serverLog"],
  ["failed", null, "something else (constructor)", null],
  ["failed", null, null, null],
] as const)("%s, %s, %s: %s", (outcome, status, error, remedy) => {
  expect(webhookRemedyOf({ outcome, status, error })).toBe(remedy);
});
