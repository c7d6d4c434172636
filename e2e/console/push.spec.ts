import { generateKeyPairSync } from "node:crypto";
import { systemClock } from "../../server/core/clock.ts";
import { type ApnsMock, startApnsMock } from "../../server/forward/push/apns/mock.ts";
import { chatAs, expect, expectAccessible, forget, test } from "./story.ts";

const token = "a1".repeat(32);
let apns: ApnsMock;

test.beforeAll(async ({ story: { server } }) => {
  apns = await startApnsMock({ clock: systemClock });
  for (const user of ["ophelia", "hamlet"]) await server.register(user, `${user}'s long password`);
});
test.afterAll(async ({ story: { server } }) => {
  await forget(server, "ios");
  await apns.close();
});

test("a wrong key file is told apart, the right one is read, and a test push reaches the phone's server", async ({
  signedIn: page,
  story: { origin },
}) => {
  await page.goto(`${origin}/admin/forward/targets?create=1`);
  const form = page.getByRole("dialog", { name: "Add target" });
  await form.getByRole("radio", { name: /APNs/ }).click();
  await form.getByLabel("Name", { exact: true }).fill("ios");
  const file = form.getByLabel("Key file (.p8): Choose file…");

  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const wrong = publicKey.export({ type: "spki", format: "pem" });
  await file.setInputFiles({ name: "key.pem", mimeType: "text/plain", buffer: Buffer.from(wrong) });
  await expect(form.getByText(/this is a public key: the private one is needed/i)).toBeVisible();
  await file.setInputFiles({ name: "big.p8", mimeType: "text/plain", buffer: Buffer.alloc(100_000, "x") });
  await expect(form.getByText("This file is too large to be a key.")).toBeVisible();

  const { key, keyId, teamId, topic } = apns.credentials;
  const right = { name: `AuthKey_${keyId}.p8`, mimeType: "text/plain", buffer: Buffer.from(key) };
  await file.setInputFiles(right);
  await expect(form.getByText("EC private key, P-256 (ES256)")).toBeVisible();
  await expect(form.getByLabel("Key ID")).toHaveValue(keyId);
  await form.getByLabel("Team ID").fill(teamId);
  await form.getByLabel("Bundle ID").fill(topic);
  await form.getByLabel("Another server").fill(apns.url);
  await form.getByLabel("May be a private address").check();
  await expectAccessible(page);
  await form.getByRole("button", { name: "Save target" }).click();
  await expect(page.getByRole("row", { name: /ios/ })).toContainText("active");

  await page.goto(`${origin}/admin/devices?create=1`);
  const register = page.getByRole("dialog", { name: "Register a device" });
  await register.getByLabel("User").fill("ophelia@localhost");
  await register.getByRole("button", { name: "Register", exact: true }).click();
  await expect(register.getByText("Please fill this in.")).toBeVisible();
  await register.getByLabel("Token", { exact: true }).fill(token);
  await register.getByLabel("Name").fill("Ophelia's phone");
  await expectAccessible(page);
  await register.getByRole("button", { name: "Register", exact: true }).click();
  const row = page.getByRole("row", { name: /Ophelia's phone/ });
  await expect(row).toContainText("active");
  await expect(row).not.toContainText(token);

  await page.goto(`${origin}/admin/forward/targets`);
  await page.getByRole("row", { name: /ios/ }).getByRole("button", { name: "Send test" }).click();
  const tested = page.getByRole("dialog", { name: "Test of ios" });
  await tested.getByRole("button", { name: /Send test push/ }).click();
  await expect(tested.getByText("APNs accepted the push.", { exact: false })).toBeVisible();
  expect(apns.seen.at(-1)!.deviceToken).toBe(token);
  expect(apns.violations).toEqual([]);
  await expectAccessible(page);
});

test("a phone's page tells the way of a push: queued, accepted, received by the client", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  const { items } = await server.api.devices.list({ user: "ophelia@localhost" });
  await page.goto(`${origin}/admin/users/account?jid=ophelia%40localhost&tab=devices`);
  await page.getByRole("link", { name: "Ophelia's phone" }).click();
  await expect(page).toHaveURL(new RegExp(`/devices/device\\?id=${items[0]!.id}`));
  await expect(page.getByText("Nothing has been pushed to this device yet.")).toBeVisible();

  const seen = apns.seen.length;
  const hamlet = await chatAs(server, "hamlet", "hamlet's long password");
  hamlet.send("<message type='chat' to='ophelia@localhost' id='m1'><body>Get thee to a nunnery</body></message>");
  await hamlet.ping();
  await apns.received(seen + 1);
  expect(JSON.parse(apns.seen.at(-1)!.payload)).toMatchObject({ aps: { "mutable-content": 1 } });
  expect(apns.seen.at(-1)!.payload).not.toContain("nunnery");
  await expect(page.getByText("Accepted by APNs")).toBeVisible();
  await expect(page.getByText("Not received by a client yet")).toBeVisible();
  await expectAccessible(page);

  const ophelia = await chatAs(server, "ophelia", "ophelia's long password");
  await ophelia.receive((element) => element.name === "message");
  await ophelia.ping();
  await expect(page.getByText("Received by the client", { exact: true })).toBeVisible();
  await ophelia.close();
  await hamlet.close();

  await page.getByRole("button", { name: "Disable", exact: true }).click();
  await expect(page.getByText(/^Disabled,/)).toBeVisible();
  await page.getByRole("button", { name: "Enable", exact: true }).click();
  await expect(page.getByText(/^Disabled,/)).toHaveCount(0);
});

test("a phone that is gone says so, and a key that Apple refuses stops the target with a reason", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  test.setTimeout(120_000);
  const { items } = await server.api.devices.list({ user: "ophelia@localhost" });
  apns.behave = (push) => push.answer(410, "Unregistered", { timestamp: Date.now() + 60_000 });
  const hamlet = await chatAs(server, "hamlet", "hamlet's long password");
  const send = async (): Promise<void> => {
    hamlet.send("<message type='chat' to='ophelia@localhost'><body>Words</body></message>");
    await hamlet.ping();
  };
  await send();
  await page.goto(`${origin}/admin/devices/device?id=${items[0]!.id}`);
  // Soon after another push a message waits for those that may follow.
  await expect(page.getByText(/^Disabled,/)).toBeVisible({ timeout: 40_000 });
  await expect(page.getByText(/Unregistered/).first()).toBeVisible();
  await expect(page.getByText(/To mend it: have the user open the app, installed anew if it is gone/)).toHaveCount(2);
  await expect(page.getByText("Told with a later push")).toHaveCount(0);
  await expectAccessible(page);

  await server.api.devices.enable({ id: items[0]!.id, enabled: true });
  apns.behave = (push) => push.answer(403, "InvalidProviderToken");
  await send();
  await page.goto(`${origin}/admin/forward/targets`);
  await expect(page.getByText(/APNs refuses the settings of ios/)).toBeVisible();
  await expectAccessible(page);

  const [held] = (await server.api.forward.list({ device: items[0]!.id })).items;
  await page.goto(`${origin}/admin/forward/event?id=${held!.id}`);
  await expect(page.getByText(/To mend it: compare the target's key ID and team ID/)).toBeVisible();
  await page.getByRole("tab", { name: "Log" }).click();
  const told = page.getByRole("list", { name: "Log" }).getByRole("listitem");
  await expect(told.filter({ hasText: "the target's settings are refused: its queue is held" })).toContainText(
    "target=ios",
  );
  await expectAccessible(page);
  await page.goto(`${origin}/admin/forward/targets`);
  apns.behave = (push) => push.answer();
  const seen = apns.seen.length;
  await page.getByRole("button", { name: "Resume", exact: true }).click();
  await apns.received(seen + 1);
  await expect(page.getByText(/APNs refuses the settings of ios/)).toHaveCount(0);
  await hamlet.close();
});
