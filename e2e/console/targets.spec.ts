import { chatAs, expect, expectAccessible, forget, test } from "./story.ts";

test.beforeAll(async ({ story: { server } }) => {
  for (const user of ["valentine", "silvia"]) await server.register(user, `${user}'s long password`);
});

test.afterAll(async ({ story: { server } }) => forget(server, "app", "own", "browsers", "retired"));

test("add a target, take its secret, send a test that is signed, and make a new secret", async ({
  signedIn: page,
  story: { origin, sink },
}) => {
  await page.goto(`${origin}/admin/forward/targets?create=1`);
  const form = page.getByRole("dialog", { name: "Add target" });
  await form.getByLabel("Name", { exact: true }).fill("app");
  await form.getByLabel("URL").fill(sink.url);
  await form.getByLabel("Request", { exact: true }).selectOption("mod_interact");
  await form.getByLabel("Access token").fill("a token");
  await form.getByRole("radio", { name: "Bearer" }).click();
  await form.getByLabel("Token", { exact: true }).fill("abc");
  await form.getByLabel("May be a private address").check();
  await expectAccessible(page);
  await form.getByRole("button", { name: "Save target" }).click();

  const secret = page.getByRole("dialog", { name: "Signature" });
  await expect(secret.getByText(/^whsec_[\w+/]{43}=$/)).toBeVisible();
  const first = await secret.getByText(/^whsec_/).textContent();
  await secret.getByRole("button", { name: "I have copied it" }).click();

  await page
    .getByRole("row", { name: /^app http/ })
    .getByRole("button", { name: "Send test" })
    .click();
  const sent = page.getByRole("dialog", { name: "Test of app" });
  await expect(sent.getByText("The web server answered with success.")).toBeVisible();
  const seen = sink.requests.at(-1)!;
  expect(seen.body).toMatch(/^to=nobody&from=test&body=.*&access_token=a\+token$/);
  expect(seen.headers.authorization).toBe("Bearer abc");
  expect(seen.headers["webhook-signature"]).toMatch(/^v1,\S{44}$/);
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "More actions: app", exact: true }).click();
  await page.getByRole("menuitem", { name: "New signing secret…" }).click();
  const rotate = page.getByRole("dialog", { name: "New signing secret for app" });
  await rotate.getByRole("button", { name: "New signing secret", exact: true }).click();
  await expect(secret.getByText(/The secret before signs as well until/)).toBeVisible();
  expect(await secret.getByText(/^whsec_/).textContent()).not.toBe(first);
  // A notice that fades has no contrast.
  await expect(page.getByText("Target app saved")).toBeHidden();
  await expectAccessible(page);
  await secret.getByRole("button", { name: "I have copied it" }).click();
  await page
    .getByRole("row", { name: /^app http/ })
    .getByRole("button", { name: "Send test" })
    .click();
  await expect.poll(() => sink.requests.at(-1)!.headers["webhook-signature"]).toMatch(/^v1,\S{44} v1,\S{44}$/);
});

test("replay what died while the web server refused it", async ({
  signedIn: page,
  story: { server, sink, origin },
}) => {
  await server.api.forward.setTarget({ name: "app", target: { url: sink.url, allowPrivate: true, maxAttempts: 1 } });
  await server.api.forward.setRules({ rules: [{ name: "app", targets: ["app"] }] });
  sink.status = 400;
  const valentine = await chatAs(server, "valentine", "valentine's long password");
  for (let index = 0; index < 5; index += 1)
    valentine.send(`<message type='chat' to='silvia@localhost'><body>${index}</body></message>`);
  await valentine.ping();
  await page.goto(`${origin}/admin/forward?state=dead&target=app`);
  await expect(page.getByRole("row").filter({ hasText: "silvia@localhost" })).toHaveCount(5);
  sink.status = 200;
  const before = sink.requests.length;

  await page.getByRole("button", { name: "Replay all matching…" }).click();
  const dialog = page.getByRole("dialog", { name: "Replay dead events" });
  await expect(dialog.getByText("5 dead events match.")).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Replay 5 events" }).click();
  await expect(dialog.getByText("5 of 5 on their way · done")).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();

  // What other stories left waiting may arrive as well.
  const replayed = () => sink.requests.slice(before).filter(({ headers }) => headers["x-forward-replay"] === "1");
  await sink.until(() => replayed().length === 5);
  expect(replayed().map(({ body }) => new URLSearchParams(body).get("body"))).toEqual(["0", "1", "2", "3", "4"]);
  await valentine.close();
});

