/** The live log while thousands of events come and its connection breaks: nothing is lost, nothing comes twice. */
import type { Page } from "@playwright/test";
import { Cuttable } from "../support/cuttable.ts";
import type { XmppClient } from "../support/xmpp-client.ts";
import { LiveFeed } from "./live-feed.ts";
import { countOf, deliveredIds, loadAll, readList, readUpTo } from "./log-list.ts";
import { chatAs, expect, forget, logIn, test } from "./story.ts";

const recipients = Array.from({ length: 30 }, (_, index) => `guest${index}`);
const perRound = 40;
const rounds = 4;

test.beforeAll(async ({ story: { server, sink } }) => {
  test.setTimeout(120_000);
  for (const user of ["capulet", ...recipients]) await server.register(user, "a long enough password");
  const target = { kind: "webhook", url: sink.url, allowPrivate: true, concurrency: 64 } as const;
  await server.api.forward.setTarget({ name: "flood", target });
  await server.api.forward.setRules({ rules: [{ name: "flood", targets: ["flood"] }] });
});

test.afterAll(async ({ story: { server } }) => forget(server, "flood"));

test("thousands of events over three broken connections are all in the list, once", async ({
  page,
  story: { server, sink },
}) => {
  test.setTimeout(240_000);
  sink.status = 200;
  const network = await new Cuttable(server.httpPort).start();
  const origin = `http://127.0.0.1:${network.port}`;
  await logIn(page, origin);
  await page.goto(`${origin}/admin/forward?target=flood&complete=true`);
  await expect(page.getByText("No event matches these filters.")).toBeVisible();
  await watchTasks(page);

  const sender = await chatAs(server, "capulet", "a long enough password");
  const startedAt = Date.now();
  for (let round = 0; round < rounds; round += 1) {
    for (let index = 0; index < perRound; index += 1)
      for (const user of recipients)
        sender.send(`<message type='chat' to='${user}@localhost'><body>${round}.${index}</body></message>`);
    if (round < rounds - 1) network.cut();
    await sender.ping();
    if (round === rounds - 1) break;
    network.mend();
    await expect(page.getByText("Live", { exact: true }).first()).toBeVisible({ timeout: 45_000 });
  }
  const total = rounds * perRound * recipients.length;
  await expect.poll(async () => (await deliveredIds(server.api, "flood")).size, { timeout: 120_000 }).toBe(total);
  const seconds = (Date.now() - startedAt) / 1000;

  // Each event is at least two rows of the feed: queued and delivered.
  console.info(`${total} events, ${Math.round((total * 2) / seconds)} changes a second`);
  await expect.poll(() => countOf(page), { timeout: 60_000 }).toBeGreaterThanOrEqual(total);
  await expectResponsive(page);

  // The last changes are still on their way to the page.
  await expect.poll(async () => [...(await readList(page)).states], { timeout: 60_000 }).toEqual(["delivered"]);
  const { ids } = await readList(page);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(ids)).toEqual(await deliveredIds(server.api, "flood"));
  await network.stop();
  await sender.close();
});

test("a burst is sampled with exact counts, and all of it can be paged", async ({ page, story }) => {
  test.setTimeout(240_000);
  const { server, sink, origin } = story;
  sink.status = 200;
  await logIn(page, origin);
  const before = await deliveredIds(server.api, "flood");
  const since = new Date().toISOString();
  await page.goto(`${origin}/admin/forward?target=flood&since=${since}`);
  await expect(page.getByText("No event matches these filters.")).toBeVisible();
  const sender = await chatAs(server, "capulet", "a long enough password");
  const each = 40;
  burst(sender, each);
  await expect(page.getByText(/^Sampled: 1 of \d+ shown, [\d,]+\/s$/)).toBeVisible({ timeout: 30_000 });
  await sender.ping();
  const total = before.size + each * recipients.length;
  await expect.poll(async () => (await deliveredIds(server.api, "flood")).size, { timeout: 120_000 }).toBe(total);

  // When it is calm the note goes, and a row in the list says what the sample left out.
  await expect(page.getByText(/^Sampled: /)).toBeHidden({ timeout: 30_000 });
  expect(await countOf(page)).toBeLessThan(each * recipients.length);
  await readUpTo(page, page.getByText(/changes? not shown in this sample/));
  await page
    .getByText(/not shown in this sample/)
    .getByRole("button", { name: "Load" })
    .click();
  await expect(page.getByText(/not shown in this sample/)).toBeHidden();
  await loadAll(page);
  const { ids } = await readList(page);
  const after = await deliveredIds(server.api, "flood");
  expect(new Set(ids)).toEqual(after.difference(before));
  expect(ids).toHaveLength(new Set(ids).size);
  await sender.close();
});

