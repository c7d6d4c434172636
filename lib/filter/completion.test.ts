import { expect, test } from "vitest";
import { complete } from "./completion.ts";

const terms = [
  {
    name: "state",
    label: "State",
    options: [
      ["dead", "Given up"],
      ["delivered", "Delivered"],
    ],
    isTurnable: true,
  },
  { name: "reason", label: "Reason", options: [["timed out", "timed out"]] },
] as const;

test.each([
  ["", ["state:", "reason:"]],
  ["s", ["state:"]],
  ["Rea", ["reason:"]],
  ["x", []],
  ["state:", ["state:dead", "state:delivered"]],
  ["state:del", ["state:delivered"]],
  ["state:giv", ["state:dead"]],
  ["reason:t", ['reason:"timed out"']],
  ["colour:", []],
  ["late st", ["state:"]],
  ["-", ["-state:"]],
  ["-st", ["-state:"]],
  ["-rea", []],
  ["-state:de", ["-state:dead", "-state:delivered"]],
])("%j becomes one of %j", (text, expected) => {
  expect(complete(text, text.length, terms).suggestions.map((each) => each.text)).toEqual(expected);
});

test("only the word at the caret is replaced", () => {
  expect(complete("late st words", 7, terms)).toMatchObject({ start: 5, end: 7, suggestions: [{ isWhole: false }] });
});
