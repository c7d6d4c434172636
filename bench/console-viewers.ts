import type { Page } from "@playwright/test";
import { XmppClient } from "../e2e/support/xmpp-client.ts";
import { type ConsoleMeasure, type ConsoleStage, localPart } from "./console-stage.ts";
import { pause } from "./session.ts";
import { ThinLink } from "./thin-link.ts";

/** Each message is two changes: queued, and delivered. */
const messagesPerSecond = 500;
const runMs = 20_000;
const linkBytes = 256 * 1024;
const target = "viewers";

/** B12: the live log of somebody who looks elsewhere, and of somebody far away. */
export const viewers: ConsoleMeasure = async ({ stage }) => {
  const { server, sink } = stage;
  sink.status = 200;
  const settings = { kind: "webhook", url: sink.url, allowPrivate: true, concurrency: 64 } as const;
  await server.api.forward.setTarget({ name: target, target: settings });
  await server.api.forward.setRules({ rules: [{ name: target, targets: [target] }] });
  const sender = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  await sender.login(localPart(0), "secret-0");
  sender.send("<presence/>");
  await sender.ping();
  try {
    const changes = `${messagesPerSecond * 2} changes a second`;
    const busy = await inBackground(stage, sender);
    const { lagMs, isLive, bytesPerSecond } = await farAway(stage, sender);
    return [
      {
        id: "B12",
        what: `${changes}, tab in the background: main thread, of a core`,
        goal: "2 %",
        seen: `${(busy * 100).toFixed(1)} %`,
        isMet: busy <= 0.02,
      },
      {
        id: "B12",
        what: `${changes} over a link of ${linkBytes / 1024} kB/s`,
        goal: "live, and right within 5 s",
        seen: `${isLive ? "live" : "cut off"}, right after ${(lagMs / 1000).toFixed(1)} s, ${(bytesPerSecond / 1024).toFixed(0)} kB/s`,
        isMet: isLive && lagMs <= 5_000,
      },
    ];
  } finally {
    await sender.close();
  }
};

/** What of a core the page's main thread takes while the browser shows another one. */
async function inBackground(stage: ConsoleStage, sender: XmppClient): Promise<number> {
  const page = await stage.open();
  await openLog(page, stage.origin);
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable");
  // A browser without a screen shows all its pages: the page is told what a browser with one would tell it.
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  const threadTime = async () => {
    const { metrics } = await client.send("Performance.getMetrics");
    const of = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
    return { at: of("Timestamp"), cpu: of("ThreadTime") };
  };
  await chat(sender, 2_000);
  const before = await threadTime();
  await chat(sender, runMs);
  const after = await threadTime();
  await page.context().close();
  return (after.cpu - before.cpu) / (after.at - before.at);
}

/** How long after the last message the figures are right, when not all rows can have come. */
async function farAway(stage: ConsoleStage, sender: XmppClient) {
  const link = await new ThinLink(stage.server.httpPort, linkBytes).listen();
  const page = await stage.open();
  await openLog(page, `http://127.0.0.1:${link.port}`);
  const before = link.bytes;
  const startedAt = performance.now();
  await chat(sender, runMs);
  const bytesPerSecond = (link.bytes - before) / ((performance.now() - startedAt) / 1000);
  const delivered = await whenDelivered(stage);
  const endedAt = performance.now();
  const isLive = await page.getByText("Live", { exact: true }).first().isVisible();
  const figure = new RegExp(`^delivered or accepted\\s*${delivered.toLocaleString("en-US")}$`);
  const legend = page.getByRole("region", { name: "Events over time by outcome" });
  await legend.locator("span", { hasText: figure }).first().waitFor({ timeout: 60_000 });
  const lagMs = performance.now() - endedAt;
  await page.context().close();
  await link.stop();
  return { lagMs, isLive, bytesPerSecond };
}

/** How many events there are when all of them have arrived. */
async function whenDelivered({ server: { api } }: ConsoleStage): Promise<number> {
  for (;;) {
    const { buckets } = await api.forward.histogram({ target });
    const sum = (name: "delivered" | "queued" | "retrying"): number =>
      buckets.reduce((all, bucket) => all + bucket[name], 0);
    if (sum("queued") + sum("retrying") === 0) return sum("delivered");
    await pause(100);
  }
}

async function openLog(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/admin/forward?target=${target}`);
  await page.getByText("Live", { exact: true }).first().waitFor();
}

/** Messages to people who are away, at the same rate whatever becomes of them; resolves when the server has them all. */
async function chat(sender: XmppClient, forMs: number): Promise<void> {
  const startedAt = performance.now();
  for (let sent = 0, elapsed = 0; elapsed < forMs; elapsed = performance.now() - startedAt) {
    await pause(10);
    for (const due = Math.floor((elapsed * messagesPerSecond) / 1000); sent < due; sent += 1)
      sender.send(`<message type='chat' to='${localPart(1 + (sent % 2000))}@localhost'><body>${sent}</body></message>`);
  }
  await sender.ping();
}
