import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { mayCall } from "../../lib/contracts/may.ts";
import { permissions } from "../../lib/contracts/permissions.ts";
import type { Policy } from "../../lib/contracts/policy.ts";
import { Jid } from "../xmpp/jid.ts";
import { Call } from "./call.ts";
import { callerWith, type Caller } from "./caller.ts";
import { standingOf } from "./configure.ts";
import { authorise, contractEntries } from "./dispatch.ts";
import { AdminError } from "./errors.ts";
import { adminTestServer, boss, passwordOf, user, warden, type AdminTestServer } from "./testing.ts";

const roles = "/api/v1/roles";
const deputy = "deputy@b.example";

function withRoles(draft: Policy): void {
  draft.acl["admin"] = [{ user: boss }];
  draft.hosts["a.example"]!.accessRules["configure"] = { inherit: "append", lines: [{ allow: [{ user: warden }] }] };
  for (const role of ["admin", "operator", "auditor"])
    draft.accessRules[`console_${role}`] = [{ allow: [{ user: `${role}@a.example` }] }];
  draft.console.roles["support"] = {
    description: "",
    permissions: ["users:read", "sessions:write"],
    hosts: ["b.example"],
    access: "support",
  };
  draft.accessRules["support"] = [{ allow: [{ user: "support@a.example" }] }];
  // Several roles at once, each on hosts of its own.
  draft.hosts["b.example"]!.accessRules["support"] = { inherit: "append", lines: [{ allow: [{ user: warden }] }] };
}

describe("the contract, role by role", () => {
  let server: AdminTestServer;
  beforeAll(async () => {
    server = await adminTestServer({ policy: withRoles });
  });
  afterAll(() => server.stop());

  const callerFor = (jid: string): Caller => {
    const standing = standingOf(server.core.policy, Jid.parse(jid), "192.0.2.1");
    return callerWith({ kind: "account", name: jid, id: null }, standing?.roles ?? []);
  };
  const isLetIn = (caller: Caller, name: string, input: unknown): boolean => {
    const facts = { caller, address: "", userAgent: "", host: "", requestId: "", isFromConsole: false };
    try {
      authorise(contractEntries().get(name)!.meta, new Call(facts), input);
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(AdminError);
      expect(error).toMatchObject({ code: "forbidden" });
      return false;
    }
  };

  test.each([
    ["owner", boss],
    ["admin", "admin@a.example"],
    ["operator", "operator@a.example"],
    ["auditor", "auditor@a.example"],
    ["host admin, and a role of one host", warden],
    ["a role of its own", "support@a.example"],
    ["nobody", user],
  ])("%s: a button is shown exactly where the server lets the call in", (_role, jid) => {
    const caller = callerFor(jid);
    let shown = 0;
    for (const [name, { meta }] of contractEntries()) {
      for (const host of ["a.example", "b.example"]) {
        const field = meta.host === undefined ? {} : { [meta.host]: meta.host === "jid" ? `x@${host}` : host };
        // Where the input names no host the verb finds out itself which one it is about.
        const isShown = mayCall(meta, caller.grants, meta.host === undefined ? undefined : host);
        expect([name, host, isLetIn(caller, name, field)]).toEqual([name, host, isShown]);
        if (isShown && meta.permission !== "public" && meta.permission !== "self") shown += 1;
      }
      // Without a host there is something to show where some host would do.
      const isSomewhere = ["a.example", "b.example"].some((host) => mayCall(meta, caller.grants, host));
      expect([name, mayCall(meta, caller.grants)]).toEqual([name, isSomewhere]);
    }
    expect(shown === 0).toBe(jid === user);
  });

  test("an owner may do everything, an auditor changes nothing and reads no bodies", () => {
    expect([...callerFor(boss).permissions].toSorted()).toEqual([...permissions].toSorted());
    const auditor = [...callerFor("auditor@a.example").permissions];
    expect(auditor.every((one) => one.endsWith(":read"))).toBe(true);
    expect(auditor).not.toContain("bodies:read");
  });

  test("permissions of several roles do not mix their hosts", () => {
    const caller = callerFor(warden);
    expect(isLetIn(caller, "users.create", { host: "a.example" })).toBe(true);
    expect(isLetIn(caller, "users.create", { host: "b.example" })).toBe(false);
    expect(isLetIn(caller, "users.get", { jid: "x@b.example" })).toBe(true);
    expect(isLetIn(caller, "sessions.end", { jid: "x@b.example" })).toBe(true);
  });
});

