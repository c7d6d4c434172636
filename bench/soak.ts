import { parseArgs } from "node:util";
import { anonymousBytes } from "./counters.ts";
import { isPinnable } from "./generate.ts";
import { Inspected } from "./inspected.ts";
import { MessageWriter } from "./messages.ts";
import { bareJid, closeAll, concurrently, LoadSession, pause } from "./session.ts";
import { Nightpost, pin } from "./subjects.ts";
import { machine } from "./table.ts";

/**
 * Storms of people who come, talk and go, some of them without a word, and what is left of it in memory: the JavaScript heap of
 * the main thread after a forced collection, and the memory of the process that no file stands behind, in megabytes an hour
 * after a warm-up.
 *
 * `node bench/soak.ts [--minutes N] [--every SECONDS]`
 */
const { values } = parseArgs({
  options: { minutes: { type: "string", default: "30" }, every: { type: "string", default: "30" } },
});
const minutes = Number(values.minutes);
const everyMs = Number(values.every) * 1000;
/** Of the time, before anything counts: code is compiled, caches fill. */
const warmUpShare = 1 / 3;
const width = 20;
const stormSize = 300;
/** People who never come: what they are sent waits. */
const absentees = 200;
const firstAbsentee = 4000;
const messageBytes = 200;
/** Soon enough given up that the sessions of the last storms do not hide what stays. */
const resumeSeconds = 5;
const mostHeapPerHour = 1;

interface Sample {
  readonly minute: number;
  readonly heap: number;
  readonly anonymous: number;
}

const isPinned = isPinnable();
if (isPinned) pin(process.pid, 1);
const nightpost = await Nightpost.prepare();
const running = await nightpost.start({
  core: isPinned ? 0 : null,
  forwardTo: null,
  env: { NODE_OPTIONS: "--inspect=127.0.0.1:0" },
});
const inspected = await Inspected.attach(running.server);
const samples: Sample[] = [];
let storms = 0;
let logins = 0;
let messages = 0;
try {
  const startedAt = performance.now();
  const elapsed = (): number => performance.now() - startedAt;
  for (let nextAt = 0; elapsed() < minutes * 60_000; nextAt += everyMs) {
    while (elapsed() < nextAt + everyMs - resumeSeconds * 2000) await storm();
    await pause(resumeSeconds * 2000);
    const heap = (await inspected.heapAfterCollection()) / 2 ** 20;
    const anonymous = anonymousBytes(running.pid) / 2 ** 20;
    samples.push({ minute: elapsed() / 60_000, heap, anonymous });
    console.error(
      `${(elapsed() / 60_000).toFixed(1)} min: heap ${heap.toFixed(1)} MB, ${anonymous.toFixed(0)} MB in all`,
    );
  }
} finally {
  inspected.close();
  await running.stop();
  nightpost.discard();
}
const counted = samples.filter(({ minute }) => minute >= minutes * warmUpShare);
const slopes = { heap: slope(counted, "heap"), anonymous: slope(counted, "anonymous") };
const verdict = slopes.heap <= mostHeapPerHour ? "met" : "**missed**";
console.log(`${machine()}\n`);
console.log(
  `${minutes} min: ${storms} storms, ${logins} logins, ${messages} messages; ${counted.length} samples count.\n`,
);
console.log("| | first counted, MB | last, MB | MB an hour | target |\n| --- | ---: | ---: | ---: | --- |");
console.log(line("heap after a forced collection", "heap", `${mostHeapPerHour}: ${verdict}`));
console.log(line("memory with no file behind it", "anonymous", ""));

/** Some come as always, some with stream management; they talk; some go, and some are gone. */
async function storm(): Promise<void> {
  const sessions = await concurrently(stormSize, width, (index) => {
    const isTls = index % 3 === 0;
    const port = isTls ? running.tlsPort : running.port;
    return LoadSession.login(index, { port, isTls, mechanism: nightpost.mechanism });
  });
  await concurrently(stormSize, width, async (index) => {
    const session = sessions[index]!;
    if (index % 2 === 0)
      await session.ask(`<enable xmlns='urn:xmpp:sm:3' resume='true' max='${resumeSeconds}'/>`, "<enabled");
    session.write("<presence/>");
    const near = new MessageWriter(bareJid(index ^ 1), 0, messageBytes);
    const away = new MessageWriter(bareJid(firstAbsentee + (index % absentees)), 0, messageBytes);
    for (let count = 0; count < 10; count += 1) session.write(near.next());
    session.write(away.next());
    await session.ping();
  });
  // Those who are gone without a word, and those who say goodbye.
  for (const session of sessions) if (session.index % 4 < 2) session.drop();
  await closeAll(sessions.filter(({ index }) => index % 4 >= 2));
  storms += 1;
  logins += stormSize;
  messages += stormSize * 11;
}

/** Least squares, megabytes an hour. */
function slope(some: readonly Sample[], of: "heap" | "anonymous"): number {
  const mean = (read: (one: Sample) => number): number => some.reduce((sum, one) => sum + read(one), 0) / some.length;
  const [x, y] = [mean(({ minute }) => minute), mean((one) => one[of])];
  const over = some.reduce((sum, one) => sum + (one.minute - x) * (one[of] - y), 0);
  return (60 * over) / some.reduce((sum, { minute }) => sum + (minute - x) ** 2, 0);
}

function line(what: string, of: "heap" | "anonymous", target: string): string {
  const [first, last] = [counted[0]?.[of], counted.at(-1)?.[of]];
  return `| ${what} | ${first?.toFixed(1)} | ${last?.toFixed(1)} | ${slopes[of].toFixed(2)} | ${target} |`;
}
