/** A logo and a colour of the operator's: everybody sees them, before the log-in as well. */
import type { Locator, Page } from "@playwright/test";
import { png } from "../support/png.ts";
import { expect, expectAccessible, test } from "./story.ts";

const red: readonly [number, number, number] = [190, 24, 60];

const colorOf = (part: Locator): Promise<string> =>
  part.evaluate((element) => getComputedStyle(element).backgroundColor);
const logoOf = (page: Page): Locator => page.locator(".brand-logo").first();

test("a logo and a colour are chosen, seen by whoever is not logged in, and taken back", async ({
  signedIn: page,
  browser,
  story: { origin },
}) => {
  const refused: string[] = [];
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) refused.push(message.text());
  });
  await page.goto(`${origin}/admin/settings?tab=login`);
  const panel = page.locator("form", { has: page.getByRole("heading", { name: "Name, notice and look" }) });
  await panel
    .getByLabel("Upload a logo for the light theme")
    .and(page.locator("input"))
    .setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: Buffer.from("<svg onload=alert(1)>") });
  await expect(panel.getByRole("alert")).toContainText("is not a whole PNG or WebP file of at most 256 KiB");
  await panel
    .getByLabel("Upload a logo for the light theme")
    .and(page.locator("input"))
    .setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: png(96, 32, red) });
  await expect(panel.getByRole("img", { name: "Logo of the light theme" })).toBeVisible();
  await panel.getByLabel("Colour", { exact: true }).fill("#ffe600");
  await expect(panel).toContainText("Light · made darker:");
  await expect(panel).toContainText("Dark · as it is");
  await expectAccessible(page);
  await panel.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText("Revision", { exact: false }).first()).toBeVisible();
  await expect(logoOf(page)).toBeVisible();

  for (const scheme of ["light", "dark"] as const) {
    const visitor = await browser.newContext({ colorScheme: scheme });
    const login = await visitor.newPage();
    await login.goto(`${origin}/admin/login`);
    await expect(logoOf(login)).toBeVisible();
    await expect(login.locator(".brand-mark").first()).toBeHidden();
    await expect(login.locator("html")).toHaveAttribute("data-theme", scheme);
    const button = login.getByRole("button", { name: "Log in", exact: true });
    const color = await colorOf(button);
    if (scheme === "dark") expect(color).toBe("rgb(255, 230, 0)");
    else expect(color).not.toBe("rgb(255, 230, 0)");
    await expectAccessible(login);
    await visitor.close();
  }

  await page.reload();
  await panel.getByRole("button", { name: "Remove the logo of the light theme" }).click();
  await panel.getByRole("button", { name: "The product's own" }).click();
  await panel.getByRole("button", { name: "Apply" }).click();
  await expect(logoOf(page)).toBeHidden();
  await page.reload();
  await expect(page.locator(".brand-mark").first()).toBeVisible();
  expect(refused).toEqual([]);
});
