import { chatAs, expect, expectAccessible, test } from "./story.ts";

const password = "a capulet's long password";
/** More than a page of the list. */
const servants = Array.from({ length: 55 }, (_, index) => `servant-${String(index).padStart(2, "0")}`);

test("all accounts that a filter finds are counted, suspended as a job and let in again", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  await server.api.users.importBatch({ users: servants.map((local) => ({ local, host: "localhost", password })) });
  const client = await chatAs(server, "servant-00", password);
  await page.goto(`${origin}/admin/users?q=servant-`);
  const table = page.getByRole("table", { name: "Users" });
  await expect(table.getByRole("row")).toHaveCount(51);
  await page.getByLabel("Select this page").check();
  await page.getByRole("button", { name: "Select all that match, on every page" }).click();
  await expect(page.getByText("All that match are selected, on every page.")).toBeVisible();
  await page.getByLabel("Select servant-03@localhost").uncheck();
  await expect(page.getByText("All that match are selected, but for one.")).toBeVisible();
  const bar = page.getByRole("region", { name: "Actions" });
  await bar.getByRole("button", { name: "Suspend" }).click();
  const dialog = page.getByRole("dialog", { name: "Suspend all that match" });
  await expect(dialog).toContainText("54 accounts match. 1 session ends.");
  await expect(dialog).toContainText("nightpost users suspend --matching servant- --except servant-03@localhost");
  await dialog.getByLabel("Reason").fill("a brawl");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Suspend 54 accounts" }).click();
  await expect(dialog).toContainText("54 of 54 accounts done · done");
  await client.untilClosed();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(page.getByRole("table", { name: "Jobs on accounts" })).toContainText("54 of 54");
  await expect(table.getByText("suspended")).toHaveCount(49);
  await expectAccessible(page);

  const { items } = await server.api.audit.list({ action: "user.change-many" });
  expect(items[0]).toMatchObject({ object: "54 accounts", result: "done" });
  const { suspended } = await server.api.users.get({ jid: "servant-54@localhost" });
  expect(suspended).toMatchObject({ reason: "a brawl" });
  await server.api.users.startJob({ action: "resume", search: "servant-" });
  await expect(table.getByText("suspended")).toHaveCount(0);
});

test("the list of sessions stands still under the pointer, says what changed, and ends what matches", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  for (const name of ["capulet-one", "capulet-two"]) await server.register(name, password);
  const one = await chatAs(server, "capulet-one", password);
  await page.goto(`${origin}/admin/sessions?q=capulet-`);
  const table = page.getByRole("table", { name: "Sessions" });
  await expect(table.getByRole("row")).toHaveCount(2);
  await table.getByRole("row").last().hover();
  const two = await chatAs(server, "capulet-two", password);
  await one.close();
  await expect(page.getByText("1 new · 1 ended")).toBeVisible();
  await expect(table.getByText("ended", { exact: true })).toBeVisible();
  await expect(table).not.toContainText("capulet-two");
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(table).toContainText("capulet-two");
  await expect(table).not.toContainText("capulet-one");
  await expectAccessible(page);

  await page.getByRole("button", { name: "End all that match" }).click();
  const dialog = page.getByRole("dialog", { name: "End all sessions that match" });
  await expect(dialog).toContainText("1 session matches.");
  await dialog.getByRole("button", { name: "End 1 session" }).click();
  await expect(dialog).toContainText("1 of 1 sessions ended · done");
  await two.untilClosed();
});

