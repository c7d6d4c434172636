/** Where somebody was is found again: filter and page of a list; and what the console says while it is cut off. */
import { expect, logIn, test } from "./story.ts";

const names = Array.from({ length: 120 }, (_, index) => `watchman-${String(index).padStart(3, "0")}`);

test.beforeAll(async ({ story: { server } }) => {
  const users = names.map((local) => ({ local, host: "localhost", password: "a watchman's password" }));
  await server.api.users.importBatch({ users });
});

test("the way back leads to the filter and the page that were left", async ({ signedIn: page, story: { origin } }) => {
  await page.goto(`${origin}/admin/users?q=watchman`);
  await page.getByRole("button", { name: "Next", exact: true }).click();
  const row = page.getByRole("link", { name: "watchman-090@localhost" });
  await row.click();
  await expect(page.getByRole("tab", { name: "Overview" })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("combobox", { name: "Search JID" })).toHaveValue("watchman");
  await expect(row).toBeVisible();
});

test("without a live connection the overview reads its figures itself, and says so", async ({
  page,
  story: { origin, server },
}) => {
  await page.routeWebSocket(/\/live/, (socket) => socket.close());
  await logIn(page, origin);
  await expect(page.getByText("Live updates are off; figures are read every 10 s.")).toBeVisible();
  const accounts = page.getByText(/^of \d/);
  const before = await accounts.textContent();
  await server.register("watchman-late", "a watchman's password");
  await expect(accounts).not.toHaveText(before ?? "", { timeout: 30_000 });
});
