import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { parseArgs } from "node:util";
import { ApnsTarget } from "../lib/contracts/forward-target.ts";
import { systemClock } from "../server/core/clock.ts";
import { startApnsMock } from "../server/forward/push/apns/mock.ts";
import { renderApns } from "../server/forward/push/apns/payload.ts";
import { ApnsTransport } from "../server/forward/push/apns/transport.ts";
import { counted, sampleDevice, sampleEvent, samplePush } from "../server/forward/push/testing.ts";
import type { Outgoing } from "../server/forward/transport.ts";
import { selfSignedPair } from "../server/net/self-signed.ts";
import { measurePushes, type PushFigures, pushRow, pushTableHead, startProviders } from "./push-load.ts";

const usage = `node bench/apns.ts [options]
  --seconds N      length of each measurement (5)
  --concurrency N  pushes under way at once (32)
  --repeat N       times that everything is measured; the table shows medians (3)

What a push through APNs costs the process that sends it, from the rendered event to the judged answer. APNs is a mock in a
process of its own that checks every request as the real one does.`;

/** What the process of the mocks tells about them. */
interface Providers {
  readonly certificate: string;
  readonly plain: Provider;
  readonly tls: Provider;
  readonly single: Provider;
}
interface Provider {
  readonly url: string;
  readonly credentials: Pick<ApnsTarget, "key" | "keyId" | "teamId" | "topic">;
}

let count = 0;
const { values, positionals } = parseArgs({
  options: {
    seconds: { type: "string", default: "5" },
    concurrency: { type: "string", default: "32" },
    repeat: { type: "string", default: "3" },
    help: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
if (values.help) console.log(usage);
else if (positionals[0] === "providers") await provide();
else await measureAll();

async function provide(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "nightpost-apns-"));
  const { certificate } = await selfSignedPair("localhost", directory, Date.now());
  const tls = { cert: certificate.toString(), key: readFileSync(join(directory, "localhost.pem"), "utf8") };
  rmSync(directory, { recursive: true });
  const mocks = await Promise.all([
    startApnsMock({ clock: systemClock }),
    startApnsMock({ clock: systemClock, tls }),
    startApnsMock({ clock: systemClock, maxStreams: 1 }),
  ]);
  // What was seen is of no interest here, and must not fill the memory.
  for (const mock of mocks) mock.forgets = true;
  const [plain, secure, single] = mocks.map(({ url, credentials }) => ({ url, credentials }));
  console.log(JSON.stringify({ certificate: tls.cert, plain, tls: secure, single }));
  await once(process.stdin.resume(), "end");
  console.log(JSON.stringify(mocks.flatMap(({ violations }) => violations).slice(0, 10)));
  await Promise.all(mocks.map((mock) => mock.close()));
}

async function measureAll(): Promise<void> {
  const { facts, end } = await startProviders<Providers>(import.meta.url);
  const { certificate, plain, tls, single } = facts;
  setDefaultCACertificates([...getCACertificates("default"), certificate]);
  const ways = [
    ["over TLS", tls],
    ["in the clear", plain],
    ["in the clear, one stream a connection", single],
  ] as const;
  const figures = new Map<string, PushFigures[]>(ways.map(([name]) => [name, []]));
  for (let round = 0; round < Number(values.repeat); round += 1) {
    for (const [name, provider] of ways) figures.get(name)!.push(await measure(provider));
  }
  console.log(`| APNs | ${pushTableHead}`);
  for (const [name, all] of figures) {
    const of = (key: keyof PushFigures): number => median(all.map((one) => one[key]));
    console.log(pushRow(name, { cpuUs: of("cpuUs"), rate: of("rate"), p50: of("p50"), p99: of("p99") }));
  }
  await end();
}

function measure({ url, credentials }: Provider): Promise<PushFigures> {
  const target = ApnsTarget.parse({ kind: "apns", server: url, allowPrivate: true, content: "full", ...credentials });
  const payload = counted(renderApns(samplePush(), target), 1);
  const phone = sampleDevice({ kind: "apns", token: "ab".repeat(32), settings: { environment: "production" } });
  const next = (): Outgoing => sampleEvent(payload, phone, Date.now(), { id: `evt_${count++}` });
  const load = { seconds: Number(values.seconds), concurrency: Number(values.concurrency) };
  return measurePushes(new ApnsTransport(target, { clock: systemClock }), next, load);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}