test("a contact is set right, and what an account keeps is looked at on the record", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  await server.register("capulet-cook", password);
  await page.goto(`${origin}/admin/users/account?jid=capulet-cook%40localhost&tab=roster`);
  await page.getByRole("button", { name: "Add a contact" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a contact" });
  await dialog.getByLabel("JID").fill("peter@localhost");
  await dialog.getByLabel("Name").fill("Peter");
  await dialog.getByLabel("Subscription").selectOption("both");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Save" }).click();
  const row = page.getByRole("row", { name: /peter@localhost/ });
  await expect(row).toContainText("both");
  await row.getByRole("button", { name: /Remove/ }).click();
  await expect(page.getByText("The roster is empty.")).toBeVisible();

  await page.getByRole("tab", { name: "Raw" }).click();
  await expect(page.getByLabel("Diagnostics")).toContainText(`"contacts": 0`);
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(page.getByRole("heading", { name: "vCard" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("tab", { name: "Overview" }).click();
  await expect(page.getByRole("table", { name: "Latest" })).toContainText("looked at what");
});

test("an application is approved, another refused with a reason, and a refusal is allowed once", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  const { policy } = await server.api.registration.get({});
  await server.api.registration.set({
    policy: { ...policy, mode: "approval", timeout: "infinity", requireTls: false },
  });
  try {
    const apply = (username: string, application: string) =>
      fetch(`${origin}/register/localhost`, {
        method: "POST",
        body: new URLSearchParams({ username, password, again: password, application }),
      });
    await page.goto(`${origin}/admin/registration`);
    await expect(page.getByText("Nobody waits for approval.")).toBeVisible();
    expect((await apply("paris", "I am a count")).status).toBe(202);
    expect((await apply("spammer", "")).status).toBe(202);
    const table = page.getByRole("table", { name: "Applications" });
    await expect(table).toContainText("I am a count");
    await expectAccessible(page);
    await page.getByLabel("Select paris@localhost").check();
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Approve" }).click();
    await expect(table).not.toContainText("paris");
    const paris = await chatAs(server, "paris", password);
    await paris.close();

    await page.getByLabel("Select spammer@localhost").check();
    await page.getByRole("button", { name: "Refuse" }).click();
    const refusal = page.getByRole("dialog", { name: "Refuse 1 application" });
    await refusal.getByRole("button", { name: "Accounts are not given to senders of spam." }).click();
    await expectAccessible(page);
    await refusal.getByRole("button", { name: "Refuse", exact: true }).click();
    await expect(page.getByText("Nobody waits for approval.")).toBeVisible();
    await page.getByRole("radiogroup", { name: "Applications shown" }).getByText("Refused").click();
    await expect(table).toContainText("senders of spam");

    await server.api.registration.set({ policy: { ...policy, mode: "closed" } });
    expect((await apply("escalus", "")).status).toBe(403);
    const line = page.getByRole("table", { name: "Decision log" }).getByRole("row", { name: /escalus@localhost/ });
    await line.getByRole("button", { name: /More actions/ }).click();
    await page.getByRole("menuitem", { name: "Why…" }).click();
    const why = page.getByRole("dialog", { name: "Why this was decided" });
    await expect(why).toContainText("The mode lets nobody register.");
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await line.getByRole("button", { name: /More actions/ }).click();
    await page.getByRole("menuitem", { name: "Allow this once…" }).click();
    await expectAccessible(page);
    await page.getByRole("dialog").getByRole("button", { name: "Allow once" }).click();
    await expect(page.getByRole("table", { name: "Allowed once" })).toContainText("escalus@localhost");
    expect((await apply("escalus", "")).status).toBe(200);
    await expect(page.getByRole("table", { name: "Allowed once" })).toHaveCount(0);

    expect((await apply("peter", "")).status).toBe(403);
    const other = page.getByRole("row", { name: /peter@localhost/ });
    await other.getByRole("button", { name: /More actions/ }).click();
    await page.getByRole("menuitem", { name: "Deny the network…" }).click();
    const review = page.getByRole("dialog");
    await expect(review).toContainText("127.0.0.0/24");
    await expectAccessible(page);
    await review.getByRole("button", { name: "Apply" }).click();
    await expect
      .poll(async () => (await server.api.registration.get({})).policy.networks[0]?.cidr)
      .toBe("127.0.0.0/24");
  } finally {
    await server.api.registration.set({ policy });
  }
});

test("accounts are tagged, found by what they have and have not, and told something together", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  const guests = ["benvolio-1", "benvolio-2", "benvolio-3"];
  await server.api.users.importBatch({ users: guests.map((local) => ({ local, host: "localhost", password })) });
  await page.goto(`${origin}/admin/users?q=benvolio-`);
  const table = page.getByRole("table", { name: "Users" });
  await expect(table.getByRole("row")).toHaveCount(4);
  await page.getByLabel("Select benvolio-1@localhost").check();
  await page.getByLabel("Select benvolio-2@localhost").check();
  const bar = page.getByRole("region", { name: "Actions" });
  await bar.getByRole("button", { name: "Tag", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Put a tag on accounts" });
  await expect(dialog).toContainText("2 accounts match.");
  await dialog.getByLabel("Tag", { exact: true }).fill("Montague");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Tag 2 accounts" }).click();
  await expect(dialog).toContainText("2 of 2 accounts done · done");
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(table.getByText("montague", { exact: true })).toHaveCount(2);

  const field = page.getByRole("combobox", { name: "Search JID" });
  await field.fill("benvolio- -tag:montague");
  await field.press("Enter");
  await expect(page.getByText("not Tag: montague")).toBeVisible();
  await expect(table.getByRole("row")).toHaveCount(2);
  await expect(table).toContainText("benvolio-3");
  await expect(page).toHaveURL(/not=tag/);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Remove: not Tag: montague" }).click();
  await expect(table.getByRole("row")).toHaveCount(4);
  await field.fill("benvolio- tag:montague");
  await field.press("Enter");
  await expect(table.getByRole("row")).toHaveCount(3);

  await page.getByLabel("Select this page").check();
  await page.getByRole("button", { name: "Announce" }).click();
  const announcement = page.getByRole("dialog", { name: "New announcement" });
  await expect(announcement).toContainText("2 accounts");
  await announcement.getByLabel("Text").fill("a feast tonight");
  await expect(announcement).toContainText("nightpost users announce");
  await expectAccessible(page);
  await announcement.getByRole("button", { name: "Send to 2 accounts" }).click();
  await expect(announcement).toContainText("2 of 2 accounts told · done");
  await announcement.getByRole("button", { name: "Close" }).last().click();
  const waiting = await server.api.users.get({ jid: "benvolio-1@localhost" });
  expect(waiting.offlineMessages).toBe(1);

  await page.goto(`${origin}/admin/users/account?jid=benvolio-1@localhost&tab=account`);
  await page.getByRole("button", { name: "Remove tag montague" }).click();
  await expect(page.getByRole("button", { name: "Remove tag montague" })).toHaveCount(0);
  await page.getByLabel("Add tag").fill("v i p");
  await page.getByRole("button", { name: "Add tag" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "1 to 32 letters" })).toBeVisible();
  await expectAccessible(page);
});
