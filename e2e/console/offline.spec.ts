import { chatAs, expect, expectAccessible, forget, test } from "./story.ts";

const users = ["diana", "claudio"];
const password = (user: string): string => `${user}'s long password`;

test.beforeAll(async ({ story: { server, sink } }) => {
  for (const user of users) await server.register(user, password(user));
  const target = { kind: "webhook", url: sink.url, preset: "json", allowPrivate: true, maxAttempts: 1 } as const;
  await server.api.forward.setTarget({ name: "late-post", target });
});

test.afterAll(async ({ story: { server } }) => forget(server, "late-post"));

test("what waits is found, read on the record, forwarded, traced, delivered and deleted", async ({
  signedIn: page,
  story: { server, sink, origin },
}) => {
  // Stories before this one have left messages, too.
  const others = (await server.api.offline.totals({})).messages;
  const claudio = await chatAs(server, "claudio", password("claudio"));
  for (let index = 1; index <= 4; index += 1)
    claudio.send(`<message type='chat' id='h${index}' to='diana@localhost'><body>line ${index}</body></message>`);
  await claudio.ping();

  await page.goto(`${origin}/admin/offline?q=diana`);
  const row = page.getByRole("row").filter({ hasText: "diana@localhost" });
  await expect(row).toContainText("4");
  await expectAccessible(page);
  await row.getByRole("link", { name: "diana@localhost" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Messages waiting for diana@localhost" })).toBeVisible();
  const rows = page.getByRole("row").filter({ hasText: "claudio@localhost" });
  await expect(rows).toHaveCount(4);
  await expect(page.getByText("line 1")).toBeHidden();

  await rows.first().getByRole("button", { name: "Show" }).click();
  await expect(rows.first().getByText("line 1")).toBeVisible();
  await rows.first().getByRole("button", { name: "XML" }).click();
  await expect(rows.first().locator("pre")).toContainText("<body>line 1</body>");
  const audit = await server.api.audit.list({ action: "offline.reveal", limit: 1 });
  expect(audit.items[0]).toMatchObject({ object: "diana@localhost", result: "done" });
  await expectAccessible(page);

  // A rule that comes late: what waits already is forwarded by hand.
  await server.api.forward.setRules({ rules: [{ name: "late-post", targets: ["late-post"] }] });
  const before = sink.requests.length;
  await page.getByRole("button", { name: "Forward now" }).click();
  const dialog = page.getByRole("dialog", { name: "Forward what waits" });
  await dialog.getByRole("button", { name: "Forward the oldest 500" }).click();
  await expect(page.getByText("4 planned, 0 due now")).toBeVisible();
  await sink.until(() => sink.requests.length === before + 4);
  await expect(rows.first()).toContainText("delivered", { timeout: 15_000 });

  await rows.first().getByRole("link", { name: "Trace" }).click();
  await expect(page.getByText("Stored: nobody could take it")).toBeVisible();
  const forward = page.getByRole("listitem").filter({ hasText: "Forward to late-post" });
  await expect(forward.getByText("Attempt 1: taken")).toBeVisible();
  await expect(page.getByText("Waits for a client")).toBeVisible();
  await expectAccessible(page);
  await page.goBack();

  await rows.nth(3).getByRole("checkbox").check();
  await page.getByRole("button", { name: "Delete…" }).click();
  const removing = page.getByRole("dialog", { name: "Delete messages" });
  await removing.getByRole("button", { name: "Delete 1 message" }).click();
  await expect(rows).toHaveCount(3);

  const diana = await chatAs(server, "diana", password("diana"));
  for (let left = 3; left > 0; left -= 1) await diana.receive(({ name }) => name === "message");
  // Whoever answers something after the messages has them.
  await diana.ping();
  await expect.poll(async () => (await server.api.offline.totals({})).messages).toBe(others);
  await expect(page.getByText("Nothing is waiting for this account.")).toBeVisible({ timeout: 15_000 });
  await diana.close();
  await claudio.close();
});

test("a purge says what it would delete, and deletes that", async ({ signedIn: page, story: { server, origin } }) => {
  const claudio = await chatAs(server, "claudio", password("claudio"));
  for (let index = 1; index <= 3; index += 1)
    claudio.send(`<message type='chat' to='diana@localhost'><body>${index}</body></message>`);
  await claudio.ping();
  await claudio.close();
  await page.goto(`${origin}/admin/offline`);
  await page.getByRole("button", { name: "Purge…" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete messages that wait" });
  await expect(dialog.getByText(/^Nothing matches of [\d,]+:/)).toBeVisible();
  await dialog.getByLabel("Came more than … ago").selectOption("any");
  await dialog.getByLabel("Sender").fill("claudio@localhost");
  await expect(dialog.getByText(/^3 messages of [\d,]+:/)).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Delete 3 messages" }).click();
  await expect(page.getByText("3 of 3", { exact: true })).toBeVisible();
  const row = page.getByRole("row").filter({ hasText: "diana@localhost" });
  await expect(row).toHaveCount(0, { timeout: 15_000 });
});
