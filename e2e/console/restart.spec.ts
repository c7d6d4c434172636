/** Stories that need a server of their own: it is stopped, and somebody guesses at its door. */
import { expect, test } from "@playwright/test";
import { TestServer } from "../support/server.ts";
import { admin, logIn, untilConsole } from "./story.ts";

let server: TestServer;
let origin: string;

test.beforeAll(async () => {
  server = await TestServer.start({
    console: true,
    env: { NIGHTPOST_ADMIN: admin.jid, NIGHTPOST_ADMIN_PASSWORD: admin.password },
  });
  origin = `http://127.0.0.1:${server.httpPort}`;
  await untilConsole(origin);
});
test.afterAll(() => server.stop());

test("a restart of the server takes nothing from who writes, and the log tells of it", async ({ page }) => {
  test.setTimeout(180_000);
  await logIn(page, origin);
  await page.goto(`${origin}/admin/forward/rules`);
  await page.getByRole("button", { name: "Add rule" }).click();
  const bar = page.getByText(/^Draft: /);
  await expect(bar).toBeVisible();
  const log = await page.context().newPage();
  await log.goto(`${origin}/admin/log`);
  await expect(log.getByRole("grid").getByRole("row").nth(1)).toBeVisible();

  await server.stop({ keepData: true });
  await expect(page.getByText(/Live updates paused/)).toBeVisible({ timeout: 60_000 });
  await expect(bar).toBeVisible();
  await server.run();
  await untilConsole(origin);
  await expect(page.getByText(/Live updates paused/)).toBeHidden({ timeout: 60_000 });
  await expect(bar).toBeVisible();
  await expect(log.getByText(/Server restarted/)).toBeVisible({ timeout: 60_000 });
  await page.reload();
  await expect(bar).toBeVisible();
  await log.close();
});

test("the log-in is made for password managers, and no script reads its cookie", async ({ page }) => {
  await page.goto(`${origin}/admin/login`);
  await expect(page.getByLabel("JID")).toHaveAttribute("autocomplete", "username");
  const password = page.getByLabel("Password", { exact: true });
  await expect(password).toHaveAttribute("autocomplete", "current-password");
  await expect(password).toHaveAttribute("type", "password");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(password).toHaveAttribute("type", "text");
  await logIn(page, origin);
  const session = (await page.context().cookies()).find(({ name }) => name === "nightpost.sid");
  expect(session).toMatchObject({ httpOnly: true, sameSite: "Lax" });
});

test("who guessed too often is told how long to wait", async ({ page }) => {
  const error = encodeURIComponent('throttled {"retryAfterSeconds":30}');
  await page.route("**/callback/credentials", (route) =>
    route.fulfill({ status: 401, json: { url: `${origin}/admin/api/auth/error?error=${error}` } }),
  );
  await page.goto(`${origin}/admin/login`);
  await page.getByLabel("JID").fill(admin.jid);
  await page.getByLabel("Password", { exact: true }).fill("a guess");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "Too many attempts. Try again in" })).toBeVisible();
  await expect(page.getByText(/in 2\d s/)).toBeVisible();
});
