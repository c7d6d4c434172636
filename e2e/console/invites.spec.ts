import { readFileSync } from "node:fs";
import { chatAs, expect, expectAccessible, logIn, test } from "./story.ts";

const password = "balthasar's long password";
const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FAAhKDveksOjmAAAAAElFTkSuQmCC";

test.beforeAll(async ({ story: { server } }) => {
  await server.register("benvolio", "benvolio's long password");
  const { policy } = await server.api.registration.get({});
  await server.api.registration.set({ policy: { ...policy, mode: "invite" } });
});
test.afterAll(async ({ story: { server } }) => {
  const { policy } = await server.api.registration.get({});
  await server.api.registration.set({ policy: { ...policy, mode: "closed" } });
});

test("an invite made in the console becomes an account that logs in, and two contacts", async ({
  signedIn: page,
  story: { origin, server },
  browser,
}) => {
  await page.goto(`${origin}/admin/invites?create=1`);
  const form = page.getByRole("dialog", { name: "Create an invite" });
  await form.getByLabel("Contact").last().fill("benvolio");
  await form.getByLabel("Note").fill("for the page");
  await expectAccessible(page);
  await form.getByRole("button", { name: "Create", exact: true }).click();
  await expect(form.getByRole("img", { name: "QR code of the link" })).toBeVisible();
  await expectAccessible(page);
  const link = await form.getByText(/^https:\/\/localhost:\d+\/invite\/[0-9a-f]{32}$/).textContent();
  const path = new URL(link ?? "").pathname;
  await expect(form.getByText("Your invite to localhost")).toBeVisible();
  await expect(form.getByText(/^Hello,/)).toContainText(link ?? "");
  await form.getByRole("radio", { name: "简体中文" }).click();
  await expect(form.getByText("localhost 的邀请")).toBeVisible();
  await expect(form.getByText(/^您好/)).toContainText(link ?? "");
  await form.getByRole("button", { name: "I have it" }).click();
  const row = page.getByRole("row", { name: /for the page/ });
  await expect(row).toContainText("0 of 1");
  await expect(row).toContainText("unused");

  const stranger = await browser.newContext({ locale: "en-US" });
  const landing = await stranger.newPage();
  const problems: string[] = [];
  landing.on("console", (message) => void (message.type() === "error" && problems.push(message.text())));
  await landing.goto(origin + path);
  await expect(landing.getByRole("heading", { level: 1 })).toHaveText("benvolio@localhost invites you to chat");
  await expect(landing.getByRole("link", { name: "Open in your app" })).toHaveAttribute(
    "href",
    /^xmpp:localhost\?register;/,
  );
  await expectAccessible(landing);
  await landing.getByLabel("User name").fill("balthasar");
  await landing.getByLabel("Password", { exact: true }).fill(password);
  await landing.getByLabel("The same password again").fill("another one");
  await landing.getByRole("button", { name: "Make the account" }).click();
  await expect(landing.getByRole("alert")).toHaveText("The two passwords are not the same.");
  await expect(landing.getByLabel("User name")).toHaveValue("balthasar");
  await landing.getByLabel("Password", { exact: true }).fill(password);
  await landing.getByLabel("The same password again").fill(password);
  await landing.keyboard.press("Enter");
  await expect(landing.getByRole("heading", { level: 1 })).toHaveText("Welcome, balthasar@localhost");
  await expectAccessible(landing);
  // What the browser says of the two refused answers, and nothing of the page's policy.
  expect(problems.filter((text) => !text.includes("status of"))).toEqual([]);

  const client = await chatAs(server, "balthasar", password);
  await client.close();
  const { roster } = await server.api.users.get({ jid: "benvolio@localhost" });
  expect(roster).toMatchObject([{ jid: "balthasar@localhost", subscription: "both" }]);
  await landing.goto(origin + path);
  await expect(landing.getByText("This link has been used.")).toBeVisible();
  await stranger.close();

  await expect(row).toContainText("used");
  await row.getByRole("button").first().click();
  await expect(page.getByRole("dialog").getByText("balthasar@localhost")).toBeVisible();
});

