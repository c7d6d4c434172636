import { Cuttable } from "../support/cuttable.ts";
import { chatAs, expect, expectAccessible, logIn, test } from "./story.ts";

test.beforeAll(async ({ story: { server, sink } }) => {
  for (const user of ["romeo", "juliet", "nurse"]) await server.register(user, `${user}'s long password`);
  await server.api.forward.setTarget({
    name: "web",
    withRule: true,
    target: { url: sink.url, allowPrivate: true, timeoutMs: 5000, maxAttempts: 20 },
  });
});

test("a message for somebody offline appears in the live log, delivered, with its attempt", async ({
  signedIn: page,
  story,
}) => {
  await page.goto(`${story.origin}/admin/forward`);
  await expect(page.getByRole("heading", { level: 1, name: "Forward log" })).toBeVisible();
  const romeo = await chatAs(story.server, "romeo", "romeo's long password");
  romeo.send("<message type='chat' to='juliet@localhost'><body>wherefore &amp; art = thou?</body></message>");
  await romeo.ping();
  const row = page.getByRole("row").filter({ hasText: "juliet@localhost" }).first();
  await expect(row).toContainText("delivered");
  await story.sink.until(() => story.sink.requests.length > 0);
  const form = new URLSearchParams(story.sink.requests.at(-1)!.body);
  expect(Object.fromEntries(form)).toEqual({
    from: romeo.jid,
    to: "juliet@localhost",
    body: "wherefore & art = thou?",
  });
  await row.click();
  await expect(page.getByText("POST", { exact: false }).first()).toBeVisible();
  await expectAccessible(page);
  await romeo.close();
});

test("while the web server is down the log shows the attempts failing, and everything arrives in order when it is back", async ({
  signedIn: page,
  story: { server, sink, origin },
}) => {
  await page.goto(`${origin}/admin/forward`);
  const romeo = await chatAs(server, "romeo", "romeo's long password");
  await sink.stop();
  const before = sink.requests.length;
  for (let index = 0; index < 5; index += 1)
    romeo.send(`<message type='chat' to='nurse@localhost'><body>${index}</body></message>`);
  await romeo.ping();
  const rows = page.getByRole("row").filter({ hasText: "nurse@localhost" });
  await expect(rows).toHaveCount(5);
  await expect(rows.filter({ hasText: "retrying" }).first()).toBeVisible();
  await sink.start();
  await expect(rows.filter({ hasText: "delivered" })).toHaveCount(5, { timeout: 30_000 });
  const bodies = sink.requests.slice(before).map(({ body }) => new URLSearchParams(body).get("body"));
  expect(bodies).toEqual(["0", "1", "2", "3", "4"]);
  await romeo.close();
});

test("a viewer that was cut off misses nothing", async ({ page, story: { server } }) => {
  const network = await new Cuttable(server.httpPort).start();
  const origin = `http://127.0.0.1:${network.port}`;
  await logIn(page, origin);
  await page.goto(`${origin}/admin/forward?q=juliet`);
  const romeo = await chatAs(server, "romeo", "romeo's long password");
  const send = async (text: string): Promise<void> => {
    romeo.send(`<message type='chat' to='juliet@localhost'><body>${text}</body></message>`);
    await romeo.ping();
  };
  const rows = page.getByRole("row").filter({ hasText: "juliet@localhost" });
  await send("before");
  await expect(rows.first()).toContainText("delivered");
  const count = await rows.count();
  network.cut();
  await expect(page.getByText(/Live updates paused|Offline|Reconnect/).first()).toBeVisible({ timeout: 45_000 });
  for (let index = 0; index < 7; index += 1) await send(`while away ${index}`);
  network.mend();
  await expect(rows).toHaveCount(count + 7, { timeout: 45_000 });
  await expect(rows.filter({ hasText: "delivered" })).toHaveCount(count + 7);
  await network.stop();
  await romeo.close();
});
