import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { backlog, replay } from "./forward-backlog.ts";
import { breaker, outage, slow } from "./forward-outage.ts";
import { burst, rate } from "./forward-rate.ts";
import { barePost, serverCore, type Row, type Scenario } from "./forward-stage.ts";
import { soak, viewers } from "./forward-watch.ts";
import { Nightpost, pin } from "./subjects.ts";
import { machine } from "./table.ts";

const scenarios = new Map<string, Scenario>([
  ["rate", rate],
  ["burst", burst],
  ["backlog", backlog],
  ["replay", replay],
  ["breaker", breaker],
  ["outage", outage],
  ["slow", slow],
  ["viewers", viewers],
  ["soak", soak],
]);
const usage = `node bench/forward.ts [options]
  --only NAMES     of ${[...scenarios.keys()].join(", ")}
  --seconds N      length of each measurement (20); an outage is six times as long
  --minutes N      length of the soak (5)
  --rates LIST     messages a second of \`rate\` (100,500,1500)
  --tls            the senders of \`rate\` come over direct TLS
  --json FILE      write the report as JSON, too

What forwarding costs and how long it takes. The web server and the senders are this process, on another core than the server
where there are two. CPU is that of the server's threads, each by its own clock.`;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    seconds: { type: "string", default: "20" },
    minutes: { type: "string", default: "5" },
    rates: { type: "string", default: "100,500,1500" },
    tls: { type: "boolean", default: false },
    json: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
const chosen = values.only?.split(",") ?? [...scenarios.keys()];
const unknown = chosen.find((name) => !scenarios.has(name));
if (values.help || unknown !== undefined) {
  console.log(unknown === undefined ? usage : `there is no measurement ${unknown}\n${usage}`);
  process.exit(unknown === undefined ? 0 : 2);
}

if (serverCore !== null) pin(process.pid, 1);
const nightpost = await Nightpost.prepare();
const rows: Row[] = [];
const add = (found: readonly Row[]): void => {
  for (const row of found) {
    rows.push(row);
    console.error(`${row.what}: ${row.value}`);
  }
};
try {
  for (const name of chosen) {
    const post = await barePost(2);
    add([
      {
        what: "a bare POST through undici",
        value: `${post.cpuUs.toFixed(0)} µs, ${post.perSecond.toFixed(0)} a second`,
        goal: "",
      },
    ]);
    const terms = {
      nightpost,
      seconds: Number(values.seconds),
      minutes: Number(values.minutes),
      rates: values.rates.split(",").map(Number),
      isTls: values.tls,
      postCpuUs: post.cpuUs,
    };
    // What misses a demand of correctness is no figure; the others are measured all the same.
    await scenarios.get(name)!(terms).then(add, (error: unknown) => {
      add([{ what: name, value: `FAILED: ${error instanceof Error ? error.message : String(error)}`, goal: "" }]);
      process.exitCode = 1;
    });
  }
} finally {
  nightpost.discard();
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
console.log(
  `\n${machine()}, load ${execFileSync("cut", ["-d ", "-f1-3", "/proc/loadavg"], { encoding: "utf8" }).trim()}\n`,
);
console.log("| what | seen | goal |\n| --- | --- | --- |");
for (const { what, value, goal } of rows) console.log(`| ${what} | ${value} | ${goal} |`);
