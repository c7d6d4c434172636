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

test("what was chosen in a list and how far it was scrolled is there again on the way back", async ({
  signedIn: page,
  story: { origin },
}) => {
  await page.goto(`${origin}/admin/users?q=watchman`);
  for (const name of ["watchman-030", "watchman-031"])
    await page.getByRole("checkbox", { name: `Select ${name}@localhost` }).check();
  const row = page.getByRole("link", { name: "watchman-032@localhost" });
  await row.scrollIntoViewIfNeeded();
  const top = async () => Math.round((await row.boundingBox())!.y);
  const before = await top();
  await row.click();
  await expect(page.getByRole("tab", { name: "Overview" })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("checkbox", { name: "Select watchman-031@localhost" })).toBeChecked();
  await expect(page.getByText("2 selected")).toBeVisible();
  await expect.poll(top).toBe(before);
});

test("the head of an account's page is there before the server answers, with what can be done", async ({
  signedIn: page,
  story: { origin },
}) => {
  await page.goto(`${origin}/admin/users?q=watchman`);
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  await page.route(/\/api\/v1\/users\/watchman-040/, async (route) => {
    await answered;
    await route.continue();
  });
  await page.getByRole("link", { name: "watchman-040@localhost" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "watchman-040@localhost" })).toBeVisible();
  await expect(page.getByText("never logged in")).toBeVisible();
  await expect(page.getByRole("tab", { name: "Overview" })).toHaveCount(0);
  answer();
  await expect(page.getByRole("tab", { name: "Overview" })).toBeVisible();
  await page.getByRole("button", { name: "More actions: watchman-040@localhost" }).click();
  await page.getByRole("menuitem", { name: "Suspend" }).click();
  const dialog = page.getByRole("dialog", { name: /^Suspend/ });
  await dialog.getByLabel("Reason").fill("asleep on his watch");
  await dialog.getByRole("button", { name: "Suspend", exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText(/asleep on his watch/)).toBeVisible();
  await page.getByRole("button", { name: "More actions: watchman-040@localhost" }).click();
  await expect(page.getByRole("menuitem", { name: "Resume" })).toBeVisible();
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

test("the overview needs one answer for all that it shows", async ({ signedIn: page, story: { origin, server } }) => {
  const { items } = await server.api.hosts.list();
  const asked = new Set<string>();
  await page.route(/\/api\/v1\//, (route) => {
    const [, path = ""] = new URL(route.request().url()).pathname.split("/api/v1");
    asked.add(path);
    return path === "/overview" || path === "/auth/me" ? route.continue() : undefined;
  });
  await page.goto(`${origin}/admin`);
  const main = page.getByRole("main");
  await expect(main.getByRole("table", { name: "Hosts" }).getByRole("row")).toHaveCount(items.length + 1);
  await expect(main.getByRole("heading", { name: "Recent changes" })).toBeVisible();
  await expect(main.locator("[data-skeleton], [aria-busy=true]")).toHaveCount(0);
  // The frame of each page has the console's name, the account, the hosts and the bell; none of them holds the page up.
  const bar = ["/status", "/auth/me", "/hosts", "/attention", "/jobs"];
  expect([...asked].filter((path) => !bar.includes(path))).toEqual(["/overview"]);
});
