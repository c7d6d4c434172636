/** Menus, tooltips and dialogs, whose code comes with the first of them: they have to behave from the first time on. */
import { admin, expect, test } from "./story.ts";

test("a menu opens by keyboard at its first item, and gives the focus back", async ({ signedIn: page }) => {
  const button = page.getByRole("button", { name: "Account menu", exact: true });
  for (let time = 0; time < 2; time += 1) {
    await button.focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("menuitem", { name: "Settings" })).toBeFocused();
    await page.keyboard.press("ArrowDown");
    await expect(page.getByRole("menuitem", { name: "Log out" })).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("menu")).toHaveCount(0);
    await expect(button).toBeFocused();
  }
});

test("a menu opens by pointer, and closes by another click", async ({ signedIn: page }) => {
  const button = page.getByRole("button", { name: "Account menu", exact: true });
  await button.click();
  await expect(page.getByRole("menuitem", { name: "Settings" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toHaveCount(0);
  await button.click();
  await page.getByRole("menuitem", { name: "Settings" }).click();
  await expect(page).toHaveURL(/\/admin\/settings$/);
});

test("a menu opens by pointer when those of other rows were open before it", async ({ signedIn: page, story }) => {
  const target = { kind: "webhook", url: story.sink.url, allowPrivate: true } as const;
  const names = ["overlay-a", "overlay-b", "overlay-c"];
  for (const name of names) await story.server.api.forward.setTarget({ name, target });
  await page.goto(`${story.origin}/admin/forward/targets`);
  for (const name of names) {
    await page.getByRole("button", { name: `More actions: ${name}` }).click();
    await expect(page.getByRole("menu")).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("menu")).toHaveCount(0);
  }
  for (const name of names) await story.server.api.forward.removeTarget({ name });
});

test("a tooltip is shown by hovering and by focus, can be pointed at, and goes with Escape", async ({
  signedIn: page,
}) => {
  const button = page.getByRole("button", { name: "Account menu", exact: true });
  const tooltip = page.getByRole("tooltip");
  await button.hover();
  await expect(tooltip).toHaveText("Account menu");
  await expect(button).toHaveAccessibleDescription("Account menu");
  await tooltip.hover();
  await expect(tooltip).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(tooltip).toHaveCount(0);

  await page.mouse.move(600, 500);
  await button.press("Tab");
  await page.keyboard.press("Shift+Tab");
  await expect(tooltip).toHaveText("Account menu");
  const { x, width } = (await tooltip.boundingBox())!;
  expect(x + width).toBeLessThanOrEqual(1440);
});

test("a dialog takes the focus and gives it back, each time", async ({ signedIn: page, story }) => {
  await page.goto(`${story.origin}/admin/hosts`);
  const button = page.getByRole("button", { name: "Add host" });
  for (let time = 0; time < 2; time += 1) {
    await button.click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toBeVisible();
    await expect(dialog.locator(":focus")).toHaveCount(1);
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
    await expect(button).toBeFocused();
  }
});

test("what wants attention is told on every page, with the way there", async ({ signedIn: page, story }) => {
  const target = { kind: "webhook", url: story.sink.url, allowPrivate: true } as const;
  await story.server.api.forward.setTarget({ name: "overlay-held", target });
  await story.server.api.forward.pauseTarget({ name: "overlay-held", paused: true });
  await page.goto(`${story.origin}/admin/log`);
  await page.getByRole("button", { name: /^Needs attention: / }).click();
  await page.getByRole("menuitem", { name: "Target overlay-held is paused; 0 waiting" }).click();
  await expect(page).toHaveURL(/\/admin\/forward\/targets$/);
  await story.server.api.forward.removeTarget({ name: "overlay-held" });
});

test("an address that is pasted outside of a field opens the palette at what it names", async ({ signedIn: page }) => {
  const paste = async (text: string) =>
    page.evaluate((pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", pasted);
      document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  await paste(" 192.0.2.7\n");
  await expect(page.getByRole("option", { selected: true })).toHaveText("Sessions from 192.0.2.7");
  await page.keyboard.press("Escape");
  await paste("several words are no address");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("ControlOrMeta+k");
  await expect(page.getByRole("combobox")).toHaveValue("");
  await page.keyboard.press("Escape");
  await paste(admin.jid);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/users\/account\?jid=harttle(?:%40|@)localhost$/);
});

test("the manual opens at what it says of the page, with the console's theme and nothing from elsewhere", async ({
  signedIn: page,
  story,
}) => {
  await page.goto(`${story.origin}/admin/devices`);
  const link = page.getByRole("link", { name: "Manual of this page" });
  const [manual] = await Promise.all([page.waitForEvent("popup"), link.click()]);
  await expect(manual).toHaveURL(`${story.origin}/admin/manual/push.html#devices`);
  const heading = manual.getByRole("heading", { name: "Devices", exact: true });
  await expect(heading).toBeInViewport();
  await expect(heading).toHaveCSS("font-size", "19px");
  await expect(manual.locator("html")).toHaveAttribute("data-theme", /light|dark/);
  await manual.getByRole("link", { name: "Nightpost manual" }).click();
  await expect(manual.getByRole("link", { name: "Forwarding", exact: true })).toBeVisible();
});
