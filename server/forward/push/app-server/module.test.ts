import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ForwardTarget } from "../../../../lib/contracts/forward-target.ts";
import { type TestClient, type TestServer, testServer } from "../../../core/testing.ts";
import { adhoc } from "../../../modules/adhoc/module.ts";
import { disco } from "../../../modules/disco/module.ts";
import { ping } from "../../../modules/ping.ts";
import { push } from "../../../modules/push/module.ts";
import { el } from "../../../xmpp/element.ts";
import { NS } from "../../../xmpp/namespaces.ts";
import { Stanza } from "../../../xmpp/stanza.ts";
import { appServer } from "./module.ts";

const juliet = "juliet@capulet.example";
const service = "push.capulet.example";
const token = "a1".repeat(32);
const otherToken = "b2".repeat(32);
const apnsTarget = (topic: string) =>
  ForwardTarget.parse({ kind: "apns", key: "***", keyId: "ABCDEFGHIJ", teamId: "ABCDEFGHIJ", topic });

let server: TestServer;
let phone: TestClient;

beforeEach(async () => {
  server = await testServer({
    modules: [disco, ping, adhoc, push, appServer],
    accounts: [juliet, "romeo@capulet.example", "paris@verona.example"],
    policy: (draft) => {
      draft.forward.targets = {
        ios: apnsTarget("example.app"),
        web: ForwardTarget.parse({ kind: "webpush", privateKey: "***", contact: "mailto:a@example.org" }),
        "app-servers": ForwardTarget.parse({ kind: "xep0357" }),
      };
      draft.forward.rules = [];
    },
  });
  phone = await server.connect(`${juliet}/phone`);
});
afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

const of = (user = juliet) => server.stores.devices.of(user);
const change = (edit: Parameters<typeof server.core.policy.change>[1]) =>
  server.core.policy.change({ author: "test", comment: "", audit: null }, edit);

/** Runs a command as phones do it: with the form in the first request. */
async function command(node: string, fields: Record<string, string>, client = phone) {
  const form = Object.entries(fields).map(([name, value]) => `<field var='${name}'><value>${value}</value></field>`);
  client.send(
    `<iq type='set' id='c' to='${service}'><command xmlns='${NS.commands}' node='${node}' action='execute'>` +
      `<x xmlns='jabber:x:data' type='submit'>${form.join("")}</x></command></iq>`,
  );
  const [answer] = await client.sync();
  const result = answer!.child("command", NS.commands);
  const x = result?.child("x", NS.forms);
  const values = x?.elements("field").map((one) => [one.attr("var"), one.childText("value")]) ?? [];
  return {
    status: result?.attr("status"),
    values: Object.fromEntries(values) as Record<string, string>,
    rows: x?.elements("item").map((item) => item.elements("field").map((one) => one.childText("value"))),
    note: result?.childText("note"),
    error: answer!.child("error")?.payload?.name,
  };
}

async function enabling(what: "enable" | "disable", node: string, client = phone) {
  const at = node === "" ? "" : ` node='${node}'`;
  client.send(`<iq type='set' id='e'><${what} xmlns='urn:xmpp:push:0' jid='${service}'${at}/></iq>`);
  const [answer] = await client.sync();
  return answer!.child("error")?.payload?.name ?? null;
}

test("it is an app server by its identity, and has its commands", async () => {
  phone.send(`<iq type='get' id='1' to='${service}'><query xmlns='${NS.discoInfo}'/></iq>`);
  phone.send(`<iq type='get' id='2' to='${service}'><query xmlns='${NS.discoItems}' node='${NS.commands}'/></iq>`);
  const [info, items] = await phone.sync();
  const identity = info!.payload!.child("identity");
  expect([identity?.attr("category"), identity?.attr("type")]).toEqual(["pubsub", "push"]);
  const features = info!.payload!.elements("feature").map((one) => one.attr("var"));
  expect(features).toEqual(expect.arrayContaining(["urn:xmpp:push:0", NS.commands]));
  // There is no target for FCM.
  expect(items!.payload!.elements().map((one) => one.attr("node"))).toEqual([
    "register-push-apns",
    "register-push-webpush",
    "unregister-push",
    "list-push-registrations",
  ]);
});

