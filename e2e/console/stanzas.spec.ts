import { chatAs, expect, expectAccessible, test } from "./story.ts";

const password = "margaret's long password";

test.beforeAll(async ({ story: { server } }) => server.register("margaret", password));

test("traffic is watched by filter, masked until revealed, paired, and over when the page is left", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  const margaret = await chatAs(server, "margaret", password);
  await page.goto(`${origin}/admin/stanzas`);
  await expectAccessible(page);
  await page.getByLabel("JID", { exact: true }).fill("margaret@localhost");
  await page.getByRole("button", { name: "Start watching" }).click();
  await expect(page.getByText("Nothing has matched yet.")).toBeVisible();
  await expect.poll(async () => (await server.api.stanzas.watches()).items[0]?.open).toBe(true);

  margaret.send("<message type='chat' to='margaret@localhost'><body>hush</body></message>");
  await margaret.ping();
  const rows = page.getByRole("grid").getByRole("row");
  await expect(rows.filter({ hasText: "message chat" })).toHaveCount(2);
  await rows.filter({ hasText: "iq get" }).first().click();
  const inspector = page.getByRole("complementary", { name: "Stanza" });
  await expect(inspector.getByRole("heading", { name: /Answer/ })).toContainText("ms");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await rows.filter({ hasText: "message chat" }).first().click();
  await expect(inspector.locator("pre")).toContainText("<body>•••</body>");
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Reveal texts" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Reveal from now on" }).click();
  await expect(page.getByText("Texts are shown")).toBeVisible();
  margaret.send("<message type='chat' to='margaret@localhost'><body>heard</body></message>");
  await margaret.ping();
  await expect(rows.filter({ hasText: "message chat" })).toHaveCount(4);
  await rows.filter({ hasText: "message chat" }).first().click();
  await expect(inspector.locator("pre")).toContainText("heard");

  await page.getByRole("link", { name: "Overview" }).first().click();
  await expect.poll(async () => (await server.api.stanzas.watches()).items).toEqual([]);
  const actions = (await server.api.audit.list({ limit: 10 })).items.map(({ action }) => action);
  expect(actions).toEqual(expect.arrayContaining(["stanzas.watch", "stanzas.reveal", "stanzas.stop"]));
  await margaret.close();
});

test("a stanza is sent in a host's name, once that is typed again, and what answers it is shown", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  await page.goto(`${origin}/admin/stanzas`);
  await page.getByRole("button", { name: "Send a stanza…" }).click();
  const dialog = page.getByRole("dialog");
  const send = dialog.getByRole("button", { name: "Send", exact: true });
  await expect(send).toBeDisabled();
  await dialog.getByLabel("From").fill("localhost");
  await expect(dialog.getByLabel("Stanza", { exact: true })).toHaveValue(/<iq type="get" id="ping" to="localhost">/);
  await expect(send).toBeDisabled();
  await dialog.getByLabel("Type localhost to confirm").fill("localhost");
  await expectAccessible(page);
  await send.click();
  await expect(dialog.locator("pre").first()).toContainText('type="result"');

  // What is wrong with it is said, and nothing is sent without the name.
  await dialog.getByLabel("Stanza", { exact: true }).fill("<message to='localhost'>");
  await expect(send).toBeDisabled();
  await dialog.getByLabel("Type localhost to confirm").fill("localhost");
  await send.click();
  await expect(dialog.getByRole("alert")).toContainText("cannot be read");
  const { items } = await server.api.audit.list({ action: "stanzas.send", limit: 10 });
  expect(items.map(({ object, result }) => [object, result])).toContainEqual(["localhost", "done"]);
});
