import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** The file to run with node; see `scripts/build-console.mjs`. */
export const consoleEntry = join(root, ".next/standalone/server.js");

export const consoleStamp = join(root, ".next/console.stamp");

const consoleSources = [
  "app",
  "components",
  "docs",
  "lib",
  "public",
  "proxy.ts",
  "next.config.ts",
  "postcss.config.mjs",
  "package-lock.json",
];

/** Hash of every file that the built console depends on. */
export const hashConsoleSources = () => hashSources(consoleSources);

/**
 * Hash of files and folders of the package.
 * @param {readonly string[]} sources
 */
export function hashSources(sources) {
  const hash = createHash("sha256");
  for (const source of sources) {
    const path = join(root, source);
    for (const file of source.includes(".") ? [""] : filesBelow(path)) {
      hash.update(`${source}/${file}\0`);
      hash.update(readFileSync(join(path, file)));
    }
  }
  return hash.digest("hex");
}

/** True when there is no build, or when a source has changed since. */
export function isConsoleStale() {
  if (!existsSync(consoleEntry) || !existsSync(consoleStamp)) return true;
  return readFileSync(consoleStamp, "utf8").trim() !== hashConsoleSources();
}

function filesBelow(directory) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes(".test."))
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
}
