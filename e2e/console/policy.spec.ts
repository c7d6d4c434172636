import { XmppClient, conditionOf } from "../support/xmpp-client.ts";
import { chatAs, expect, expectAccessible, test } from "./story.ts";

test("an account is registered, used, suspended, resumed and deleted", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  // Other stories have more accounts than one page of the list.
  await page.goto(`${origin}/admin/users?q=mercutio`);
  await page.getByRole("button", { name: "Create user" }).first().click();
  await page.getByLabel("User name").fill("Mercutio");
  await page.getByLabel("Password", { exact: true }).fill("a plague on both");
  await page.getByRole("dialog").getByRole("button", { name: "Create user" }).click();
  await expect(page.getByRole("row").filter({ hasText: "mercutio@localhost" })).toBeVisible();

  const chat = await chatAs(server, "mercutio", "a plague on both");
  await page.goto(`${origin}/admin/sessions`);
  const session = page.getByRole("row").filter({ hasText: "mercutio@localhost" });
  await expect(session).toBeVisible();
  await session.getByRole("button", { name: "End session" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "End session" }).click();
  await expect(session).toHaveCount(0);
  await expect.poll(() => chat.isClosed).toBe(true);

  await page.goto(`${origin}/admin/users/account?jid=mercutio%40localhost&tab=account`);
  await page.getByRole("button", { name: "Suspend", exact: true }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Suspend" }).click();
  await expect(page.getByText(/suspended/i).first()).toBeVisible();
  const refused = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  expect(await refused.authenticate("mercutio", "a plague on both", "SCRAM-SHA-1")).toBe("account-disabled");
  await refused.close();

  await server.api.users.resume({ jid: "mercutio@localhost" });
  await (await chatAs(server, "mercutio", "a plague on both")).close();
});

test("a denied JID is explained by the line that decided, and a draft is reviewed before it applies", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  await server.register("tybalt", "tybalt's long password");
  await page.goto(`${origin}/admin/access?tab=why`);
  const ask = async (jid: string): Promise<void> => {
    await page.getByLabel("Access rule", { exact: true }).selectOption("configure");
    await page.getByLabel("JID", { exact: true }).fill(jid);
    await page.getByRole("button", { name: "Ask" }).click();
  };
  await ask("tybalt@localhost");
  await expect(page.getByText("Denied").first()).toBeVisible();
  await expect(page.getByText("no line matched, so the answer is deny")).toBeVisible();

  await page.getByRole("tab", { name: "Rules" }).click();
  await page.getByRole("button", { name: "Edit admin" }).click();
  await page.getByRole("button", { name: "Add a condition" }).click();
  await page.getByLabel("Value of condition 2").fill("tybalt@localhost");
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Review and apply" }).click();
  const review = page.getByRole("dialog");
  await expect(review.getByText("1 gain").first()).toBeVisible();
  await expect(review.getByText("tybalt@localhost").first()).toBeVisible();
  await review.getByRole("button", { name: "Apply", exact: true }).click();
  await expect(page.getByText(/Applied as revision/)).toBeVisible();

  await page.getByRole("tab", { name: "Simulator" }).click();
  await ask("tybalt@localhost");
  await expect(page.getByText("Allowed").first()).toBeVisible();
  await page.getByRole("button", { name: "Save as test" }).click();
  await page.getByRole("dialog").getByLabel("Name of the test").fill("tybalt configures");
  await page.getByRole("dialog").getByRole("button", { name: "Add" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "tybalt configures" }).getByLabel("passes")).toBeVisible();
  await page.getByRole("button", { name: "Review and apply" }).click();
  await review.getByRole("button", { name: "Apply", exact: true }).click();
  await expect(review).toHaveCount(0);
  const refusal = await server.api.policy.setAcl({ name: "admin", any: [{ user: "harttle@localhost" }] }).then(
    () => "applied",
    (error: unknown) => JSON.stringify(error),
  );
  expect(refusal).toContain("tybalt configures");
  const { policy } = await server.api.policy.get();
  await server.api.policy.apply({ policy: { ...policy, tests: [] } });
  const { items } = await server.api.audit.list({ limit: 5 });
  expect(items.some(({ actor, action }) => actor === "harttle@localhost" && action.startsWith("policy"))).toBe(true);
});

