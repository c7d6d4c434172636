import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { refusals } from "../contracts/refusals.ts";
import { remarks } from "../contracts/remarks.ts";
import { chineseRemarks, remarkSentences } from "./chinese-remarks.ts";
import { translator } from "./translate-sentence.ts";

const placesOf = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).toSorted();
const known = new Map<string, string>(Object.entries(chineseRemarks));

test.each(Object.entries(remarks))("%s is told in both languages", (code, english) => {
  const chinese = known.get(code) ?? "";
  // A sentence that is made of values and names of members alone has its own words in the values.
  if (/[a-z]{2}/i.test(english.replaceAll(/\{\w+\}|\w+_\w+/g, ""))) expect(chinese).toMatch(/\p{Script=Han}/u);
  expect(english).not.toMatch(/\p{Script=Han}/u);
  expect(placesOf(chinese)).toEqual(placesOf(english));
});

test("a code says one thing: remarks and refusals are looked up together", () => {
  expect(Object.keys(remarks).filter((code) => Object.hasOwn(refusals, code))).toEqual([]);
});

const server = new URL("../../server/", import.meta.url);
const sources = readdirSync(server, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
  .map((name) => [name, readFileSync(new URL(name, server), "utf8")] as const);

test("every remark is made somewhere", () => {
  const all = sources.map(([, text]) => text).join("\n");
  expect(Object.keys(remarks).filter((code) => !all.includes(`"${code}"`))).toEqual([]);
});

// `Issues` and `targetProblem` take remarks only: the compiler sees to it. What is left are those who go without.
test("an issue of a policy that is put together by hand has a code, too", () => {
  const byHand = sources.flatMap(([name, text]) =>
    Array.from(text.matchAll(/suggestion: null,?([^}]*)\}/g), ([, rest = ""]) => [name, rest] as const),
  );
  expect(byHand.filter(([, rest]) => !rest.includes("valueFault(issue)"))).toEqual([]);
  expect(byHand.length).toBeGreaterThan(0);
});

const translate = translator(remarkSentences);
test.each([
  ["not a URL", "不是 URL"],
  [
    "10.0.0.1 is not public (private) and the target does not allow private addresses",
    /^10\.0\.0\.1 不是公网地址（private）/,
  ],
  ["acl.admin: whatever else somebody says.", null],
])("what is kept as a sentence only: %s", (english, chinese) => {
  const told = translate(english);
  if (chinese instanceof RegExp) expect(told).toMatch(chinese);
  else expect(told).toBe(chinese);
});
