import { parseArgs } from "node:util";
import { exchange, type Talker, talkers } from "./chat.ts";
import { Meter } from "./counters.ts";
import { isPinnable } from "./generate.ts";
import { addAccounts, addArchive } from "./growth-data.ts";
import { median } from "./measured.ts";
import { closeAll, concurrently, LoadSession, loginMany, type LoginOptions } from "./session.ts";
import { accountCount, Nightpost, pin, type RunningNightpost } from "./subjects.ts";
import { machine } from "./table.ts";

/**
 * Does a message cost more when there is more of everything? Servers of three sizes run side by side, and the same few people talk
 * on each in turn. The start with all those accounts is timed as well.
 *
 * `node bench/growth.ts [--only sessions,accounts,archive] [--seconds N] [--repeat N] [--sizes N,N,N]`
 */
const names = ["sessions", "accounts", "archive"] as const;
type Name = (typeof names)[number];
const { values } = parseArgs({
  options: {
    only: { type: "string", default: names.join(",") },
    seconds: { type: "string", default: "5" },
    repeat: { type: "string", default: "5" },
    sizes: { type: "string" },
  },
});
/** What the cost may differ by, and how long a start may take. */
const mostRatio = 1.1;
const mostStartMs = 5000;
const window = 10;
const width = 20;
const loginsMeasured = 400;
const talkerCount = 100;
/** From one login to the next; a prime, so that everybody has their turn. */
const stride = 104_729;
let account = 0;

const sizesOf: Readonly<Record<Name, readonly number[]>> = {
  sessions: [100, 1000, 10_000],
  accounts: [accountCount, 100_000, 1_000_000],
  archive: [0, 1_000_000, 10_000_000],
};

/** A server of one size, with those who talk on it. */
interface Stage {
  readonly size: number;
  readonly running: RunningNightpost;
  readonly talking: readonly Talker[];
  readonly others: readonly LoadSession[];
  readonly startMs: number;
  readonly costs: number[];
  readonly logins: number[];
}

const core = isPinnable() ? 0 : null;
if (core !== null) pin(process.pid, 1);
const nightpost = await Nightpost.prepare();
console.log(`${machine()}\n\n| | ${["smallest", "middle", "largest"].join(" | ")} | largest to smallest | target |`);
console.log("| --- | ---: | ---: | ---: | ---: | --- |");
try {
  for (const name of names.filter((one) => values.only.split(",").includes(one))) await measure(name);
} finally {
  nightpost.discard();
}

async function measure(name: Name): Promise<void> {
  const stages: Stage[] = [];
  try {
    for (const size of values.sizes?.split(",").map(Number) ?? sizesOf[name]) {
      stages.push(await stageOf(name, size));
      console.error(`${name}: ${size} are there`);
    }
    // They take turns, so that what disturbs the machine disturbs them alike.
    for (let round = 0; round < Number(values.repeat); round += 1) {
      for (const stage of stages) {
        const run = { pid: stage.running.pid, seconds: Number(values.seconds), withInstructions: false };
        stage.costs.push((await exchange(stage.talking, window, run)).cpuUs ?? Number.NaN);
        if (name === "accounts") stage.logins.push(await loginCost(stage));
      }
      console.error(`round ${round + 1}: ${stages.map(({ costs }) => costs.at(-1)!.toFixed(1)).join(", ")} µs`);
    }
  } finally {
    for (const { running, talking, others } of stages) {
      await closeAll([...talking.map(({ session }) => session), ...others]);
      await running.stop();
    }
  }
  const sizes = stages.map(({ size }) => size.toLocaleString("en")).join(", ");
  report(
    `a message, µs; ${name}: ${sizes}`,
    stages.map(({ costs }) => costs),
  );
  if (name !== "accounts") return;
  report(
    `a login, µs; ${name}: ${sizes}`,
    stages.map(({ logins }) => logins),
  );
  const starts = stages.map(({ startMs }) => startMs);
  const verdict = starts.at(-1)! <= mostStartMs ? "met" : "**missed**";
  console.log(`| start, ms | ${starts.map((ms) => ms.toFixed(0)).join(" | ")} | | ${mostStartMs}: ${verdict} |`);
}

/** The ratio is the median of the rounds' own, since a round's figures were disturbed alike. */
function report(what: string, costs: readonly (readonly number[])[]): void {
  const medians = costs.map((some) => (median(some) ?? Number.NaN).toFixed(1)).join(" | ");
  const [first = [], last = []] = [costs[0], costs.at(-1)];
  const ratio = median(last.map((cost, round) => cost / first[round]!)) ?? Number.NaN;
  console.log(
    `| ${what} | ${medians} | ${ratio.toFixed(2)} | ${mostRatio}: ${ratio <= mostRatio ? "met" : "**missed**"} |`,
  );
}

async function stageOf(name: Name, size: number): Promise<Stage> {
  const data = nightpost.data();
  if (name === "sessions") addAccounts(data, Math.max(size, accountCount));
  if (name === "accounts") addAccounts(data, size);
  if (name === "archive") addArchive(data, size);
  const begin = performance.now();
  const running = await nightpost.start({ core, forwardTo: null, data });
  const startMs = performance.now() - begin;
  const options: LoginOptions = { port: running.port, isTls: false, mechanism: nightpost.mechanism };
  const talking = await talkers(options, talkerCount);
  const others = await loginMany(name === "sessions" ? size - talking.length : 0, options, talking.length);
  await concurrently(others.length, width, (index) => others[index]!.becomeAvailable());
  // Code is compiled, and the pages of the store that are written to have been read.
  await exchange(talking, window, { pid: running.pid, seconds: Number(values.seconds), withInstructions: false });
  return { size, running, talking, others, startMs, costs: [], logins: [] };
}

/** Of people from all over the table. */
async function loginCost({ running, size }: Stage): Promise<number> {
  const { port, pid } = running;
  const meter = await Meter.start(pid, false);
  const options: LoginOptions = { port, isTls: false, mechanism: nightpost.mechanism };
  const sessions = await concurrently(loginsMeasured, width, () => {
    account += stride;
    return LoadSession.login(talkerCount + (account % (size - talkerCount)), options);
  });
  const { cpuUs } = await meter.stop(loginsMeasured);
  await closeAll(sessions);
  return cpuUs ?? Number.NaN;
}
