import { chatAs, expect, expectAccessible, test } from "./story.ts";

const password = "a rose's long password";

test("who has access to an account is seen, and a client is signed out", async ({ signedIn: page, story }) => {
  const { server, origin } = story;
  await server.register("rosaline", password);
  await page.goto(`${origin}/admin/users/account?jid=rosaline%40localhost&tab=clients`);
  await expect(page.getByText("No client has access")).toBeVisible();

  const client = await chatAs(server, "rosaline", password);
  const row = page.getByRole("row", { name: /Says nothing of itself/ });
  await expect(row).toContainText("online");
  await expect(row).toContainText("password");
  await expectAccessible(page);
  await row.getByRole("button", { name: /Sign out/ }).click();
  const dialog = page.getByRole("dialog", { name: "Sign the client out" });
  await expect(dialog).toContainText("can come back until that is changed");
  await expect(dialog).toContainText("Its session ends at once.");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Sign out", exact: true }).click();
  await client.untilClosed();
  await expect(page.getByText("No client has access")).toBeVisible();
});
