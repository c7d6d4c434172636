import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { HostPolicy } from "../../lib/contracts/policy.ts";
import { RegistrationPolicy } from "../../lib/contracts/registration-policy.ts";
import { defineModule } from "../core/module.ts";
import { endDrains } from "./host-drains.ts";
import { type AdminTestServer, adminTestServer, boss, user, warden } from "./testing.ts";

const api = "/api/v1";
const minuteMs = 60_000;
const echo = defineModule({
  name: "echo",
  summary: "Answers.",
  xeps: [],
  options: z.object({ loud: z.boolean().default(false) }),
  start: () => undefined,
});

let server: AdminTestServer;
let as: Record<string, string>;

beforeEach(async () => {
  server = await adminTestServer({ modules: [echo] });
  as = await server.signIn(boss);
});
afterEach(() => server.stop());

const call = (method: string, path: string, body?: object, who = as) =>
  server.ask(method, `${api}/hosts${path}`, { as: who, body });
const hostNow = async (name = "b.example") => (await call("GET", `/${name}`)).body;

describe("drain", () => {
  test("takes no new sessions, keeps those that are there, and switches the host off when it is time", async () => {
    const client = await server.connect(`${user}/phone`);
    const { status, body } = await call("POST", "/a.example/drain", { minutes: 10 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ enabled: true, online: 1 });
    expect(Date.parse(String(body["drainUntil"]))).toBe(server.clock.now() + 10 * minuteMs);
    expect(server.core.hosts.get("a.example")).toMatchObject({ enabled: true, isDraining: true });
    expect(server.core.hosts.get("b.example")).toMatchObject({ isDraining: false });
    expect(client.closedWith).toBeUndefined();

    server.clock.advance(10 * minuteMs - 1);
    await endDrains(server);
    expect(await hostNow("a.example")).toMatchObject({ enabled: true });
    server.clock.advance(1);
    await endDrains(server);
    expect(await hostNow("a.example")).toMatchObject({ enabled: false, drainUntil: null });
    expect(server.core.hosts.get("a.example")).toMatchObject({ enabled: false, isDraining: false });
    const { items } = await server.stores.admin.auditList({}, { limit: 1 });
    expect(items).toMatchObject([{ actor: "nightpost", action: "host.update", object: "a.example" }]);
    const { revision } = server.core.policy;
    await endDrains(server);
    expect(server.core.policy.revision).toEqual(revision);
  });

  test("what became due while nobody looked is done at the next look", async () => {
    await server.core.policy.change({ author: "x", comment: "", audit: null }, (draft) => {
      draft.hosts["b.example"]!.drainUntil = "2020-01-01T00:00:00.000Z";
    });
    await endDrains(server);
    expect(await hostNow()).toMatchObject({ enabled: false, drainUntil: null });
  });

  test("can be stopped", async () => {
    await call("POST", "/b.example/drain", { minutes: 1 });
    expect(await call("DELETE", "/b.example/drain")).toMatchObject({ status: 200, body: { drainUntil: null } });
    server.clock.advance(2 * minuteMs);
    await endDrains(server);
    expect(await hostNow()).toMatchObject({ enabled: true });
    expect(await call("DELETE", "/b.example/drain")).toMatchObject({ status: 409, body: { code: "conflict" } });
    const by = { actor: boss, object: "b.example" };
    expect((await server.stores.admin.auditList({}, { limit: 10 })).items.toReversed()).toMatchObject([
      { ...by, action: "host.drain", result: "done" },
      { ...by, action: "host.stop-draining", result: "done" },
      { ...by, action: "host.stop-draining", result: "failed" },
    ]);
  });

  test("ends with the host being switched off or on by hand", async () => {
    await call("POST", "/b.example/drain", { minutes: 1 });
    expect((await call("PATCH", "/b.example", { enabled: true })).body).toMatchObject({ drainUntil: null });
    await call("POST", "/b.example/drain", { minutes: 1 });
    expect((await call("PATCH", "/b.example", { enabled: false })).body).toMatchObject({ drainUntil: null });
    expect(await call("POST", "/b.example/drain", { minutes: 1 })).toMatchObject({ status: 409 });
  });

  test.each([0, 1441])("not in %i minutes", async (minutes) => {
    expect(await call("POST", "/b.example/drain", { minutes })).toMatchObject({ status: 400 });
  });

  test("nobody registers on a host that is drained", async () => {
    await server.core.policy.change({ author: "x", comment: "", audit: null }, (draft) => {
      draft.registration = RegistrationPolicy.parse({ mode: "open" });
    });
    const ask = () =>
      server.ask("POST", `${api}/registration/test`, {
        as,
        body: { host: "b.example", address: "192.0.2.1", local: "juliet" },
      });
    expect((await ask()).body).toMatchObject({ allowed: true });
    await call("POST", "/b.example/drain", { minutes: 1 });
    expect((await ask()).body).toMatchObject({ allowed: false, code: "host-disabled" });
  });

  test("is for those who may change hosts, and an admin of one host has that one only", async () => {
    const held = await server.signIn(warden);
    expect((await call("POST", "/b.example/drain", { minutes: 1 }, held)).status).toBe(403);
    expect((await call("POST", "/a.example/drain", { minutes: 1 }, await server.key(["hosts:read"]))).status).toBe(403);
  });
});

