import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { manualHref, navigationItems } from "../components/shell/navigation.ts";
import { manualPage, writeManual } from "./manual.mjs";

let folder = "";
const pages = new Map<string, string>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nightpost-manual-"));
  writeManual(folder);
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }))
    if (file.endsWith(".html")) pages.set(file, readFileSync(join(folder, file), "utf8"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function isThere(page: string, anchor: string | undefined): boolean {
  const html = pages.get(page);
  return html !== undefined && (anchor === undefined || html.includes(` id="${anchor}"`));
}

it.each(navigationItems.map(({ href }) => href))("speaks of the page %s", (href) => {
  const [page = "", anchor] = manualHref(href).replace("/admin/manual/", "").split("#");
  expect(isThere(page, anchor), `${page}#${anchor}`).toBe(true);
});

it("has no link within it that leads nowhere", () => {
  const broken = [...pages].flatMap(([file, html]) =>
    [...html.matchAll(/<a href="(?!https?:)([^"]*)"/g)].flatMap(([, href = ""]) => {
      const [path = "", anchor] = href.split("#");
      const page = path === "" ? file : normalize(join(dirname(file), path));
      // The way back to the console.
      return page === "../" || isThere(page, anchor) ? [] : [`${file}: ${href}`];
    }),
  );
  expect(broken).toEqual([]);
  expect(pages.size).toBeGreaterThan(30);
});

it("shows what a document says as text", () => {
  const html = manualPage(
    "# A & B\n\n<script>x</script>\n\nSee [a file](../server/main.ts), [limits](limits.md#http)\n",
  );
  expect(html).toContain("<title>A &amp; B · Nightpost</title>");
  expect(html).toContain("&lt;script>x&lt;/script>");
  expect(html).toContain('See a file, <a href="limits.html#http">limits</a>');
});

it("has the console's colours, those of its stylesheet and no others", () => {
  const tokens = readFileSync(join(folder, "tokens.css"), "utf8");
  const used = [...readFileSync("public/manual.css", "utf8").matchAll(/var\((--[\w-]+)\)/g)].map(([, name]) => name);
  expect(used.length).toBeGreaterThan(5);
  const [light = "", dark = ""] = tokens.split('[data-theme="dark"]');
  for (const name of used) for (const theme of [light, dark]) expect(theme).toMatch(new RegExp(`${name}: oklch`));
  expect(readFileSync("public/manual.css", "utf8")).not.toContain("oklch");
  for (const html of pages.values()) expect(html).toMatch(/<link rel="stylesheet" href="(?:\.\.\/)?tokens\.css">/);
});