test("a template shows what it makes, and where it is wrong", async ({ signedIn: page, story: { origin, sink } }) => {
  await page.goto(`${origin}/admin/forward/targets?create=1`);
  const form = page.getByRole("dialog", { name: "Add target" });
  await form.getByLabel("Name", { exact: true }).fill("own");
  await form.getByLabel("URL").fill(sink.url);
  await form.getByLabel("May be a private address").check();
  await form.getByLabel("Request", { exact: true }).selectOption("template");
  const template = form.getByRole("textbox", { name: "Template", exact: true });
  await template.fill('{"text": {{ message.body | json }},\n "to": {{ user | nosuch }}}');
  await form.getByRole("button", { name: /Line 2, column/ }).click();
  await expect(template).toBeFocused();
  await expect(form.getByText(/nosuch/).last()).toBeVisible();
  await expectAccessible(page);
  await template.fill('{"text": {{ message.body | json }},\n "to": {{ user | json }}}');
  await expect(form.getByLabel("Body", { exact: true })).toContainText('"to":');
  await form.getByRole("button", { name: "Save target" }).click();
  await page.getByRole("dialog", { name: "Signature" }).getByRole("button", { name: "I have copied it" }).click();
  await page
    .getByRole("row", { name: /^own http/ })
    .getByRole("button", { name: "Send test" })
    .click();
  await expect(page.getByText("The web server answered with success.")).toBeVisible();
  expect(JSON.parse(sink.requests.at(-1)!.body)).toEqual({ text: expect.any(String), to: expect.any(String) });
});

test("the server makes the keys of a Web Push target, and shows the public one", async ({
  signedIn: page,
  story: { origin },
}) => {
  await page.goto(`${origin}/admin/forward/targets?create=1`);
  const form = page.getByRole("dialog", { name: "Add target" });
  await form.getByRole("radio", { name: /Web Push/ }).click();
  await form.getByLabel("Name", { exact: true }).fill("browsers");
  await form.getByLabel("Contact").fill("nobody");
  await form.getByRole("button", { name: "Save target" }).click();
  await expect(form.getByText("This is not in the expected form.")).toBeVisible();
  await form.getByLabel("Contact").fill("mailto:admin@example.org");
  await form.getByRole("button", { name: "Save target" }).click();
  await page.getByRole("button", { name: "browsers", exact: true }).click();
  const edit = page.getByRole("dialog", { name: "Edit browsers" });
  await expect(edit.getByText(/^B[\w-]{86}$/)).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "More actions: browsers" }).click();
  await page.getByRole("menuitem", { name: "Drain" }).click();
  await expect(page.getByRole("row", { name: /^browsers/ })).toContainText("draining");
});

test("a web server that is gone is said to be, until somebody resumes its target", async ({
  signedIn: page,
  story: { origin, server, sink },
}) => {
  sink.status = 410;
  const target = { kind: "webhook" as const, url: sink.url, allowPrivate: true };
  await server.api.forward.setTarget({ name: "retired", target });
  // Alone: the targets of the stories before this one have the same web server.
  await server.api.forward.setRules({ rules: [{ name: "retired", targets: ["retired"] }] });
  const valentine = await chatAs(server, "valentine", "valentine's long password");
  valentine.send("<message type='chat' to='silvia@localhost'><body>Anybody there?</body></message>");
  await valentine.ping();
  await valentine.close();
  await page.goto(`${origin}/admin/forward/targets`);
  const banner = page.getByText(/^retired answered 410 Gone and was paused for that \(.*\)\.$/);
  await expect(banner).toBeVisible();
  await expect(page.getByRole("row", { name: /^retired/ })).toContainText("paused: answered 410 Gone");
  await expectAccessible(page);
  sink.status = 200;
  await page.getByRole("button", { name: "Resume", exact: true }).click();
  await expect(banner).toHaveCount(0);
  await expect(page.getByRole("row", { name: /^retired/ })).not.toContainText("paused");
});
