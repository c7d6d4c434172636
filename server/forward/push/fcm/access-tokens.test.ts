import { afterEach, describe, expect, test } from "vitest";
import { manualClock } from "../../../core/clock.ts";
import { Origins } from "../../http/origins.ts";
import { jsonAnswer } from "../mock-http.ts";
import { AccessTokens } from "./access-tokens.ts";
import { startFcmMock, type FcmMock } from "./mock.ts";
import { readServiceAccount } from "./service-account.ts";

const minuteMs = 60_000;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function start(): Promise<{
  clock: ReturnType<typeof manualClock>;
  mock: FcmMock;
  tokens: AccessTokens;
  origins: Origins;
}> {
  const clock = manualClock();
  const mock = await startFcmMock(clock);
  const origins = new Origins({ timeoutMs: 5_000, allowPrivate: true, maxIdle: 4 });
  closing.push(() => mock.close());
  closing.push(() => origins.close(true));
  return { clock, mock, origins, tokens: new AccessTokens(readServiceAccount(mock.serviceAccount), origins, clock) };
}

async function taken(tokens: AccessTokens): Promise<string> {
  const token = await tokens.get();
  if (typeof token !== "string") throw new Error(token.found.error ?? "");
  return token;
}

test("over a day a token is asked for every 50 minutes, and none in use is older", async () => {
  const { clock, mock, tokens } = await start();
  const startedAt = clock.now();
  for (let minute = 0; minute < 24 * 60; minute += 1) {
    await taken(tokens);
    clock.advance(minuteMs);
  }
  expect(mock.complaints).toEqual([]);
  expect(mock.mints.map((at) => (at - startedAt) / minuteMs)).toEqual(
    Array.from({ length: 29 }, (_, index) => index * 50),
  );
});

test("all who need one wait for the same request", async () => {
  const { mock, tokens } = await start();
  const got = await Promise.all(Array.from({ length: 50 }, () => taken(tokens)));
  expect(new Set(got).size).toBe(1);
  expect(mock.mints).toHaveLength(1);
});

test("one that is refused is asked for anew, once", async () => {
  const { mock, tokens } = await start();
  const first = await taken(tokens);
  tokens.reject(first);
  const second = await taken(tokens);
  tokens.reject(first);
  expect(await tokens.get()).toBe(second);
  expect(second).not.toBe(first);
  expect(mock.mints).toHaveLength(2);
});

test("a refresh that fails leaves the old one in use until its end, and is not tried all the time", async () => {
  const { clock, mock, tokens } = await start();
  const first = await tokens.get();
  mock.behaveToken = () => ({ status: 503 });
  clock.advance(51 * minuteMs);
  for (let count = 0; count < 5; count += 1) expect(await tokens.get()).toBe(first);
  expect(mock.mints).toHaveLength(2);
  clock.advance(31_000);
  expect(await tokens.get()).toBe(first);
  expect(mock.mints).toHaveLength(3);
  clock.advance(9 * minuteMs);
  expect(await tokens.get()).toMatchObject({ found: { outcome: "failed" } });
});

test("a clock that is set back does not keep a token", async () => {
  const { clock, mock, tokens } = await start();
  await tokens.get();
  clock.advance(-60 * minuteMs);
  await tokens.get();
  expect(mock.mints).toHaveLength(2);
});

test("a token that lives shorter is refreshed at half of its life", async () => {
  const { clock, mock, tokens } = await start();
  mock.behaveToken = () => jsonAnswer(200, { access_token: "short", expires_in: 60 });
  await tokens.get();
  clock.advance(29_000);
  await tokens.get();
  expect(mock.mints).toHaveLength(1);
  clock.advance(2_000);
  await tokens.get();
  expect(mock.mints).toHaveLength(2);
});

describe("no token", () => {
  const grantError = (error: string, words: string) => jsonAnswer(400, { error, error_description: words });
  const cases = [
    [
      "a deleted key",
      grantError("invalid_grant", "Invalid JWT Signature."),
      "misconfigured",
      "Invalid JWT Signature. (invalid_grant) Was the key deleted?",
    ],
    [
      "a wrong clock",
      grantError("invalid_grant", "Invalid JWT: check your iat and exp values"),
      "misconfigured",
      "Is the clock of this machine right?",
    ],
    [
      "a deleted account",
      grantError("invalid_grant", "Invalid grant: account not found"),
      "misconfigured",
      "account not found",
    ],
    [
      "a client that may not",
      jsonAnswer(401, { error: "unauthorized_client" }),
      "misconfigured",
      "unauthorized_client",
    ],
    ["no words", { status: 403 }, "misconfigured", "HTTP 403"],
    ["too many", { status: 429, headers: { "retry-after": "7" } }, "failed", "HTTP 429"],
    ["an outage", { status: 503 }, "failed", "HTTP 503"],
    ["another page", { status: 302, headers: { location: "/" } }, "failed", "HTTP 302"],
    ["an empty answer", jsonAnswer(200, {}), "failed", "none in it"],
    ["no JSON", { status: 200, body: "<html>" }, "failed", "none in it"],
  ] as const;
  test.each(cases)("%s", async (_name, answer, outcome, error) => {
    const { mock, tokens } = await start();
    mock.behaveToken = () => answer;
    const refusal = await tokens.get();
    expect(refusal).toMatchObject({ found: { outcome, error: expect.stringContaining(error) as string } });
    // The next one asks again.
    mock.behaveToken = () => undefined;
    expect(typeof (await tokens.get())).toBe("string");
  });

  test("Retry-After of the token's server is passed on", async () => {
    const { mock, tokens } = await start();
    mock.behaveToken = () => ({ status: 429, headers: { "retry-after": "7" } });
    expect(await tokens.get()).toMatchObject({ found: { retryAfterMs: 7_000 } });
  });

  test("a connection that breaks", async () => {
    const { mock, tokens } = await start();
    mock.behaveToken = () => "reset";
    expect(await tokens.get()).toMatchObject({ found: { outcome: "failed" } });
  });

  test("closing ends the wait", async () => {
    const { mock, tokens, origins } = await start();
    mock.behaveToken = () => "silence";
    const waiting = tokens.get();
    await mock.received(1);
    origins.close(true);
    expect(await waiting).toMatchObject({ found: { outcome: "timeout" } });
  });
});
