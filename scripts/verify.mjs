// `npm run verify`: format, lint with import arrows, types, dead code, documents, the weight of the console's pages where it is
// built, whose accounts the stories use, unit and module tests. No network, no browser. Ends with `N passed, N failed`.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { arrowsHold } from "./arrows.mjs";
import { citedPaths } from "./cited-paths.mjs";
import { firstLoadsFit } from "./first-load.mjs";
import { run } from "./run.mjs";
import { root, setup } from "./setup.mjs";
import { storyAccounts } from "./story-accounts.mjs";

// `next build` writes these types; without a build the compiler must not stumble over their absence.
function nextTypes() {
  mkdirSync(join(root, ".next"), { recursive: true });
  const file = join(root, "next-env.d.ts");
  if (existsSync(file)) return;
  writeFileSync(file, '/// <reference types="next" />\n/// <reference types="next/image-types/global" />\n');
}

const checks = [
  ["format", () => run("oxfmt", ["--check", "."], { quiet: true })],
  ["lint", () => run("oxlint", ["--type-aware", "."], { quiet: true })],
  ["arrows bite", arrowsHold],
  ["types", () => run("tsc", ["--noEmit", "-p", "."], { quiet: true })],
  ["docs up to date", () => run("node", ["scripts/generate-docs.ts", "--check"], { quiet: true })],
  ["cited paths", citedPaths],
  ["first load", firstLoadsFit],
  ["accounts of stories", storyAccounts],
  ["dead code", () => run("knip", ["--no-progress"], { quiet: true })],
];

export async function verify() {
  setup();
  nextTypes();
  let passed = 0;
  let failed = 0;
  for (const [name, check] of checks) {
    const startedAt = Date.now();
    const { code, output } = await check();
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    if (code === 0) {
      passed += 1;
      console.error(`ok   ${name} (${seconds} s)`);
    } else {
      failed += 1;
      console.error(`FAIL ${name} (${seconds} s)\n${output}`);
    }
  }
  const tests = await run("vitest", ["run"]);
  // oxlint-disable-next-line no-control-regex -- the runner colours its summary
  const summary = tests.output.replace(/\u001b\[[0-9;]*m/g, "");
  const counts = /Tests\s+(?:(\d+) failed\s*\|\s*)?(\d+) passed/.exec(summary);
  passed += Number(counts?.[2] ?? 0);
  failed += Number(counts?.[1] ?? 0);
  if (tests.code !== 0 && (counts === null || counts[1] === undefined)) failed += 1;
  return { passed, failed };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { passed, failed } = await verify();
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}
