/** What every page has around it: what is not for an account, and what has become of one's jobs. */
import { admin, expect, expectAccessible, logIn, test } from "./story.ts";

const password = "a constable's long password";

test("a page that is not for an account says so once, and who can change it", async ({
  page,
  story: { server, origin },
}) => {
  await server.register("elbow", password);
  const role = { description: "", permissions: ["hosts:read" as const], hosts: null, access: "console_watchmen" };
  await server.api.roles.set({ name: "watchmen", role });
  await server.api.roles.grant({ name: "watchmen", jid: "elbow@localhost" });
  await page.goto(`${origin}/admin/login`);
  await page.getByLabel("JID").fill("elbow@localhost");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  // The first page that is for this account.
  await expect(page.getByRole("heading", { level: 1, name: "Hosts" })).toBeVisible();
  const navigation = page.getByRole("navigation", { name: "Main navigation" });
  await expect(navigation.getByRole("link")).toHaveText(["Hosts", "Settings"]);

  for (const [path, title] of [
    ["/links", "Federation"],
    ["/doctor", "Doctor"],
    ["/forward/rules", "Forward rules"],
    ["/users/account?jid=elbow%40localhost", "Users"],
  ] as const) {
    await page.goto(`${origin}/admin${path}`);
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    const main = page.getByRole("main");
    await expect(main.getByText("Not for this account")).toHaveCount(1);
    await expect(main).toContainText("These roles have it: owner");
    await expect(main.getByRole("button")).toHaveCount(0);
  }
  await expectAccessible(page);
});

test("a job that has ended is told in the bar of every page, until it was looked at", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  for (const name of ["moat-1", "moat-2"])
    await server.api.rooms.create({ jid: `${name}@conference.localhost`, owner: admin.jid });
  await page.goto(`${origin}/admin/rooms?q=moat`);
  await page.getByRole("button", { name: "Destroy matching…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(/to confirm/).fill("destroy 2");
  await dialog.getByRole("button", { name: "Destroy 2 rooms" }).click();
  await expect(dialog).toContainText("2 of 2 rooms destroyed · done");

  await page.goto(`${origin}/admin/backups`);
  await page.getByRole("button", { name: /A job of yours has ended/ }).click();
  await expect(page.getByRole("menuitem", { name: /^Rooms/ }).first()).toContainText("2 of 2");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: /^Needs attention/ })).toBeVisible();
  await expect(page.getByRole("button", { name: /A job of yours has ended/ })).toHaveCount(0);
});

test("the bell counts what one chose, and the browser tells what is new while nobody looks", async ({
  page,
  story: { server, origin },
}) => {
  for (const name of ["ditch-1", "ditch-2"])
    await server.api.rooms.create({ jid: `${name}@conference.localhost`, owner: admin.jid });
  await page.addInitScript(() => {
    const told: string[] = [];
    class Told {
      static readonly permission = "granted";
      static readonly requestPermission = () => Promise.resolve("granted");
      constructor(_title: string, { body }: { body: string }) {
        told.push(body);
      }
    }
    Object.assign(window, { told, Notification: Told });
  });
  await logIn(page, origin);
  await page.goto(`${origin}/admin/settings`);
  await page.getByRole("radio", { name: "Everything" }).click();
  // The certificate of the test server is its own, which is no more than a hint.
  await expect(page.getByRole("button", { name: /^Needs attention: / })).toBeVisible();
  await page.getByRole("switch", { name: "Notifications of the browser" }).click();
  await expect(page.getByRole("switch", { name: "Notifications of the browser" })).toBeChecked();
  await expectAccessible(page);

  await page.goto(`${origin}/admin/rooms?q=ditch`);
  await page.getByRole("button", { name: "Destroy matching…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(/to confirm/).fill("destroy 2");
  await page.evaluate(() => Object.defineProperty(document, "hidden", { value: true }));
  await dialog.getByRole("button", { name: "Destroy 2 rooms" }).click();
  await expect.poll(() => page.evaluate(() => Reflect.get(window, "told"))).toContain("Rooms: done");
});
