/**
 * `npm run fuzz [-- --seconds N] [--seed N] [target …]`: changes the inputs of `corpus/` and gives them to everything that reads
 * what strangers write, ten minutes for each target. What breaks a target is kept in `corpus/`, so that it is tried at every
 * run from then on. Ends with `N passed, N failed`.
 */
import { createHash } from "node:crypto";
import {
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { backup } from "./backups.ts";
import { csvLines, luaData, openfireUsers, xep0227 } from "./imports.ts";
import { mutated, randomFrom } from "./mutate.ts";
import { readers } from "./readers.ts";
import { servers } from "./servers.ts";
import type { Target } from "./target.ts";
import { webSockets } from "./web-sockets.ts";

const batch = 200;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "600" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
  },
});
const plan = [
  ...[...readers(), csvLines, luaData, openfireUsers, backup()].map((target) => ({
    name: target.name,
    open: async () => target,
  })),
  { name: "xep0227", open: xep0227 },
  { name: "websocket", open: webSockets },
  ...servers,
];
const chosen = plan.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const unknown = positionals.find((name) => !plan.some((one) => one.name === name));
if (unknown !== undefined) {
  console.error(`there is no target ${unknown}; there are ${plan.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}

/** The input that is tried just now: there are ways for one to end the whole process. */
const notePath = join(mkdtempSync(join(tmpdir(), "nightpost-fuzz-")), "input");
const noted = openSync(notePath, "w");

function note(input: Buffer): void {
  ftruncateSync(noted);
  writeSync(noted, input, 0, input.length, 0);
}

const folderOf = (name: string): string => join(import.meta.dirname, "corpus", name);

/** The input that breaks a target is written down before anything else happens. */
function keep(name: string, input: Buffer, error: unknown): void {
  const file = join(folderOf(name), `found-${createHash("sha256").update(input).digest("hex").slice(0, 12)}`);
  mkdirSync(folderOf(name), { recursive: true });
  writeFileSync(file, input);
  console.error(`${name}: ${file}\n${error instanceof Error ? error.stack : String(error)}`);
}

/** How many inputs were tried until time was up, and whether all was well. */
async function fuzz(
  target: Target,
  milliseconds: number,
  random: (below: number) => number,
): Promise<[number, boolean]> {
  const seeds = readdirSync(folderOf(target.name)).map((file) => readFileSync(join(folderOf(target.name), file)));
  const end = performance.now() + milliseconds;
  let tried = 0;
  const attempt = async (input: Buffer): Promise<boolean> => {
    note(input);
    tried += 1;
    try {
      const done = target.run(input);
      if (done !== undefined) await done;
      if (tried % batch === 0) await target.check?.();
      return true;
    } catch (error) {
      keep(target.name, input, error);
      return false;
    }
  };
  for (const seed of seeds) if (!(await attempt(seed))) return [tried, false];
  while (performance.now() < end) {
    if (!(await attempt(mutated(seeds, target.words, random)))) return [tried, false];
    // Readers never wait: without this nothing else in the process would run.
    if (tried % batch === 0) await new Promise(setImmediate);
  }
  return [tried, true];
}

const total = { passed: 0, failed: 0 };
const seed = Number(values.seed);
console.log(`seed ${seed}; the input under way is in ${notePath}`);
for (const { name, open } of chosen) {
  const target = await open();
  const [tried, isWell] = await fuzz(target, Number(values.seconds) * 1000, randomFrom(seed));
  await target.stop?.();
  total[isWell ? "passed" : "failed"] += 1;
  console.log(`${name.padEnd(16)} ${tried} inputs${isWell ? "" : ": FAILED"}`);
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);
