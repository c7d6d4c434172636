import { chatAs, expect, forget, test } from "./story.ts";

test.afterAll(async ({ story: { server } }) => forget(server, "letters"));

test("what waits is kept for longer, by account", async ({ signedIn: page, story: { server, origin } }) => {
  await server.register("porter", "a porter's long password");
  await server.register("lodger", "a lodger's long password");
  const chat = await chatAs(server, "porter", "a porter's long password");
  chat.send("<message to='lodger@localhost' type='chat'><body>the key is under the mat</body></message>");
  await expect
    .poll(async () => (await server.api.offline.messages({ jid: "lodger@localhost" })).items.length, {
      timeout: 20_000,
    })
    .toBe(1);
  await chat.close();

  await page.goto(`${origin}/admin/offline/queue?jid=lodger%40localhost`);
  await page.getByRole("button", { name: "Keep longer…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("All that wait for lodger@localhost");
  await dialog.getByLabel("Keep for another").selectOption("never");
  await dialog.getByRole("button", { name: "Keep longer" }).click();
  // They are kept until a client has them, by the policy of the host.
  await expect(page.getByText("None would have expired sooner")).toBeVisible();
});

test("an event that could not be delivered is attempted with a request written anew", async ({
  signedIn: page,
  story: { server, sink, origin },
}) => {
  for (const name of ["scribe", "reader"]) await server.register(name, `${name}'s long password`);
  const target = { kind: "webhook", url: sink.url, allowPrivate: true, preset: "json", paused: true } as const;
  await server.api.forward.setTarget({ name: "letters", target });
  const { items: rules } = await server.api.forward.rules();
  await server.api.forward.setRules({
    rules: [...rules, { name: "letters", targets: ["letters"], recipients: ["reader@localhost"] }],
  });
  const chat = await chatAs(server, "scribe", "scribe's long password");
  chat.send("<message to='reader@localhost' type='chat'><body>dear reader</body></message>");
  const events = async () => (await server.api.forward.list({ target: "letters" })).items;
  await expect.poll(async () => (await events()).length, { timeout: 20_000 }).toBe(1);
  await chat.close();
  const { id } = (await events())[0]!;
  await server.api.forward.setTarget({
    name: "letters",
    target: { ...target, preset: "template", template: "anew: {{ message.body }}", templateType: "text/plain" },
  });

  await page.goto(`${origin}/admin/forward/event?id=${id}`);
  await page.getByRole("button", { name: "Re-render…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Re-render and attempt" }).click();
  await expect(page.getByText("Queued for an attempt now")).toBeVisible();
  await server.api.forward.pauseTarget({ name: "letters", paused: false });
  await expect
    .poll(() => sink.requests.find((request) => request.id === id)?.body, { timeout: 20_000 })
    .toBe("anew: dear reader");
});
