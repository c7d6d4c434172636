import { parseArgs } from "node:util";
import { threadCpuUs } from "./counters.ts";
import { generate } from "./generate.ts";
import { median } from "./measured.ts";
import { Nightpost, type RunningNightpost } from "./subjects.ts";
import { machine } from "./table.ts";
import type { Run } from "./workload.ts";

/**
 * Would client connections spread over several processes pay (docs/adr/0011)? All that the machine has is given to one server, and
 * then to two that know nothing of each other: no store shared, no message from one to the other, which is more than any two
 * workers could reach. Two generators in both cases; nothing is bound to a core.
 *
 * `node bench/workers.ts [--workload chat-10] [--seconds N] [--repeat N]`
 */
const { values } = parseArgs({
  options: {
    workload: { type: "string", default: "chat-10" },
    seconds: { type: "string", default: "8" },
    repeat: { type: "string", default: "3" },
  },
});
/** Accounts of the second generator begin here. */
const second = 1000;

interface Seen {
  readonly perSecond: number[];
  readonly serverUs: number[];
  /** Of a core, both generators together. */
  readonly generators: number[];
  /** CPU of each kind of thread, of all the server used. */
  readonly threads: Map<string, number>;
}

const nightpost = await Nightpost.prepare();
const seen = [1, 2].map((count): [number, Seen] => [
  count,
  { perSecond: [], serverUs: [], generators: [], threads: new Map() },
]);
try {
  for (let round = 0; round < Number(values.repeat); round += 1)
    for (const [count, into] of seen) await measure(count, into);
} finally {
  nightpost.discard();
}

console.log(`${machine()}, ${values.workload}\n`);
console.log("| | messages a second | CPU µs each, server | cores of the generators | threads of the server |");
console.log("| --- | ---: | ---: | ---: | --- |");
for (const [count, { perSecond, serverUs, generators, threads }] of seen) {
  const all = threads.values().reduce((sum, us) => sum + us, 0);
  const shares = [...threads]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([name, us]) => `${name} ${((100 * us) / all).toFixed(0)} %`);
  const figures = [median(perSecond)?.toFixed(0), median(serverUs)?.toFixed(1), median(generators)?.toFixed(2)];
  console.log(`| ${count} process${count > 1 ? "es" : ""} | ${figures.join(" | ")} | ${shares.join(", ")} |`);
}

async function measure(count: number, into: Seen): Promise<void> {
  const servers: RunningNightpost[] = [];
  for (let index = 0; index < count; index += 1) servers.push(await nightpost.start({ core: null, forwardTo: null }));
  try {
    const figures = await Promise.all(
      [0, 1].map(async (index) => {
        const server = servers[index % count]!;
        const run: Run = {
          port: server.port,
          isTls: false,
          mechanism: nightpost.mechanism,
          pid: server.pid,
          first: index * second,
          seconds: Number(values.seconds),
          sinkPort: 0,
          forwardsInOrder: true,
          withInstructions: false,
        };
        const [one] = await generate(values.workload, run, false);
        return one!.cost!;
      }),
    );
    const rate = figures.reduce((sum, { perSecond }) => sum + (perSecond ?? 0), 0);
    // Each generator has seen all that its server used: of one server, both have seen the same.
    const used = figures.reduce((sum, cost) => sum + (cost.cpuUs ?? 0) * (cost.perSecond ?? 0), 0) / (2 / count);
    into.perSecond.push(rate);
    into.serverUs.push(used / rate);
    into.generators.push(figures.reduce((sum, { generatorShare }) => sum + generatorShare, 0));
    for (const { pid } of servers)
      for (const [name, us] of threadCpuUs(pid)) into.threads.set(name, (into.threads.get(name) ?? 0) + us);
    console.error(`${count}: ${rate.toFixed(0)} a second`);
  } finally {
    for (const server of servers) await server.stop();
  }
}
