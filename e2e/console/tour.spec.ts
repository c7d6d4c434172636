/** Walks every page in both languages and both themes: no accessibility violation, no error, no layout shift. */
import { mkdirSync } from "node:fs";
import { violationsOf } from "../support/axe.ts";
import { chineseBlanks } from "../support/chinese-blanks.ts";
import { latinRuns } from "../support/latin.ts";
import { admin, expect, forget, test } from "./story.ts";
import { type Furniture, furnish, logInQuietly, pages, pathOf } from "./tour-stage.ts";

/** `SCREENSHOTS=docs/images` renews the pictures of the README. */
const pictures = process.env["SCREENSHOTS"];
const inReadme: readonly string[] = ["overview-light", "forward-light"];

let furniture: Furniture;

test.beforeAll(async ({ story: { server, sink } }) => {
  furniture = await furnish(server, sink);
});

test.afterAll(async ({ story: { server } }) => {
  await forget(server, ...furniture.targets);
  await furniture.apns.close();
});

for (const locale of ["en-US", "zh-CN"] as const) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`every page, ${locale}, ${colorScheme}`, async ({ browser, story }) => {
      test.setTimeout(400_000);
      const context = await browser.newContext({
        locale,
        colorScheme,
        timezoneId: "UTC",
        viewport: { width: 1440, height: 900 },
      });
      const page = await context.newPage();
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(`${page.url()}: ${error.message}`));
      page.on("console", (message) => {
        if (message.type() === "error") errors.push(`${page.url()}: ${message.text()}`);
      });
      await logInQuietly(page, story.origin, admin);
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(`${story.origin}/admin${pathOf(path, furniture)}`);
        await expect(page.locator("h1")).toBeVisible();
        if (/[?&](?:create|edit)=/.test(path)) await expect(page.getByRole("dialog")).toBeVisible();
        await expect(page.locator("[data-skeleton], [aria-busy=true]")).toHaveCount(0);
        await expect(page.locator("html")).toHaveAttribute("lang", locale === "zh-CN" ? "zh-CN" : "en");
        for (const violation of await violationsOf(page)) errors.push(`${path}: ${violation}`);
        if (locale === "zh-CN") {
          for (const run of await latinRuns(page)) errors.push(`${path}: ${run}`);
          for (const blank of await chineseBlanks(page)) errors.push(`${path}: ${blank}`);
        }
        const picture = `${name}-${colorScheme}`;
        if (pictures !== undefined && locale === "en-US" && inReadme.includes(picture)) {
          mkdirSync(pictures, { recursive: true });
          await page.screenshot({ path: `${pictures}/${picture}.png` });
        } else {
          await page.screenshot({ path: `test-results/tour/${name}-${locale}-${colorScheme}.png` });
        }
      }
      expect(errors).toEqual([]);
      await context.close();
    });
  }
}

test("every page fits a phone", async ({ browser, story }) => {
  test.setTimeout(240_000);
  const context = await browser.newContext({
    locale: "en-US",
    viewport: { width: 320, height: 720 },
    timezoneId: "UTC",
  });
  const page = await context.newPage();
  await logInQuietly(page, story.origin, admin);
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(`${story.origin}/admin${pathOf(path, furniture)}`);
    await expect(page.locator("h1")).toBeVisible();
    await expect(page.locator("[data-skeleton], [aria-busy=true]")).toHaveCount(0);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
    await page.screenshot({ path: `test-results/tour/${name}-phone.png` });
  }
  await context.close();
});