describe("registering", () => {
  test("a phone of Apple's", async () => {
    const { status, values } = await command("register-push-apns", {
      token,
      "voip-token": otherToken,
      environment: "sandbox",
      "device-id": "one",
      "device-name": "Juliet's",
      "app-version": "2.0",
    });
    expect(status).toBe("completed");
    expect(values).toEqual({ jid: service, node: expect.any(String), secret: expect.any(String) });
    expect((await of())[0]).toMatchObject({
      kind: "apns",
      target: "ios",
      token,
      node: values["node"],
      name: "Juliet's",
      appVersion: "2.0",
      resource: "phone",
      via: "command",
      isEnabled: false,
      settings: { environment: "sandbox", voipToken: otherToken, deviceId: "one" },
    });
    expect(JSON.stringify(await of())).not.toContain(values["secret"]);
  });

  test("a browser", async () => {
    const subscription = { endpoint: "https://fcm.googleapis.com/x", p256dh: "p".repeat(87), auth: "a".repeat(22) };
    expect((await command("register-push-webpush", subscription)).status).toBe("completed");
    expect((await of())[0]).toMatchObject({
      kind: "webpush",
      target: "web",
      token: subscription.endpoint,
      settings: { p256dh: subscription.p256dh, auth: subscription.auth },
    });
  });

  test("asks, when nothing is said", async () => {
    phone.send(
      `<iq type='set' id='c' to='${service}'><command xmlns='${NS.commands}' node='register-push-apns'/></iq>`,
    );
    const [answer] = await phone.sync();
    const form = answer!.child("command", NS.commands)?.child("x", NS.forms);
    expect(form?.attr("type")).toBe("form");
    expect(form?.elements("field").map((one) => one.attr("var"))).toEqual(
      expect.arrayContaining(["token", "voip-token", "environment", "topic", "device-id"]),
    );
  });

  test("understands what other app servers call the fields", async () => {
    await command("register-push-apns", { token, "android-id": "two", sandbox: "true" });
    expect((await of())[0]!.settings).toMatchObject({ environment: "sandbox", deviceId: "two" });
  });

  test("the same token keeps its node, gets a new secret and stays enabled", async () => {
    const { values: first } = await command("register-push-apns", { token });
    await enabling("enable", first["node"]!);
    const { values: second } = await command("register-push-apns", { token });
    expect(second["node"]).toBe(first["node"]);
    expect(second["secret"]).not.toBe(first["secret"]);
    expect((await of()).map(({ isEnabled }) => isEnabled)).toEqual([true]);
  });

  test("a new token of the same phone takes the place of the old one", async () => {
    await command("register-push-apns", { token, "device-id": "one" });
    await command("register-push-apns", { token: "c3".repeat(32), "device-id": "two" });
    await command("register-push-apns", { token: otherToken, "device-id": "one" });
    expect((await of()).map((one) => one.token)).toEqual(["c3".repeat(32), otherToken]);
  });

  test.each([
    ["no token", {}, "bad-request"],
    ["a token that is none", { token: "not hex, not hex" }, "bad-request"],
    ["an environment that is none", { token, environment: "moon" }, "bad-request"],
    ["an app that is not here", { token, topic: "example.other" }, "item-not-found"],
  ])("%s is refused", async (_, fields, error) => {
    expect((await command("register-push-apns", fields)).error).toBe(error);
    expect(await of()).toEqual([]);
  });

  test("chooses the app by its bundle id or the target's name, and must where there are several", async () => {
    await change((draft) => {
      draft.forward.targets["ipad"] = apnsTarget("example.ipad");
    });
    expect((await command("register-push-apns", { token })).error).toBe("bad-request");
    await command("register-push-apns", { token, topic: "example.ipad" });
    await command("register-push-apns", { token: otherToken, target: "ios" });
    expect((await of()).map(({ target }) => target)).toEqual(["ipad", "ios"]);
  });

  test("is for accounts of the host", async () => {
    const paris = await server.connect("paris@verona.example/phone");
    expect((await command("register-push-apns", { token }, paris)).error).toBe("forbidden");
  });

  test("is for kinds that have a target", async () => {
    expect((await command("register-push-fcm", { token })).error).toBe("forbidden");
  });

  test("is limited in number", async () => {
    await change((draft) => {
      draft.modules["app-server"] = { enabled: true, options: { max_devices: 1 } };
    });
    await server.loader.apply(server.core.policy.document);
    await command("register-push-apns", { token });
    expect((await command("register-push-apns", { token: otherToken })).error).toBe("resource-constraint");
  });

  test("is limited in time, for each account", async () => {
    const register = async (client: TestClient) => (await command("register-push-apns", { token }, client)).error;
    for (let count = 0; count < 10; count += 1) expect(await register(phone)).toBeUndefined();
    expect(await register(phone)).toBe("resource-constraint");
    expect(await register(await server.connect("romeo@capulet.example/phone"))).toBeUndefined();
    server.clock.advance(6_000);
    expect(await register(phone)).toBeUndefined();
  });
});

