import { createTranslator, type IntlError } from "use-intl/core";
import { expect, test } from "vitest";
import { locales } from "../locales.ts";
import { messages } from "./index.ts";

type Tree = { [key: string]: string | Tree };

function flatten(tree: Tree, prefix = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === "string" ? [[prefix + key, value]] : flatten(value, `${prefix}${key}.`),
  );
}

const flat = Object.fromEntries(locales.map((locale) => [locale, new Map(flatten(messages[locale]))]));
const argumentsOf = (text: string) => [...new Set(text.match(/\{\s*(\w+)/g) ?? [])].map((name) => name.slice(1).trim());

/** Arguments outside plural branches: what the component has to pass. */
const topArguments = (text: string) => argumentsOf(text.replaceAll(/(plural|select),.*\}/gs, "}")).toSorted();

test("every language has every key", () => {
  expect([...flat["zh-CN"]!.keys()]).toEqual([...flat["en"]!.keys()]);
});

test("no text is empty", () => {
  for (const locale of locales) for (const [key, text] of flat[locale]!) expect(text.trim(), key).not.toBe("");
});

test("a translation takes the same arguments", () => {
  for (const [key, text] of flat["en"]!) {
    const translated = flat["zh-CN"]!.get(key) ?? "";
    for (const name of topArguments(translated)) expect(argumentsOf(text), key).toContain(name);
  }
});

test("no long English run is left in Chinese", () => {
  const names = /nightpost admin grant JID|Switch to English/;
  const run = /[A-Za-z]{2,}(?: [A-Za-z]{2,}){3,}/;
  for (const [key, text] of flat["zh-CN"]!)
    if (!names.test(text)) expect(run.test(text), `${key}: ${text}`).toBe(false);
});

test("every text is a valid ICU message", () => {
  const errors: string[] = [];
  for (const locale of locales) {
    for (const [key, text] of flat[locale]!) {
      const values = Object.fromEntries(argumentsOf(text).map((name) => [name, 1]));
      const tags = Object.fromEntries([...text.matchAll(/<(\w+)>/g)].map(([, tag]) => [tag, () => ""]));
      const onError = (error: IntlError) => errors.push(`${locale} ${key}: ${error.message}`);
      const translate = createTranslator({ locale, messages: { text } as never, onError });
      void translate.rich("text" as never, { ...values, ...tags } as never);
    }
  }
  expect(errors).toEqual([]);
});
