import { expect, test } from "vitest";
import { join, moved, split } from "./line.ts";

test.each([
  ["down", 0, 2, ["b", "c", "a"]],
  ["up", 2, 0, ["c", "a", "b"]],
  ["nowhere", 1, 1, ["a", "b", "c"]],
])("a line moves %s", (_, from, to, lines) => {
  expect(moved(["a", "b", "c"], from, to)).toEqual(lines);
});

test.each([{ allow: ["all" as const] }, { deny: [{ acl: "blocked" }] }])(
  "a line taken apart is put together: %j",
  (line) => {
    expect(join(split(line))).toEqual(line);
  },
);
