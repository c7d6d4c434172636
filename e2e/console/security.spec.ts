/** Who may do what in the console, and how they prove who they are. */
import type { Page } from "@playwright/test";
import { Secret, TOTP } from "otpauth";
import { expect, expectAccessible, logIn, test, withAuthenticator } from "./story.ts";

const codeOf = (secret: string): string => new TOTP({ secret: Secret.fromBase32(secret) }).generate();
const alert = (page: Page) => page.getByRole("alert").filter({ hasText: /\S/ });

async function logOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Account menu" }).click();
  await page.getByRole("menuitem", { name: "Log out" }).click();
  await expect(page).toHaveURL(/\/admin\/login/);
}

async function typePassword(page: Page, origin: string, jid: string, password: string): Promise<void> {
  await page.goto(`${origin}/admin/login`);
  await page.getByLabel("JID").fill(jid);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in", exact: true }).click();
}

test("an authenticator app is added, asked for, and replaced by a recovery code when it is lost", async ({
  page,
  story: { server, origin },
}) => {
  const olivia = { jid: "olivia@localhost", password: "olivia's long password" };
  await server.register("olivia", olivia.password);
  await server.api.roles.grant({ name: "operator", jid: olivia.jid });
  await logIn(page, origin, olivia);
  await page.goto(`${origin}/admin/settings`);
  await page.getByRole("button", { name: "Add an authenticator app" }).click();
  await page.getByRole("dialog").getByLabel("Your password").fill(olivia.password);
  await page.getByRole("dialog").getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("img", { name: "QR code with the secret of the second factor" })).toBeVisible();
  await expectAccessible(page);
  const secret = await page.getByRole("dialog").locator("code").first().innerText();
  await page.getByLabel("Code of your authenticator app").fill(codeOf(secret));
  await page.getByRole("button", { name: "Finish" }).click();
  const listed = page.getByRole("dialog").getByRole("listitem");
  await expect(listed).toHaveCount(10);
  const codes = await listed.allInnerTexts();
  await page.getByRole("button", { name: "I have copied it" }).click();
  await expect(page.getByRole("row").filter({ hasText: "Authenticator app" })).toBeVisible();

  await logOut(page);
  await typePassword(page, origin, olivia.jid, olivia.password);
  await page.getByLabel("Code of your authenticator app").fill("000000");
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  await expect(alert(page)).toContainText("not right");
  await expectAccessible(page);
  // The code that proved the app is used up; a recovery code is not.
  await page.getByRole("button", { name: "Lost it? Use a recovery code" }).click();
  await page.getByLabel("Recovery code").fill(codes[0]!);
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();

  await server.api.factors.reset({ jid: olivia.jid });
  await logIn(page, origin, olivia);
});

test("a passkey opens the console without a password", async ({ page, story: { server, origin } }) => {
  // Passkeys are for names, and the loopback address is none.
  const named = origin.replace("127.0.0.1", "localhost");
  const petra = { jid: "petra@localhost", password: "petra's long password" };
  await server.register("petra", petra.password);
  await server.api.roles.grant({ name: "operator", jid: petra.jid });
  await withAuthenticator(page);
  await logIn(page, named, petra);
  await page.goto(`${named}/admin/settings`);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByRole("dialog").getByLabel("Your password").fill(petra.password);
  await page.getByRole("dialog").getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "I have copied it" }).click();
  await expect(page.getByRole("row").filter({ hasText: "passkey" })).toBeVisible();

  await logOut(page);
  await page.getByRole("button", { name: "Log in with a passkey" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();

  // With a password it is the second step.
  await logOut(page);
  await typePassword(page, named, petra.jid, petra.password);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
});

