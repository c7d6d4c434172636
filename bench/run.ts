import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { canCountInstructions } from "./counters.ts";
import { generate, isPinnable } from "./generate.ts";
import type { Measured } from "./measured.ts";
import { peersNamed } from "./peers.ts";
import { freePort } from "./ports.ts";
import { Nightpost, relay, type Running, type Subject } from "./subjects.ts";
import { machine, summaryOf, tableOf } from "./table.ts";
import { type Figures, isWorkload, type Run, type WorkloadName, workloadNames } from "./workload.ts";

const usage = `node bench/run.ts [options]
  --only NAMES     of ${workloadNames.join(", ")}
  --seconds N      length of each measurement that has one (8)
  --repeat N       times that everything is measured; the table shows medians (3)
  --peers NAMES    also measure these, where they are installed: prosody, ejabberd
  --markdown       print what docs/performance.md holds
  --json FILE      write every single measurement`;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    seconds: { type: "string", default: "8" },
    repeat: { type: "string", default: "3" },
    peers: { type: "string", default: "" },
    markdown: { type: "boolean", default: false },
    json: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}

const wanted: readonly string[] = values.only?.split(",") ?? workloadNames;
const unknown = wanted.find((name) => !isWorkload(name));
if (unknown !== undefined) {
  console.error(`there is no workload ${unknown}\n${usage}`);
  process.exit(2);
}
const workloads = wanted.filter(isWorkload);
// The server gets a core for itself and the generator another one, where there are two.
const isPinned = isPinnable();
const withInstructions = canCountInstructions();
const rounds = Number(values.repeat) + (withInstructions ? 1 : 0);
const sinkPort = await freePort();
const nightpost = await Nightpost.prepare();
const subjects: Subject[] = [nightpost, relay, ...peersNamed(values.peers.split(",").filter((name) => name !== ""))];
const measured: Measured[] = [];
for (const workload of workloads) {
  await measure(workload).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
nightpost.discard();
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(measured, null, 2)}\n`);
const table = values.markdown ? summaryOf(measured) : tableOf(measured);
console.log(`\n${machine()}${isPinned ? ", server on core 0, generator on core 1" : ""}\n\n${table}`);

/** All subjects take turns, so that what disturbs the machine disturbs them alike. */
async function measure(workload: WorkloadName): Promise<void> {
  const taking = subjects.filter((subject) => subject.takes(workload));
  const running = new Map<Subject, Running>();
  const isFresh = workload.startsWith("idle");
  const options = {
    core: isPinned ? 0 : null,
    forwardTo: workload === "forward" ? `http://127.0.0.1:${sinkPort}/` : null,
  };
  try {
    for (let round = 0; round < rounds; round += 1) {
      // Counting instructions slows a server down, so nothing else is taken from that round.
      const isCounting = withInstructions && round === rounds - 1;
      for (const subject of taking) {
        const server = running.get(subject) ?? (await subject.start(options));
        running.set(subject, server);
        const isTls = workload.endsWith("-tls");
        const run: Run = {
          port: isTls ? server.tlsPort : server.port,
          isTls,
          upgrades: workload === "login-starttls",
          mechanism: workload === "login-plain" ? "PLAIN" : subject.mechanism,
          pid: server.pid,
          seconds: Number(values.seconds),
          sinkPort,
          forwardsInOrder: subject.forwardsInOrder,
          withInstructions: isCounting,
        };
        for (const figures of await generate(workload, run, isPinned)) {
          measured.push({ subject: subject.name, ...(isCounting ? instructionsOf(figures) : figures) });
          report(subject, figures);
        }
        if (!isFresh) continue;
        await server.stop();
        running.delete(subject);
      }
    }
  } finally {
    for (const server of running.values()) await server.stop();
  }
}

function instructionsOf({ what, cost }: Figures): Figures {
  return { what, cost: cost === null ? null : { ...cost, cpuUs: null, perSecond: null }, latencyMs: null, bytes: null };
}

function report(subject: Subject, { what, cost, bytes }: Figures): void {
  const figure = cost === null ? `${Math.round((bytes ?? 0) / 1024)} KB` : `${cost.cpuUs?.toFixed(1)} µs of CPU`;
  console.error(`${subject.name}: ${what}: ${figure}`);
}
