// `npm test`: everything, from a fresh clone. Each part ends with `N passed, N failed`; so does the whole.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { setup } from "./setup.mjs";

setup();
const { run } = await import("./run.mjs");
const { verify } = await import("./verify.mjs");

const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** The browser tests drive Debian's Chromium. It is installed where that is allowed; otherwise the tests fail and say why. */
function ensureChromium() {
  if (existsSync(chromium)) return null;
  const isDebianRoot = existsSync("/usr/bin/apt-get") && process.getuid?.() === 0;
  if (isDebianRoot) {
    console.error("Installing Debian's chromium for the browser tests …");
    const apt = (...args) =>
      spawnSync("apt-get", args, {
        stdio: ["ignore", 2, 2],
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      });
    apt("update");
    apt("install", "-y", "--no-install-recommends", "chromium", "fonts-noto-cjk");
  }
  return existsSync(chromium)
    ? null
    : `There is no ${chromium}. Install it (apt-get install chromium) or set CHROMIUM to its path.`;
}

/** Reads the last `N passed, N failed` of a part's output. */
function countsOf({ output }) {
  const lines = [...output.matchAll(/(\d+) passed(?:, (\d+) failed)?/g)];
  const last = lines.at(-1);
  const failed = Number(/(\d+) failed/.exec(last?.[0] ?? "")?.[1] ?? 0);
  return { passed: Number(last?.[1] ?? 0), failed };
}

/** A part that ended badly counts at least one failure, whatever it printed. */
function withFailure(result, counter = countsOf) {
  const counts = counter(result);
  return { passed: counts.passed, failed: result.code !== 0 && counts.failed === 0 ? 1 : counts.failed };
}

async function browserStories() {
  const missing = ensureChromium();
  if (missing !== null) return { code: 1, output: missing };
  const result = await run("playwright", ["test"]);
  const failed = Number(/(\d+) failed/.exec(result.output)?.[1] ?? 0);
  const passed = Number(/(\d+) passed/.exec(result.output)?.[1] ?? 0);
  return { code: result.code, output: `${passed} passed, ${failed} failed` };
}

const parts = [
  [
    "console build",
    () => run("node", ["scripts/build-console.mjs"], { quiet: true }),
    ({ code }) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 }),
  ],
  ["protocol plays", () => run("node", ["e2e/plays/run.ts"])],
  ["real clients", () => nodeTests("clients"), tapCounts],
  ["command line and process", () => nodeTests("cli"), tapCounts],
  ["attacks", () => nodeTests("attack"), tapCounts],
  ["crash test", () => run("node", ["e2e/crash/run.ts"])],
  ["browser stories", browserStories],
];

function nodeTests(folder) {
  return run("node", ["--test", "--test-concurrency=1", "--test-reporter=tap", `e2e/${folder}/*.test.ts`], {
    quiet: true,
  });
}

function tapCounts({ output }) {
  return {
    passed: Number(/^# pass (\d+)/m.exec(output)?.[1] ?? 0),
    failed: Number(/^# fail (\d+)/m.exec(output)?.[1] ?? 0),
  };
}

const total = await verify();
for (const [name, part, counter] of parts) {
  const startedAt = Date.now();
  const result = await part();
  const counts = withFailure(result, counter);
  if (counts.passed + counts.failed === 0) counts.failed = 1;
  total.passed += counts.passed;
  total.failed += counts.failed;
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  console.error(
    `${counts.failed === 0 ? "ok  " : "FAIL"} ${name}: ${counts.passed} passed, ${counts.failed} failed (${seconds} s)`,
  );
  if (counts.failed > 0) console.error(result.output.slice(-8000));
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);
