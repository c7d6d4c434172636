import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ForwardTarget } from "../../lib/contracts/forward-target.ts";
import { permissions } from "../../lib/contracts/permissions.ts";
import { Jid } from "../xmpp/jid.ts";
import { adminTestServer, type AdminTestServer, boss, user, warden } from "./testing.ts";

const api = "/api/v1/devices";
const token = "a1b2c3".repeat(10);
const apns = (topic: string) =>
  ForwardTarget.parse({ kind: "apns", key: "***", keyId: "ABCDEFGHIJ", teamId: "ABCDEFGHIJ", topic });

let server: AdminTestServer;
let as: Record<string, string>;

beforeEach(async () => {
  server = await adminTestServer({
    policy(draft) {
      draft.forward.targets = {
        ios: apns("example.app"),
        web: ForwardTarget.parse({ kind: "webpush", privateKey: "***", contact: "mailto:a@example.org" }),
      };
      draft.forward.rules = [];
    },
  });
  as = await server.signIn(boss);
});
afterEach(() => server.stop());

const register = (body: object, who = as) => server.ask("POST", api, { as: who, body: { user, ...body } });
const registered = async (body: object = { device: { kind: "apns", token } }): Promise<string> =>
  String((await register(body)).body["id"]);
const audited = async () =>
  (await server.stores.admin.auditList({}, { limit: 20 })).items.map(({ action, object, result }) => [
    action,
    object,
    result,
  ]);

describe("register", () => {
  test("is ready for pushes at once, and shows of the token what tells it from others", async () => {
    const device = { kind: "apns", token, voipToken: "f0".repeat(20), environment: "sandbox" };
    const answer = await register({ device, name: "Phone", appVersion: "1.0" });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        user,
        host: "a.example",
        kind: "apns",
        target: "ios",
        name: "Phone",
        appVersion: "1.0",
        address: "a1b2c3…b2c3",
        environment: "sandbox",
        hasVoip: true,
        state: "active",
        via: "api",
        resource: null,
      },
    });
    expect(await audited()).toEqual([["device.register", user, "done"]]);
    const [row] = (await server.stores.admin.auditList({}, { limit: 1 })).items;
    expect(row!.detail).not.toContain(token);
    expect(JSON.parse(row!.detail!)).toMatchObject({ device: answer.body["id"], kind: "apns", target: "ios" });
  });

  test("a browser, whose endpoint is its token", async () => {
    const device = {
      kind: "webpush",
      endpoint: "https://push.example/send/abcdef123456",
      p256dh: "p".repeat(87),
      auth: "a".repeat(22),
    };
    expect((await register({ device })).body).toMatchObject({ target: "web", address: "https://push.example/…3456" });
    const detail = (await server.stores.admin.auditList({}, { limit: 1 })).items[0]!.detail;
    expect(detail).not.toContain("abcdef");
    expect(detail).not.toContain(device.auth);
  });

  test("again keeps the device and takes over the rest", async () => {
    const id = await registered();
    await server.ask("POST", `${api}/${id}/enable`, { as, body: { enabled: false } });
    const again = await register({ device: { kind: "apns", token }, name: "New" });
    expect(again.body).toMatchObject({ id, name: "New", state: "active" });
  });

  test.each([
    ["nobody", { user: "nobody@a.example", device: { kind: "apns", token } }, 404, "not-found"],
    ["a host that is not here", { user: "x@c.example", device: { kind: "apns", token } }, 404, "not-found"],
    ["a kind without a target", { device: { kind: "fcm", token: "t".repeat(20) } }, 409, "conflict"],
    ["a target of another kind", { target: "web", device: { kind: "apns", token } }, 400, "bad-input"],
    ["a target that is none", { target: "nothing", device: { kind: "apns", token } }, 400, "bad-input"],
    ["a token that is none", { device: { kind: "apns", token: "not hex!" } }, 400, "bad-input"],
    ["an app server, which clients name themselves", { device: { kind: "xep0357", token } }, 400, "bad-input"],
  ])("for %s is refused", async (_, body, status, code) => {
    expect(await register(body)).toMatchObject({ status, body: { code } });
    expect(await server.stores.devices.of(user)).toEqual([]);
  });

  test("needs the target where there are several", async () => {
    await server.core.policy.change({ author: "test", comment: "", audit: null }, (draft) => {
      draft.forward.targets["ipad"] = apns("example.ipad");
    });
    expect(await register({ device: { kind: "apns", token } })).toMatchObject({
      status: 400,
      body: { errors: [{ path: "target" }] },
    });
    expect((await register({ target: "ipad", device: { kind: "apns", token } })).body).toMatchObject({
      target: "ipad",
    });
  });
});

