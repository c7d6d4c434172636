import { describe, expect, test } from "vitest";
import { readFilter, type TermShape, wordsOf, writeTerm } from "./grammar.ts";

const shapes: TermShape[] = [
  { name: "state", kind: "choice", values: ["delivered", "dead"], isTurnable: true },
  { name: "user", kind: "text", isTurnable: true },
  { name: "time", kind: "time" },
  { name: "unused", kind: "days" },
  { name: "queued", kind: "count" },
];
const now = Date.parse("2026-11-22T12:00:30Z");
const read = (text: string) => readFilter(text, shapes, now);
const day = (text: string): string => new Date(`${text}T00:00:00`).toISOString();

describe("terms", () => {
  test.each([
    ["state:dead", "state", { kind: "text", text: "dead" }],
    ["State:DEAD", "state", { kind: "text", text: "dead" }],
    ["user:ada@a.example", "user", { kind: "text", text: "ada@a.example" }],
    ['user:"ada lovelace"', "user", { kind: "text", text: "ada lovelace" }],
    ["unused:30", "unused", { kind: "text", text: "30" }],
    ["unused:>30d", "unused", { kind: "text", text: "30" }],
    ["unused:<2026-11-20", "unused", { kind: "text", text: "3" }],
    ["queued:>100", "queued", { kind: "text", text: "100" }],
    ["time:<2h", "time", { kind: "time", since: "2026-11-22T10:00:00.000Z", until: null }],
    ["time:>30d", "time", { kind: "time", since: null, until: "2026-10-23T12:00:00.000Z" }],
    ["time:>2026-01-02", "time", { kind: "time", since: day("2026-01-02"), until: null }],
    ["time:<2026-01-02", "time", { kind: "time", since: null, until: day("2026-01-02") }],
    ["time:2026-01-31", "time", { kind: "time", since: day("2026-01-31"), until: day("2026-02-01") }],
    ["time:>2026-01-02T03:04:05Z", "time", { kind: "time", since: "2026-01-02T03:04:05.000Z", until: null }],
  ])("%s", (text, name, value) => {
    expect(read(text)).toEqual({
      terms: new Map([[name, value]]),
      turned: new Set(),
      words: "",
      problems: [],
      rest: "",
    });
  });

  test.each([
    ["state:lost", { kind: "bad-value", name: "state", value: "lost" }],
    ["state:", { kind: "bad-value", name: "state", value: "" }],
    ["time:soon", { kind: "bad-value", name: "time", value: "soon" }],
    ["time:>2026-13-45", { kind: "bad-value", name: "time", value: ">2026-13-45" }],
    ["time:2026-01-02T03:04", { kind: "bad-value", name: "time", value: "2026-01-02T03:04" }],
    ["unused:2027-01-01", { kind: "bad-value", name: "unused", value: "2027-01-01" }],
    ["unused:2026-99-01", { kind: "bad-value", name: "unused", value: "2026-99-01" }],
    ["queued:many", { kind: "bad-value", name: "queued", value: "many" }],
    ["unused:0", { kind: "bad-value", name: "unused", value: "0" }],
    ["colour:red", { kind: "no-term", name: "colour" }],
    ["constructor:x", { kind: "no-term", name: "constructor" }],
  ])("%s is a problem", (text, problem) => {
    expect(read(text)).toMatchObject({ problems: [problem], words: "", rest: text });
  });
});

test("words, terms and problems stand side by side", () => {
  const { terms, words, problems, rest } = read('late state:dead "to be:or" user:a user:b http://a.example');
  expect([...terms.keys()]).toEqual(["state", "user"]);
  expect(words).toBe("late to be:or http://a.example");
  expect(problems).toEqual([{ kind: "twice", name: "user" }]);
  expect(rest).toBe("user:b");
});

test.each([
  ["-state:dead", ["state"], "", []],
  ["not state:dead", ["state"], "", []],
  ["late NOT user:a -state:dead", ["user", "state"], "late", []],
  ["not", [], "not", []],
  ["not late state:dead", [], "not late", []],
  ['"not" state:dead', [], "not", []],
  ["-time:<2h", [], "", [{ kind: "no-not", name: "time" }]],
  ["not time:<2h", [], "", [{ kind: "no-not", name: "time" }]],
  ["-state:lost", [], "", [{ kind: "bad-value", name: "state", value: "lost" }]],
  ["-late", [], "-late", []],
])("%s turns round %j", (text, turned, words, problems) => {
  const found = read(text);
  expect([[...found.turned], found.words, found.problems]).toEqual([turned, words, problems]);
});

test("what is turned round and not understood stays as it was meant", () => {
  expect(read("not time:<2h").rest).toBe("-time:<2h");
  expect(read("-time:<2h").rest).toBe("-time:<2h");
});

test("words know where they stand", () => {
  expect(wordsOf('  a "b c" d:"e f')).toEqual([
    { text: "a", start: 2, end: 3 },
    { text: '"b c"', start: 4, end: 9 },
    { text: 'd:"e f', start: 10, end: 16 },
  ]);
});

test.each([
  ["user", "ada", "user:ada"],
  ["reason", "timed out", 'reason:"timed out"'],
])("%s %s is written %s, and read back", (name, value, text) => {
  expect(writeTerm(name, value)).toBe(text);
  expect(readFilter(text, [{ name, kind: "text" }], now).terms.get(name)).toEqual({ kind: "text", text: value });
});