test("an operator sees what the role lets them do, and it goes when the role goes", async ({
  page,
  story: { server, origin },
}) => {
  const otto = { jid: "otto@localhost", password: "otto's long password" };
  await server.register("otto", otto.password);
  await server.api.roles.grant({ name: "operator", jid: otto.jid });
  await logIn(page, origin, otto);
  const navigation = page.getByRole("navigation");
  await expect(navigation.getByRole("link", { name: "Users" })).toBeVisible();
  await expect(navigation.getByRole("link", { name: "Audit" })).toHaveCount(0);
  await page.goto(`${origin}/admin/users`);
  await expect(page.getByRole("button", { name: "Create user" })).toBeVisible();
  await page.goto(`${origin}/admin/hosts`);
  await expect(page.getByRole("row").filter({ hasText: "localhost" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Add host" })).toHaveCount(0);
  await page.goto(`${origin}/admin/audit`);
  await expect(page.getByText("These roles have it: owner, admin, auditor.")).toBeVisible();
  await expect(page.getByText("harttle@localhost")).toBeVisible();

  await page.goto(`${origin}/admin/users`);
  await expect(page.getByRole("button", { name: "Create user" })).toBeVisible();
  await server.api.roles.grant({ name: "auditor", jid: otto.jid });
  await server.api.roles.revoke({ name: "operator", jid: otto.jid });
  await expect(page.getByRole("button", { name: "Create user" })).toHaveCount(0, { timeout: 4_000 });
  await expect(navigation.getByRole("link", { name: "Audit" })).toBeVisible();
  await server.api.roles.revoke({ name: "auditor", jid: otto.jid });
});

test("a host admin begins with the first page of their own", async ({ page, story: { server, origin } }) => {
  const hana = { jid: "hana@localhost", password: "hana's long password" };
  await server.register("hana", hana.password);
  await server.api.roles.grant({ name: "host-admin", jid: hana.jid, host: "localhost" });
  await typePassword(page, origin, hana.jid, hana.password);
  await expect(page.getByRole("heading", { level: 1, name: "Users" })).toBeVisible();
  for (const name of ["Overview", "ACLs & rules", "Audit", "Server log"])
    await expect(page.getByRole("navigation").getByRole("link", { name })).toHaveCount(0);
  await page.keyboard.press("ControlOrMeta+k");
  await expect(page.getByRole("option", { name: "Sessions" })).toBeVisible();
  await expect(page.getByRole("option", { name: "Audit" })).toHaveCount(0);
  await server.api.roles.revoke({ name: "host-admin", jid: hana.jid, host: "localhost" });
});

test("a role of one's own is drafted, reviewed, applied and given", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  await server.register("hugo", "hugo's long password");
  await page.goto(`${origin}/admin/settings?tab=roles`);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Add role" }).click();
  await page.getByLabel("Name").fill("helpdesk");
  await page.getByRole("dialog").getByRole("button", { name: "Add", exact: true }).click();
  await page.getByLabel("Users: read").check();
  await page.getByLabel("Users: change").check();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Put into the draft" }).click();
  await page.getByRole("button", { name: "Review and apply" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Apply", exact: true }).click();
  await expect(page.getByText(/Applied as revision/)).toBeVisible();
  await page.getByRole("button", { name: "Give the role helpdesk" }).click();
  await page.getByRole("dialog").getByLabel("Account").fill("hugo@localhost");
  await page.getByRole("dialog").getByRole("button", { name: "Give" }).click();
  await expect(page.getByRole("listitem", { name: "helpdesk" })).toContainText("hugo@localhost");
  expect((await server.api.roles.of({ jid: "hugo@localhost" })).items).toMatchObject([
    { role: "helpdesk", permissions: ["users:read", "users:write"] },
  ]);
  await server.api.roles.set({ name: "helpdesk", role: null });
});

test("a role that takes a second factor opens nothing before there is one", async ({
  page,
  story: { server, origin },
}) => {
  const vera = { jid: "vera@localhost", password: "vera's long password" };
  await server.register("vera", vera.password);
  await server.api.roles.grant({ name: "auditor", jid: vera.jid });
  const { login } = await server.api.roles.list();
  await server.api.roles.setLogin({ login: { ...login, secondFactor: ["auditor"] } });
  try {
    await typePassword(page, origin, vera.jid, vera.password);
    await expect(page.getByRole("heading", { name: "Your role needs a second factor" })).toBeVisible();
    await expectAccessible(page);
  } finally {
    await server.api.roles.setLogin({ login });
  }
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
});

test("a filter is saved, shared and found again, and the list it shows is exported", async ({
  signedIn: page,
  story: { origin },
}) => {
  await page.goto(`${origin}/admin/users?filter=suspended`);
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("menuitem", { name: "Save this filter" }).click();
  await page.getByLabel("Name").fill("Shut out");
  await page.getByLabel("Share it").click();
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await page.goto(`${origin}/admin/users`);
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("menuitem", { name: "Shut out" }).click();
  await expect(page).toHaveURL(/filter=suspended/);
  await page.getByRole("button", { name: "Shut out" }).click();
  await page.getByRole("menuitem", { name: "Remove Shut out" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();

  await page.goto(`${origin}/admin/users`);
  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("users.csv");
});

test("the audit page tells before and after, and takes the newest change back", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  await server.api.policy.setAcl({ name: "passing", any: [{ user: "somebody@localhost" }] });
  await page.goto(`${origin}/admin/audit`);
  await expect(page.getByText(/Chain whole/)).toBeVisible();
  await expectAccessible(page);
  // In which capacity, and with what: the change came through the control socket, the login from this browser.
  const change = page.getByRole("row").filter({ hasText: "passing" }).first();
  await expect(change).toContainText("Control socket");
  await expect(page.getByRole("row").filter({ hasText: /Chrome \d+ · Linux/ })).not.toHaveCount(0);
  await change.click();
  await expect(page.getByRole("dialog").getByText("acl.passing")).toBeVisible();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Undo: back to revision/ })
    .click();
  await expect.poll(async () => Object.keys((await server.api.policy.get()).policy.acl)).not.toContain("passing");
});

test("the audit page lets a suspended account in again, from the entry", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  const { jid } = await server.api.users.create({ local: "sealed", host: "localhost", password: "a long password" });
  await server.api.users.suspend({ jid, reason: "a mistake" });
  await page.goto(`${origin}/admin/audit?action=user.suspend`);
  await page.getByRole("row").filter({ hasText: jid }).click();
  await page.getByRole("button", { name: `Undo: let ${jid} in again` }).click();
  await expect.poll(async () => (await server.api.users.get({ jid })).suspended).toBeNull();
  // Nothing is left to take back.
  await page.getByRole("row").filter({ hasText: jid }).click();
  await expect(page.getByRole("dialog").getByText("user.suspend")).toBeVisible();
  await expect(page.getByRole("dialog").getByRole("button", { name: /Undo/ })).toHaveCount(0);
});

test("the console has a name of its own, and a notice before the log-in", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  await page.goto(`${origin}/admin/settings?tab=login`);
  await page.getByLabel("Name", { exact: true }).fill("Verona Post");
  await page.getByLabel("Notice above the log-in").fill("For the prince's men only.");
  await page.getByLabel("Help for whoever cannot log in").fill("javascript:alert(1)");
  const form = page.locator("form").filter({ hasText: "Name, notice and look" });
  await form.getByRole("button", { name: "Apply" }).click();
  await expect(form.getByRole("alert")).toContainText("mailto:");
  await page.getByLabel("Help for whoever cannot log in").fill("mailto:help@verona.example");
  await form.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveTitle("Settings · Verona Post");
  await page.reload();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Verona Post");
  await expect(page).toHaveTitle("Settings · Verona Post");
  await expectAccessible(page);
  await logOut(page);
  await expect(page.getByRole("heading", { name: "Log in to Verona Post" })).toBeVisible();
  await expect(page.getByText("For the prince's men only.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Help with the log-in" })).toHaveAttribute(
    "href",
    "mailto:help@verona.example",
  );
  await expectAccessible(page);
  const { revision } = await server.api.policy.get();
  await server.api.policy.rollback({ id: revision.id - 1 });
});
