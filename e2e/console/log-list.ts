import type { Locator, Page } from "@playwright/test";
import type { TestServer } from "../support/server.ts";

/** Rows of the list without its header, as it tells them to a screen reader. */
export const countOf = async (page: Page): Promise<number> =>
  Number(await page.getByRole("grid").getAttribute("aria-rowcount")) - 1;

/** Page after page, until the oldest event is there. */
export async function loadAll(page: Page): Promise<void> {
  const older = page.getByRole("button", { name: "Load older events" });
  for (let isMore = await older.isVisible(); isMore;) {
    // A page may add nothing: what changed since the list was read is further up already.
    const [response] = await Promise.all([page.waitForResponse(/cursor=/), older.click()]);
    isMore = ((await response.json()) as { nextCursor: string | null }).nextCursor !== null;
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }
}

/** Scrolls down until it is in sight. */
export async function readUpTo(page: Page, wanted: Locator): Promise<void> {
  for (let top = 0; !(await wanted.first().isVisible()); top += 400) {
    const isEnd = await page.evaluate((at) => {
      const scroller = document.querySelector("[role=grid]")!.parentElement!;
      scroller.scrollTop = at;
      return at > scroller.scrollHeight;
    }, top);
    if (isEnd) throw new Error("it is not in the list");
  }
}

/** Scrolls through the whole list and reads every event in it. */
export async function readList(page: Page): Promise<{ ids: string[]; states: Set<string> }> {
  const rows = await page.evaluate(async () => {
    const seen: [index: number, id: string, state: string][] = [];
    const scroller = document.querySelector("[role=grid]")!.parentElement!;
    for (let top = 0; ; top += 560) {
      scroller.scrollTop = top;
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      for (const row of document.querySelectorAll("[role=row][data-index]")) {
        const id = row.querySelector("[title^=evt_]")?.getAttribute("title");
        const state = row.querySelector("[role=gridcell]")?.textContent ?? "";
        if (id) seen.push([Number(row.getAttribute("data-index")), id, state]);
      }
      if (scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1) return seen;
    }
  });
  const byIndex = new Map(rows.map(([index, id, state]) => [index, { id, state }]));
  const found = [...byIndex.values()];
  return { ids: found.map(({ id }) => id), states: new Set(found.map(({ state }) => state)) };
}

/** Ids of the events that a target took, as the API tells them. */
export async function deliveredIds(api: TestServer["api"], target: string): Promise<Set<string>> {
  const ids = new Set<string>();
  for (let cursor: string | undefined; ;) {
    const page = await api.forward.list({
      target,
      state: "delivered",
      limit: 500,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { id } of page.items) ids.add(id);
    if (page.nextCursor === null) return ids;
    cursor = page.nextCursor;
  }
}
