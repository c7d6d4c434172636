import { expect, expectAccessible, test } from "./story.ts";

const [model, copy] = ["verona.example", "mantua.example"] as const;

test.beforeAll(async ({ story: { server } }) => {
  await server.api.hosts.add({ host: model });
  const { policy } = await server.api.registration.get({});
  await server.api.registration.set({ host: model, policy: { ...policy, mode: "invite" } });
});
test.afterAll(async ({ story: { server } }) => {
  const { items } = await server.api.hosts.list();
  for (const { host } of items)
    if (host === model || host === copy) await server.api.hosts.remove({ host, confirm: host });
});

test("a host is made like another, and what is its own goes back to the default and comes again", async ({
  signedIn: page,
  story: { origin, server },
}) => {
  await page.goto(`${origin}/admin/hosts?create=1`);
  const form = page.getByRole("dialog", { name: "Add host" });
  await form.getByLabel("Host name").fill(copy);
  await form.getByLabel("Own settings like").selectOption(model);
  await expectAccessible(page);
  await form.getByRole("button", { name: "Add host" }).click();
  await expect(page.getByRole("heading", { level: 1, name: copy })).toBeVisible();

  const settings = page.getByRole("table", { name: "Settings" });
  const registration = settings.getByRole("row", { name: /Registration/ });
  await expect(registration).toContainText("this host");
  await expect(registration).toContainText(/mode: \w+ → invite/);
  // What the DNS says may take its time: the page is there without it.
  await expectAccessible(page);
  await registration.getByRole("button", { name: "Back to the default: Registration" }).click();
  const dialog = page.getByRole("dialog", { name: `Registration of ${copy} back to the default` });
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Back to the default" }).click();
  await expect(page.getByText("This host has nothing of its own: the defaults hold.")).toBeVisible();
  expect((await server.api.registration.get({ host: copy })).inherited).toBe(true);

  await page.getByRole("button", { name: "Undo" }).click();
  await expect(registration).toContainText("this host");
  await page.getByRole("radio", { name: "All" }).click();
  await expect(settings.getByRole("row", { name: /muc/ }).first()).toContainText("the default");
});

test("a host is drained, which the list counts down, and which can be stopped", async ({
  signedIn: page,
  story: { origin, server },
}) => {
  await page.goto(`${origin}/admin/hosts/host?name=${model}`);
  await page.getByRole("button", { name: `More actions: ${model}` }).click();
  await page.getByRole("menuitem", { name: "Drain…" }).click();
  const dialog = page.getByRole("dialog", { name: `Drain ${model}` });
  await dialog.getByLabel("Switch it off in").selectOption({ label: "30 minutes" });
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Drain" }).click();
  await expect(page.getByText(/draining, off in (?:30|29) min/)).toBeVisible();
  const { drainUntil } = await server.api.hosts.get({ host: model });
  expect(drainUntil).not.toBeNull();

  await page.getByRole("link", { name: "Hosts" }).last().click();
  const row = page.getByRole("row", { name: new RegExp(model) });
  await expect(row).toContainText("draining");
  await row.getByRole("button", { name: `More actions: ${model}` }).click();
  await page.getByRole("menuitem", { name: "Stop draining" }).click();
  await expect(row).toContainText("enabled");
  expect((await server.api.hosts.get({ host: model })).drainUntil).toBeNull();
});

test("removing a host says how many rooms go with it, and how to keep a copy", async ({
  signedIn: page,
  story: { origin, server },
}) => {
  await server.register("lorenzo", "lorenzo's long password");
  const room = `vault@conference.${model}`;
  await server.api.rooms.create({ jid: room, owner: "lorenzo@localhost", settings: { isPersistent: true } });
  await page.goto(`${origin}/admin/hosts`);
  await page.getByRole("button", { name: `More actions: ${model}` }).click();
  await page.getByRole("menuitem", { name: "Remove…" }).click();
  const dialog = page.getByRole("dialog", { name: `Remove ${model}` });
  await expect(dialog).toContainText("0 accounts, 1 room and 0 offline messages are deleted");
  await expect(dialog).toContainText(`nightpost export host ${model} ${model}.xml`);
  await expectAccessible(page);
  await dialog.getByRole("textbox").fill(model);
  await dialog.getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("row", { name: new RegExp(model) })).toHaveCount(0);
});

test("of many hosts one is found by its name, and the overview tells of the busiest", async ({
  signedIn: page,
  story: { origin, server },
}) => {
  const before = await server.api.policy.get();
  const policy = structuredClone(before.policy);
  for (let index = 1; index <= 60; index += 1)
    policy.hosts[`ward${index}.example`] = structuredClone(policy.hosts["localhost"]!);
  await server.api.policy.apply({ policy });
  await page.goto(`${origin}/admin/hosts`);
  await page.getByRole("searchbox", { name: "Search name" }).fill("Ward42");
  await expect(page.getByRole("row").filter({ hasText: "ward42.example" })).toBeVisible();
  await expect(page.getByRole("table", { name: "Hosts" }).getByRole("row")).toHaveCount(2);
  await expectAccessible(page);
  await page.getByRole("searchbox", { name: "Search name" }).fill("nowhere");
  await expect(page.getByText("No host has this in its name")).toBeVisible();

  await page.goto(`${origin}/admin/modules/module?name=offline`);
  const onHosts = page.getByRole("table", { name: "On hosts" });
  await expect(onHosts.getByRole("row")).toHaveCount(51);
  await page.getByRole("button", { name: "Show all" }).click();
  await expect(page.getByText(/first those where something is wrong/)).toBeHidden();
  await expectAccessible(page);

  await page.goto(`${origin}/admin`);
  await expect(page.getByText(/^20 of \d+, with the most people online$/)).toBeVisible();
  await expect(page.getByText(/\(and \d+ more like it\)/)).toBeVisible();
  await expectAccessible(page);
  await server.api.policy.apply({ policy: before.policy });
});
