import { readFileSync } from "node:fs";
import { assert, integer, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { accentShades, grounds, leastContrast, type Theme } from "./accent.ts";
import { contrast, hexOf, oklchOf } from "./oklch.ts";

const color = integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, "0")}`);

test("colours survive the way to OKLCH and back", () => {
  assert(
    property(color, (hex) => {
      expect(hexOf(oklchOf(hex))).toBe(hex);
    }),
  );
});

test("contrast is WCAG's", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
  expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
});

describe.each<Theme>(["light", "dark"])("%s", (theme) => {
  test("any colour can be read on every ground, and text on it", () => {
    assert(
      property(color, (hex) => {
        const { accent, hover, on, soft } = accentShades(hex, theme);
        for (const ground of [...grounds[theme], soft])
          expect(contrast(accent, ground)).toBeGreaterThanOrEqual(leastContrast);
        for (const shade of [accent, hover]) expect(contrast(shade, on)).toBeGreaterThanOrEqual(leastContrast);
      }),
      { numRuns: 2000 },
    );
  });

  test("the grounds are those of the stylesheet", () => {
    const sheet = readFileSync(new URL("../../app/globals.css", import.meta.url), "utf8");
    const [light = "", dark = ""] = sheet.split('[data-theme="dark"] {').slice(-2);
    const text = theme === "light" ? light : dark;
    const named = ["canvas", "surface", "sunken"].map((name) => {
      const [, l, c, h] = new RegExp(`--${name}: oklch\\(([\\d.]+) ([\\d.]+) ([\\d.]+)\\)`).exec(text) ?? [];
      return hexOf({ l: Number(l), c: Number(c), h: Number(h) });
    });
    expect(grounds[theme]).toEqual(named);
  });
});

test("a colour that can be read stays as it is, and another keeps its hue", () => {
  expect(accentShades("#1d4ed8", "light")).toMatchObject({ accent: "#1d4ed8", isAdjusted: false });
  const yellow = accentShades("#ffe600", "light");
  expect(yellow.isAdjusted).toBe(true);
  expect(oklchOf(yellow.accent).h).toBeCloseTo(oklchOf("#ffe600").h, -1);
});
