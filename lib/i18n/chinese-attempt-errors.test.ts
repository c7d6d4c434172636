import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { apnsReasons, attemptErrors, networkErrors } from "../contracts/attempt-errors.ts";
import { attemptErrorSentences, chineseAttemptErrors, chineseForeignErrors } from "./chinese-attempt-errors.ts";
import { remarkSentences } from "./chinese-remarks.ts";
import { translator } from "./translate-sentence.ts";

const placesOf = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).toSorted();
const chinese = new Map<string, string>([
  ...Object.entries(chineseAttemptErrors),
  ...Object.entries(chineseForeignErrors),
]);

test.each(Object.entries({ ...attemptErrors, ...networkErrors, ...apnsReasons }))(
  "%s is told in both languages",
  (code, english) => {
    const told = chinese.get(code) ?? "";
    expect(told).toMatch(/\p{Script=Han}/u);
    expect(english).not.toMatch(/\p{Script=Han}/u);
    expect(placesOf(told)).toEqual(placesOf(english));
  },
);

/** These may not import the contracts: what they write down is held against them here. */
test.each([
  ["storage/sqlite/outbox-cancellation.ts", 9],
  ["storage/sqlite/outbox-overflow.ts", 1],
  ["modules/push/module.ts", 1],
])("the errors of server/%s have codes", (name, count) => {
  const text = readFileSync(new URL(`../../server/${name}`, import.meta.url), "utf8");
  const written = Array.from(
    text.matchAll(/(?:, now, |unsent: |sent: |reason: |OVERFLOW = )"([a-z][^"]*)"/g),
    ([, error]) => error,
  );
  expect(written).toHaveLength(count);
  const known: readonly string[] = Object.values(attemptErrors);
  expect(written.filter((error) => error === undefined || !known.includes(error))).toEqual([]);
});

test("whatever the server has a code for, it says", () => {
  const folder = new URL("../../server/", import.meta.url);
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => readFileSync(new URL(name, folder), "utf8"))
    .join("\n");
  const unsaid = Object.entries(attemptErrors).filter(
    ([code, english]) => !sources.includes(`"${code}"`) && !sources.includes(`"${english}"`),
  );
  expect(unsaid).toEqual([]);
});

const translate = translator([...remarkSentences, ...attemptErrorSentences]);
test.each([
  ["the app is no longer on the device (Unregistered)", "设备上已没有该应用（Unregistered）"],
  ["connection refused: nothing listens there (ECONNREFUSED)", "连接被拒绝：该处没有服务在监听（ECONNREFUSED）"],
  ["APNs refused (HTTP 418)", "APNs 拒绝（HTTP 418）"],
  [
    "the key may not do this (Forbidden); the same for several accounts, and nothing was accepted yet",
    "密钥无权这样做（Forbidden）；多个账号都是如此，且尚未有任何推送被接受",
  ],
  ["service account: private_key is encrypted with a passphrase", "服务账号：private_key 有密码保护"],
  ["HTTP 403: no: check the VAPID key and the contact", "HTTP 403: no：请检查 VAPID 密钥和联系方式"],
  // Somebody else's words stay what they are.
  ["UNREGISTERED: Requested entity was not found.", null],
  ["HTTP 503", null],
])("what is kept: %s", (english, told) => {
  expect(translate(english)).toBe(told);
});
