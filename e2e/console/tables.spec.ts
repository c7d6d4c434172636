/** What can be done with every list: filters that are typed, columns, and views that keep both. */
import { expect, test } from "./story.ts";

const people = ["leonato", "antonio", "innogen"];

test.beforeAll(async ({ story: { server } }) => {
  for (const user of people) await server.register(user, `${user}'s long password`);
  await server.api.users.suspend({ jid: "antonio@localhost", reason: "", until: null });
});

test("a filter is typed, completed, shown as a chip and said to be wrong", async ({ signedIn: page, story }) => {
  await page.goto(`${story.origin}/admin/users`);
  const field = page.getByRole("combobox", { name: "Search JID" });
  await field.fill("sta");
  await expect(page.getByRole("option", { name: "status:" })).toBeVisible();
  await field.press("ArrowDown");
  await field.press("Enter");
  await expect(field).toHaveValue("status:");
  await page.keyboard.type("susp");
  await field.press("ArrowDown");
  await field.press("Enter");
  await expect(field).toHaveValue("");
  await expect(page).toHaveURL(/filter=suspended/);
  await expect(page.getByRole("row").filter({ hasText: "antonio@localhost" })).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "leonato@localhost" })).toHaveCount(0);

  // A term that no control of the page shows becomes a chip; the words beside it are searched for.
  await field.fill("status:all created:<3d inno");
  await field.press("Enter");
  await expect(field).toHaveValue("inno");
  await expect(page).toHaveURL(/created=3/);
  await expect(page.getByRole("row").filter({ hasText: "innogen@localhost" })).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "leonato@localhost" })).toHaveCount(0);
  const chip = page.getByRole("button", { name: /^Remove: .*: 3$/ });
  await expect(chip).toBeVisible();
  await chip.click();
  await expect(page).not.toHaveURL(/created=/);

  await field.fill("status:gone colour:red");
  await field.press("Enter");
  await expect(page.getByText("gone is not possible for status.")).toBeVisible();
  await expect(page.getByText(/There is no filter colour/)).toBeVisible();
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveValue("status:gone colour:red");
  await field.fill('"inno"');
  await expect(page.getByText("gone is not possible for status.")).toBeHidden();
  await expect(page.getByRole("row").filter({ hasText: "innogen@localhost" })).toBeVisible();
});

test("columns are hidden and moved, and a saved view brings them back", async ({ signedIn: page, story }) => {
  await page.goto(`${story.origin}/admin/users?q=leonato`);
  const headers = page.getByRole("table", { name: "Users" }).getByRole("columnheader");
  const names = async (): Promise<string[]> => (await headers.allTextContents()).filter((text) => text !== "");
  await expect(page.getByRole("row").filter({ hasText: "leonato@localhost" })).toBeVisible();
  const plain = await names();
  await page.getByRole("button", { name: "Columns and row height" }).click();
  await page.getByRole("checkbox", { name: "Status" }).uncheck();
  await page.getByRole("button", { name: "Move Created up" }).click();
  await page.keyboard.press("Escape");
  const own = await names();
  expect(own).not.toContain("Status");
  expect(own.indexOf("Created")).toBe(plain.indexOf("Created") - 2);

  // The browser keeps it, and a view does for whoever opens it.
  await page.reload();
  await expect.poll(names).toEqual(own);
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("menuitem", { name: "Save this filter" }).click();
  await page.getByLabel("Name").fill("Leonato's columns");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page).toHaveURL(/columns=/);
  await page.evaluate(() => localStorage.clear());
  await page.goto(`${story.origin}/admin/users`);
  await expect.poll(names).toEqual(plain);
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("menuitem", { name: "Leonato's columns" }).click();
  await expect.poll(names).toEqual(own);
  const { items } = await story.server.api.views.list({ page: "/users" });
  for (const { id, name } of items) if (name === "Leonato's columns") await story.server.api.views.remove({ id });
});
