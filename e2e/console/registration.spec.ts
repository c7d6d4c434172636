import type { TestServer } from "../support/server.ts";
import { child, text } from "../support/xml.ts";
import { XmppClient } from "../support/xmpp-client.ts";
import { chatAs, expect, expectAccessible, forget, test } from "./story.ts";

const password = "a capulet's long password";
const sasl = "urn:ietf:params:xml:ns:xmpp-sasl";

/** What a log-in that fails is told. */
async function toldAtLogin(server: TestServer, user: string): Promise<string> {
  const client = await XmppClient.connect({ port: server.tlsPort, host: "localhost", tls: "direct" });
  const response = Buffer.from(`\0${user}\0${password}`).toString("base64");
  client.send(`<auth xmlns='${sasl}' mechanism='PLAIN'>${response}</auth>`);
  const failure = await client.receive(({ ns }) => ns === sasl);
  await client.close();
  return text(child(failure, "text"));
}

test("templates are saved with the policy, and reach those who applied with their own names in them", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  const { policy } = await server.api.registration.get({});
  await server.api.registration.set({
    policy: { ...policy, mode: "approval", timeout: "infinity", requireTls: false },
  });
  try {
    await page.goto(`${origin}/admin/registration`);
    const add = page.getByRole("button", { name: "Add a template" });
    await add.click();
    await page.getByLabel("Name of template 1").fill("full");
    await page.getByLabel("Text of template 1, English").fill("Sorry {name}, there is no room on {host}.");
    await page.getByLabel("Text of template 1, 简体中文").fill("抱歉，{name}，{host} 没有空位。");
    await add.click();
    await page.getByLabel("Name of template 2").fill("welcome");
    await page.getByLabel("What template 2 is for").selectOption("approval");
    await page.getByRole("button", { name: "Apply", exact: true }).click();
    const second = page.getByRole("listitem", { name: "Template 2" });
    await expect(second.getByRole("alert")).toHaveText("Please fill this in.");
    await page.getByLabel("Text of template 2, English").fill("Welcome to {host}, {name}!");
    await page.getByLabel("Name of template 2").fill("full");
    await page.getByRole("button", { name: "Apply", exact: true }).click();
    await expect(second.getByRole("alert")).toHaveText("Two templates are called full.");
    await page.getByLabel("Name of template 2").fill("welcome");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Apply", exact: true }).click();
    await expect(page.getByText(/applied as revision/)).toBeVisible();

    for (const [username, language] of [
      ["tybalt-i", "en-GB"],
      ["tybalt-ii", "zh-Hans-CN,zh;q=0.9"],
      ["potpan-i", "en"],
    ] as const) {
      const body = new URLSearchParams({ username, password, again: password, application: "" });
      const headers = { "accept-language": language };
      expect((await fetch(`${origin}/register/localhost`, { method: "POST", body, headers })).status).toBe(202);
    }
    const other = await XmppClient.connect({ port: server.tlsPort, host: "localhost", tls: "direct", language: "zh" });
    const form = `<username>tybalt-iii</username><password>${password}</password>`;
    await other.ask("set", "", `<query xmlns='jabber:iq:register'>${form}</query>`);
    await other.close();
    await page.getByLabel("Select tybalt-i@localhost").check();
    await page.getByLabel("Select tybalt-ii@localhost").check();
    await page.getByLabel("Select tybalt-iii@localhost").check();
    await page.getByRole("button", { name: "Refuse" }).click();
    const refusal = page.getByRole("dialog", { name: "Refuse 3 applications" });
    const templates = refusal.getByRole("group", { name: "Templates" });
    await expect(templates.getByRole("button", { name: "welcome" })).toHaveCount(0);
    await templates.getByRole("button", { name: "full", exact: true }).click();
    await expect(refusal.getByLabel("Reason")).toHaveValue("Sorry {name}, there is no room on {host}.");
    await expect(refusal).toContainText("tybalt-i@localhost is told: Sorry tybalt-i, there is no room on localhost.");
    await expect(refusal).toContainText("Each of them is told it in their language.");
    await expectAccessible(page);
    await refusal.getByRole("button", { name: "Refuse", exact: true }).click();
    await expect(refusal).toHaveCount(0);
    for (const [name, told] of [
      ["tybalt-i", "Sorry tybalt-i, there is no room on localhost."],
      ["tybalt-ii", "抱歉，tybalt-ii，localhost 没有空位。"],
      ["tybalt-iii", "抱歉，tybalt-iii，localhost 没有空位。"],
    ] as const)
      expect(await toldAtLogin(server, name)).toBe(`The application was refused: ${told}`);

    await page.getByLabel("Select potpan-i@localhost").check();
    await page.getByRole("button", { name: "Approve" }).click();
    const approval = page.getByRole("dialog", { name: "Approve 1 application" });
    await approval.getByRole("button", { name: "welcome", exact: true }).click();
    await expect(approval).toContainText("potpan-i@localhost is told: Welcome to localhost, potpan-i!");
    await expectAccessible(page);
    await approval.getByRole("button", { name: "Approve", exact: true }).click();
    await expect(page.getByText("1 account made")).toBeVisible();
    const potpan = await chatAs(server, "potpan-i", password);
    const welcome = await potpan.receive(({ name }) => name === "message");
    expect([welcome.attrs["from"], text(child(welcome, "body"))]).toEqual([
      "localhost",
      "Welcome to localhost, potpan-i!",
    ]);
    await potpan.close();

    await page.getByRole("button", { name: "Remove template 1" }).click();
    await page.getByRole("button", { name: "Apply", exact: true }).click();
    await expect
      .poll(async () => (await server.api.registration.templates({ host: "localhost" })).items.map(({ name }) => name))
      .toEqual(["welcome"]);
  } finally {
    await server.api.registration.set({ policy });
  }
});