test("the registration policy decides what a real in-band registration gets, and the log names the line", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  const attempt = async (user: string): Promise<string> => {
    const stream = await XmppClient.connect({ port: server.tlsPort, host: "localhost", tls: "direct" });
    const query = `<query xmlns='jabber:iq:register'><username>${user}</username><password>a long password</password></query>`;
    const answer = await stream.ask("set", "", query);
    await stream.close();
    return answer.attrs["type"] === "result" ? "created" : conditionOf(answer);
  };
  await page.goto(`${origin}/admin/registration`);
  expect(await attempt("potpan")).not.toBe("created");
  const row = page.getByRole("row").filter({ hasText: "potpan@localhost" }).first();
  await expect(row).toContainText("registration is closed");
  await expect(row).toContainText("mode: closed");

  await page.getByRole("radio", { name: "open", exact: true }).click();
  await page.getByLabel("Pause between two registrations from one network").fill("infinity");
  await page.getByRole("button", { name: "Apply", exact: true }).click();
  await expect(page.getByText(/applied as revision/)).toBeVisible();
  expect(await attempt("potpan")).toBe("created");
  await expect(page.getByRole("row").filter({ hasText: "potpan@localhost" }).first()).toContainText("let through");

  await page.getByLabel("IP address").fill("127.0.0.1");
  await page.getByLabel("User name").fill("admin");
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await expect(page.getByText("the name is reserved").first()).toBeVisible();
  expect(await attempt("admin")).not.toBe("created");
});

test("comments of the text stay when rules are edited elsewhere", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  const before = await server.api.policy.get();
  await page.goto(`${origin}/admin/access?tab=raw`);
  const text = page.getByLabel("ACLs and access rules as YAML");
  await expect(text).toContainText("accessRules:");
  await text.press("ControlOrMeta+Home");
  await page.keyboard.type("# kept by the watch\n");
  await page.getByRole("button", { name: "Review and apply" }).click();
  const dialog = page.getByRole("dialog", { name: "Apply these changes?" });
  await expect(dialog).toContainText("# kept by the watch");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Apply" }).click();
  await expect(dialog).toHaveCount(0);
  try {
    const { policy, revision } = await server.api.policy.get();
    await server.api.policy.apply({
      policy: { ...policy, acl: { ...policy.acl, watch: [{ user: "abram@localhost" }] } },
      baseRevision: revision.id,
      comment: "",
      force: false,
    });
    await page.reload();
    await expect(text).toContainText("abram@localhost");
    await expect(text).toContainText("# kept by the watch");
  } finally {
    await server.api.policy.rollback({ id: before.revision.id });
  }
  await page.reload();
  await expect(text).toContainText("accessRules:");
  await expect(text).not.toContainText("kept by the watch");
});

test("text that cannot be read is not lost on another tab, and keeps the rules from being edited beside it", async ({
  signedIn: page,
  story: { origin },
}) => {
  await page.goto(`${origin}/admin/access?tab=raw`);
  const text = page.getByLabel("ACLs and access rules as YAML");
  await expect(text).toContainText("accessRules:");
  // Its first lines: how many of the others are in the page depends on what the editor takes to be in sight.
  const head = ((await text.textContent()) ?? "").slice(0, 200);
  await text.press("ControlOrMeta+Home");
  await page.keyboard.type(": [\n");
  await expect(page.getByText(/so the rules cannot be edited beside it/)).toBeVisible();
  await page.keyboard.press("ControlOrMeta+e");
  await expect(page.getByText(/Mend or discard it to edit the rules here/)).toBeVisible();
  await expect(page.getByRole("button", { name: /^Access rule/ })).toHaveCount(0);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Open the text" }).click();
  await expect(text).toContainText(": [");
  await page.getByRole("button", { name: "Discard the text" }).click();
  await expect.poll(async () => (await text.textContent())?.startsWith(head), { timeout: 20_000 }).toBe(true);
  await page.keyboard.press("ControlOrMeta+e");
  await expect(page.getByRole("tab", { name: "Rules", exact: true })).toHaveAttribute("aria-selected", "true");
  await expect(page.getByText(/Mend or discard it/)).toHaveCount(0);
});
