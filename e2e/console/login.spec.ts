import { admin, expect, expectAccessible, logIn, test } from "./story.ts";

test("an admin logs in and out", async ({ page, story }) => {
  await page.goto(`${story.origin}/admin/users`);
  await expect(page).toHaveURL(/\/admin\/login\?callbackUrl=/);
  await expectAccessible(page);
  await page.getByLabel("JID").fill(admin.jid);
  await page.getByLabel("Password", { exact: true }).fill(admin.password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Users" })).toBeVisible();
  await page.getByRole("button", { name: "Account menu" }).click();
  await page.getByRole("menuitem", { name: "Log out" }).click();
  await expect(page).toHaveURL(/\/admin\/login/);
  await page.goto(`${story.origin}/admin/users`);
  await expect(page).toHaveURL(/\/admin\/login\?callbackUrl=/);
});

test("a wrong password, an account without a console role and a session that was revoked are told apart", async ({
  page,
  story,
}) => {
  await story.server.register("bob", "bob's long password");
  await page.goto(`${story.origin}/admin/login`);
  await page.getByLabel("JID").fill(admin.jid);
  await page.getByLabel("Password", { exact: true }).fill("not this one");
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /\S/ })).toContainText("not right");

  await page.getByLabel("JID").fill("bob@localhost");
  await page.getByLabel("Password", { exact: true }).fill("bob's long password");
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /\S/ })).toContainText("may not use the console");

  await logIn(page, story.origin);
  const { items } = await page.evaluate(async () => (await fetch("/api/v1/auth/sessions")).json());
  const current = items.find((session: { current: boolean }) => session.current);
  const status = await page.evaluate(
    async (id) => (await fetch(`/api/v1/auth/sessions/${id}`, { method: "DELETE" })).status,
    current.id,
  );
  expect(status).toBe(200);
  await page.reload();
  await expect(
    page
      .getByText("Your session has ended")
      .or(page.getByRole("button", { name: "Log in" }))
      .first(),
  ).toBeVisible();
});

test("the login page speaks Chinese", async ({ browser, story }) => {
  const context = await browser.newContext({ locale: "zh-CN" });
  const page = await context.newPage();
  await page.goto(`${story.origin}/admin/login`);
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
  await expect(page.getByRole("button", { name: "登录" })).toBeVisible();
  await expectAccessible(page);
  await context.close();
});
