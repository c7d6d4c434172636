import { expect, expectAccessible, test } from "./story.ts";

test("the log goes on until somebody reads in it, and a level is set for a while", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  await page.goto(`${origin}/admin/log?module=policy`);
  const rows = page.getByRole("grid").getByRole("row");
  const revise = async (comment: string) => {
    const { policy } = await server.api.policy.get();
    const user = `${comment}@localhost`;
    await server.api.policy.setAcl({ name: "log-story", any: [{ user }], comment });
    return policy;
  };
  await revise("first");
  await expect(rows.filter({ hasText: "comment=first" })).toHaveCount(1);
  await expectAccessible(page);

  await rows.filter({ hasText: "comment=first" }).click();
  const inspector = page.getByRole("complementary", { name: "Record" });
  await expect(inspector.getByText("comment", { exact: true })).toBeVisible();
  await inspector.getByRole("button", { name: "Show 50 before and after" }).click();
  await expect(inspector.getByRole("listitem").first()).toBeVisible();
  await expectAccessible(page);
  await revise("second");
  await expect(page.getByRole("button", { name: /1 new record/ })).toBeVisible();
  await expect(rows.filter({ hasText: "comment=second" })).toHaveCount(0);
  await page.getByRole("button", { name: /1 new record/ }).click();
  await expect(rows.filter({ hasText: "comment=second" })).toHaveCount(1);

  await page.getByRole("button", { name: "Levels…" }).click();
  const dialog = page.getByRole("dialog", { name: "Levels of the log" });
  await dialog.getByLabel("Module").selectOption("policy");
  await dialog.getByLabel("Level").selectOption("error");
  await dialog.getByRole("button", { name: "Set level" }).click();
  await expect(dialog.getByText(/^until /)).toBeVisible();
  await expectAccessible(page);
  expect((await server.api.log.levels()).overrides).toMatchObject([{ module: "policy", level: "error" }]);
  await dialog.getByRole("button", { name: "Reset" }).click();
  await expect(dialog.getByText("All levels are as the configuration says.")).toBeVisible();
  await server.api.policy.setAcl({ name: "log-story", any: null });
});
