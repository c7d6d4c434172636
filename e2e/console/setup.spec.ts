import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { TestServer } from "../support/server.ts";
import { Sink } from "../support/sink.ts";
import { XmppClient } from "../support/xmpp-client.ts";
import { expect, expectAccessible, logIn, test, untilConsole, withAuthenticator } from "./story.ts";

const admin = { jid: "harttle@bix.org", password: "a good long password" };
/** What a stranger may need from the first page to the first test that arrives. */
const allowedMs = 3 * 60_000;

/** Each story has a server of its own, which begins with nothing. */
test.describe.configure({ timeout: 240_000 });

async function fresh(): Promise<{ server: TestServer; origin: string; token: string }> {
  const server = await TestServer.start({ console: true, env: { NIGHTPOST_HOSTS: "" } });
  const origin = `http://127.0.0.1:${server.httpPort}`;
  await untilConsole(origin);
  return { server, origin, token: /setup\?token=(\S+)/.exec(server.output)![1]! };
}

const next = (page: Page) => page.getByRole("button", { name: "Continue" }).click();
const atStep = (page: Page, name: string) => expect(page.getByRole("heading", { level: 1, name })).toBeVisible();

/** From the link to the host's name. */
async function begin(page: Page, origin: string, token: string): Promise<void> {
  await page.goto(`${origin}/admin/setup?token=${token}`);
  await expect(page.getByText("Step 1 of 7")).toBeVisible();
  await next(page);
}

/** From there to the first step that is taken as the admin. */
async function makeAdmin(page: Page): Promise<void> {
  await page.getByLabel("Host name").fill("bix.org");
  await next(page);
  await page.getByLabel("JID of the admin").fill(admin.jid);
  await page.getByLabel("Password", { exact: true }).fill(admin.password);
  await page.getByRole("button", { name: "Create the admin" }).click();
  await atStep(page, "A second way to prove it is you");
}

test("the printed link leads to the first admin and the first test-forward, and works once", async ({ page }) => {
  const { server, origin, token } = await fresh();
  const sink = await new Sink().start();

  await page.goto(`${origin}/admin/setup?token=wrong`);
  await expect(page.getByText("This set-up link is not valid")).toBeVisible();

  const began = Date.now();
  await begin(page, origin, token);
  await makeAdmin(page);
  // At an address no browser makes passkeys.
  await expect(page.getByText("Passkeys need this page to be reached by a name")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Skip" }).click();

  await atStep(page, "Certificate");
  await expect(page.getByText("bix.org shows: self-signed.")).toBeVisible();
  await expectAccessible(page);
  await next(page);

  await atStep(page, "Registration");
  await page.getByRole("radio", { name: /By invite/ }).check();
  await expectAccessible(page);
  await next(page);

  await atStep(page, "Where messages for absent people go");
  await page.getByLabel("URL").fill(sink.url);
  await page.getByLabel("May be a private address").check();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Save and send a test now" }).click();
  await sink.until(() => sink.requests.length === 1);
  await page.getByRole("button", { name: "Finish" }).click();
  await expect(page.getByRole("heading", { name: "Nightpost is ready" })).toBeVisible();
  expect(Date.now() - began).toBeLessThan(allowedMs);
  await expectAccessible(page);

  const { policy } = await server.api.policy.get();
  expect(policy.acl["admin"]).toEqual([{ user: admin.jid }]);
  expect(policy.accessRules["configure"]).toContainEqual({ allow: [{ acl: "admin" }] });
  expect(policy.registration.mode).toBe("invite");
  expect(policy.forward.rules.map(({ targets }) => targets)).toContainEqual(["web"]);

  await page.getByRole("link", { name: "Open the console" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  const steps = page.locator("section", { hasText: "First steps" });
  await expect(steps.getByRole("link", { name: "Add a second admin" })).toBeVisible();
  await expect(steps.getByRole("link", { name: "Add a forward target" })).toHaveCount(0);

  const chat = await XmppClient.connect({ port: server.tlsPort, host: "bix.org", tls: "direct" });
  await chat.login("harttle", admin.password, { mechanism: "SCRAM-SHA-256" });
  await chat.close();

  await page.goto(`${origin}/admin/setup?token=${token}`);
  await expect(page.getByText("Set-up is finished")).toBeVisible();
  const again = await fetch(`${origin}/api/v1/setup`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token, host: "bix.org", admin: "eve@bix.org", password: "another long password" }),
  });
  expect(again.status).toBe(410);
  expect(readFileSync(`${server.data}/nightpost.pid`, "utf8").trim()).toBe(String(server.pid));
  await server.stop();
  await sink.stop();
});

