import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { remarkSentences } from "./chinese-remarks.ts";
import { chineseFieldSentences } from "./field-sentences.ts";
import { chineseImportSentences } from "./import-sentences.ts";
import { chineseModuleSentences } from "./module-sentences.ts";
import { chineseProtocolSentences } from "./protocol-sentences.ts";
import { chineseReasonSentences } from "./reason-sentences.ts";
import { chineseSentences } from "./sentences.ts";
import { translator } from "./translate-sentence.ts";

const folders = ["core", "forward", "admin", "modules", "operations", "xmpp"].map((name) => `server/${name}`);
const sources = [...folders, "lib/contracts"].flatMap((folder) => {
  const root = new URL(`../../${folder}/`, import.meta.url);
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => readFileSync(new URL(name, root), "utf8"));
});
/** All texts of the sources with their values as `{}`, one after the other. */
const said = sources
  .join("\n")
  .replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, "{}")
  .replaceAll(String.raw`\"`, '"');

const all = [
  ...chineseSentences,
  ...chineseModuleSentences,
  ...chineseProtocolSentences,
  ...chineseImportSentences,
  ...chineseReasonSentences,
  ...chineseFieldSentences,
];

test.each(all)("the server still says: %s", (english) => {
  expect(said.includes(english.replaceAll(/\{\w+\}/g, "{}"))).toBe(true);
});

test("every note on a protocol is there in Chinese", () => {
  const notes = [...said.matchAll(/\bnote: "([A-Za-z][^"]*)"/g)].map(([, note = ""]) => note);
  const known = new Set(chineseProtocolSentences.map(([english]) => english));
  expect(notes.length).toBeGreaterThan(20);
  expect(notes.filter((note) => !known.has(note))).toEqual([]);
});

test("what a schema says in words of its own is there in Chinese", () => {
  const own = /\.regex\(\/.*\/[a-z]*,\s*"([^"]+)"|\bmessage: "([^"]+)"|^ {6}`([^`]+)`,$/gm;
  const contracts = readdirSync(new URL("../contracts/", import.meta.url), { encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => readFileSync(new URL(`../contracts/${name}`, import.meta.url), "utf8"))
    .join("\n");
  const words = Array.from(contracts.matchAll(own), ([, a, b, c]) => a ?? b ?? c ?? "").map((text) =>
    text.replaceAll(/\$\{[^}]*\}/g, "{}"),
  );
  const known = new Set(chineseFieldSentences.map(([english]) => english.replaceAll(/\{\w+\}/g, "{}")));
  expect(words.length).toBeGreaterThan(15);
  expect(words.filter((text) => !known.has(text))).toEqual([]);
});

/** Where what a person did wrong is thrown with a sentence as the last argument. */
const thrown = /new (?:JidError|SubscriptionKeyError)\((?:"([^"]+)"|`([^`]+)`)\)/g;
const denied = /StanzaError\.of\([^;`"]*"[\w-]+",\s*(?:"([^"]+)"|`([^`]+)`)\)/g;
const ofRooms = ["administration", "affiliate", "nick", "standing", "subject"].map((name) =>
  readFileSync(new URL(`../../server/modules/muc/${name}.ts`, import.meta.url), "utf8"),
);

test("every reason that admins are given is there in Chinese", () => {
  const known = new Set(all.map(([english]) => english.replaceAll(/\{\w+\}/g, "{}")));
  const reasons = [...sources.map((text) => [text, thrown] as const), ...ofRooms.map((text) => [text, denied] as const)]
    .flatMap(([text, pattern]) => Array.from(text.matchAll(pattern), ([, plain, filled]) => plain ?? filled ?? ""))
    .map((text) => text.replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, "{}"));
  expect(reasons.length).toBeGreaterThan(15);
  expect(reasons.filter((reason) => !known.has(reason))).toEqual([]);
});

test("a translation has the places of its sentence, and no sentence is there twice", () => {
  const placesOf = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).toSorted();
  for (const [english, chinese] of all) expect(placesOf(chinese), english).toEqual(placesOf(english));
  const keys = all.map(([english]) => english.replaceAll(/\{\w+\}/g, "{}"));
  expect(keys).toEqual([...new Set(keys)]);
});

const translate = translator([...chineseSentences, ...remarkSentences]);
test.each([
  ["by user eve@h (JID eve@h)", "由 user eve@h 匹配（JID 为 eve@h）"],
  ["There is no forward target hook.", "没有转发目标 hook。"],
  ["Line 3, column 7: There is no variable nope.", "第 3 行第 7 列：没有变量 nope。"],
  ["it is nothing but a chat state", "它只是聊天状态"],
  ["token_uri: not a URL", "token_uri：不是 URL"],
  ["there is no key: Apple gives the key as AuthKey_….p8", "没有密钥：Apple 提供的密钥文件名为 AuthKey_….p8"],
])("%s", (english, chinese) => {
  expect(translate(english)).toBe(chinese);
});