test("an invite gives a role and a group to whoever makes an account by it, and says if it could not", async ({
  signedIn: page,
  story: { origin, server },
  browser,
}) => {
  await server.api.groups.create({ host: "localhost", name: "cast", label: "The cast" });
  await page.goto(`${origin}/admin/invites?create=1`);
  const form = page.getByRole("dialog", { name: "Create an invite" });
  await form.getByLabel("Good for").selectOption("30");
  await form.getByLabel("Uses").fill("5");
  await form.getByLabel("Role", { exact: true }).selectOption("operator");
  await expect(form.getByText("Whoever gets hold of the link gets the role")).toBeVisible();
  await expect(form.getByLabel("Uses")).toHaveValue("1");
  await expect(form.getByLabel("Uses")).toBeDisabled();
  await expect(form.getByLabel("Good for")).toHaveValue("7");
  await expect(form.getByRole("option", { name: "owner" })).toHaveCount(0);
  await form.getByLabel("On localhost only").check();
  await form.getByLabel("cast").check();
  await form.getByLabel("Tags").fill("vip");
  await form.getByLabel("Note").fill("with gifts");
  await expectAccessible(page);
  await form.getByRole("button", { name: "Create", exact: true }).click();
  const link = await form.getByText(/^https:\/\/localhost:\d+\/invite\/[0-9a-f]{32}$/).textContent();
  await form.getByRole("button", { name: "I have it" }).click();
  const row = page.getByRole("row", { name: /with gifts/ });
  await expect(row).toContainText("role operator on localhost · group cast · tag vip");
  // Between making and redeeming one of the gifts goes.
  await server.api.groups.remove({ host: "localhost", name: "cast" });
  const stranger = await browser.newContext({ locale: "en-US" });
  const landing = await stranger.newPage();
  await landing.goto(origin + new URL(link ?? "").pathname);
  await landing.getByLabel("User name").fill("salerio");
  await landing.getByLabel("Password", { exact: true }).fill(password);
  await landing.getByLabel("The same password again").fill(password);
  await landing.keyboard.press("Enter");
  await expect(landing.getByRole("heading", { level: 1 })).toHaveText("Welcome, salerio@localhost");
  const { items } = await server.api.roles.of({ jid: "salerio@localhost" });
  expect(items).toMatchObject([{ role: "operator", hosts: ["localhost"] }]);
  await stranger.close();

  await expect(row).toContainText("used up");
  await row.getByRole("button").first().click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("role operator on localhost · group cast · tag vip")).toBeVisible();
  await expect(dialog.getByText("Without the group cast: localhost has no group cast.")).toBeVisible();
  await expectAccessible(page);
});

test("whoever may not give roles is asked for none", async ({ page, story: { origin, server } }) => {
  const gobbo = { jid: "gobbo@localhost", password: "gobbo's long password" };
  await server.register("gobbo", gobbo.password);
  await server.api.roles.grant({ name: "operator", jid: gobbo.jid });
  await server.api.groups.create({ host: "localhost", name: "crew", label: "The crew" });
  await logIn(page, origin, gobbo);
  await page.goto(`${origin}/admin/invites?create=1`);
  const form = page.getByRole("dialog", { name: "Create an invite" });
  await expect(form.getByLabel("Tags")).toBeVisible();
  await expect(form.getByLabel("Role", { exact: true })).toHaveCount(0);
  await expect(form.getByText("Roster groups")).toHaveCount(0);
  await server.api.groups.remove({ host: "localhost", name: "crew" });
});

