/** Walks every page in both languages and both themes: no accessibility violation, no error, no layout shift. */
import { mkdirSync } from "node:fs";
import type { Page } from "@playwright/test";
import { systemClock } from "../../server/core/clock.ts";
import { type ApnsMock, startApnsMock } from "../../server/forward/push/apns/mock.ts";
import type { TestServer } from "../support/server.ts";
import { admin, chatAs, expect, expectAccessible, forget, test } from "./story.ts";

const pages = {
  overview: "/",
  hosts: "/hosts",
  users: "/users",
  user: "/users/account?jid=hero%40localhost",
  sessions: "/sessions",
  links: "/links",
  invites: "/invites",
  newInvite: "/invites?create=1",
  rooms: "/rooms",
  newRoom: "/rooms?create=1",
  room: "/rooms/room?jid=green-room%40conference.localhost",
  roomSettings: "/rooms/room?jid=green-room%40conference.localhost&tab=settings",
  roomAffiliations: "/rooms/room?jid=green-room%40conference.localhost&tab=affiliations",
  uploads: "/uploads",
  uploadAccounts: "/uploads?tab=accounts",
  components: "/components",
  newComponent: "/components?create=1",
  access: "/access",
  registration: "/registration",
  forward: "/forward",
  deadLetters: "/forward/dead",
  targets: "/forward/targets",
  newTarget: "/forward/targets?create=1",
  rules: "/forward/rules",
  devices: "/devices",
  device: "/devices/device?id=DEVICE",
  newApns: "/forward/targets?edit=ios",
  metrics: "/metrics",
  doctor: "/doctor",
  certificates: "/certificates",
  backups: "/backups",
  imports: "/imports",
  importProsody: "/imports?from=prosody",
  audit: "/audit",
  settings: "/settings",
  roles: "/settings?tab=roles",
  logInPolicy: "/settings?tab=login",
  keys: "/settings?tab=keys",
  newKey: "/settings?tab=keys&create=1",
} as const;

/** `SCREENSHOTS=docs/images` renews the pictures of the README. */
const pictures = process.env["SCREENSHOTS"];
const inReadme: readonly string[] = ["overview-light", "forward-light"];

let apns: ApnsMock;
let device = "";

/** Two phones, one of which is not wanted any more, and a rule that is not for everybody. */
async function addPhones({ api }: TestServer): Promise<void> {
  apns = await startApnsMock({ clock: systemClock });
  const target = { kind: "apns", ...apns.credentials, server: apns.url, allowPrivate: true } as const;
  await api.forward.setTarget({ name: "ios", target });
  const phone = (token: string) => ({ kind: "apns", token: token.repeat(32) }) as const;
  const first = await api.devices.register({ user: "hero@localhost", device: phone("a1"), name: "Hero's phone" });
  const second = await api.devices.register({ user: "ursula@localhost", device: phone("b2"), name: "Ursula's tablet" });
  await api.devices.enable({ id: second.id, enabled: false });
  device = first.id;
  const { items } = await api.forward.rules();
  const rule = {
    name: "phones",
    classes: ["chat", "mention", "call"] as ("chat" | "mention" | "call")[],
    senders: ["*@localhost"],
    expression: "message.size < 10000",
    delaySeconds: 5,
    targets: ["ios"],
  };
  await api.forward.setRules({ rules: [rule, ...items] });
}

/** A room with all kinds of people in its lists, a component, and a file that is still to come. */
async function addRooms({ api }: TestServer): Promise<void> {
  const jid = "green-room@conference.localhost";
  await api.rooms.create({ jid, owner: "hero@localhost", settings: { name: "Green room", isMembersOnly: true } });
  const changes = [
    { jid: "ursula@localhost", affiliation: "admin", nick: "Ursula" },
    { jid: "borachio@localhost", affiliation: "outcast", reason: "slander" },
  ] as const;
  await api.rooms.affiliate({ jid, changes: [...changes] });
  await api.components.add({ host: "localhost", domain: "masque.localhost", name: "Masque" });
}

test.afterAll(async ({ story: { server } }) => {
  await forget(server, "app", "ios");
  await apns.close();
});

test.beforeAll(async ({ story: { server, sink } }) => {
  for (const user of ["claudio", "hero", "ursula", "borachio"]) await server.register(user, `${user}'s long password`);
  await server.api.users.suspend({ jid: "borachio@localhost", reason: "slander", until: null });
  await server.api.forward.setTarget({
    name: "app",
    withRule: true,
    target: {
      url: sink.url,
      headers: { "x-token": "a secret" },
      allowPrivate: true,
      timeoutMs: 5000,
      maxAttempts: 20,
    },
  });
  await addPhones(server);
  await addRooms(server);
  const claudio = await chatAs(server, "claudio", "claudio's long password");
  for (let index = 0; index < 30; index += 1) {
    if (index === 24) sink.status = 503;
    claudio.send(
      `<message type='chat' to='${index % 3 === 0 ? "ursula" : "hero"}@localhost'><body>line ${index}</body></message>`,
    );
    await claudio.ping();
    if (index < 24) await sink.until(() => sink.requests.length > index);
  }
});

async function logInQuietly(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/admin/login`);
  await page.locator("input[name=username]").fill(admin.jid);
  await page.locator("input[name=password]").fill(admin.password);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => !url.pathname.endsWith("/login"));
}

for (const locale of ["en-US", "zh-CN"] as const) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`every page, ${locale}, ${colorScheme}`, async ({ browser, story }) => {
      test.setTimeout(180_000);
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
      await logInQuietly(page, story.origin);
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(`${story.origin}/admin${path.replace("DEVICE", device)}`);
        await expect(page.locator("h1")).toBeVisible();
        await expect(page.locator("[data-skeleton], [aria-busy=true]")).toHaveCount(0);
        await expect(page.locator("html")).toHaveAttribute("lang", locale === "zh-CN" ? "zh-CN" : "en");
        await expectAccessible(page);
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
  test.setTimeout(120_000);
  const context = await browser.newContext({
    locale: "en-US",
    viewport: { width: 320, height: 720 },
    timezoneId: "UTC",
  });
  const page = await context.newPage();
  await logInQuietly(page, story.origin);
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(`${story.origin}/admin${path.replace("DEVICE", device)}`);
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
