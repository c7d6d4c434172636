/** One event with all that is known about it, and what becomes of a target's events. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { chatAs, expect, expectAccessible, forget, test } from "./story.ts";

const run = promisify(execFile);

test.beforeAll(async ({ story: { server } }) => {
  for (const user of ["gregory", "sampson"]) await server.register(user, `${user}'s long password`);
});

test.afterAll(async ({ story: { server, sink } }) => {
  sink.status = 200;
  await forget(server, "slow", "copy", "leaving", "incoming");
});

test("an event shows how its attempts differ, what is related to it, and can be sent again by hand", async ({
  signedIn: page,
  story: { origin, server, sink },
}) => {
  const target = { kind: "webhook" as const, url: sink.url, allowPrivate: true, maxAttempts: 20 };
  for (const name of ["slow", "copy"]) await server.api.forward.setTarget({ name, target });
  await server.api.forward.setRules({ rules: [{ name: "both", targets: ["slow", "copy"] }] });
  sink.status = 503;
  const gregory = await chatAs(server, "gregory", "gregory's long password");
  const say = async (text: string) => {
    gregory.send(`<message type='chat' to='sampson@localhost'><body>${text}</body></message>`);
    await gregory.ping();
  };
  await say("rebellious subjects");
  const eventsOf = async () => (await server.api.forward.list({ user: "sampson@localhost", target: "slow" })).items;
  await expect.poll(async () => (await eventsOf())[0]?.attempts ?? 0, { timeout: 30_000 }).toBeGreaterThan(0);
  sink.status = 200;
  await expect.poll(async () => (await eventsOf())[0]?.state, { timeout: 30_000 }).toBe("delivered");
  await say("enemies to peace");
  await expect
    .poll(async () => (await eventsOf()).map(({ state }) => state), { timeout: 30_000 })
    .toEqual(["delivered", "delivered"]);
  await gregory.close();
  const [, first] = await eventsOf();
  const detail = await server.api.forward.get({ id: first!.id });

  await page.goto(`${origin}/admin/forward/event?id=${first!.id}`);
  const cards = page.locator("[data-attempt]");
  await expect(cards).toHaveCount(detail.attemptList.length);
  await expect(page.locator("[data-attempt='1']")).not.toHaveAttribute("open");
  await page.keyboard.press("1");
  await expect(page.locator("[data-attempt='1']")).toHaveAttribute("open");
  await expect(page.locator("[data-attempt='1'] > summary")).toBeFocused();
  await expect(page.locator("[data-attempt='1']")).toContainText(
    "To mend it: look at the web server's log at this time",
  );
  const last = page.locator(`[data-attempt='${detail.attemptList.length}']`);
  await last.getByText(`Other than in attempt ${detail.attemptList.length - 1}`).click();
  await expect(last.getByText("request.headers.x-forward-attempt")).toBeVisible();
  await expect(last.getByText("response.status")).toBeVisible();

  await expect(page.getByRole("tab", { name: "What is sent" })).toHaveAttribute("aria-selected", "true");
  await page.getByRole("tab", { name: "Stanza" }).click();
  const stanza = page.getByLabel("Stanza", { exact: true }).getByText("<message", { exact: false });
  await expect(stanza).toContainText('from="gregory@localhost/');
  await expect(stanza).not.toContainText("rebellious");
  await expectAccessible(page);
  await page.getByRole("tab", { name: "Related" }).click();
  await expect(page).toHaveURL(/part=related/);
  const related = page.getByRole("region", { name: "Related" });
  await expect(related.getByRole("link", { name: "waits for a client" })).toBeVisible();
  await expect(related.getByRole("list").first().getByRole("link", { name: "copy" })).toBeVisible();
  await expect(related.getByText("For the recipient within 5 minutes")).toBeVisible();
  await expectAccessible(page);

  // The body is asked for, and then the command makes the very same request, which the receiver can verify.
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("tab", { name: "What is sent" }).click();
  await page.getByRole("button", { name: "Show the message text" }).click();
  await expect(page.getByText("rebellious subjects").first()).toBeVisible();
  await page.getByRole("tab", { name: "Stanza" }).click();
  await expect(stanza).toContainText("rebellious subjects");
  await page.getByRole("button", { name: /^Copy as curl/ }).click();
  await expect(page.getByText("curl command copied; secrets are left out")).toBeVisible();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  const before = sink.requests.length;
  await run("sh", ["-c", command]);
  await sink.until(() => sink.requests.length > before);
  const sent = sink.requests.find(
    ({ id, headers }) => id === first!.id && headers["x-forward-attempt"] === String(detail.attemptList.length),
  )!;
  const again = sink.requests.at(-1)!;
  expect(again.body).toBe(sent.body);

  // On with the keys of the list, in the filter that the address brought along: what went to the other target is passed over.
  const [second] = await eventsOf();
  await page.goto(`${origin}/admin/forward/event?id=${first!.id}&user=sampson%40localhost&target=slow`);
  await expect(page.getByRole("button", { name: "Newer event" })).toBeEnabled();
  await expect(page.getByRole("button", { name: "Older event" })).toBeDisabled();
  await page.keyboard.press("k");
  await expect(page).toHaveURL(new RegExp(`id=${second!.id}&user=sampson@localhost&target=slow`));
  await expect(page.getByRole("button", { name: "Newer event" })).toBeDisabled();
  await expectAccessible(page);
  await expect(page.getByRole("button", { name: "Older event" })).toBeEnabled();
  await page.keyboard.press("j");
  await expect(page).toHaveURL(new RegExp(`id=${first!.id}&`));
  await expect(page.getByRole("link", { name: "Back to the log" })).toHaveAttribute(
    "href",
    /user=sampson%40localhost&target=slow/,
  );
  for (const name of ["webhook-id", "webhook-timestamp", "webhook-signature", "content-type"])
    expect(again.headers[name]).toBe(sent.headers[name]);
});

test("an event that was deleted with its time is told from one that never was", async ({
  signedIn: page,
  story: { origin },
}) => {
  const old = `evt_${(Date.now() - 40 * 86_400_000).toString(16).padStart(12, "0")}7abc8${"0".repeat(15)}`;
  await page.goto(`${origin}/admin/forward/event?id=${old}`);
  await expect(page.getByText("This event is not kept any more")).toBeVisible();
  await expect(page.getByText(/deleted 7 days after they end, dead ones after 30/)).toBeVisible();
  await page.goto(`${origin}/admin/forward/event?id=evt_never`);
  await expect(page.getByText("There is no event evt_never.")).toBeVisible();
});

test("removing a target asks what becomes of what waits for it", async ({
  signedIn: page,
  story: { origin, server, sink },
}) => {
  const target = { kind: "webhook" as const, url: sink.url, allowPrivate: true, paused: true };
  await server.api.forward.setTarget({ name: "leaving", target });
  await server.api.forward.setRules({ rules: [{ name: "leaving", targets: ["leaving"] }] });
  const gregory = await chatAs(server, "gregory", "gregory's long password");
  gregory.send("<message type='chat' to='sampson@localhost'><body>on pain of torture</body></message>");
  await gregory.ping();
  await gregory.close();
  await page.goto(`${origin}/admin/forward/targets`);
  await page.getByRole("button", { name: "More actions: leaving" }).click();
  await page.getByRole("menuitem", { name: "Remove…" }).click();
  const dialog = page.getByRole("dialog", { name: "Remove leaving" });
  await expect(dialog.getByText(/1 event still waits for it/)).toBeVisible();
  await expect(dialog.getByText(/replayed to another target, or once there is one of this name again/)).toBeVisible();
  await expectAccessible(page);
  await dialog.getByLabel(/Type leaving/).fill("leaving");
  await dialog.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(page.getByText("Target leaving removed")).toBeVisible();
  const { items } = await server.api.forward.list({ target: "leaving" });
  expect(items).toMatchObject([{ state: "dead", error: "the target was removed" }]);
});

test("what waits for a target that is removed can go to another one", async ({
  signedIn: page,
  story: { origin, server, sink },
}) => {
  const target = { kind: "webhook" as const, url: sink.url, allowPrivate: true };
  await server.api.forward.setTarget({ name: "outgoing", target: { ...target, paused: true } });
  await server.api.forward.setTarget({ name: "incoming", target: { ...target, preset: "json" } });
  await server.api.forward.setRules({ rules: [{ name: "outgoing", targets: ["outgoing"] }] });
  const gregory = await chatAs(server, "gregory", "gregory's long password");
  for (const number of [1, 2])
    gregory.send(`<message type='chat' to='sampson@localhost'><body>bequest ${number}</body></message>`);
  await gregory.ping();
  await gregory.close();
  const waiting = (await server.api.forward.list({ target: "outgoing" })).items.map(({ id }) => id).toReversed();
  const before = sink.requests.length;
  await page.goto(`${origin}/admin/forward/targets`);
  await page.getByRole("button", { name: "More actions: outgoing" }).click();
  await page.getByRole("menuitem", { name: "Remove…" }).click();
  const dialog = page.getByRole("dialog", { name: "Remove outgoing" });
  await dialog.getByRole("radio", { name: "Send to another" }).click();
  await dialog.getByLabel("To", { exact: true }).selectOption("incoming");
  await expectAccessible(page);
  await dialog.getByLabel(/Type outgoing/).fill("outgoing");
  await dialog.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(page.getByText("what waited is on its way to incoming")).toBeVisible();
  await sink.until(() => sink.requests.length === before + 2);
  const sent = sink.requests.slice(before);
  expect(sent.map(({ headers }) => headers["webhook-id"])).toEqual(waiting);
  expect(sent.map(({ body }) => (JSON.parse(body) as { message: { body: string } }).message.body)).toEqual([
    "bequest 1",
    "bequest 2",
  ]);
  expect((await server.api.forward.list({ target: "outgoing" })).items).toEqual([]);
});

test("a test can be signed as a receiver has to refuse, and be of what an event was sent as", async ({
  signedIn: page,
  story: { origin, server, sink },
}) => {
  await server.api.forward.setTarget({ name: "slow", target: { kind: "webhook", url: sink.url, allowPrivate: true } });
  await page.goto(`${origin}/admin/forward/targets`);
  await page.getByRole("row", { name: /^slow/ }).getByRole("button", { name: "Send test" }).click();
  const dialog = page.getByRole("dialog", { name: "Test of slow" });
  await expect(dialog.getByText("The web server answered with success.")).toBeVisible();
  const option = dialog.getByRole("option").filter({ hasText: "sampson@localhost" }).last();
  await dialog.getByLabel("What is sent").selectOption(await option.getAttribute("value"));
  await dialog.getByRole("radio", { name: "of another body" }).click();
  await dialog.getByRole("button", { name: "Send test" }).click();
  await expect(dialog.getByText(/your server does not verify signatures as it should/)).toBeVisible();
  await expectAccessible(page);
  const { headers, body } = sink.requests.at(-1)!;
  expect(headers["x-forward-test"]).toBe("1");
  expect(new URLSearchParams(body).get("body")).toBe("rebellious subjects");
});

test("the waits of a target are drawn, and rules say how much they would have matched", async ({
  signedIn: page,
  story: { origin, server },
}) => {
  await page.goto(`${origin}/admin/forward/targets`);
  await page.getByRole("button", { name: "slow", exact: true }).click();
  const form = page.getByRole("dialog", { name: "Edit slow" });
  await form.getByText("Queue and limits").first().click();
  const ruler = form.getByRole("region", { name: "If every attempt fails" });
  await expect(ruler.getByRole("listitem")).not.toHaveCount(0);
  await expectAccessible(page);
  await page.keyboard.press("Escape");

  await server.api.forward.setRules({
    rules: [
      { name: "urgent", targets: ["slow"], expression: "message.body.contains('rebellious')" },
      { name: "rest", targets: ["slow"] },
    ],
  });
  await page.goto(`${origin}/admin/forward/rules`);
  await page.getByRole("button", { name: "Count matches" }).click();
  await expect(
    page.getByRole("listitem", { name: /urgent/ }).getByText(/would have matched \d+ of the last/),
  ).toBeVisible();
  await expectAccessible(page);
});
