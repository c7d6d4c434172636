import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { withoutMouse } from "./console-keyboard.ts";
import { lists } from "./console-lists.ts";
import { flood, outage } from "./console-live.ts";
import { navigation } from "./console-navigation.ts";
import { firstPaint, html, memory, scripts } from "./console-pages.ts";
import { accessibility, language, steadiness, unfurnish } from "./console-quality.ts";
import { type BudgetRow, type ConsoleMeasure, ConsoleStage } from "./console-stage.ts";
import { viewers } from "./console-viewers.ts";
import { machine } from "./table.ts";

// Memory comes first: what the console's process keeps at rest is not known any more when others have used it.
const measures = new Map<string, ConsoleMeasure>([
  ["P12", memory],
  ["P1", firstPaint],
  ["P2", html],
  ["P3", scripts],
  ["P4", navigation],
  ["P5", lists],
  ["P8", steadiness],
  ["P9", accessibility],
  ["P10", withoutMouse],
  ["P11", language],
  ["P6", flood],
  ["P7", outage],
  ["B12", viewers],
]);
const usage = `node bench/console.ts [options]
  --only NAMES     of ${[...measures.keys()].join(", ")}
  --accounts N     accounts that the lists are measured with (100000)
  --minutes N      length of the run with 5,000 changes a second (1)
  --json FILE      write the report as JSON, too

The budgets of the admin console, each with what was seen: one server with its console and a browser, all on this machine. Build
the console first.`;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    accounts: { type: "string", default: "100000" },
    minutes: { type: "string", default: "1" },
    json: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
const chosen = values.only?.split(",") ?? [...measures.keys()];
const unknown = chosen.find((name) => !measures.has(name));
if (values.help || unknown !== undefined) {
  console.log(unknown === undefined ? usage : `there is no budget ${unknown}\n${usage}`);
  process.exit(unknown === undefined ? 0 : 2);
}

const stage = await ConsoleStage.start(Number(values.accounts));
const rows: BudgetRow[] = [];
try {
  for (const [name, measure] of measures) {
    if (!chosen.includes(name)) continue;
    const found = await measure({ stage, minutes: Number(values.minutes) });
    for (const row of found) console.error(`${row.id}, ${row.what}: ${row.seen}${row.isMet ? "" : " (missed)"}`);
    rows.push(...found);
  }
} finally {
  await unfurnish();
  await stage.stop();
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
const head = ["", "budget", "goal", "seen", ""];
const lines = rows
  .toSorted((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)))
  .map(({ id, what, goal, seen, isMet }) => [id, what, goal, seen, isMet ? "met" : "missed"]);
console.log(`\n${machine()}\n`);
console.log([head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n"));
