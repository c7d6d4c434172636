import { expect, test as base, type Page } from "@playwright/test";
import { violationsOf } from "../support/axe.ts";
import { TestServer } from "../support/server.ts";
import { Sink } from "../support/sink.ts";
import { XmppClient } from "../support/xmpp-client.ts";

export const admin = { jid: "harttle@localhost", password: "an admin's long password" };

interface Story {
  /** A running server with an admin, shared by all tests: accounts of one file have names of their own. */
  readonly server: TestServer;
  readonly sink: Sink;
  readonly origin: string;
}

/** All tests share one server; each gets a browser context of its own. */
export const test = base.extend<{ signedIn: Page }, { story: Story }>({
  story: [
    // oxlint-disable-next-line no-empty-pattern -- the runner wants a pattern
    async ({}, use) => {
      const sink = await new Sink().start();
      const server = await TestServer.start({
        console: true,
        env: {
          NIGHTPOST_ADMIN: admin.jid,
          NIGHTPOST_ADMIN_PASSWORD: admin.password,
          NIGHTPOST_FORWARD_RETRY_SECONDS: "0.5,1,2",
        },
      });
      const origin = `http://127.0.0.1:${server.httpPort}`;
      await untilConsole(origin);
      await use({ server, sink, origin });
      await server.stop();
      await sink.stop();
    },
    { scope: "worker", timeout: 90_000 },
  ],
  signedIn: async ({ page, story }, use) => {
    await logIn(page, story.origin);
    await use(page);
  },
});
export { expect };

/** Waits until the console's process answers. */
export async function untilConsole(origin: string): Promise<void> {
  await expect.poll(async () => (await fetch(`${origin}/admin/login`)).status, { timeout: 60_000 }).toBe(200);
}

export async function logIn(page: Page, origin: string, as: { jid: string; password: string } = admin): Promise<void> {
  await page.goto(`${origin}/admin/login`);
  await page.getByLabel("JID").fill(as.jid);
  await page.getByLabel("Password", { exact: true }).fill(as.password);
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
}

/** Gives the browser an authenticator of its own that verifies its user and agrees to everything (WebAuthn 3, 11). After
    `expectAccessible`, which opens a tab beside the page, Chromium never comes to ask it. */
export async function withAuthenticator(page: Page): Promise<void> {
  const device = await page.context().newCDPSession(page);
  await device.send("WebAuthn.enable");
  await device.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** WCAG 2.2 AA by axe, with the page as it is. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await violationsOf(page)).toEqual([]);
}

/** Leaves nothing for the next story: the targets go, with what waits for them and with their rules. */
export async function forget(server: TestServer, ...targets: string[]): Promise<void> {
  const { items } = await server.api.forward.rules();
  await server.api.forward.setRules({
    rules: items.filter((rule) => !rule.targets.some((name) => targets.includes(name))),
  });
  const known = (await server.api.forward.targets()).items.map((target) => target.name);
  for (const name of targets)
    if (known.includes(name)) await server.api.forward.removeTarget({ name, backlog: "cancel" });
}

/** A chat client of the account, logged in and available. */
export async function chatAs(server: TestServer, user: string, password: string): Promise<XmppClient> {
  const client = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  await client.login(user, password);
  client.send("<presence/>");
  await client.ping();
  return client;
}
