import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "./story.ts";

const open = async (page: Page, origin: string) => {
  await page.goto(`${origin}/admin/access?tab=raw`);
  const text = page.getByRole("textbox", { name: "ACLs and access rules as YAML" });
  await expect(text).toContainText("accessRules:");
  return text;
};

test("the policy as text: names are completed, mistakes are marked where they stand, and nothing typed is lost", async ({
  signedIn: page,
  story: { origin },
}) => {
  const text = await open(page, origin);
  await text.press("ControlOrMeta+Home");
  await page.keyboard.type("# kept by the porter\n");
  await text.press("ControlOrMeta+End");
  await page.keyboard.type("\n");
  await page.keyboard.press("Home");
  await page.keyboard.type("tests:\n- name: porter\nrule: confi");
  const names = page.getByRole("listbox", { name: "Completions" });
  await names.getByRole("option", { name: "configure" }).click();
  await expect(text).toContainText("rule: configure");
  await expect(page.getByRole("tabpanel").getByRole("alert")).toBeVisible();
  await expect(page.locator(".cm-lintRange-error").first()).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("tab", { name: "Rules" }).click();
  await expect(page.getByText("# kept by the porter")).toHaveCount(0);
  await page.getByRole("button", { name: "Open the text" }).click();
  await expect(text).toContainText("# kept by the porter");
  await page.getByRole("button", { name: "Discard the text" }).click();
  await expect(text).not.toContainText("rule: configure");
});

test("a name that nothing is called is marked, and the keys lead from the text to the rules", async ({
  signedIn: page,
  story: { origin },
}) => {
  const text = await open(page, origin);
  await text.fill("acl:\n  porter:\n    - acl: gatehouse\naccessRules:\n  c2s:\n    - allow:\n        - acl: porter\n");
  await expect(page.locator(".cm-lintRange-error", { hasText: "gatehouse" })).toBeVisible();
  await expect(page.locator(".cm-lint-marker-error")).not.toHaveCount(0);
  await expectAccessible(page);

  await text.press("ControlOrMeta+e");
  await expect(page.getByRole("tab", { name: "Rules" })).toHaveAttribute("aria-selected", "true");
});

test("a line of a rule is dragged to another place", async ({ signedIn: page, story: { origin } }) => {
  await page.goto(`${origin}/admin/access`);
  await page.getByRole("button", { name: "Edit configure" }).click();
  await page.getByRole("button", { name: "Add a line" }).click();
  await page.getByLabel("Action of line 2").selectOption("deny");
  await page.getByTitle("Drag line 2 to another place").dragTo(page.getByTitle("Drag line 1 to another place"));
  await expect(page.getByLabel("Action of line 1")).toHaveValue("deny");
  await expect(page.getByLabel("Action of line 2")).toHaveValue("allow");
  await page.getByRole("button", { name: "Discard" }).first().click();
});
