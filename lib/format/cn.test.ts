import { readdirSync, readFileSync } from "node:fs";
import { extendTailwindMerge } from "tailwind-merge";
import { expect, test } from "vitest";
import { cn } from "./cn.ts";

/** All of Tailwind, and the console's own names of sizes and corners. */
const wholeMerge = extendTailwindMerge({
  extend: {
    classGroups: {
      "font-size": [{ text: ["label", "meta", "base", "body", "section", "title", "figure"] }],
      rounded: [{ rounded: ["control", "panel", "badge", "full"] }],
      shadow: [{ shadow: ["overlay"] }],
    },
  },
});

const components = new URL("../../components/", import.meta.url);

/** Every word of a text in the sources that Tailwind knows as a class, without what it depends on (`hover:`). */
function classesInUse(): string[] {
  const words = readdirSync(components, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".tsx"))
    .flatMap((path) => [...readFileSync(new URL(path, components), "utf8").matchAll(/"([^"\n]*)"|`([^`]*)`/g)])
    .flatMap(([, quoted, template]) => (quoted ?? template ?? "").split(/\s+/))
    .map((word) => word.replace(/^(?:[a-z0-9-]+(?:\[[^\]]*\])?:|\[[^\]]*\]:)+/, ""));
  return [...new Set(words)].filter((word) => word !== "" && wholeMerge(`${word} ${word}`) === word);
}

test("of any two classes in use the same are left as by all of Tailwind", { timeout: 60_000 }, () => {
  const classes = classesInUse();
  expect(classes.length).toBeGreaterThan(400);
  const wrong = classes.flatMap((first) =>
    classes
      .filter((second) => second !== first && cn(first, second) !== wholeMerge(`${first} ${second}`))
      .map((second) => `${first} ${second}`),
  );
  expect(wrong).toEqual([]);
});

test.each([
  ["px-3 px-0", "px-0"],
  ["border-line border-err", "border-err"],
  ["hover:bg-sunken hover:bg-canvas", "hover:bg-canvas"],
  ["text-meta text-ink-3", "text-meta text-ink-3"],
])("%s is %s", (given, left) => expect(cn(given)).toBe(left));
