import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { hashSources } from "./console-paths.mjs";
import { pinnedNode, root } from "./setup.mjs";

/**
 * Where Node keeps compiled sources without their types (NODE_COMPILE_CACHE). A thread that finds all of its sources there
 * does not load what strips types, some 12 MB in each thread, and the server starts in half the time.
 */
export const compileCache = process.env.NODE_COMPILE_CACHE ?? join(root, "node_modules", ".cache", "compile");

const stamp = join(compileCache, "server.stamp");
const entries = ["server/main.ts", "server/storage/sqlite/worker.ts", "server/forward/worker.ts"];

/** Compiles the server's sources ahead of its start, if one has changed since. Without it the second start is the lean one. */
export function fillCompileCache() {
  const hash = hashSources(["server", "lib", "package-lock.json"]);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  // What is meant for a thread fails outside of one, but only when it runs, and then it is compiled.
  const urls = entries.map((entry) => pathToFileURL(join(root, entry)).href);
  const script = `for (const url of ${JSON.stringify(urls)}) await import(url).catch(() => {}); process.exit()`;
  spawnSync(pinnedNode, ["--input-type=module", "--eval", script], {
    stdio: "ignore",
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
  });
  mkdirSync(compileCache, { recursive: true });
  writeFileSync(stamp, hash);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) fillCompileCache();
