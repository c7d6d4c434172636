import type { CDPSession, Page } from "@playwright/test";
import { countOf, deliveredIds, loadAll, readList } from "../e2e/console/log-list.ts";
import { Cuttable } from "../e2e/support/cuttable.ts";
import { XmppClient } from "../e2e/support/xmpp-client.ts";
import { FastFeed } from "./console-feed.ts";
import { emptyPage, readFrames, watchFrames } from "./console-frames.ts";
import { type ConsoleMeasure, type ConsoleStage, localPart, megabytes } from "./console-stage.ts";
import { pause } from "./session.ts";

const perSecond = 5_000;
const warmMs = 5_000;
const outageMs = 30_000;
/** Each message is two changes: queued, and delivered. */
const messagesPerSecond = 500;

/** P6: the forward log with thousands of changes a second, every one of which is shown. */
export const flood: ConsoleMeasure = async ({ stage, minutes }) => {
  const feed = await new FastFeed(stage.server.httpPort, "flood", perSecond).listen();
  const page = await stage.open();
  const empty = await emptyPage(await stage.open());
  const origin = `http://127.0.0.1:${feed.port}`;
  await page.goto(`${origin}/admin/forward?target=flood&complete=true`);
  await page.getByText("No event matches these filters.").waitFor();
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable");
  feed.start();
  await page.getByRole("grid").waitFor();
  await pause(warmMs);
  await watchFrames(page);
  await watchFrames(empty);
  const before = await metrics(client);
  const heaps: number[] = [];
  for (let index = 0; index < minutes * 12; index += 1) {
    await pause(5_000);
    heaps.push((await metrics(client)).heap);
  }
  const after = await metrics(client);
  const frames = await readFrames(page);
  const idle = await readFrames(empty);
  const told = feed.told;
  const bytes = feed.bytes / told;
  await page.context().close();
  await empty.context().close();
  await feed.stop();
  const busy = (after.cpuSeconds - before.cpuSeconds) / (after.at - before.at);
  const most = Math.max(...heaps);
  const third = Math.ceil(heaps.length / 3);
  // The list fills up in the first third. What garbage is left when is chance; the least of each of the others is not.
  const growth = Math.min(...heaps.slice(2 * third)) / Math.min(...heaps.slice(third, 2 * third)) - 1;
  const what = `${(told / (after.at - before.at + warmMs / 1000)).toFixed(0)} changes a second of ${bytes.toFixed(0)} bytes, ${minutes} min`;
  return [
    {
      id: "P6",
      what,
      goal: "55 frames a second",
      seen: `${frames.perSecond.toFixed(1)} (an empty page beside it: ${idle.perSecond.toFixed(1)})`,
      isMet: frames.perSecond >= 55,
    },
    {
      id: "P6",
      what: "longest frame",
      goal: "100 ms",
      seen: `${frames.text} (the empty page: ${idle.text})`,
      isMet: frames.longest <= 100,
    },
    {
      id: "P6",
      what: "JS heap at most, and how it grows",
      goal: "120 MB, flat",
      seen: `${megabytes(most)}, ${growth >= 0 ? "+" : ""}${(growth * 100).toFixed(0)} %`,
      isMet: most <= 120 * 2 ** 20 && !(growth > 0.15),
    },
    {
      id: "P6",
      what: "main thread, of a core",
      goal: "50 %",
      seen: `${(busy * 100).toFixed(0)} %`,
      isMet: busy <= 0.5,
    },
  ];
};

interface Metrics {
  /** Seconds. */
  readonly at: number;
  readonly heap: number;
  /** What the page's main thread has had of a core: others at work do not count. */
  readonly cpuSeconds: number;
}

async function metrics(client: CDPSession): Promise<Metrics> {
  const { metrics: all } = await client.send("Performance.getMetrics");
  const of = (name: string): number => all.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return { at: of("Timestamp"), heap: of("JSHeapUsedSize"), cpuSeconds: of("ThreadTime") };
}

/** P7: a viewer is away for half a minute while messages go on, and misses none of them. */
export const outage: ConsoleMeasure = async ({ stage }) => {
  const { server, sink } = stage;
  await forwardTo(stage);
  const network = await new Cuttable(server.httpPort).start();
  const page = await stage.open();
  await page.goto(`http://127.0.0.1:${network.port}/admin/forward?target=outage&complete=true`);
  await page.getByText("No event matches these filters.").waitFor();
  const sender = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  await sender.login(localPart(0), "secret-0");
  sender.send("<presence/>");
  await sender.ping();

  const before = sink.requests.length;
  const startedAt = performance.now();
  const elapsed = (): number => performance.now() - startedAt;
  let sent = 0;
  let isCut = false;
  while (elapsed() < outageMs + 15_000) {
    await pause(10);
    for (const due = Math.floor((elapsed() * messagesPerSecond) / 1000); sent < due; sent += 1)
      sender.send(`<message type='chat' to='${localPart(1 + (sent % 2000))}@localhost'><body>${sent}</body></message>`);
    if (!isCut && elapsed() > 5_000) {
      network.cut();
      isCut = true;
    } else if (isCut && elapsed() > 5_000 + outageMs) network.mend();
  }
  await sender.ping();
  const rate = ((sent * 2) / elapsed()) * 1000;
  while (sink.requests.length < before + sent) await pause(50);
  await page.getByText("Live", { exact: true }).first().waitFor({ timeout: 60_000 });
  while ((await settledCount(page)) < sent && (await fillGap(page))) await pause(100);
  await loadAll(page);
  const { ids } = await readList(page);
  const shown = new Set(ids);
  const kept = await deliveredIds(stage.server.api, "outage");
  await sender.close();
  await page.context().close();
  await network.stop();
  const lost = kept.difference(shown).size;
  const doubled = ids.length - shown.size;
  return [
    {
      id: "P7",
      what: `${kept.size} events, ${rate.toFixed(0)} changes a second, ${outageMs / 1000} s without the server`,
      goal: "0 lost, 0 doubled",
      seen: `${lost} lost, ${doubled} doubled`,
      isMet: lost === 0 && doubled === 0 && kept.size === sent,
    },
  ];
};

async function forwardTo({ server: { api }, sink }: ConsoleStage): Promise<void> {
  sink.status = 200;
  const target = { kind: "webhook", url: sink.url, allowPrivate: true, concurrency: 64 } as const;
  await api.forward.setTarget({ name: "outage", target });
  await api.forward.setRules({ rules: [{ name: "outage", targets: ["outage"] }] });
}

/** How many rows there are when no more come. */
async function settledCount(page: Page): Promise<number> {
  for (let last = -1; ;) {
    const count = await countOf(page);
    if (count === last) return count;
    last = count;
    await pause(1_000);
  }
}

/** Asks for what a gap leaves out, if there is one in sight. */
async function fillGap(page: Page): Promise<boolean> {
  const load = page.getByRole("row").getByRole("button", { name: "Load", exact: true }).first();
  const isGap = await load.isVisible();
  if (isGap) await load.click();
  return isGap;
}