test("a reload loses nothing, every later step can be skipped, and the rest can be taken up later", async ({
  page,
}) => {
  const { server, origin, token } = await fresh();
  await begin(page, origin, token);
  await page.getByLabel("Host name").fill("localhost");
  // Whatever the DNS of this machine says of it, and even if it says nothing.
  const names = page.getByRole("region", { name: "What the DNS says" }).getByRole("listitem");
  await expect(names.first()).toBeVisible({ timeout: 60_000 });
  await page.reload();
  await expect(page.getByLabel("Host name")).toHaveValue("localhost");
  await makeAdmin(page);
  await page.reload();
  await atStep(page, "A second way to prove it is you");
  await page.getByRole("button", { name: "Skip" }).click();

  await page.getByRole("radio", { name: /One of your own/ }).check();
  await page.reload();
  await atStep(page, "Certificate");
  await expect(page.getByRole("radio", { name: /One of your own/ })).toBeChecked();
  await page.getByRole("button", { name: "Choose files…" }).click();
  await expect(page.getByRole("dialog", { name: "Upload a certificate for bix.org" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Skip" }).click();

  await page.getByRole("radio", { name: /Open/ }).check();
  await page.getByLabel("Minutes between two accounts").fill("soon");
  await next(page);
  await expect(page.getByText("A number of minutes")).toBeVisible();
  await page.getByLabel("Minutes between two accounts").fill("30");
  await next(page);
  await page.getByLabel("URL").fill("https://hooks.example/in");
  await page.reload();
  await expect(page.getByLabel("URL")).toHaveValue("https://hooks.example/in");
  await page.getByRole("button", { name: "Skip" }).click();
  await expect(page.getByRole("heading", { name: "Nightpost is ready" })).toBeVisible();
  const { policy } = await server.api.policy.get();
  expect(policy.registration).toMatchObject({ mode: "open", timeout: 1_800 });
  expect(Object.keys(policy.forward.targets)).not.toContain("web");

  // In another browser, as the admin.
  await page.context().clearCookies();
  await page.goto(`${origin}/admin/setup`);
  await expect(page.getByText("Set-up is finished")).toBeVisible();
  await logIn(page, origin, admin);
  await page.goto(`${origin}/admin/setup`);
  await atStep(page, "A second way to prove it is you");
  await server.stop();
});

test("the first admin gets a passkey on the way, and logs in with it alone", async ({ page }) => {
  const { server, origin, token } = await fresh();
  const named = origin.replace("127.0.0.1", "localhost");
  await withAuthenticator(page);
  await begin(page, named, token);
  await makeAdmin(page);
  await expect(page.getByRole("radio", { name: /A passkey/ })).toBeChecked();
  await page.getByRole("button", { name: "Add a passkey…" }).click();
  await page.getByRole("dialog").getByLabel("Your password").fill(admin.password);
  await page.getByRole("dialog").getByRole("button", { name: "Continue" }).click();
  const codes = page.getByRole("dialog", { name: "Your recovery codes" });
  await expect(codes.getByRole("listitem")).not.toHaveCount(0);
  await codes.getByRole("button", { name: "I have copied it" }).click();
  await expect(page.getByText("Added: This device.")).toBeVisible();
  await next(page);
  await atStep(page, "Certificate");

  await page.context().clearCookies();
  await page.goto(`${named}/admin/login`);
  await page.getByRole("button", { name: "Log in with a passkey" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  await server.stop();
});