describe("what is registered", () => {
  let nodes: string[];
  beforeEach(async () => {
    const one = await command("register-push-apns", { token, "device-id": "one", "device-name": "Phone" });
    const two = await command("register-push-apns", { token: otherToken, "device-id": "two" });
    nodes = [one.values["node"]!, two.values["node"]!];
  });

  test("is listed", async () => {
    await enabling("enable", nodes[1]!);
    const { rows } = await command("list-push-registrations", {});
    expect(rows).toEqual([
      [nodes[0], "apns", "Phone", "registered"],
      [nodes[1], "apns", "", "enabled"],
    ]);
  });

  test("is shown to its owner only", async () => {
    const romeo = await server.connect("romeo@capulet.example/phone");
    expect((await command("list-push-registrations", {}, romeo)).rows).toEqual([]);
    expect((await command("unregister-push", {}, romeo)).note).toBe("0 forgotten");
    expect(await enabling("enable", nodes[0]!, romeo)).toBe("item-not-found");
    expect(await of()).toHaveLength(2);
  });

  test.each([
    ["by node", () => ({ node: nodes[0]! }), [otherToken]],
    ["by the phone's id", () => ({ "device-id": "two" }), [token]],
    ["by token", () => ({ token }), [otherToken]],
    ["all of it", () => ({}), []],
  ])("is forgotten %s", async (_, fields, left) => {
    await command("unregister-push", fields());
    expect((await of()).map((one) => one.token)).toEqual(left);
  });

  test("is enabled and disabled by node, and disabled as a whole", async () => {
    const states = async () => (await of()).map(({ isEnabled }) => isEnabled);
    for (const node of nodes) expect(await enabling("enable", node)).toBeNull();
    expect(await states()).toEqual([true, true]);
    expect(await enabling("disable", nodes[0]!)).toBeNull();
    expect(await states()).toEqual([false, true]);
    expect(await enabling("disable", "")).toBeNull();
    expect(await states()).toEqual([false, false]);
    expect(await enabling("disable", "unknown")).toBeNull();
    expect(await enabling("enable", "unknown")).toBe("item-not-found");
  });

  test("cannot be enabled once the provider said that it is gone: the app registers again", async () => {
    const [device] = await of();
    await server.stores.devices.disable(device!.id, { at: 1, reason: "Unregistered" });
    expect(await enabling("enable", nodes[0]!)).toBe("item-not-found");
    await command("register-push-apns", { token });
    expect(await enabling("enable", nodes[0]!)).toBeNull();
  });
});

describe("a publish from a server", () => {
  let node: string;
  let secret: string;
  beforeEach(async () => {
    const { values } = await command("register-push-apns", { token });
    await command("register-push-apns", { token: otherToken });
    ({ node, secret } = values as { node: string; secret: string });
    await enabling("enable", node);
  });

  const field = (name: string, value: string) =>
    el("field", NS.forms, { var: name }, el("value", NS.forms, undefined, value));
  const form = (...fields: [string, string][]) =>
    el("x", NS.forms, { type: "submit" }, ...fields.map(([name, value]) => field(name, value)));
  const summary = form(
    ["FORM_TYPE", "urn:xmpp:push:summary"],
    ["message-count", "3"],
    ["last-message-sender", "romeo@far.example/x"],
    ["last-message-body", "But soft"],
  );

  const publish = (to: string, shown: string | null, from = "verona.example", item = summary) => {
    const options = shown === null ? undefined : el("publish-options", NS.pubsub, undefined, form(["secret", shown]));
    const notification = el("notification", "urn:xmpp:push:0", undefined, item);
    const published = el("publish", NS.pubsub, { node: to }, el("item", NS.pubsub, undefined, notification));
    const pubsub = el("pubsub", NS.pubsub, undefined, published, options);
    const iq = Stanza.from(el("iq", NS.client, { type: "set", from, to: service }, pubsub));
    return server.core.router.ask(iq, 1_000);
  };
  const events = async () => (await server.stores.outbox.list({}, { limit: 10 })).items;
  const outcome = async (answer: ReturnType<typeof publish>) =>
    (await answer)?.child("error")?.payload?.name ?? (await answer)?.type;

  test("rings the device of that node, and no other", async () => {
    expect(await outcome(publish(node, secret))).toBe("result");
    const [device] = (await of()).filter((one) => one.node === node);
    const [event, ...more] = await events();
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      target: "ios",
      device: device!.id,
      user: juliet,
      from: "romeo@far.example/x",
      class: "chat",
    });
    const found = await server.stores.outbox.find(event!.id);
    expect(JSON.stringify(JSON.parse(found!.payload))).toMatch(/"badge":3\b/);
  });

  test("tells of a subscription request as such", async () => {
    const item = form(["FORM_TYPE", "urn:xmpp:push:summary"], ["pending-subscription-count", "1"]);
    expect(await outcome(publish(node, secret, "verona.example", item))).toBe("result");
    expect((await events())[0]).toMatchObject({ class: "subscription", from: "verona.example" });
  });

  test.each([
    ["an unknown node", () => publish("unknown", secret), "item-not-found"],
    ["a wrong secret", () => publish(node, "wrong"), "item-not-found"],
    ["no secret", () => publish(node, null), "item-not-found"],
    ["a client", () => publish(node, secret, `${juliet}/phone`), "forbidden"],
  ])("%s is refused", async (_, run, error) => {
    expect(await outcome(run())).toBe(error);
    expect(await events()).toEqual([]);
  });

  test("a device that is gone is refused, so that the publisher stops", async () => {
    const [device] = await of();
    await server.stores.devices.disable(device!.id, { at: 1, reason: "Unregistered" });
    expect(await outcome(publish(node, secret))).toBe("item-not-found");
  });

  test("no more than 60 a minute for a node", async () => {
    const outcomes = await Promise.all(Array.from({ length: 61 }, () => outcome(publish(node, secret))));
    expect(outcomes.filter((one) => one === "resource-constraint")).toHaveLength(1);
  });
});
