import { systemClock } from "../../server/core/clock.ts";
import { type ApnsMock, startApnsMock } from "../../server/forward/push/apns/mock.ts";
/** What the server says in words of its own, read by somebody whose console is in Chinese. */
import { admin, chatAs, expect, forget, test } from "./story.ts";
import { logInQuietly } from "./tour-stage.ts";

test.use({ locale: "zh-CN", timezoneId: "UTC" });

const target = "rialto";
let apns: ApnsMock;

test.beforeAll(async ({ story: { server } }) => {
  apns = await startApnsMock({ clock: systemClock });
  for (const user of ["portia", "nerissa"]) await server.register(user, `${user}'s long password`);
  await server.api.forward.setTarget({
    name: target,
    target: { kind: "apns", ...apns.credentials, server: apns.url, allowPrivate: true },
  });
});
test.afterAll(async ({ story: { server } }) => {
  await forget(server, target);
  await apns.close();
});

test.beforeEach(async ({ page, story: { origin } }) => logInQuietly(page, origin, admin));

test("what is wrong with a key file and with an address", async ({ page, story: { origin } }) => {
  await page.goto(`${origin}/admin/forward/targets?edit=${target}`);
  const form = page.getByRole("dialog");
  await form.locator("input[type=file]").setInputFiles({
    name: "AuthKey.p8",
    mimeType: "text/plain",
    buffer: Buffer.from("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
  });
  await expect(form.getByText("这是公钥：需要的是私钥")).toBeVisible();
  await form.locator("input[name=server]").fill("https://push.example.org/3/device");
  await expect(form.getByText("只需填写服务器地址：路径由 APNs 规定")).toBeVisible();
});

test("what is wrong with a rule, and where in its expression", async ({ page, story: { origin, server } }) => {
  const { items } = await server.api.forward.rules();
  // An expression is open from the start.
  const rule = { name: "caskets", expression: "message.size > 1", targets: [target] };
  await server.api.forward.setRules({ rules: [...items, rule] });
  await page.goto(`${origin}/admin/forward/rules`);
  const expression = page.locator("textarea[id$=-cel]");
  await expect(expression).toHaveValue("message.size > 1");
  await expression.fill("message.hints.map(h, h) == []");
  await expect(page.getByText("此处不能使用 map()。")).toBeVisible();
  await expect(page.getByText("第 1 行第 1 列").first()).toBeVisible();
  await expression.fill("message.size > 1 && message.sise > 1");
  await expect(page.getByText("无法解析：没有字段 sise（原文：“No such key: sise”）。")).toBeVisible();
  await expect(page.getByText("第 1 行第 29 列").first()).toBeVisible();
  await expression.fill("message.from.matches('(')");
  await expect(
    page.getByText("无法解析正则表达式：( 缺少右括号 )（原文：“error parsing regexp: missing closing ): `(`”）。"),
  ).toBeVisible();
});

test("why somebody is denied, and who changed the policy to what", async ({ page, story: { origin } }) => {
  await page.goto(`${origin}/admin/access?tab=why&rule=configure&jid=portia%40localhost`);
  await expect(page.getByText("configure：没有匹配的行：拒绝")).toBeVisible();
  await page.goto(`${origin}/admin/access?tab=history`);
  await expect(page.getByText("初始设置", { exact: true })).toBeVisible();
  await expect(page.getByText("首次启动时的主机", { exact: true })).toBeVisible();
  await page.goto(`${origin}/admin/metrics`);
  await expect(page.getByText(`${admin.jid} · 初始设置`)).toBeVisible();
});

test("why a device gets no more pushes", async ({ page, story: { origin, server } }) => {
  apns.behave = (push) => push.answer(410, "Unregistered", { timestamp: Date.now() + 60_000 });
  const { id } = await server.api.devices.register({
    user: "portia@localhost",
    target,
    device: { kind: "apns", token: "c3".repeat(32) },
    name: "Portia's ring",
  });
  const { items } = await server.api.forward.rules();
  await server.api.forward.setRules({ rules: [...items, { name: "rings", targets: [target] }] });
  const nerissa = await chatAs(server, "nerissa", "nerissa's long password");
  nerissa.send("<message type='chat' to='portia@localhost'><body>Tell me</body></message>");
  await nerissa.ping();
  await page.goto(`${origin}/admin/devices/device?id=${id}`);
  await expect(page.getByText("设备上已没有该应用（Unregistered）").first()).toBeVisible();
  await page.goto(`${origin}/admin/devices?user=portia%40localhost`);
  await expect(page.getByRole("row", { name: /Portia's ring/ })).toContainText("设备上已没有该应用（Unregistered）");
  await nerissa.close();
});
