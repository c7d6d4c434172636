/** Links with other servers: seen, tried again and closed. */
import { type Neighbourhood, neighbourhood } from "../federation/neighbour.ts";
import { nightpost } from "../federation/nightpost.ts";
import { XmppClient } from "../support/xmpp-client.ts";
import { expect, expectAccessible, logIn, test, untilConsole } from "./story.ts";

const password = "a long password";
const boss = { jid: "boss@montague.example", password };
let around: Neighbourhood;
let montague: Awaited<ReturnType<typeof nightpost>>;
let capulet: Awaited<ReturnType<typeof nightpost>>;
let romeo: XmppClient;
let origin: string;

test.beforeAll(async () => {
  around = await neighbourhood();
  const env = { NIGHTPOST_ADMIN: boss.jid, NIGHTPOST_ADMIN_PASSWORD: boss.password };
  montague = await nightpost(around, "montague.example", { console: true, env });
  capulet = await nightpost(around, "capulet.example");
  await montague.register("romeo", password);
  await capulet.register("juliet", password);
  romeo = await XmppClient.connect({ port: montague.c2sPort, host: montague.domain });
  await romeo.login("romeo", password, { resource: "orchard" });
  origin = `http://127.0.0.1:${montague.server.httpPort}`;
  await untilConsole(origin);
});

test.afterAll(async () => {
  romeo?.destroy();
  await capulet?.stop();
  await montague?.stop();
  await around?.close();
});

test("a link appears by itself, is closed with what it says beforehand, and one that failed is tried again", async ({
  page,
}) => {
  await logIn(page, origin, boss);
  await page.goto(`${origin}/admin/links`);
  await expect(page.getByText("There are no links.")).toBeVisible();
  romeo.send("<message to='juliet@capulet.example' type='chat'><body>hi</body></message>");
  const link = page.getByRole("row").filter({ hasText: "capulet.example" });
  await expect(link).toContainText("open");
  await expect(link).toContainText("by certificate");
  // Nobody serves it.
  romeo.send("<message to='x@verona.example' type='chat'><body>hi</body></message>");
  const failed = page.getByRole("row").filter({ hasText: "verona.example" });
  await expect(failed).toContainText("No such server");
  await expectAccessible(page);

  await failed.getByRole("button", { name: "More actions: verona.example" }).click();
  await page.getByRole("menuitem", { name: "Connect now" }).click();
  await expect(page.getByText("Connecting to verona.example")).toBeVisible();

  await link.getByRole("button", { name: "More actions: capulet.example" }).click();
  await page.getByRole("menuitem", { name: "Close…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Nothing waits for it.");
  await expect(dialog).toContainText("nightpost link close");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Close link" }).click();
  await expect(page.getByText("Link with capulet.example closed")).toBeVisible();
  await expect(link).toContainText("not connected");

  await page.getByLabel("Search domain").fill("verona");
  await expect(link).toBeHidden();
  await expect(page).toHaveURL(/q=verona/);
  await page.getByLabel("Search domain").fill("nothing like it");
  await expect(page.getByText("No link matches.")).toBeVisible();
});