describe("roles as policy", () => {
  let server: AdminTestServer;
  let as: Record<string, string>;
  beforeEach(async () => {
    server = await adminTestServer();
    as = await server.signIn(boss);
    await server.core.accounts.create({ user: Jid.parse(deputy), password: "deputy's password", via: "admin" });
  });
  afterEach(() => server.stop());

  const rolesFor = async (jid: string) => {
    const { body } = await server.ask("GET", `${roles}/of/${jid}`, { as });
    return (body["items"] as { role: string; hosts: string[] | null }[]).map(({ role, hosts }) => [role, hosts]);
  };

  test("a shipped role is given, listed, used and taken", async () => {
    expect(await server.ask("POST", `${roles}/operator/members`, { as, body: { jid: deputy } })).toMatchObject({
      status: 200,
      body: { revision: { author: boss } },
    });
    expect(server.core.policy.document.accessRules["console_operator"]).toEqual([
      { allow: [{ acl: "console_operator" }] },
    ]);
    expect(await rolesFor(deputy)).toEqual([["operator", null]]);
    const { body } = await server.ask("GET", roles, { as });
    expect(body["items"]).toContainEqual(
      expect.objectContaining({ name: "operator", members: [{ jid: deputy, host: null }] }),
    );
    const operator = await server.signIn(deputy);
    expect((await server.ask("GET", "/api/v1/users", { as: operator })).status).toBe(200);
    expect(await server.ask("POST", "/api/v1/hosts", { as: operator, body: { host: "c.example" } })).toMatchObject({
      status: 403,
      body: { code: "forbidden", permission: "hosts:write" },
    });
    expect((await server.ask("DELETE", `${roles}/operator/members/${deputy}`, { as })).status).toBe(200);
    expect((await server.ask("GET", "/api/v1/users", { as: operator })).status).toBe(403);
    expect((await server.ask("DELETE", `${roles}/operator/members/${deputy}`, { as })).status).toBe(404);
  });

  test("a role on one host counts there only", async () => {
    const body = { jid: deputy, host: "b.example" };
    expect((await server.ask("POST", `${roles}/operator/members`, { as, body })).status).toBe(200);
    expect((await server.ask("POST", `${roles}/host-admin/members`, { as, body })).status).toBe(200);
    expect(await rolesFor(deputy)).toEqual([
      ["host-admin", ["b.example"]],
      ["operator", ["b.example"]],
    ]);
    const held = await server.signIn(deputy);
    const list = await server.ask("GET", "/api/v1/users", { as: held });
    expect((list.body["items"] as { host: string }[]).map(({ host }) => host)).toEqual(["b.example"]);
    expect((await server.ask("GET", `/api/v1/users/${user}`, { as: held })).status).toBe(403);
    expect(
      (await server.ask("DELETE", `${roles}/operator/members/${deputy}`, { as, body: { host: "b.example" } })).status,
    ).toBe(200);
    expect(await rolesFor(deputy)).toEqual([["host-admin", ["b.example"]]]);
  });

  test.each([
    ["an owner of one host", "owner", { host: "a.example" }, 400],
    ["a host admin of none", "host-admin", {}, 400],
    ["an unknown role", "king", {}, 404],
    ["an unknown host", "operator", { host: "z.example" }, 404],
    ["an account that is not there", "operator", { jid: "nobody@a.example" }, 404],
  ])("%s is refused", async (_name, role, body, status) => {
    expect((await server.ask("POST", `${roles}/${role}/members`, { as, body: { jid: user, ...body } })).status).toBe(
      status,
    );
  });

  test("a role of one's own is defined, checked and removed", async () => {
    const role = { permissions: ["users:read"], access: "helpers", hosts: ["b.example"] };
    expect((await server.ask("PUT", `${roles}/helper`, { as, body: { role } })).status).toBe(200);
    await server.ask("POST", `${roles}/helper/members`, { as, body: { jid: deputy } });
    expect(await rolesFor(deputy)).toEqual([["helper", ["b.example"]]]);
    for (const bad of [
      { ...role, access: "all" },
      { ...role, hosts: ["z.example"] },
    ])
      expect(await server.ask("PUT", `${roles}/helper`, { as, body: { role: bad } })).toMatchObject({
        status: 422,
        body: { code: "policy-invalid" },
      });
    expect((await server.ask("PUT", `${roles}/owner`, { as, body: { role } })).status).toBe(422);
    expect((await server.ask("PUT", `${roles}/helper`, { as, body: { role: null } })).status).toBe(200);
    expect(await rolesFor(deputy)).toEqual([]);
  });

  test("whoever may change the policy but not roles cannot make themselves more", async () => {
    await server.ask("POST", `${roles}/admin/members`, { as, body: { jid: deputy } });
    const admin = await server.signIn(deputy);
    const refused = { status: 403, body: { code: "forbidden", permission: "roles:write" } };
    const me = [{ user: deputy }];
    expect(await server.ask("PUT", "/api/v1/acl/admin", { as: admin, body: { any: me } })).toMatchObject(refused);
    expect(
      await server.ask("PUT", "/api/v1/access/configure", {
        as: admin,
        body: { lines: [{ allow: ["all"] }], force: true },
      }),
    ).toMatchObject(refused);
    const { document } = server.core.policy;
    const policy = structuredClone(document);
    policy.console.roles["admin"]!.permissions = [...permissions];
    expect(await server.ask("PUT", "/api/v1/policy", { as: admin, body: { policy } })).toMatchObject(refused);
    expect(await server.ask("POST", `${roles}/owner/members`, { as: admin, body: { jid: deputy } })).toMatchObject(
      refused,
    );
    const password = { as: admin, body: { password: "a new long password" } };
    expect(await server.ask("PUT", `/api/v1/users/${boss}/password`, password)).toMatchObject(refused);
    expect((await server.ask("PUT", `/api/v1/users/${user}/password`, password)).status).toBe(200);
    // What decides nothing about roles is theirs to change.
    expect((await server.ask("PUT", "/api/v1/acl/friends", { as: admin, body: { any: me } })).status).toBe(200);
    expect(server.core.policy.document.acl["admin"]).toEqual([{ user: boss }]);
  });

  test("a role that waits for a second factor gives nothing before", async () => {
    await server.ask("POST", `${roles}/operator/members`, { as, body: { jid: deputy } });
    const login = { ...server.core.policy.document.console.login, secondFactor: ["operator"] };
    expect((await server.ask("PUT", "/api/v1/login-policy", { as, body: { login } })).status).toBe(200);
    const waiting = await server.signIn(deputy);
    expect((await server.ask("GET", "/api/v1/users", { as: waiting })).status).toBe(403);
    expect(await server.ask("GET", "/api/v1/auth/me", { as: waiting })).toMatchObject({
      body: { mustEnrol: true, roles: ["operator"], grants: [] },
    });
  });

  test("a session lasts as long as the policy says", async () => {
    const login = { ...server.core.policy.document.console.login, sessionHours: 1 };
    await server.ask("PUT", "/api/v1/login-policy", { as, body: { login } });
    const { body } = await server.ask("POST", "/api/v1/auth/verify", {
      body: { jid: boss, password: passwordOf(boss) },
    });
    const row = await server.stores.admin.session(String(body["sessionId"]));
    expect(row!.expiresAt - row!.createdAt).toBe(3_600_000);
  });

  test("nobody shuts themselves out by address, and others are shut out at once", async () => {
    const { login } = server.core.policy.document.console;
    const apply = (addresses: string[]) =>
      server.ask("PUT", "/api/v1/login-policy", { as, body: { login: { ...login, addresses } } });
    expect(await apply(["192.0.2.0/24"])).toMatchObject({ status: 409, body: { code: "locks-out-admin" } });
    expect(await apply(["not an address"])).toMatchObject({ status: 422 });
    expect((await apply(["127.0.0.0/8"])).status).toBe(200);
    await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
      draft.console.login.addresses = ["192.0.2.0/24"];
    });
    expect((await server.ask("GET", "/api/v1/auth/me", { as })).status).toBe(401);
  });

  test("an account that is removed leaves its roles, and its host leaves those of others", async () => {
    const role = { permissions: ["users:read"], access: "helpers", hosts: ["a.example", "b.example"] };
    await server.ask("PUT", `${roles}/helper`, { as, body: { role } });
    await server.ask("POST", `${roles}/helper/members`, { as, body: { jid: deputy } });
    await server.core.accounts.remove(Jid.parse(deputy));
    await expect.poll(() => server.core.policy.document.acl["helpers"]).toEqual([]);
    expect((await server.ask("DELETE", "/api/v1/hosts/b.example", { as, body: { confirm: "b.example" } })).status).toBe(
      200,
    );
    expect(server.core.policy.document.console.roles["helper"]!.hosts).toEqual(["a.example"]);
  });
});
