// `npm test`: everything, from a fresh clone. Each part ends with `N passed, N failed`; so does the whole.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { setup } from "./setup.mjs";

setup();
const { firstLoadsFit } = await import("./first-load.mjs");
const { run } = await import("./run.mjs");
const { attackGroups, lastCounts, nodeTests, secondRuns } = await import("./second-run.mjs");
const { verify } = await import("./verify.mjs");

const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Debian's packages that a part needs, installed where that is allowed. Without them the part fails and says why. */
function ensure(isThere, what, ...packages) {
  if (isThere()) return null;
  if (existsSync("/usr/bin/apt-get") && process.getuid?.() === 0) {
    console.error(`Installing Debian's ${packages.join(", ")} …`);
    const apt = (...args) =>
      spawnSync("apt-get", args, {
        stdio: ["ignore", 2, 2],
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      });
    apt("update");
    apt("install", "-y", "--no-install-recommends", ...packages);
  }
  return isThere() ? null : `${what} Install it: apt-get install ${packages.join(" ")}`;
}

function isRunning(command, ...args) {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}

/** The examples are run as they are, by the languages they are written in. */
async function receivers() {
  const missing = ensureLanguages();
  return missing === null ? nodeTests("examples") : { code: 1, output: missing };
}

function ensureLanguages() {
  const hasPhp = () => isRunning("php", "-r", "new PDO('sqlite::memory:');");
  return (
    ensure(hasPhp, "There is no PHP with SQLite.", "php-cli", "php-sqlite3") ??
    ensure(() => isRunning("python3", "-c", "import sqlite3"), "There is no Python 3.", "python3")
  );
}

/** Certificates are ordered from a real authority, and accounts come from a real Prosody and a real ejabberd. */
async function operations() {
  const missing =
    ensure(() => existsSync("/usr/bin/pebble"), "There is no pebble.", "pebble") ??
    ensure(() => existsSync("/usr/bin/prosodyctl"), "There is no Prosody.", "prosody") ??
    ensure(() => existsSync("/usr/sbin/ejabberdctl"), "There is no ejabberd.", "ejabberd");
  return missing === null ? nodeTests("operations") : { code: 1, output: missing };
}

/** One of the attacks watches the server's system calls. */
async function attacks() {
  const missing = ensure(() => isRunning("strace", "-V"), "There is no strace.", "strace");
  return missing === null ? attackGroups() : { code: 1, output: missing };
}

/** Clients that others wrote, from npm and from Debian: without one of them the part fails. */
async function realClients() {
  const missing =
    ensureChromium() ??
    ensure(() => existsSync("/usr/bin/profanity"), "There is no Profanity.", "profanity") ??
    ensure(() => existsSync("/usr/bin/go-sendxmpp"), "There is no go-sendxmpp.", "go-sendxmpp") ??
    ensure(() => existsSync("/usr/bin/sendxmpp"), "There is no sendxmpp.", "sendxmpp") ??
    ensure(() => isRunning("/usr/bin/python3", "-c", "import slixmpp"), "There is no slixmpp.", "python3-slixmpp");
  return missing === null ? nodeTests("clients") : { code: 1, output: missing };
}

function ensureChromium() {
  return ensure(
    () => existsSync(chromium),
    `There is no ${chromium}; CHROMIUM may name another.`,
    "chromium",
    "fonts-noto-cjk",
  );
}

/** Other servers, and the library by which one of them asks another name server than the system's. */
async function federation() {
  const missing =
    ensure(() => existsSync("/usr/bin/prosody"), "There is no Prosody.", "prosody") ??
    ensure(() => isRunning("lua5.4", "-e", "require 'lunbound'"), "There is no lua-unbound.", "lua-unbound") ??
    ensure(() => existsSync("/usr/sbin/ejabberdctl"), "There is no ejabberd.", "ejabberd");
  return missing === null ? nodeTests("federation") : { code: 1, output: missing };
}

async function browserStories() {
  const missing = ensureChromium();
  if (missing !== null) return { code: 1, output: missing };
  const { code, output } = await run("playwright", ["test", "--retries=1"]);
  const count = (word) => Number(new RegExp(`^\\s*(\\d+) ${word}`, "m").exec(output)?.[1] ?? 0);
  const [passed, failed, flaky] = ["passed", "failed", "flaky"].map(count);
  if (flaky > 0) secondRuns.push(...(/^ +\d+ flaky\n((?: {4,}.*\n)+)/m.exec(output)?.[1] ?? "").trim().split(/\n\s*/));
  return { code, output, passed: passed + flaky, failed };
}

/** The build, and what its pages weigh: `verify` before it had nothing to put on the scales. */
async function consoleBuild() {
  const { code, output } = await run("node", ["scripts/build-console.mjs"], { quiet: true });
  if (code !== 0) return { code, output, passed: 0, failed: 1 };
  const weight = firstLoadsFit();
  const [passed, failed] = weight.code === 0 ? [2, 0] : [1, 1];
  return { ...weight, passed, failed };
}

async function program(...args) {
  const result = await run("node", args);
  return { ...result, ...lastCounts(result.output) };
}

const parts = [
  ["console build", consoleBuild],
  ["protocol plays", () => program("e2e/plays/run.ts")],
  ["protocol plays over WebSocket", () => program("e2e/plays/run.ts", "--transport", "websocket")],
  ["protocol plays over BOSH", () => program("e2e/plays/run.ts", "--transport", "bosh")],
  ["real clients", realClients],
  ["receivers of examples", receivers],
  ["federation", federation],
  ["command line and process", () => nodeTests("cli")],
  ["operations", operations],
  ["attacks", attacks],
  ["fuzzing, a minute", () => program("e2e/fuzz/run.ts", "--seconds", "3")],
  ["crash test", () => program("e2e/crash/run.ts")],
  ["torture", () => program("e2e/torture/run.ts")],
  ["browser stories", browserStories],
];

// Unit tests ask OpenSSL whether it reads what we write, and the other way round, and run the receivers of the manual.
const missing = [ensure(() => isRunning("openssl", "version"), "There is no openssl.", "openssl"), ensureLanguages()];
for (const what of missing) if (what !== null) console.error(what);

const total = await verify();
for (const [name, part] of parts) {
  const startedAt = Date.now();
  const { code, output, passed = 0, failed: counted = 0 } = await part();
  // A part that ended badly, or did not even begin, counts at least one failure, whatever it printed.
  const failed = counted === 0 && (code !== 0 || passed === 0) ? 1 : counted;
  total.passed += passed;
  total.failed += failed;
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  console.error(`${failed === 0 ? "ok  " : "FAIL"} ${name}: ${passed} passed, ${failed} failed (${seconds} s)`);
  if (failed > 0) console.error(output.slice(-8000));
}
for (const what of secondRuns) console.log(`passed only at the second run: ${what}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);
