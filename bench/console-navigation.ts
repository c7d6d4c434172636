import type { CDPSession, Page } from "@playwright/test";
import { emptyPage, frameMs } from "./console-frames.ts";
import { type BudgetRow, type ConsoleMeasure, ms, quantile, settled } from "./console-stage.ts";
import { pause } from "./session.ts";

/** Each page is come to so often. */
const rounds = 3;
/** The console begins to fetch its pages when it has been open for so long. */
const openMs = 4_000;

interface Visit {
  readonly href: string;
  readonly took: number;
  /** What the page's main thread has had of a core; others at work do not count. */
  readonly cpu: number;
}

/** P4: from a click in the sidebar until the next page is painted. */
export const navigation: ConsoleMeasure = async ({ stage }) => {
  const page = await stage.open();
  const empty = await emptyPage(await stage.open());
  await page.goto(`${stage.origin}/admin`);
  await settled(page);
  const links = await page.locator("nav a[href]").evaluateAll((all) => all.map((link) => link.getAttribute("href")!));
  for (const href of links) {
    await page.locator(`nav a[href="${href}"]`).first().click();
    await page.waitForFunction((path) => location.pathname === path, href);
    await settled(page);
  }
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable");
  const cached: Visit[] = [];
  const idle: number[] = [];
  for (let round = 0; round < rounds; round += 1)
    for (const href of links) {
      cached.push(await visit(page, client, href, true));
      idle.push(await frameMs(empty));
    }

  // The data never comes, and nothing of it is kept: what is seen is the page's frame.
  await page.reload();
  await settled(page);
  await pause(openMs);
  await page.waitForLoadState("networkidle");
  await page.route(/\/api\/v1\/(?!me|live)/, () => undefined);
  const uncached: Visit[] = [];
  for (const href of links.slice(1)) uncached.push(await visit(page, client, href, false));
  await page.context().close();
  await empty.context().close();
  const beside = `an empty page's next frame: p50 ${ms(quantile(idle, 0.5))}, p95 ${ms(quantile(idle, 0.95))}`;
  return [
    rowOf(`to a page whose data is known, ${cached.length} times (${beside})`, 100, cached, "took"),
    rowOf("the same: what the page's main thread has had of a core", 100, cached, "cpu"),
    rowOf("to the frame of a page whose data is not known", 50, uncached, "took"),
    rowOf("the same: what the page's main thread has had of a core", 50, uncached, "cpu"),
  ];
};

function rowOf(what: string, goalMs: number, visits: readonly Visit[], figure: "took" | "cpu"): BudgetRow {
  const figures = visits.map((each) => each[figure]);
  const [p50, p95] = [quantile(figures, 0.5), quantile(figures, 0.95)];
  const worst = visits.toSorted((one, other) => other[figure] - one[figure]).slice(0, 8);
  console.error(
    `P4, most: ${worst.map((each) => `${each.href.slice("/admin".length)} ${ms(each[figure])}`).join(", ")}`,
  );
  return { id: "P4", what, goal: ms(goalMs), seen: `p50 ${ms(p50)}, p95 ${ms(p95)}`, isMet: p95 <= goalMs };
}

async function visit(page: Page, client: CDPSession, href: string, isWithData: boolean): Promise<Visit> {
  // A pointer comes before the click, and with it the page.
  await page.locator(`nav a[href="${href}"]`).first().hover();
  await pause(150);
  const before = await threadMs(client);
  const took = await clickedMs(page, href, isWithData);
  return { href, took, cpu: (await threadMs(client)) - before };
}

/** CPU time of the page's main thread so far. */
async function threadMs(client: CDPSession): Promise<number> {
  const { metrics } = await client.send("Performance.getMetrics");
  return (metrics.find(({ name }) => name === "ThreadTime")?.value ?? Number.NaN) * 1000;
}

/** From the click until the frame with the page's heading has been painted; with its data, if that is asked for. */
const clickedMs = (page: Page, href: string, isWithData: boolean): Promise<number> =>
  page.evaluate(
    ([path, withData]) =>
      new Promise<number>((resolve) => {
        const link = document.querySelector<HTMLAnchorElement>(`nav a[href="${path}"]`)!;
        const before = document.querySelector("main h1");
        const startedAt = performance.now();
        const look = (): void => {
          const heading = document.querySelector("main h1");
          const isThere = location.pathname === path && heading !== null && (heading !== before || !before.isConnected);
          const isWaiting = withData && document.querySelector("[data-skeleton], [aria-busy=true]") !== null;
          if (!isThere || isWaiting) requestAnimationFrame(look);
          else {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => resolve(performance.now() - startedAt);
            port2.postMessage(null);
          }
        };
        link.click();
        requestAnimationFrame(look);
      }),
    [href, isWithData] as const,
  );
