import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
/** What a bundler follows at once: neither types nor `import()`. */
const imports = /^(?:import|export) (?!type\b)(?:[^"';]*? from )?"([^"]+)";$/gm;

/** The way from a file to the schema library, by what is loaded with it; null: there is none. */
function wayToSchemas(file: string, seen: Set<string>): string[] | null {
  if (seen.has(file)) return null;
  seen.add(file);
  for (const [, path] of readFileSync(join(root, file), "utf8").matchAll(imports)) {
    if (path === "zod") return [file, "zod"];
    const target = path!.startsWith("@/") ? path!.slice(2) : path!.startsWith(".") ? join(dirname(file), path!) : null;
    if (target === null || !/\.tsx?$/.test(target) || !existsSync(join(root, target))) continue;
    const way = wayToSchemas(target, seen);
    if (way !== null) return [file, ...way];
  }
  return null;
}

const pages = readdirSync(join(root, "app"), { recursive: true, encoding: "utf8" }).filter((path) =>
  /(?:page|layout|error|not-found)\.tsx$/.test(path),
);

test("no page needs the schema library before somebody fills something in", () => {
  expect(pages.length).toBeGreaterThan(30);
  expect(pages.flatMap((page) => wayToSchemas(join("app", page), new Set())?.join(" > ") ?? [])).toEqual([]);
});

test("the way to the library is found where there is one", () => {
  expect(wayToSchemas("components/targets/target-dialog.tsx", new Set())?.at(-1)).toBe("zod");
});
