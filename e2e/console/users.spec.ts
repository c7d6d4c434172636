/** The list of users: how one is made, with a password or by an invite, and what is one click away. */
import { chatAs, expect, expectAccessible, test } from "./story.ts";

const password = "an illyrian's long password";

test("a name is judged while it is typed: what breaks which rule, what becomes of it, and who has it", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  await server.register("pericles", password);
  await page.goto(`${origin}/admin/users?q=marina&create=1`);
  const drawer = page.getByRole("dialog", { name: "Create user" });
  const name = drawer.getByLabel("User name");
  const verdict = drawer.getByRole("status");
  await expect(name).toBeFocused();
  await expect(verdict).toHaveText("The part before @. Upper case becomes lower case.");
  await name.fill("Marina of Illyria");
  await expect(verdict).toHaveText("U+0020 is a space; user names have none (PRECIS, RFC 8264, 9.14).");
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await expectAccessible(page);
  await name.fill("marina♥");
  await expect(verdict).toContainText("♥ U+2665 is a symbol");
  await name.fill("marina＠illyria");
  await expect(verdict).toContainText("＠ U+FF20 means something else in addresses");
  await name.fill("Pericles");
  await expect(verdict).toHaveText("Will be pericles@localhost, which exists already.");
  await drawer.getByLabel("Password", { exact: true }).fill(password);
  await drawer.getByRole("button", { name: "Create user" }).click();
  await expect(name).toBeFocused();
  await name.fill("marina");
  await expect(verdict).toHaveText("marina@localhost is free.");
  await name.fill("Ｍarina");
  await expect(verdict).toHaveText("Will be marina@localhost, which is free.");
  await expect(name).not.toHaveAttribute("aria-invalid");
  await expectAccessible(page);
  await drawer.getByRole("button", { name: "Create user" }).click();
  await expect(drawer).toBeHidden();
  await expect(page.getByRole("row").filter({ hasText: "marina@localhost" })).toBeVisible();
  await (await chatAs(server, "marina", password)).close();
});

test("instead of a password somebody is sent an invite that keeps the name", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  const { policy } = await server.api.registration.get({});
  await page.goto(`${origin}/admin/users?create=1`);
  const drawer = page.getByRole("dialog", { name: "Create user" });
  await drawer.getByLabel("User name").fill("Thaisa");
  await drawer.getByRole("radio", { name: "By an invite" }).click();
  await expect(drawer.getByLabel("Password", { exact: true })).toHaveCount(0);
  await expect(drawer.getByRole("status")).toHaveText("Will be thaisa@localhost, which is free.");
  await server.api.registration.set({ policy: { ...policy, mode: "closed" } });
  await drawer.getByRole("button", { name: "Create invite" }).click();
  await expect(drawer.getByRole("alert")).toContainText("set its registration mode to invite first");
  await server.api.registration.set({ policy: { ...policy, mode: "invite" } });
  try {
    await drawer.getByLabel("Good for").selectOption("1");
    await expectAccessible(page);
    await drawer.getByRole("button", { name: "Create invite" }).click();
    await expect(drawer.getByRole("img", { name: "QR code of the link" })).toBeVisible();
    await expect(drawer.getByText(/^https:\/\/localhost:\d+\/invite\/[0-9a-f]{32}$/)).toBeVisible();
    await expect(drawer.getByRole("button", { name: /^Copy/ }).first()).toBeVisible();
    await expectAccessible(page);
    await drawer.getByRole("button", { name: "I have it" }).click();
    await expect(drawer).toBeHidden();
    const { items } = await server.api.invites.list({ host: "localhost", state: "open" });
    const made = items.find(({ local }) => local === "thaisa");
    expect(made).toMatchObject({ kind: "account", maxUses: 1 });
    expect(Date.parse(made?.expiresAt ?? "") - Date.parse(made?.createdAt ?? "")).toBe(86_400_000);

    await page.getByRole("button", { name: "Create user" }).first().click();
    await drawer.getByLabel("User name").fill("thaisa");
    await expect(drawer.getByRole("status")).toHaveText("thaisa@localhost is kept for whoever redeems an invite.");
  } finally {
    await server.api.registration.set({ policy });
  }
});

test("what is looked for most often is one click away, adds up, and is in the address", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  for (const user of ["illyria-new", "illyria-shut", "illyria-seen"]) await server.register(user, password);
  await server.api.users.suspend({ jid: "illyria-shut@localhost", reason: "", until: null });
  const seen = await chatAs(server, "illyria-seen", password);
  await seen.ask("set", "illyria-seen@localhost", `<vCard xmlns="vcard-temp"><FN>Feste the Fool</FN></vCard>`);
  await seen.close();
  await page.goto(`${origin}/admin/users?q=illyria-`);
  const presets = page.getByRole("group", { name: "Presets" });
  const preset = (name: string) => presets.getByRole("button", { name, exact: true });
  const names = page.getByRole("table", { name: "Users" }).getByRole("link");
  const all = ["illyria-new@localhost", "illyria-seen@localhost", "illyria-shut@localhost"];
  await expect(names).toHaveText(all);
  await expect(page.getByRole("row").filter({ hasText: "illyria-seen" })).toContainText("Feste the Fool");
  await expect(presets.getByRole("button", { pressed: true })).toHaveCount(0);
  await expectAccessible(page);

  await preset("Suspended").click();
  await expect(names).toHaveText(["illyria-shut@localhost"]);
  await expect(page).toHaveURL(/filter=suspended/);
  await page.reload();
  await expect(names).toHaveText(["illyria-shut@localhost"]);
  await expect(preset("Suspended")).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByRole("combobox", { name: "Status" })).toHaveValue("suspended");

  const midnight = new Date().setUTCHours(0, 0, 0, 0);
  const asked = page.waitForRequest((request) => request.url().includes("createdSince="));
  await preset("Created today").click();
  const since = new URL((await asked).url()).searchParams.get("createdSince") ?? "";
  expect(Date.parse(since)).toBe(midnight);
  await expect(presets.getByRole("button", { pressed: true })).toHaveText(["Suspended", "Created today"]);
  await expectAccessible(page);
  await preset("Suspended").click();
  await expect(names).toHaveText(all);
  await preset("Never logged in").click();
  await expect(names).toHaveText(["illyria-new@localhost", "illyria-shut@localhost"]);
  await page.goto(`${origin}/admin/users?q=illyria-&filter=never&created=0`);
  await expect(presets.getByRole("button", { pressed: true })).toHaveText(["Never logged in", "Created today"]);
  await expect(names).toHaveText(["illyria-new@localhost", "illyria-shut@localhost"]);

  await preset("Queue > 100").click();
  await expect(page).toHaveURL(/queued=101/);
  await expect(page.getByText("No account matches.")).toBeVisible();
  await preset("Queue > 100").click();
  await expect(page).not.toHaveURL(/queued=/);
  await preset("Inactive > 90 d").click();
  await expect(page).toHaveURL(/idle=90/);
  await expect(page.getByText("No account matches.")).toBeVisible();
});
