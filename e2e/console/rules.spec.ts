import { chatAs, expect, expectAccessible, forget, test } from "./story.ts";

test.beforeAll(async ({ story: { server, sink } }) => {
  for (const user of ["viola", "orsino"]) await server.register(user, `${user}'s long password`);
  for (const name of ["first", "second"])
    await server.api.forward.setTarget({
      name,
      target: { kind: "webhook", url: sink.url, preset: "json", allowPrivate: true },
    });
  await server.api.forward.setRules({ rules: [{ name: "all", targets: ["first"] }] });
});

test.afterAll(async ({ story: { server } }) => forget(server, "first", "second"));

test("a rule is written by choosing words, tried on the draft, and saved as one revision", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  await page.goto(`${origin}/admin/forward/rules`);
  await page.getByRole("button", { name: "Add rule" }).click();
  const rule = page.getByRole("listitem", { name: "Rule 2, rule-1" });
  await rule.getByRole("button", { name: /^What comes/ }).click();
  await page.getByRole("menuitemcheckbox", { name: "a call" }).click();
  await page.keyboard.press("Escape");
  await rule.getByRole("button", { name: /^Targets/ }).click();
  await page.getByRole("menuitemcheckbox", { name: "second" }).click();
  await page.keyboard.press("Escape");
  await rule.getByRole("button", { name: /^Senders/ }).click();
  await page.getByLabel("Senders", { exact: true }).fill("*@localhost");
  await page.keyboard.press("Escape");
  await expect(rule).toContainText("When a chat message or a call from *@localhost to anybody on all hosts");

  await rule.getByRole("button", { name: /More conditions/ }).click();
  const condition = rule.getByLabel("Condition in CEL");
  await condition.fill("message.bdy == 'x'");
  await expect(condition).toHaveAttribute("aria-invalid", "true");
  await expect(rule.getByText(/bdy/).last()).toBeVisible();
  await expectAccessible(page);
  await condition.fill("message.fromDomain == 'elsewhere.example'");
  await expect(condition).not.toHaveAttribute("aria-invalid", "true");

  const simulator = page.locator("#simulator");
  await simulator.getByRole("button", { name: "Simulate" }).click();
  await expect(simulator.getByText("Sent to 1 target")).toBeVisible();
  await expect(simulator.getByRole("listitem").filter({ hasText: "rule-1" })).toContainText(/expression/i);
  await condition.fill("");
  await simulator.getByRole("button", { name: "Simulate" }).click();
  await expect(simulator.getByText("Sent to 2 targets")).toBeVisible();
  await expect(simulator.getByText('"body": "Wherefore art thou?"').first()).toBeVisible();
  await simulator.getByRole("radio", { name: "those in force" }).click();
  await simulator.getByRole("button", { name: "Simulate" }).click();
  await expect(simulator.getByText("Sent to 1 target")).toBeVisible();
  await expectAccessible(page);

  // The order is changed by keyboard, and the focus stays with the rule.
  await rule.getByRole("button", { name: "Move rule-1 up" }).focus();
  await page.keyboard.press("Alt+ArrowUp");
  await expect(page.getByRole("listitem", { name: "Rule 1, rule-1" })).toBeVisible();

  // And by dragging; there and back again.
  const handle = (name: string) => page.locator(`[data-rule=${name}] [draggable=true]`);
  await handle("rule-1").dragTo(page.locator("[data-rule=all]"));
  await expect(page.getByRole("listitem", { name: "Rule 2, rule-1" })).toBeVisible();
  await handle("rule-1").dragTo(page.locator("[data-rule=all]"));
  await expect(page.getByRole("listitem", { name: "Rule 1, rule-1" })).toBeVisible();

  await page.getByRole("button", { name: "Review and apply" }).click();
  const review = page.getByRole("dialog", { name: "Apply these changes?" });
  await expect(review.getByText(/forward\.rules/).first()).toBeVisible();
  await expectAccessible(page);
  await review.getByRole("button", { name: "Apply", exact: true }).click();
  await expect(page.getByText(/Rules saved as revision/)).toBeVisible();
  const { items } = await server.api.forward.rules();
  expect(items).toMatchObject([
    { name: "rule-1", classes: ["chat", "call"], senders: ["*@localhost"], targets: ["second"] },
    { name: "all" },
  ]);
});

test("a message that was forwarded can be simulated from its event", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  const orsino = await chatAs(server, "orsino", "orsino's long password");
  orsino.send("<message type='chat' to='viola@localhost'><body>If music be the food of love</body></message>");
  await orsino.ping();
  await page.goto(`${origin}/admin/forward?q=viola`);
  await page.getByRole("row").filter({ hasText: "viola@localhost" }).first().click();
  await page.getByRole("link", { name: "Simulate this" }).click();
  const simulator = page.locator("#simulator");
  await expect(simulator.getByText(/Sent to/)).toBeVisible();
  await expect(simulator.getByText(/If music be the food of love/).first()).toBeVisible();
  await orsino.close();
});
