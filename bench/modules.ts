import { parseArgs } from "node:util";
import { modules } from "../server/modules/index.ts";
import { generate, isPinnable } from "./generate.ts";
import { median } from "./measured.ts";
import { freePort } from "./ports.ts";
import { Nightpost } from "./subjects.ts";
import { machine } from "./table.ts";
import type { Run } from "./workload.ts";

/**
 * What each module that is on by default adds to the price of a chat message: the same run with it and without it, in turns.
 * Modules that stop with one because they need it are counted with it.
 *
 * `node bench/modules.ts [--only NAMES] [--workload chat-10] [--seconds N] [--repeat N]`
 */
const { values } = parseArgs({
  options: {
    only: { type: "string" },
    workload: { type: "string", default: "chat-10" },
    seconds: { type: "string", default: "6" },
    repeat: { type: "string", default: "3" },
  },
});
/** Nobody logs in, or nothing is delivered, without these. */
const needed = new Set(["starttls", "sasl", "bind", "message", "presence", "roster"]);
const optional = modules.filter(({ name, enabledByDefault }) => enabledByDefault !== false && !needed.has(name));
const names = values.only?.split(",") ?? optional.map(({ name }) => name);
for (const name of names) {
  if (optional.some((one) => one.name === name)) continue;
  console.error(`${name} is no module that can be switched off here`);
  process.exit(2);
}

const isPinned = isPinnable();
const sinkPort = await freePort();
const nightpost = await Nightpost.prepare();
const cost = new Map<string, { readonly with: number[]; readonly without: number[] }>();

/** CPU of the server for a message, µs, with these modules off. */
async function measure(off: readonly string[]): Promise<number> {
  const running = await nightpost.start({ core: isPinned ? 0 : null, forwardTo: null });
  try {
    const setting = { enabled: false, options: {} };
    for (const name of off) await running.server.api.modules.set({ name, setting });
    const run: Run = {
      port: running.port,
      isTls: false,
      mechanism: nightpost.mechanism,
      pid: running.pid,
      seconds: Number(values.seconds),
      sinkPort,
      forwardsInOrder: true,
      withInstructions: false,
    };
    const [figures] = await generate(values.workload, run, isPinned);
    return figures?.cost?.cpuUs ?? Number.NaN;
  } finally {
    await running.stop();
  }
}

try {
  for (let round = 0; round < Number(values.repeat); round += 1) {
    for (const name of [...names, "all of them"]) {
      const seen = cost.get(name) ?? { with: [], without: [] };
      cost.set(name, seen);
      seen.with.push(await measure([]));
      seen.without.push(await measure(name === "all of them" ? names : [name, ...dependentsOf(name)]));
      console.error(`${name}: ${seen.with.at(-1)!.toFixed(1)} with, ${seen.without.at(-1)!.toFixed(1)} without`);
    }
  }
} finally {
  nightpost.discard();
}
console.log(`${machine()}, ${values.workload}, medians of ${values.repeat}\n`);
console.log("| module | with, µs | without, µs | difference |\n| --- | ---: | ---: | ---: |");
for (const [name, seen] of cost) {
  const [one, other] = [median(seen.with) ?? Number.NaN, median(seen.without) ?? Number.NaN];
  console.log(`| ${name} | ${one.toFixed(1)} | ${other.toFixed(1)} | ${(one - other).toFixed(1)} |`);
}

/** Modules that need this one, directly or not. */
function dependentsOf(name: string): string[] {
  const direct = optional.filter(({ requires }) => requires?.includes(name) === true);
  return direct.flatMap((one) => [one.name, ...dependentsOf(one.name)]);
}