test("many invites are made at once and leave as a file", async ({ signedIn: page, story: { origin } }) => {
  await page.goto(`${origin}/admin/invites?create=1`);
  const form = page.getByRole("dialog", { name: "Create an invite" });
  await form.getByLabel("How many").fill("500");
  await form.getByRole("button", { name: "Create", exact: true }).click();
  const kept = page.waitForEvent("download");
  await form.getByRole("button", { name: "Save as CSV" }).click();
  const file = await kept;
  expect(file.suggestedFilename()).toBe("invites-localhost.csv");
  const lines = readFileSync(await file.path(), "utf8")
    .trimEnd()
    .split("\r\n");
  expect(lines[0]).toBe("id,host,link,uri,uses,expires,role,role host,groups,tags");
  expect(new Set(lines).size).toBe(501);
  await expectAccessible(page);
  await form.getByRole("button", { name: "I have it" }).click();
  await expect(page.getByRole("region", { name: "How far they got" })).toContainText("Made");
});

test("an invite that was revoked opens nothing, and says so in Chinese", async ({
  signedIn: page,
  story: { origin, server },
  browser,
}) => {
  const { items } = await server.api.invites.create({ host: "localhost", note: "to be revoked" });
  await page.goto(`${origin}/admin/invites`);
  await page
    .getByRole("row", { name: /to be revoked/ })
    .getByRole("button", { name: "Revoke" })
    .click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByRole("row", { name: /to be revoked/ })).toContainText("revoked");
  const stranger = await browser.newContext({ locale: "zh-CN" });
  const landing = await stranger.newPage();
  await landing.goto(`${origin}/invite/${items[0]!.token}`);
  await expect(landing.locator("html")).toHaveAttribute("lang", "zh-CN");
  await expect(landing.getByText("此链接已被撤销。")).toBeVisible();
  await expectAccessible(landing);
  await stranger.close();
});

test("a link for a new password, made on the account's page, sets it", async ({
  signedIn: page,
  story: { origin, server },
  browser,
}) => {
  await page.goto(`${origin}/admin/users/account?jid=benvolio%40localhost&tab=account`);
  await page.getByRole("button", { name: "Create link" }).click();
  const dialog = page.getByRole("dialog", { name: "Password reset link" });
  const link = await dialog.getByText(/\/reset\/[0-9a-f]{32}$/).textContent();
  await expectAccessible(page);
  const stranger = await browser.newContext({ locale: "en-US" });
  const reset = await stranger.newPage();
  await reset.goto(origin + new URL(link ?? "").pathname);
  await reset.getByLabel("Password", { exact: true }).fill("a new long password");
  await reset.getByLabel("The same password again").fill("a new long password");
  await expectAccessible(reset);
  await reset.getByRole("button", { name: "Set the password" }).click();
  await expect(reset.getByRole("heading", { level: 1 })).toHaveText("The password is set");
  const client = await chatAs(server, "benvolio", "a new long password");
  await client.close();
  await stranger.close();
});

test("the account's menu makes such a link as well, and shows its picture beside its address", async ({
  signedIn: page,
  story: { origin, server },
}) => {
  await server.register("prospero", "prospero's long password");
  const client = await chatAs(server, "prospero", "prospero's long password");
  const [name, photo] = ["<FN>Duke Prospero</FN>", `<PHOTO><TYPE>image/png</TYPE><BINVAL>${pixel}</BINVAL></PHOTO>`];
  client.send(`<iq type='set' id='card'><vCard xmlns='vcard-temp'>${name}${photo}</vCard></iq>`);
  await client.ping();
  await client.close();
  await page.goto(`${origin}/admin/users/account?jid=prospero%40localhost`);
  await expect(page.getByText("Duke Prospero")).toBeVisible();
  const picture = page.locator("header img");
  await expect(picture).toHaveAttribute("src", `data:image/png;base64,${pixel}`);
  // The policy of the page lets it be shown.
  expect(await picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(10);
  await expectAccessible(page);
  await page.getByRole("button", { name: "More actions: prospero@localhost" }).click();
  await page.getByRole("menuitem", { name: "Password reset link…" }).click();
  const dialog = page.getByRole("dialog", { name: "Password reset link" });
  await dialog.getByRole("button", { name: "Create link" }).click();
  await expect(dialog.getByText(/\/reset\/[0-9a-f]{32}$/).first()).toBeVisible();
});
