/** Nothing that somebody types is lost: by a reload, by another page in between, by the end of the session. */
import type { Page } from "@playwright/test";
import { admin, expect, expectAccessible, test } from "./story.ts";

const draftMark = (page: Page, name: string) =>
  page.getByRole("link", { name: new RegExp(name) }).getByRole("img", { name: "A draft waits here" });

test("a draft of the rules waits while other pages are looked at, and after a reload", async ({
  signedIn: page,
  story: { origin },
}) => {
  await page.goto(`${origin}/admin/forward/rules`);
  const bar = page.getByText(/^Draft: /);
  await page.getByRole("button", { name: "Add rule" }).click();
  await expect(bar).toBeVisible();
  await page.getByRole("link", { name: "Users", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Users" })).toBeVisible();
  await expect(draftMark(page, "Forward rules")).toBeVisible();
  await expectAccessible(page);
  await page.reload();
  await expect(draftMark(page, "Forward rules")).toBeVisible();

  await page.getByRole("link", { name: /Forward rules/ }).click();
  await expect(bar).toBeVisible();
  await page.getByRole("button", { name: "Discard changes" }).click();
  await expect(bar).toBeHidden();
  await page.reload();
  await expect(page.getByRole("button", { name: "Add rule" })).toBeVisible();
  await expect(bar).toBeHidden();
  await expect(draftMark(page, "Forward rules")).toBeHidden();
});

test("what is written into forms is there after a reload, but for secrets", async ({
  signedIn: page,
  story: { origin },
}) => {
  await page.goto(`${origin}/admin/forward/targets?create=1`);
  const dialog = page.getByRole("dialog", { name: "Add target" });
  await dialog.getByLabel("Name", { exact: true }).fill("kept-target");
  await dialog.getByLabel("URL").fill("https://kept.example.org/hook");
  await dialog.getByRole("radio", { name: "Bearer" }).click();
  await dialog.getByLabel("Token").fill("t0ps3cret");
  await page.reload();
  await expect(dialog.getByLabel("Name", { exact: true })).toHaveValue("kept-target");
  await expect(dialog.getByLabel("URL")).toHaveValue("https://kept.example.org/hook");
  await expect(dialog.getByRole("radio", { name: "Bearer" })).toBeChecked();
  await expect(dialog.getByLabel("Token")).toHaveValue("");
  expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain("t0ps3cret");

  // Escape puts it aside, Cancel throws it away.
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Add target" }).first().click();
  await expect(dialog.getByLabel("Name", { exact: true })).toHaveValue("kept-target");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Add target" }).first().click();
  await expect(dialog.getByLabel("Name", { exact: true })).toHaveValue("");
  await dialog.getByRole("button", { name: "Cancel" }).click();

  await page.goto(`${origin}/admin/registration`);
  const pause = page.getByLabel("Pause between two registrations from one network");
  const before = await pause.inputValue();
  await pause.fill("321");
  await page.reload();
  await expect(pause).toHaveValue("321");
  await page.getByRole("button", { name: "Discard changes" }).click();
  await expect(pause).toHaveValue(before);
  await pause.fill("322");
  await expect(page.getByText("Unsaved changes")).toBeVisible();
  await page.getByRole("button", { name: "Discard changes" }).click();
  await page.reload();
  await expect(pause).toHaveValue(before);
});

test("who has to log in again finds what they were writing", async ({ signedIn: page, story: { origin } }) => {
  await page.goto(`${origin}/admin/announcements?create=1`);
  await page.getByLabel("Text", { exact: true }).fill("The long text of an evening");
  await page.evaluate(async () => {
    const { items } = await (await fetch("/api/v1/auth/sessions")).json();
    const { id } = items.find((session: { current: boolean }) => session.current);
    await fetch(`/api/v1/auth/sessions/${id}`, { method: "DELETE" });
  });
  await page.getByLabel("User name contains").fill("nobody-of-this-name");
  const again = page.getByRole("dialog", { name: "Your session has ended" });
  await again.getByLabel("JID").fill(admin.jid);
  await again.getByLabel("Password", { exact: true }).fill(admin.password);
  await again.getByRole("button", { name: "Log in", exact: true }).click();
  await expect(again).toBeHidden();
  await expect(page.getByLabel("Text", { exact: true })).toHaveValue("The long text of an evening");
  await page.getByRole("button", { name: "Cancel" }).click();
});

test("a draft is for the account that began it", async ({ signedIn: page, story: { server, origin } }) => {
  await page.goto(`${origin}/admin/forward/rules`);
  await page.getByRole("button", { name: "Add rule" }).click();
  await expect(page.getByText(/^Draft: /)).toBeVisible();
  await server.register("conrad", "conrad's long password");
  await server.api.users.grantAdmin({ jid: "conrad@localhost" });
  // The session is over, and somebody else sits down at the same tab.
  await page.context().clearCookies();
  await page.goto(`${origin}/admin/login`);
  await page.getByLabel("JID").fill("conrad@localhost");
  await page.getByLabel("Password", { exact: true }).fill("conrad's long password");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  await page.goto(`${origin}/admin/forward/rules`);
  await expect(page.getByRole("button", { name: "Add rule" })).toBeVisible();
  await expect(page.getByText(/^Draft: /)).toBeHidden();
  await server.api.users.revokeAdmin({ jid: "conrad@localhost" });
});