describe("settings", () => {
  const settings = async (host = "b.example", who = as) =>
    (await call("GET", `/${host}/settings`, undefined, who)).body["items"] as {
      kind: string;
      name: string;
      isOwn: boolean;
    }[];
  const ownOnes = async () => (await settings()).filter(({ isOwn }) => isOwn);

  test("inherits all that it does not say itself", async () => {
    expect(await ownOnes()).toEqual([]);
    const all = await settings();
    expect(all[0]).toMatchObject({ kind: "registration", name: "", effective: { mode: "closed" }, changes: [] });
    expect(all).toContainEqual({
      ...{ kind: "module", name: "echo", isOwn: false, isAdded: false, changes: [] },
      effective: { enabled: true, options: {} },
    });
    expect(all.map(({ kind, name }) => `${kind} ${name}`)).toContain("access-rule configure");
  });

  test("tells exactly what is otherwise, and a reset makes it the default again", async () => {
    await server.core.policy.change({ author: "x", comment: "", audit: null }, (draft) => {
      draft.hosts["b.example"] = HostPolicy.parse({
        registration: { ...draft.registration, mode: "open" },
        acl: {
          admin: { inherit: "append", any: [{ user: "guest@b.example" }] },
          local: { inherit: "replace", any: ["all"] },
        },
        accessRules: { muc: { inherit: "append", lines: [{ allow: ["all"] }] } },
        modules: { echo: { enabled: true, options: { loud: true } } },
      });
    });
    const found = await ownOnes();
    expect(found).toMatchObject([
      {
        kind: "registration",
        changes: [{ path: "mode", before: "closed", after: "open" }],
        effective: { mode: "open" },
      },
      {
        kind: "module",
        name: "echo",
        changes: [{ path: "options.loud", before: null, after: true }],
      },
      {
        ...{ kind: "acl", name: "admin", isAdded: true },
        effective: [{ user: boss }, { user: "guest@b.example" }],
        changes: [{ path: "[1]", before: null, after: { user: "guest@b.example" } }],
      },
      {
        ...{ kind: "acl", name: "local", isAdded: false },
        effective: ["all"],
        changes: [{ path: "[0]", before: { user_regexp: "" }, after: "all" }],
      },
      { kind: "access-rule", name: "muc", isAdded: true, effective: [{ allow: ["all"] }] },
    ]);
    expect(await hostNow()).toMatchObject({ overrides: found.length });
    for (const { kind, name } of found) {
      const body = name === "" ? {} : { name };
      expect((await call("DELETE", `/b.example/settings/${kind}`, body)).status).toBe(200);
      expect(await call("DELETE", `/b.example/settings/${kind}`, body)).toMatchObject({
        status: 404,
        body: { reason: "setting-inherited" },
      });
    }
    expect(await ownOnes()).toEqual([]);
    expect(await hostNow()).toMatchObject({ overrides: 0 });
    const { items } = await server.stores.admin.auditList({}, { limit: 1, cursor: undefined });
    expect(items).toMatchObject([{ actor: boss, action: "host.reset-setting", object: "muc on b.example" }]);
  });

  test("a reset needs a name, and the right to change the policy", async () => {
    expect(await call("DELETE", "/b.example/settings/module")).toMatchObject({
      status: 400,
      body: { errors: [{ path: "name" }] },
    });
    const reader = await server.key(["hosts:read", "hosts:write"]);
    expect((await call("DELETE", "/b.example/settings/registration", {}, reader)).status).toBe(403);
    expect((await call("GET", "/b.example/settings", undefined, await server.signIn(warden))).status).toBe(403);
  });
});

describe("add", () => {
  test("begins like another host, and is on", async () => {
    await server.core.policy.change({ author: "x", comment: "", audit: null }, (draft) => {
      const model = draft.hosts["b.example"]!;
      model.registration = { ...draft.registration, mode: "invite" };
      model.enabled = false;
    });
    const { body } = await call("POST", "", { host: "c.example", like: "b.example" });
    expect(body).toMatchObject({ host: "c.example", enabled: true, registration: "invite", overrides: 1 });
    await call("DELETE", "/c.example/settings/registration", {});
    expect(await hostNow()).toMatchObject({ registration: "invite" });
    expect(await call("POST", "", { host: "d.example", like: "nowhere.example" })).toMatchObject({ status: 404 });
  });
});
