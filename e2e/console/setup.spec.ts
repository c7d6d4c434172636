import { readFileSync } from "node:fs";
import { test } from "@playwright/test";
import { TestServer } from "../support/server.ts";
import { XmppClient } from "../support/xmpp-client.ts";
import { expect, expectAccessible, logIn, untilConsole } from "./story.ts";

test("the printed link makes the first host and the first admin, and works once", async ({ page }) => {
  const server = await TestServer.start({ console: true, env: { NIGHTPOST_HOSTS: "" } });
  const origin = `http://127.0.0.1:${server.httpPort}`;
  await untilConsole(origin);
  const token = /setup\?token=(\S+)/.exec(server.output)![1]!;

  await page.goto(`${origin}/admin/setup?token=wrong`);
  await expect(page.getByText("This set-up link is not valid")).toBeVisible();

  await page.goto(`${origin}/admin/setup?token=${token}`);
  await expect(page.getByText("Step 1 of 4")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("Host name").fill("bix.org");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("JID of the admin").fill("harttle@bix.org");
  await page.getByLabel("Password", { exact: true }).fill("a good long password");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("radio", { name: /Closed/ }).check();
  await page.getByRole("button", { name: "Create and finish" }).click();
  await expect(page.getByRole("heading", { name: "Nightpost is ready" })).toBeVisible();
  await expectAccessible(page);

  const { policy } = await server.api.policy.get();
  expect(policy.acl["admin"]).toEqual([{ user: "harttle@bix.org" }]);
  expect(policy.accessRules["configure"]).toContainEqual({ allow: [{ acl: "admin" }] });

  await logIn(page, origin, { jid: "harttle@bix.org", password: "a good long password" });
  const chat = await XmppClient.connect({ port: server.tlsPort, host: "bix.org", tls: "direct" });
  await chat.login("harttle", "a good long password", { mechanism: "SCRAM-SHA-256" });
  await chat.close();

  await page.goto(`${origin}/admin/setup?token=${token}`);
  await expect(page.getByText("Set-up is finished")).toBeVisible();
  expect(readFileSync(`${server.data}/nightpost.pid`, "utf8").trim()).toBe(String(server.pid));
  await server.stop();
});
