import { expect, test } from "vitest";
import { refusals } from "../contracts/refusals.ts";
import { chineseRefusals } from "./chinese-refusals.ts";

const placesOf = (text: string): string[] => text.match(/\{\w+\}/g) ?? [];

test.each(Object.entries(refusals))("%s is told in both languages", (code, english) => {
  const chinese = new Map<string, string>(Object.entries(chineseRefusals)).get(code) ?? "";
  expect(chinese).toMatch(/[\u4e00-\u9fff]/);
  expect(english).not.toMatch(/[\u4e00-\u9fff]/);
  // States are words of the API: Chinese says what follows from them.
  const left = placesOf(english).filter((place) => !placesOf(chinese).includes(place));
  expect(left.filter((place) => place !== "{state}")).toEqual([]);
  expect(placesOf(chinese).filter((place) => !placesOf(english).includes(place))).toEqual([]);
  // A field's sentence follows the field; a request's stands by itself.
  expect(english.endsWith(".")).toBe(chinese.endsWith("。"));
});
