import type { Page } from "@playwright/test";
import { ms } from "./console-stage.ts";

/** A frame that lasts longer is seen. */
const longMs = 100;

interface Frames {
  count: number;
  long: number;
  longest: number;
  /** The longest task of the page's own: what the machine does to it is not in there. */
  task: number;
  since: number;
  last: number;
}
type Watched = Window & typeof globalThis & { frames: Frames };

/** Begins to count the frames of a page. */
export async function watchFrames(page: Page): Promise<void> {
  await page.evaluate((limit) => {
    const now = performance.now();
    const frames: Frames = { count: 0, long: 0, longest: 0, task: 0, since: now, last: now };
    Object.assign(window, { frames });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) frames.task = Math.max(frames.task, duration);
    }).observe({ type: "longtask" });
    const next = (at: number): void => {
      const took = at - frames.last;
      frames.count += 1;
      if (took > limit) frames.long += 1;
      frames.longest = Math.max(frames.longest, took);
      frames.last = at;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  }, longMs);
}

export interface Seen {
  readonly perSecond: number;
  readonly longest: number;
  readonly text: string;
}

/** What it has shown since then. */
export async function readFrames(page: Page): Promise<Seen> {
  const { count, long, longest, task, since, last } = await page.evaluate(() => (window as Watched).frames);
  return {
    perSecond: (count * 1000) / (last - since),
    longest,
    text: `${ms(longest)}, ${long} of ${count} over ${longMs} ms, longest task ${task === 0 ? "below 50 ms" : ms(task)}`,
  };
}

/** An empty page next to the one that is measured: how soon this machine, with all it has to do, paints nothing. */
export async function emptyPage(page: Page): Promise<Page> {
  await page.goto("about:blank");
  return page;
}

/** From now until the next frame of a page has been painted. */
export const frameMs = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const startedAt = performance.now();
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve(performance.now() - startedAt);
          port2.postMessage(null);
        });
      }),
  );