test("a template that turns the direction of what follows is shown for what it is", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  const { policy } = await server.api.registration.get({});
  const template = { name: "turned", outcome: "deny", texts: { en: "Sorry \u202e{name}" } } as const;
  await server.api.registration.set({
    policy: { ...policy, mode: "approval", timeout: "infinity", requireTls: false, templates: [template] },
  });
  try {
    const body = new URLSearchParams({ username: "potpan-ii", password, again: password, application: "" });
    expect((await fetch(`${origin}/register/localhost`, { method: "POST", body })).status).toBe(202);
    await page.goto(`${origin}/admin/registration`);
    await page.getByLabel("Select potpan-ii@localhost").check();
    await page.getByRole("button", { name: "Refuse" }).click();
    const refusal = page.getByRole("dialog", { name: "Refuse 1 application" });
    const chosen = refusal.getByRole("button", { name: "turned", exact: true });
    await expect(chosen).toHaveAttribute("title", "Sorry [U+202E]{name}");
    await chosen.click();
    await refusal.getByRole("button", { name: "Refuse", exact: true }).click();
    await expect(refusal).toHaveCount(0);
  } finally {
    await server.api.registration.set({ policy });
  }
});

test("an account's page tells what rules decided about its messages and its name, and leads to the line", async ({
  signedIn: page,
  story: { server, sink, origin },
}) => {
  const { policy } = await server.api.registration.get({});
  await server.register("peterkin", password);
  const target = { kind: "webhook", url: sink.url, preset: "json", allowPrivate: true } as const;
  await server.api.forward.setTarget({ name: "watch", target });
  await server.api.forward.setRules({
    rules: [
      { name: "nobody", targets: ["watch"], senders: ["nobody@localhost"] },
      { name: "peterkin-away", targets: ["watch"], recipients: ["gregory-i@localhost"] },
    ],
  });
  try {
    await server.api.registration.set({ policy: { ...policy, mode: "open", timeout: "infinity", requireTls: false } });
    const body = new URLSearchParams({ username: "gregory-i", password, again: password });
    expect((await fetch(`${origin}/register/localhost`, { method: "POST", body })).status).toBe(200);
    await server.register("abram-i", password);
    const peterkin = await chatAs(server, "peterkin", password);
    for (const [to, id] of [
      ["gregory-i", "to-gregory"],
      ["abram-i", "to-abram"],
    ])
      peterkin.send(`<message type='chat' id='${id}' to='${to}@localhost'><body>a secret quarrel</body></message>`);
    await peterkin.ping();

    await page.goto(`${origin}/admin/users/account?jid=abram-i%40localhost`);
    const table = page.getByRole("table", { name: "Latest" });
    const stored = table.getByRole("row").filter({ hasText: "stored by" });
    await expect(stored).toContainText("peterkin@localhost");
    await expect(stored).toContainText("no forward rule chose it");

    await page.goto(`${origin}/admin/users/account?jid=gregory-i%40localhost`);
    await expect(stored).toContainText("by rule peterkin-away to watch");
    await expect(table.getByRole("row").filter({ hasText: "let through" })).toContainText("defaultIpv4: allow");
    await expect(table).not.toContainText("a secret quarrel");
    await expectAccessible(page);

    await stored.getByRole("link", { name: "peterkin-away" }).click();
    const rule = page.getByRole("listitem", { name: "Rule 2, peterkin-away" });
    await expect(rule).toHaveAttribute("aria-current", "location");
    await expect(rule).toBeInViewport();
    await expectAccessible(page);
    await page.goBack();
    await stored.getByRole("link", { name: /^Message from peterkin@localhost/ }).click();
    await expect(page.getByText("Forward to watch")).toBeVisible();
    await page.goBack();
    await table.getByRole("link", { name: /let through/ }).click();
    const log = page.getByRole("table", { name: "Decision log" });
    await expect(log.getByRole("row").filter({ hasText: "gregory-i@localhost" })).toHaveCount(1);
    await expect(log.getByRole("row")).toHaveCount(2);
    await page.getByRole("button", { name: "Show all" }).click();
    await expect(page.getByText("Only about")).toHaveCount(0);
    await peterkin.close();
  } finally {
    await server.api.registration.set({ policy });
    await forget(server, "watch");
  }
});