test("list, by what is known of a device", async () => {
  const id = await registered({ device: { kind: "apns", token }, name: "Phone" });
  await register({ user: boss, device: { kind: "apns", token: `${token}00` } });
  const list = async (query: string) =>
    ((await server.ask("GET", `${api}?${query}`, { as })).body["items"] as { id: string }[]).map((one) => one.id);
  expect(await list("")).toHaveLength(2);
  for (const query of [`user=${user}`, `user=${user}&kind=apns&target=ios&state=active`, "search=pho"])
    expect(await list(query)).toEqual([id]);
  for (const query of ["kind=fcm", "state=disabled", "host=b.example", "target=web"])
    expect(await list(query)).toEqual([]);
  expect((await server.ask("GET", `${api}/${id}`, { as })).body).toMatchObject({ id, name: "Phone" });
  expect(await server.ask("GET", `${api}/nothing`, { as })).toMatchObject({ status: 404 });
});

test("disable, enable and remove, each in the audit log", async () => {
  const id = await registered();
  const set = (enabled: boolean) => server.ask("POST", `${api}/${id}/enable`, { as, body: { enabled } });
  expect((await set(false)).body).toMatchObject({ state: "disabled", disabledReason: `by ${boss}` });
  expect((await set(true)).body).toMatchObject({ state: "active", disabledAt: null });
  expect(await server.ask("DELETE", `${api}/${id}`, { as })).toMatchObject({ status: 200 });
  expect(await server.ask("DELETE", `${api}/${id}`, { as })).toMatchObject({ status: 404 });
  expect(await audited()).toEqual([
    ["device.remove", id, "failed"],
    ["device.remove", `${user} ${id}`, "done"],
    ["device.enable", `${user} ${id}`, "done"],
    ["device.enable", `${user} ${id}`, "done"],
    ["device.register", user, "done"],
  ]);
});

describe("test", () => {
  test("goes to the device's target", async () => {
    const id = await registered();
    await server.stores.admin.putSecret("forward/ios/:key", server.secrets.seal("the key"));
    const answer = await server.ask("POST", `${api}/${id}/test`, { as, body: {} });
    expect(answer).toMatchObject({ status: 200, body: { outcome: "delivered", payload: "{}" } });
    expect(server.dispatched.some((one) => one.startsWith("test ios") && one.includes(id))).toBe(true);
  });

  test("says when the target is gone", async () => {
    const id = await registered();
    await server.core.policy.change({ author: "test", comment: "", audit: null }, (draft) => {
      delete draft.forward.targets["ios"];
    });
    expect(await server.ask("POST", `${api}/${id}/test`, { as, body: {} })).toMatchObject({
      status: 409,
      body: { code: "conflict" },
    });
  });
});

describe("an admin of one host", () => {
  const stranger = "stranger@b.example";
  let theirs: string;
  let own: string;
  beforeEach(async () => {
    await server.core.accounts.create({ user: Jid.parse(stranger), password: "p", via: "admin" });
    theirs = await registered({ user: stranger, device: { kind: "apns", token } });
    own = await registered();
    as = await server.signIn(warden);
  });

  test("sees and changes the devices of that host", async () => {
    const { body } = await server.ask("GET", api, { as });
    expect((body["items"] as { id: string }[]).map(({ id }) => id)).toEqual([own]);
    expect(await server.ask("POST", `${api}/${own}/enable`, { as, body: { enabled: false } })).toMatchObject({
      status: 200,
    });
    expect((await register({ device: { kind: "apns", token: `${token}11` } })).status).toBe(200);
  });

  test.each([
    ["GET", () => `/${theirs}`],
    ["DELETE", () => `/${theirs}`],
    ["POST", () => `/${theirs}/enable`],
    ["POST", () => `/${theirs}/test`],
  ])("is refused those of others: %s", async (method, path) => {
    const body = method === "POST" ? { body: { enabled: false } } : {};
    expect(await server.ask(method, api + path(), { as, ...body })).toMatchObject({ status: 403 });
    expect((await server.stores.devices.find(theirs))?.disabled).toBeNull();
  });

  test("cannot register for them", async () => {
    expect(await register({ user: stranger, device: { kind: "apns", token } })).toMatchObject({ status: 403 });
  });
});

test("a key that may only read", async () => {
  const id = await registered();
  as = await server.key(permissions.filter((one) => one !== "devices:write"));
  expect((await server.ask("GET", `${api}/${id}`, { as })).status).toBe(200);
  expect(await server.ask("DELETE", `${api}/${id}`, { as })).toMatchObject({
    status: 403,
    body: { permission: "devices:write" },
  });
});

test("what clients do with their devices is told to viewers, too", async () => {
  const told: unknown[] = [];
  server.api.events.subscribe(({ resource, key }) => told.push([resource, key]));
  await server.core.hosts.get("a.example")!.hooks.fire("device/changed", { user: Jid.parse(user) });
  expect(told).toEqual([["devices", user]]);
});
