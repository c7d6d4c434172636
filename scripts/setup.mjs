// Brings a checkout into a state that can run: dependencies as the lockfile says, the pinned Node runtime among them.
// Runs on whatever Node the machine has (20 or newer), so it is plain JavaScript without dependencies.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const pinnedNode = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");

const stamp = join(root, "node_modules", ".nightpost-lock");

function lockHash() {
  return createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
}

function isInstalled() {
  return existsSync(pinnedNode) && existsSync(stamp) && readFileSync(stamp, "utf8") === lockHash();
}

/** Installs what is missing. Exits the process with npm's code when npm fails. */
export function setup() {
  if (isInstalled()) return;
  console.error("Installing dependencies (once, about a minute) …");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  // Scripts of `npm start` export settings of their own run (omit, dry-run …) that must not reach this install.
  const env = { ...process.env, NODE_ENV: "development" };
  const result = spawnSync(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    env,
    stdio: ["ignore", 2, 2],
  });
  if (result.status !== 0) {
    console.error("npm ci failed; the lines above say why.");
    process.exit(result.status ?? 1);
  }
  writeFileSync(stamp, lockHash());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setup();
