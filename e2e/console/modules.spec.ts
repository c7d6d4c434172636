import { expect, expectAccessible, test } from "./story.ts";

test("a module's option is changed by draft, diff and apply, undone, and the module restarted", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  await page.goto(`${origin}/admin/modules`);
  await page.getByRole("searchbox").fill("XEP-0160");
  const row = page.getByRole("row").filter({ hasText: "offline" });
  await expect(row).toHaveCount(1);
  await expectAccessible(page);
  await row.getByRole("link", { name: "offline" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "offline" })).toBeVisible();
  await expect(page.getByText("XEP-0160")).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("radio", { name: "Own setting" }).click();
  const days = page.getByLabel("expire_days");
  await days.fill("-1");
  await expect(page.getByRole("alert").filter({ hasText: "has to be at least 0" })).toBeVisible();
  await days.fill("30");
  await expect(page.getByLabel("changed from the default")).toHaveCount(1);
  await page.getByRole("button", { name: "Review" }).click();
  const review = page.getByRole("dialog");
  await expect(review.getByText("modules.offline")).toBeVisible();
  await expectAccessible(page);
  await review.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText(/Revision \d+ is in force/)).toBeVisible();
  expect(await server.api.offline.totals({})).toMatchObject({ policies: [{ expireDays: 30 }] });
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await server.api.offline.totals({})).policies[0]?.expireDays).toBe(0);

  await page.getByRole("button", { name: "Restart…" }).click();
  const restart = page.getByRole("dialog", { name: "Restart offline on localhost" });
  await restart.getByRole("button", { name: "Restart" }).click();
  await expect(page.getByText(/offline runs again after .* Dropped: \d+ hook handlers/)).toBeVisible();
  const [entry] = (await server.api.audit.list({ action: "module.restart", limit: 1 })).items;
  expect(entry).toMatchObject({ object: "offline on localhost", result: "done" });
});
