import type { Page } from "@playwright/test";
import type { TestServer } from "../support/server.ts";
import type { Sink } from "../support/sink.ts";
import { XmppClient } from "../support/xmpp-client.ts";

const people = ["dogberry", "verges", "seacoal"];
const passwordOf = (user: string): string => `${user}'s long password`;
/** More stops than any page has. */
const maxStops = 250;

/** Somebody at a keyboard; there is no mouse. */
class Typist {
  readonly #page: Page;
  keys = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  async press(key: string): Promise<void> {
    this.keys += 1;
    await this.#page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    this.keys += text.length;
    await this.#page.keyboard.type(text);
  }

  /** From stop to stop, until the one of this name has the focus. */
  async reach(name: RegExp, key = "Tab"): Promise<void> {
    for (let stops = 0; stops < maxStops; stops += 1) {
      if (name.test(await this.#focused())) return;
      await this.press(key);
    }
    throw new Error(`no stop is called ${name}`);
  }

  /** Runs an action of the palette by a part of its name, which leads there without further ado. */
  async command(text: string): Promise<void> {
    await this.press("Control+k");
    await this.#page.getByRole("dialog", { name: "Command palette" }).waitFor();
    await this.type(text);
    const chosen = this.#page.locator("[cmdk-item][data-selected=true]");
    await chosen.filter({ hasText: new RegExp(text, "i") }).waitFor();
    await this.press("Enter");
  }

  #focused(): Promise<string> {
    return this.#page.evaluate(async () => {
      // A menu moves the focus by a timer of its own, which fires before this one.
      await new Promise((moved) => setTimeout(moved));
      const element = document.activeElement;
      if (element === null || element === document.body) return "";
      const label = "labels" in element ? (element as HTMLInputElement).labels?.[0]?.textContent : null;
      const named = element.getAttribute("aria-label") ?? label ?? element.textContent;
      return named.trim();
    });
  }
}

/**
 * The day of somebody who uses no mouse: makes a user, ends a session, changes a rule and asks why, finds an event that failed,
 * has it attempted again, and makes a new secret. Answers with the keys that it took. Throws where it cannot go on.
 */
export async function withoutMouse(page: Page, origin: string, server: TestServer, sink: Sink): Promise<number> {
  const typist = new Typist(page);
  await prepare(server, sink);
  await page.goto(`${origin}/admin`);
  await page.getByRole("heading", { level: 1 }).waitFor();

  await typist.command("create user");
  await page.getByRole("dialog").waitFor();
  await typist.reach(/^User name/);
  await typist.type("conrade");
  await typist.reach(/^Password$/);
  await typist.type(passwordOf("conrade"));
  await typist.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  // There may be more accounts than a page of the list shows.
  await typist.press("/");
  await typist.type("conrade");
  await page.getByRole("row").filter({ hasText: "conrade@localhost" }).waitFor();

  const client = await logIn(server, "verges");
  await typist.command("sessions");
  await page.getByRole("row").filter({ hasText: "verges@localhost" }).waitFor();
  await typist.reach(/^End session: verges@localhost/);
  await typist.press("Enter");
  await page.getByRole("dialog").waitFor();
  await typist.reach(/^End session$/);
  await typist.press("Enter");
  while (!client.isClosed) await page.waitForTimeout(20);

  await changeRule(page, typist);
  await replay(page, typist, sink);

  await typist.command("targets");
  await page.getByRole("row").filter({ hasText: "watch" }).waitFor();
  await typist.reach(/^More actions: watch/);
  await typist.press("Enter");
  await page.getByRole("menu").waitFor();
  await typist.reach(/^New signing secret/, "ArrowDown");
  await typist.press("Enter");
  await page.getByRole("dialog").waitFor();
  await typist.reach(/^New signing secret$/);
  await typist.press("Enter");
  await page.getByText(/^whsec_/).waitFor();
  await typist.press("Escape");
  return typist.keys;
}

async function changeRule(page: Page, typist: Typist): Promise<void> {
  await typist.command("test an access");
  const ask = async (verdict: "Denied" | "Allowed"): Promise<void> => {
    await typist.reach(/^Access rule/);
    await typist.type("configure");
    await typist.reach(/^JID/);
    await typist.press("Control+a");
    await typist.type("seacoal@localhost");
    await typist.reach(/^Ask/);
    await typist.press("Enter");
    await page.getByText(verdict, { exact: true }).first().waitFor();
  };
  await ask("Denied");
  await typist.reach(/^Simulator$/, "Shift+Tab");
  await typist.reach(/^Rules$/, "ArrowLeft");
  await typist.press("Enter");
  await page.getByRole("button", { name: "Edit admin" }).waitFor();
  await typist.reach(/^Edit admin$/);
  await typist.press("Enter");
  await typist.reach(/^Add a condition$/);
  await typist.press("Enter");
  await typist.reach(/^Value of condition 2$/, "Shift+Tab");
  await typist.type("seacoal@localhost");
  await typist.reach(/^Review and apply$/);
  await typist.press("Enter");
  await page.getByRole("dialog").getByText("seacoal@localhost").first().waitFor();
  await typist.reach(/^Apply$/);
  await typist.press("Enter");
  await page.getByText(/Applied as revision/).waitFor();
  await typist.command("test an access");
  await ask("Allowed");
}

async function replay(page: Page, typist: Typist, sink: Sink): Promise<void> {
  await typist.command("forward log");
  await page.getByRole("heading", { level: 1, name: "Forward log" }).waitFor();
  await typist.press("/");
  await typist.type("state:dead target:watch ");
  await page.waitForURL(/state=dead/);
  await page.locator("[role=row][data-index='0']").waitFor();
  await typist.press("Escape");
  while (!(await page.evaluate(() => document.activeElement?.getAttribute("data-index") === "0")))
    await typist.press("Tab");
  await typist.press("Enter");
  await page.waitForURL(/event=evt_/);
  await page.getByText("503").first().waitFor();
  await page.getByRole("button", { name: /^Attempt now/ }).waitFor();
  sink.status = 200;
  const before = sink.requests.length;
  await typist.press("r");
  while (sink.requests.length === before) await page.waitForTimeout(20);
}

async function prepare(server: TestServer, sink: Sink): Promise<void> {
  for (const user of people) await server.register(user, passwordOf(user));
  const target = { kind: "webhook", url: sink.url, allowPrivate: true, maxAttempts: 1 } as const;
  await server.api.forward.setTarget({ name: "watch", target });
  const { items } = await server.api.forward.rules();
  const rule = { name: "watch", recipients: ["dogberry@localhost"], targets: ["watch"] };
  await server.api.forward.setRules({ rules: [rule, ...items] });
  sink.status = 503;
  const sender = await logIn(server, "seacoal");
  sender.send("<message type='chat' to='dogberry@localhost'><body>are you good men and true?</body></message>");
  await sender.ping();
  while ((await server.api.forward.list({ target: "watch", state: "dead", limit: 1 })).items.length === 0)
    await new Promise((resolve) => setTimeout(resolve, 50));
  await sender.close();
}

async function logIn(server: TestServer, user: string): Promise<XmppClient> {
  const client = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  await client.login(user, passwordOf(user));
  client.send("<presence/>");
  await client.ping();
  return client;
}
