import type { Page } from "@playwright/test";
import { type ConsoleMeasure, type ConsoleStage, localPart, ms, quantile, settled } from "./console-stage.ts";
import { pause } from "./session.ts";

const depth = 200;

const overviews = 20;

/** P5: lists of many accounts: pages, filters and searches by the API, then a search as somebody sees it; and the overview. */
export const lists: ConsoleMeasure = async ({ stage }) => {
  const asked = await askForLists(stage);
  const p95 = quantile(asked, 0.95);
  const overview = quantile(await askForOverview(stage), 0.95);
  const page = await stage.open();
  await page.goto(`${stage.origin}/admin/users`);
  await settled(page);
  const seen: number[] = [];
  for (let index = 0; index < 12; index += 1) {
    const wanted = localPart((index * 7_919) % stage.accounts);
    await page.locator("main [type=search]").first().fill("");
    await page.waitForFunction(() => document.querySelectorAll("tbody tr").length > 1);
    await pause(300);
    seen.push(await searchMs(page, wanted.slice(0, -1), `${wanted}@localhost`));
  }
  await page.locator("main [type=search]").first().fill("");
  await page.waitForFunction(() => document.querySelectorAll("tbody tr").length > 1);
  const rows = await page.locator("tbody tr").count();
  await page.context().close();
  const screen = quantile(seen, 0.95);
  return [
    {
      id: "P5",
      what: `${stage.accounts} accounts: a page, filter or search by the API, ${asked.length} calls`,
      goal: "p95 100 ms",
      seen: `p50 ${ms(quantile(asked, 0.5))}, p95 ${ms(p95)}, worst ${ms(quantile(asked, 1))}`,
      isMet: p95 <= 100,
    },
    {
      id: "P5",
      what: "a search, from the last key until its rows are painted",
      goal: "250 ms",
      seen: `p50 ${ms(quantile(seen, 0.5))}, p95 ${ms(screen)}`,
      isMet: screen <= 250,
    },
    {
      id: "P5",
      what: "the overview by the API",
      goal: "200 ms",
      seen: `p95 ${ms(overview)}`,
      isMet: overview <= 200,
    },
    { id: "P5", what: "rows in the page", goal: "60", seen: String(rows), isMet: rows <= 60 },
  ];
};

async function askForOverview({ server: { api } }: ConsoleStage): Promise<number[]> {
  const seen: number[] = [];
  for (let turn = 0; turn < overviews; turn += 1) {
    const startedAt = performance.now();
    await api.server.overview();
    seen.push(performance.now() - startedAt);
  }
  return seen;
}

async function askForLists({ server: { api }, accounts }: ConsoleStage): Promise<number[]> {
  const seen: number[] = [];
  const list = async (input: Parameters<typeof api.users.list>[0]): Promise<string | null> => {
    const startedAt = performance.now();
    const { nextCursor } = await api.users.list(input);
    seen.push(performance.now() - startedAt);
    return nextCursor;
  };
  let cursor: string | undefined;
  for (let page = 0; page < depth; page += 1) {
    cursor = (await list({ limit: 50, ...(cursor === undefined ? {} : { cursor }) })) ?? undefined;
    if (cursor === undefined) break;
  }
  for (const filter of ["online", "queued", "never", "suspended"] as const)
    for (let turn = 0; turn < 5; turn += 1) await list({ limit: 50, filter });
  for (let index = 0; index < 40; index += 1) {
    const name = localPart((index * 2_503) % accounts);
    for (const length of [1, 2, name.length - 2, name.length]) await list({ limit: 50, search: name.slice(0, length) });
  }
  return seen;
}

/** From the key that completes a search until the row that it finds has been painted, among fewer than there were. */
async function searchMs(page: Page, text: string, wanted: string): Promise<number> {
  const field = page.locator("main [type=search]").first();
  await field.pressSequentially(text.slice(0, -1));
  await pause(500);
  await page.evaluate((jid) => {
    const state: { startedAt: number; took: number } = { startedAt: 0, took: 0 };
    Object.assign(window, { search: state });
    addEventListener(
      "keydown",
      () => {
        state.startedAt = performance.now();
        const before = document.querySelectorAll("tbody tr").length;
        const look = (): void => {
          const rows = [...document.querySelectorAll("tbody tr")];
          if (rows.length < before && rows.some((row) => row.textContent.includes(jid)))
            state.took = performance.now() - state.startedAt;
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      },
      { once: true, capture: true },
    );
  }, wanted);
  await field.press(text.at(-1)!);
  const took = await page.waitForFunction(
    () => (window as Window & typeof globalThis & { search: { took: number } }).search.took,
  );
  return took.jsonValue();
}
