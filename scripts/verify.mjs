// `npm run verify`: format, lint with import boundaries, types, dead code, unit and module tests. No network, no browser.
// Ends with `N passed, N failed`.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run.mjs";
import { root, setup } from "./setup.mjs";

/** A module that imports another module: the boundary check must refuse it, or it is blind. */
async function boundaryBites() {
  const probe = join(root, "server", "modules", "boundary-probe.ts");
  writeFileSync(probe, 'import { ping } from "./ping.ts";\nexport const probe = ping;\n');
  try {
    const { code, output } = await run("oxlint", ["server/modules/boundary-probe.ts"], { quiet: true });
    const isCaught = code !== 0 && output.includes("modules meet at hooks");
    return { code: isCaught ? 0 : 1, output: isCaught ? "" : `the forbidden import was not found:\n${output}` };
  } finally {
    rmSync(probe, { force: true });
  }
}

// `next build` writes these types; without a build the compiler must not stumble over their absence.
function nextTypes() {
  mkdirSync(join(root, ".next"), { recursive: true });
  writeFileSync(
    join(root, "next-env.d.ts"),
    '/// <reference types="next" />\n/// <reference types="next/image-types/global" />\n',
    { flag: "a" },
  );
}

const checks = [
  ["format", () => run("oxfmt", ["--check", "."], { quiet: true })],
  ["lint", () => run("oxlint", ["--type-aware", "."], { quiet: true })],
  ["boundaries bite", boundaryBites],
  ["types", () => run("tsc", ["--noEmit", "-p", "."], { quiet: true })],
  ["docs up to date", () => run("node", ["scripts/generate-docs.ts", "--check"], { quiet: true })],
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