test("a sample begins under nobody who reads, and everything is shown to who asks for it", async ({ page, story }) => {
  test.setTimeout(240_000);
  const { server, sink, origin } = story;
  sink.status = 200;
  await logIn(page, origin);
  const before = await deliveredIds(server.api, "flood");
  await page.goto(`${origin}/admin/forward?target=flood&since=${new Date().toISOString()}`);
  await expect(page.getByText("No event matches these filters.")).toBeVisible();
  const sender = await chatAs(server, "capulet", "a long enough password");
  burst(sender, 1);
  await expect(page.getByRole("grid")).toBeVisible();
  await page.getByRole("button", { name: "Pause" }).click();
  const place = await page.getByRole("grid").boundingBox();
  burst(sender, 40);
  const note = page.getByText(/^Sampled: /);
  const resume = page.getByRole("button", { name: /[\d,]{3,} new events/ });
  await expect(resume).toBeVisible({ timeout: 30_000 });
  await expect(note).toBeHidden();
  expect(await page.getByRole("grid").boundingBox()).toEqual(place);
  await expect
    .poll(async () => (await deliveredIds(server.api, "flood")).size, { timeout: 120_000 })
    .toBe(before.size + 41 * 30);
  await resume.click();
  await expect(note).toBeHidden({ timeout: 30_000 });

  burst(sender, 40);
  await expect(note).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Show all" }).click();
  await expect(page.getByText("Every event is shown, however many come.")).toBeVisible();
  await expect(page).toHaveURL(/complete=true/);
  await expect
    .poll(async () => (await deliveredIds(server.api, "flood")).size, { timeout: 120_000 })
    .toBe(before.size + 81 * 30);
  await loadAll(page);
  const { ids } = await readList(page);
  expect(new Set(ids)).toEqual((await deliveredIds(server.api, "flood")).difference(before));
  expect(ids).toHaveLength(new Set(ids).size);
  await sender.close();
});

test("two thousand changes a second are shown without the page getting stuck", async ({ signedIn: page, story }) => {
  test.setTimeout(180_000);
  const feed = new LiveFeed("mirror", 8_000, 2_000);
  await feed.route(page);
  await page.goto(`${story.origin}/admin/forward?target=mirror`);
  await expect(page.getByText("No event matches these filters.")).toBeVisible();
  await watchTasks(page);
  feed.start();
  for (const share of [0.2, 0.45, 0.7]) {
    await expect.poll(() => feed.share, { timeout: 60_000 }).toBeGreaterThan(share);
    const before = feed.connections;
    await feed.cut();
    await expect.poll(() => feed.connections, { timeout: 60_000 }).toBe(before + 1);
  }
  await expect.poll(() => feed.isDone, { timeout: 60_000 }).toBe(true);
  feed.stop();
  await expectResponsive(page);
  await expect.poll(async () => [...(await readList(page)).states], { timeout: 60_000 }).toEqual(["delivered"]);
  const { ids } = await readList(page);
  expect(ids).toHaveLength(8_000);
  expect(new Set(ids)).toEqual(feed.idsOf());
});

test("what is read stands where it is, to the pixel, while thousands of events come", async ({
  signedIn: page,
  story,
}) => {
  test.setTimeout(180_000);
  const feed = new LiveFeed("reading", 12_000, 5_000);
  await feed.route(page);
  await page.goto(`${story.origin}/admin/forward?target=reading&complete=true`);
  await expect(page.getByText("No event matches these filters.")).toBeVisible();
  feed.start();
  await expect.poll(() => feed.share, { timeout: 60_000 }).toBeGreaterThan(0.05);
  await page
    .getByRole("grid")
    .locator("..")
    .evaluate((scroller) => scroller.scrollTo({ top: 2_800 }));
  const fresh = page.getByRole("button", { name: /[\d,]+ new events/ });
  await expect(fresh).toBeVisible();
  const places = () =>
    page
      .locator("[role=row][data-index]")
      .evaluateAll((rows) =>
        rows.map((row) => [row.querySelector("[title^=evt_]")?.getAttribute("title"), row.getBoundingClientRect().top]),
      );
  const before = await places();
  await expect.poll(() => feed.isDone, { timeout: 90_000 }).toBe(true);
  feed.stop();
  await expect(fresh).toHaveText(/\d,\d{3} new events/);
  expect(await places()).toEqual(before);
  await fresh.click();
  await expect.poll(() => countOf(page), { timeout: 60_000 }).toBe(12_000);
});

/** So many messages to everybody, as fast as they are taken. */
function burst(sender: XmppClient, each: number): void {
  for (let index = 0; index < each; index += 1)
    for (const user of recipients)
      sender.send(`<message type='chat' to='${user}@localhost'><body>burst ${index}</body></message>`);
}

/** Counts the tasks of the page that keep it from answering for more than 50 ms. */
async function watchTasks(page: Page): Promise<void> {
  await page.evaluate(() => {
    const busy = { ms: 0, longest: 0, since: performance.now() };
    Object.assign(window, { busy });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        busy.ms += duration;
        busy.longest = Math.max(busy.longest, duration);
      }
    }).observe({ entryTypes: ["longtask"] });
  });
}

/** Relative to the time that passed, so that a slow machine judges itself. */
async function expectResponsive(page: Page): Promise<void> {
  const { ms, longest, elapsed } = await page.evaluate(() => {
    const { busy } = window as Window & typeof globalThis & { busy: { ms: number; longest: number; since: number } };
    return { ms: busy.ms, longest: busy.longest, elapsed: performance.now() - busy.since };
  });
  console.info(`long tasks: ${Math.round(ms)} of ${Math.round(elapsed)} ms, the longest ${Math.round(longest)} ms`);
  expect(ms, "the page is stuck less than half of the time").toBeLessThan(elapsed / 2);
}
