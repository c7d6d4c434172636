import { chatAs, expect, expectAccessible, test } from "./story.ts";

test("an announcement is counted, sent and seen to arrive", async ({ signedIn: page, story }) => {
  await story.server.register("listener", "a listener's password");
  await page.goto(`${story.origin}/admin/announcements`);
  await page.getByRole("button", { name: "New announcement" }).first().click();
  await page.getByLabel("User name contains").fill("listener");
  await page.getByLabel("Subject").fill("Maintenance");
  await page.getByLabel("Text", { exact: true }).fill("On Sunday");
  await page.getByRole("button", { name: "Send to 1 account" }).click();
  const row = page.getByRole("row", { name: /Maintenance/ });
  await expect(row.getByText("done")).toBeVisible();
  await expect(row.getByText("1 / 1")).toBeVisible();
  await expect
    .poll(async () => (await story.server.api.users.get({ jid: "listener@localhost" })).offlineMessages)
    .toBe(1);
  await expectAccessible(page);
});

test("the message of the day is set and removed", async ({ signedIn: page, story }) => {
  await page.goto(`${story.origin}/admin/announcements`);
  await page.getByRole("button", { name: "Set for a host" }).click();
  await page.getByLabel("Text", { exact: true }).fill("Be kind");
  await page.getByRole("button", { name: "Set", exact: true }).click();
  await expect(page.getByRole("row", { name: /Be kind/ })).toBeVisible();
  await page.getByRole("button", { name: "Remove" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText("No host has a message of the day.")).toBeVisible();
});

test("a group is made and filled, and its members see each other", async ({ signedIn: page, story }) => {
  for (const name of ["anna", "bert"]) await story.server.register(name, "a member's password");
  await page.goto(`${story.origin}/admin/groups?create=1`);
  await page.getByLabel("Name").fill("choir");
  await page.getByLabel("Shown as").fill("Choir");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  const row = page.getByRole("row", { name: /Choir/ });
  await row.getByRole("button", { name: "Members" }).click();
  await page.getByLabel("Add accounts").fill("anna\nbert");
  // Before a toast fades in: half of its way its text has little contrast.
  await expectAccessible(page);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("dialog").getByText("anna@localhost")).toBeVisible();
  const anna = await chatAs(story.server, "anna", "a member's password");
  const roster = await anna.ask("get", "", "<query xmlns='jabber:iq:roster'/>");
  expect(JSON.stringify(roster)).toContain("bert@localhost");
  anna.destroy();
});

test("a report is looked at and closed", async ({ signedIn: page, story }) => {
  await story.server.register("carl", "a reporter's password");
  const carl = await chatAs(story.server, "carl", "a reporter's password");
  await carl.ask(
    "set",
    "",
    "<block xmlns='urn:xmpp:blocking'><item jid='spam@bots.example'><report xmlns='urn:xmpp:reporting:1' reason='urn:xmpp:reporting:spam'><text>Buy now</text></report></item></block>",
  );
  await page.goto(`${story.origin}/admin/reports`);
  await page.getByRole("button", { name: "spam@bots.example" }).click();
  await expect(page.getByRole("dialog").getByText("Buy now")).toBeVisible();
  await page.getByRole("button", { name: "Acted on" }).click();
  await expect(page.getByText("No report to look at")).toBeVisible();
  await page.getByRole("radio", { name: "Resolved" }).click();
  await expect(page.getByRole("row", { name: /acted on/ })).toBeVisible();
  carl.destroy();
});

test("who is told by message of what wants attention is named, and tried", async ({ signedIn: page, story }) => {
  await story.server.register("watchman", "a watchman's password");
  await page.goto(`${story.origin}/admin/settings?tab=alerts`);
  const recipients = page.getByLabel("Who is told");
  await recipients.fill("@nobody");
  await page.getByRole("button", { name: "Apply", exact: true }).click();
  await expect(page.getByRole("tabpanel").getByRole("alert")).toContainText("@nobody is not a JID");
  await recipients.fill("watchman@localhost");
  await page.getByRole("radio", { name: "Warnings too" }).click();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Apply", exact: true }).click();
  await expect(page.getByText(/Applied as revision \d+/)).toBeVisible();
  await page.getByRole("button", { name: "Send a test" }).click();
  await expect(page.getByText("Sent to 1 address")).toBeVisible();
  await expect
    .poll(async () => (await story.server.api.users.get({ jid: "watchman@localhost" })).offlineMessages)
    .toBeGreaterThan(0);
  const target = { kind: "webhook", url: story.sink.url, allowPrivate: true, paused: true } as const;
  await story.server.api.forward.setTarget({ name: "asleep", target });
  await expect(page.getByText("Target asleep is paused; 0 waiting")).toBeVisible({ timeout: 45_000 });
  await expectAccessible(page);
  await story.server.api.forward.removeTarget({ name: "asleep" });
  await story.server.api.alerts.set({ alerts: {} });
});
