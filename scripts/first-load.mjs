import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { consoleStamp, hashConsoleSources, root } from "./console-paths.mjs";

/** What the scripts that a page names in its HTML may weigh on the way, in bytes. Others come when they are wanted. */
export const firstLoadBytes = 260 * 1024;

const pagesFolder = join(root, ".next/server/app");
const chunksFolder = join(root, ".next/static/chunks");

/** Every page of the built console in one language, the heaviest first. Browsers that know modules ask for no other scripts. */
export function firstLoads() {
  const weights = new Map();
  const weightOf = (name) => {
    if (!weights.has(name)) weights.set(name, gzipSync(readFileSync(join(chunksFolder, name))).byteLength);
    return weights.get(name);
  };
  return [
    "en.html",
    ...readdirSync(join(pagesFolder, "en"), { recursive: true, encoding: "utf8" }).map((file) => `en/${file}`),
  ]
    .filter((file) => file.endsWith(".html"))
    .map((file) => {
      const tags = readFileSync(join(pagesFolder, file), "utf8").match(/<script\b[^>]*>/g) ?? [];
      const names = tags
        .filter((tag) => !/\bnomodule\b/i.test(tag))
        .flatMap((tag) => /\/_next\/static\/chunks\/([^"?]+\.js)/.exec(tag)?.[1] ?? []);
      const scripts = [...new Set(names)];
      return {
        page: file.slice("en".length, -".html".length) || "/",
        scripts,
        bytes: scripts.reduce((sum, name) => sum + weightOf(name), 0),
      };
    })
    .toSorted((a, b) => b.bytes - a.bytes);
}

/** Which pages are too heavy, where there is a build of these sources. */
export function firstLoadsFit() {
  const isBuilt = existsSync(consoleStamp) && readFileSync(consoleStamp, "utf8").trim() === hashConsoleSources();
  const heavy = isBuilt ? firstLoads().filter(({ bytes }) => bytes > firstLoadBytes) : [];
  const output = heavy.map(({ page, bytes }) => `${page}: ${(bytes / 1024).toFixed(1)} KB of ${firstLoadBytes / 1024}`);
  return { code: heavy.length === 0 ? 0 : 1, output: output.join("\n") };
}
