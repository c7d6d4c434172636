import type { BrowserContextOptions, Page } from "@playwright/test";
import { type Furniture, furnish, pages, pathOf } from "../e2e/console/tour-stage.ts";
import { violationsOf } from "../e2e/support/axe.ts";
import { latinRuns } from "../e2e/support/latin.ts";
import { type BudgetRow, type ConsoleMeasure, type ConsoleStage, ms, quantile, settled } from "./console-stage.ts";
import { pause } from "./session.ts";

interface Look {
  readonly name: string;
  readonly options: BrowserContextOptions;
}

const english: Look = { name: "en light", options: { locale: "en-US", colorScheme: "light" } };
const chinese: Look = { name: "zh dark", options: { locale: "zh-CN", colorScheme: "dark" } };
const looks: readonly Look[] = [
  english,
  { name: "en dark", options: { locale: "en-US", colorScheme: "dark" } },
  { name: "zh light", options: { locale: "zh-CN", colorScheme: "light" } },
  chinese,
];

/** What a page looks like while its data is not there, or is not for whoever asks. */
const troubles = new Map<string, { status: number; code: string } | null>([
  ["loading", null],
  ["failed", { status: 500, code: "INTERNAL_SERVER_ERROR" }],
  ["no permission", { status: 403, code: "FORBIDDEN" }],
]);

let furniture: Promise<Furniture> | null = null;

const furnished = (stage: ConsoleStage): Promise<Furniture> => (furniture ??= furnish(stage.server, stage.sink));

/** Closes what the pages were given to show. */
export async function unfurnish(): Promise<void> {
  await (await furniture)?.apns.close();
}

/** P8: how steady three pages are, and how soon they answer to a key or a click. */
export const steadiness: ConsoleMeasure = async ({ stage }) => {
  await furnished(stage);
  const shifts: number[] = [];
  const answers: number[] = [];
  for (const [path, use] of [
    ["/users", useUsers],
    ["/forward", useForward],
    ["/forward/rules", useRules],
  ] as const) {
    const page = await stage.open();
    await page.addInitScript(observe);
    await page.goto(`${stage.origin}/admin${path}`);
    await settled(page);
    await pause(500);
    await use(page);
    await pause(500);
    const { shift, durations } = await page.evaluate(() => (window as Observed).steadiness);
    shifts.push(shift);
    answers.push(...durations);
    await page.context().close();
  }
  const shift = Math.max(...shifts);
  const inp = quantile(answers, 0.75);
  return [
    { id: "P8", what: "layout shift, worst page", goal: "0.02", seen: shift.toFixed(3), isMet: shift <= 0.02 },
    {
      id: "P8",
      what: `from a key or a click to the next paint, ${answers.length} of them`,
      goal: "p75 150 ms",
      seen: `p75 ${ms(inp)}, worst ${ms(quantile(answers, 1))}`,
      isMet: inp <= 150,
    },
  ];
};

type Observed = Window & typeof globalThis & { steadiness: { shift: number; durations: number[] } };

/** Runs in the page, before anything of it. */
function observe(): void {
  const steadiness: Observed["steadiness"] = { shift: 0, durations: [] };
  Object.assign(window, { steadiness });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
      if (!entry.hadRecentInput) steadiness.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { interactionId: number })[])
      if (entry.interactionId > 0) steadiness.durations.push(entry.duration);
    // Shorter ones than 16 ms are not told.
  }).observe({ type: "event", buffered: true, durationThreshold: 16 } as PerformanceObserverInit);
}

async function useUsers(page: Page): Promise<void> {
  await page.locator("main [type=search]").first().click();
  await page.keyboard.type("ursula", { delay: 60 });
  await page.getByRole("row").filter({ hasText: "ursula" }).getByRole("checkbox").click();
  await page.getByRole("radio", { name: "Suspended" }).click();
  await page.getByRole("button", { name: "Create user" }).first().click();
  await page.keyboard.type("somebody", { delay: 60 });
  await page.keyboard.press("Escape");
}

async function useForward(page: Page): Promise<void> {
  const row = page.locator("[role=row][data-index='0']");
  await row.click();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Escape");
  await page.locator("main [type=search]").first().click();
  await page.keyboard.type("hero", { delay: 60 });
  await page.getByRole("button", { name: "Pause" }).click();
}

async function useRules(page: Page): Promise<void> {
  const details = page.locator("[data-rule] button[aria-expanded]").first();
  await details.click();
  await details.click();
  await page.getByRole("button", { name: "Add rule" }).click();
  await page.getByRole("button", { name: "Discard changes" }).click();
}

/** P9: axe on every page, in both languages and both themes, with data, without it, and while there is trouble. */
export const accessibility: ConsoleMeasure = async ({ stage }) => {
  const found: string[] = [];
  let looked = 0;
  const look = async (page: Page, where: string): Promise<void> => {
    looked += 1;
    for (const violation of await violationsOf(page)) found.push(`${where}: ${violation}`);
  };
  const kept = await furnished(stage);
  for (const { name, options } of looks)
    await walk(stage, options, kept, async (page, path) => {
      await settled(page);
      await look(page, `${path}, ${name}`);
    });
  for (const { name, options } of [english, chinese])
    for (const [trouble, answer] of troubles)
      await walk(stage, options, kept, (page, path) => look(page, `${path}, ${name}, ${trouble}`), answer);
  return [report("P9", `axe, WCAG 2.2 AA, ${looked} looks`, "0 violations", found)];
};

/** P11: every page in Chinese, with data on it. */
export const language: ConsoleMeasure = async ({ stage }) => {
  const found: string[] = [];
  const kept = await furnished(stage);
  await walk(stage, chinese.options, kept, async (page, path) => {
    await settled(page);
    for (const run of await latinRuns(page)) found.push(`${path}: ${run}`);
  });
  return [report("P11", `English on ${Object.keys(pages).length} Chinese pages`, "0 runs of more than 3 words", found)];
};

/** Opens every page; `answer`: what the server says to every question but who is there, and null: nothing at all. */
async function walk(
  stage: ConsoleStage,
  options: BrowserContextOptions,
  kept: Furniture,
  visit: (page: Page, path: string) => Promise<void>,
  answer?: { status: number; code: string } | null,
): Promise<void> {
  const page = await stage.open(options);
  if (answer !== undefined)
    await page.route(/\/api\/v1\/(?!me|live)/, (route) =>
      answer === null
        ? undefined
        : route.fulfill({ status: answer.status, json: { defined: true, ...answer, message: answer.code } }),
    );
  for (const path of Object.values(pages)) {
    await page.goto(`${stage.origin}/admin${pathOf(path, kept)}`);
    await page.locator("h1").first().waitFor();
    // Skeletons show themselves after 150 ms.
    if (answer !== undefined) await pause(250);
    await visit(page, path);
  }
  await page.context().close();
}

function report(id: string, what: string, goal: string, found: readonly string[]): BudgetRow {
  for (const each of new Set(found)) console.error(`${id}: ${each}`);
  return { id, what, goal, seen: String(found.length), isMet: found.length === 0 };
}
