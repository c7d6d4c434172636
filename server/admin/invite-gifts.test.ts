import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { permissions } from "../../lib/contracts/permissions.ts";
import type { Policy } from "../../lib/contracts/policy.ts";
import { RegistrationPolicy } from "../../lib/contracts/registration-policy.ts";
import { invitationsOf } from "../features/invitations.ts";
import { registerAccount } from "../features/registration/register-account.ts";
import { Jid } from "../xmpp/jid.ts";
import { adminTestServer, type AdminTestServer, boss, user, warden } from "./testing.ts";

const api = "/api/v1";
const host = "a.example";
const daySeconds = 86_400;
/** What an operator may, and what giving roles and groups takes. */
const enough = permissions.filter((one) => !["bodies:read", "keys:write", "stanzas:send"].includes(one));
let server: AdminTestServer;
let as: Record<string, string>;

beforeEach(async () => {
  server = await adminTestServer({
    policy(draft) {
      draft.registration = RegistrationPolicy.parse({ mode: "invite" });
    },
  });
  as = await server.signIn(boss);
});
afterEach(() => server.stop());

type Made = { readonly id: string; readonly token: string };
const create = (body: object, who = as) => server.ask("POST", `${api}/invites`, { as: who, body: { host, ...body } });

async function made(body: object, who = as): Promise<Made> {
  const answer = await create(body, who);
  expect(answer).toMatchObject({ status: 200 });
  return (answer.body["items"] as Made[])[0]!;
}

const operator = { role: { name: "operator" } };
const group = (name: string) => server.ask("POST", `${api}/groups`, { as, body: { host, name, label: name } });
const change = (edit: (draft: Policy) => void) =>
  server.core.policy.change({ author: "x", comment: "", audit: null, force: true }, edit);

/** Whoever got the token makes an account; as the page and in-band registration do it. */
async function redeem(token: string, local: string): Promise<void> {
  const invite = await invitationsOf(server.core).find(token, "192.0.2.9", "test");
  if (typeof invite === "string") throw new Error(invite);
  const attempt = { host, address: "192.0.2.9", isSecure: true, local, password: "correct horse battery", invite };
  expect(await registerAccount(server.core, attempt, "web")).toMatchObject({ allowed: true });
}

const rolesOf = (local: string) =>
  server.core.policy
    .roles(Jid.of(local, host), "192.0.2.9")
    .map(({ role, hosts }) => `${role} on ${hosts?.join() ?? "all"}`);
const redeemed = async (id: string, who = as) =>
  (await server.ask("GET", `${api}/invites/${id}`, { as: who })).body["redeemed"] as Record<string, unknown>[];
const audited = async (action: string) =>
  (await server.stores.admin.auditList({ action }, { limit: 20 })).items.map(({ actor, object, result, detail }) => ({
    actor,
    object,
    result,
    detail: JSON.parse(detail ?? "{}") as object,
  }));

describe("an invite with a role", () => {
  test("gives it to the account that is made with it, in the name of whoever made the invite", async () => {
    const { id, token } = await made(operator);
    expect(await server.ask("GET", `${api}/invites/${id}`, { as })).toMatchObject({
      body: { role: { name: "operator", host: null }, maxUses: 1, groups: [], tags: [] },
    });
    expect(JSON.stringify((await server.ask("GET", `${api}/invites/${id}`, { as })).body)).not.toContain("maker");
    await redeem(token, "juliet");
    expect(rolesOf("juliet")).toEqual(["operator on all"]);
    expect(await redeemed(id)).toMatchObject([{ jid: `juliet@${host}`, isOwed: false, withheld: [] }]);
    expect(await audited("role.grant")).toMatchObject([
      {
        actor: boss,
        object: `juliet@${host}`,
        result: "done",
        detail: { role: "operator", invite: id, madeBy: boss, redeemedFrom: "192.0.2.9" },
      },
    ]);
    expect(server.core.policy.revision).toMatchObject({ author: boss });
    expect(await audited("invite.create")).toMatchObject([{ detail: { input: operator } }]);
  });

  test("on one host gives it there only", async () => {
    const { token } = await made({ role: { name: "host-admin", host } });
    await redeem(token, "juliet");
    expect(rolesOf("juliet")).toEqual([`host-admin on ${host}`]);
  });

  test("needs the second factor that the role takes, as with any other way to it", async () => {
    await change((draft) => {
      draft.console.login.secondFactor = ["operator"];
    });
    const { token } = await made(operator);
    await redeem(token, "juliet");
    const held = await server.signIn(`juliet@${host}`);
    expect((await server.ask("GET", `${api}/auth/me`, { as: held })).body).toMatchObject({
      mustEnrol: true,
      permissions: [],
    });
    expect((await server.ask("GET", `${api}/users`, { as: held })).status).toBe(403);
  });

  test.each<[string, object, number, object]>([
    ["owner", { role: { name: "owner" } }, 400, { errors: [{ path: "role.name", reason: "owner-by-invite" }] }],
    ["no such role", { role: { name: "pope" } }, 404, { reason: "role-missing" }],
    ["a host admin of no host", { role: { name: "host-admin" } }, 400, { errors: [{ path: "role.host" }] }],
    ["a host that is not here", { role: { name: "operator", host: "c.example" } }, 404, { reason: "host-missing" }],
    ["two uses", { ...operator, maxUses: 2 }, 400, { errors: [{ path: "maxUses", values: { most: 1 } }] }],
    ["eight days", { ...operator, expireSeconds: 8 * daySeconds }, 400, { errors: [{ path: "expireSeconds" }] }],
    ["a contact", { ...operator, kind: "contact", inviter: user }, 400, { errors: [{ path: "role" }] }],
    ["groups for a contact", { groups: ["x"], kind: "contact", inviter: user }, 400, { errors: [{ path: "groups" }] }],
    ["tags for a contact", { tags: ["x"], kind: "contact", inviter: user }, 400, { errors: [{ path: "tags" }] }],
    [
      "too many groups",
      { groups: Array.from({ length: 21 }, (_, n) => `g${n}`) },
      400,
      { errors: [{ path: "groups" }] },
    ],
    ["too many tags", { tags: Array.from({ length: 21 }, (_, n) => `t${n}`) }, 400, { errors: [{ path: "tags" }] }],
    ["a group that is not there", { groups: ["cast"] }, 400, { errors: [{ path: "groups", reason: "group-missing" }] }],
  ])("is refused with %s", async (_what, body, status, problem) => {
    expect(await create(body)).toMatchObject({ status, body: problem });
    expect((await server.ask("GET", `${api}/invites`, { as })).body["items"]).toEqual([]);
  });

  test("is refused when access rules would make an owner of whoever has the role", async () => {
    await change((draft) => {
      draft.accessRules["console_operator"] = [{ allow: [{ acl: "admin" }] }];
    });
    const more = { errors: [{ path: "role.name", reason: "role-gives-more", values: { roles: "owner" } }] };
    expect(await create(operator)).toMatchObject({ status: 400, body: more });
    await change((draft) => {
      delete draft.accessRules["console_operator"];
      draft.console.roles["sly"] = { description: "", permissions: ["users:read"], hosts: null, access: "configure" };
    });
    expect(await create({ role: { name: "sly" } })).toMatchObject({ status: 400, body: more });
    const onHost = await create({ role: { name: "sly", host } });
    expect(onHost.body["errors"]).toMatchObject([{ reason: "role-gives-more", values: { roles: "host-admin" } }]);
  });
});

describe("who may make one", () => {
  const forbidden = {
    status: 403,
    body: { code: "forbidden", reason: "beyond-own-rights", permission: "roles:write" },
  };

  test("nobody who may not give roles: an admin of the host, a role without that right, and not for less either", async () => {
    const held = await server.signIn(warden);
    for (const role of [
      { name: "operator" },
      { name: "operator", host },
      { name: "host-admin", host },
      { name: "owner" },
    ])
      expect(await create({ role }, held)).toMatchObject(forbidden);
    expect(await create({ host: "b.example", ...operator }, held)).toMatchObject({ status: 403 });
    const writer = await server.key(permissions.filter((one) => one !== "roles:write"));
    expect(await create(operator, writer)).toMatchObject(forbidden);
    expect(await audited("invite.create")).toContainEqual(
      expect.objectContaining({ actor: warden, result: "refused" }),
    );
    // Without a role they may.
    expect(await create({}, held)).toMatchObject({ status: 200 });
  });

  test("nobody who may give roles on some hosts only", async () => {
    const held = await server.key([...permissions], { hosts: [host] });
    expect(await create({ role: { name: "operator", host } }, held)).toMatchObject(forbidden);
  });

  test("nobody gives by it what they have not themselves", async () => {
    const narrow = await server.key(["users:write", "roles:write", "users:read"]);
    expect(await create(operator, narrow)).toMatchObject({ status: 403, body: { reason: "beyond-own-rights" } });
    expect(await create(operator, await server.key(enough))).toMatchObject({ status: 200 });
  });

  test("groups need the right to change those of the host", async () => {
    await group("cast");
    const held = await server.key(["users:write", "users:read"]);
    expect(await create({ groups: ["cast"] }, held)).toMatchObject({
      status: 403,
      body: { permission: "groups:write" },
    });
    const elsewhere = await server.key(["users:write", "groups:write"], { hosts: ["b.example"] });
    expect((await create({ groups: ["cast"] }, elsewhere)).status).toBe(403);
    expect(await create({ groups: ["cast"] }, await server.signIn(warden))).toMatchObject({ status: 200 });
  });
});

describe("when it is redeemed and whoever made it", () => {
  /** An account that has a role with the right to give roles, and the headers of its session. */
  async function chief(local = "chief"): Promise<Record<string, string>> {
    await server.core.accounts.create({ user: Jid.of(local, host), password: "correct horse", via: "admin" });
    await change((draft) => {
      draft.console.roles["chief"] = { description: "", permissions: [...enough], hosts: null, access: "chiefs" };
      draft.accessRules["chiefs"] = [{ allow: [{ user: `${local}@${host}` }] }];
    });
    return server.signIn(`${local}@${host}`);
  }
  const by = `chief@${host}`;
  const at = `${api}/users/${encodeURIComponent(by)}`;

  async function expectWithheld({ id, token }: Made, reason: string, actor: string): Promise<void> {
    server.clock.advance(60_000);
    await redeem(token, "juliet");
    expect(rolesOf("juliet")).toEqual([]);
    expect(await server.core.accounts.exists(Jid.of("juliet", host))).toBe(true);
    expect(await redeemed(id)).toMatchObject([
      { isOwed: false, withheld: [{ what: "role", name: "operator", reason }] },
    ]);
    const [row] = await audited("role.grant");
    expect(row).toMatchObject({ actor, object: `juliet@${host}`, result: "refused", detail: { invite: id } });
    expect(JSON.stringify(row?.detail)).toMatch(/"reason":"[^"]+"/);
  }

  test("lost the right to give roles: no role", async () => {
    const invite = await made(operator, await chief());
    await change((draft) => {
      draft.accessRules["chiefs"] = [];
    });
    await expectWithheld(invite, "beyond-own-rights", by);
  });

  test("has less than the role by now: no role", async () => {
    const invite = await made(operator, await chief());
    await change((draft) => {
      draft.console.roles["operator"]!.permissions.push("bodies:read");
    });
    await expectWithheld(invite, "beyond-own-rights", by);
  });

  test("is suspended: no role", async () => {
    const invite = await made(operator, await chief());
    expect((await server.ask("POST", `${at}/suspend`, { as, body: { reason: "left" } })).status).toBe(200);
    await expectWithheld(invite, "inviter-suspended", by);
  });

  test("was removed: no role, also when somebody else has the name", async () => {
    const invite = await made(operator, await chief());
    expect((await server.ask("DELETE", at, { as })).status).toBe(200);
    server.clock.advance(1_000);
    await chief();
    await expectWithheld(invite, "inviter-gone", by);
  });

  test("has to enrol a second factor by now: no role", async () => {
    const invite = await made(operator, await chief());
    await change((draft) => {
      draft.console.login.secondFactor = ["chief"];
    });
    await expectWithheld(invite, "beyond-own-rights", by);
  });

  test("was a key that is revoked: no role, whatever account is called like it", async () => {
    const invite = await made(operator, await server.key(enough));
    const [key] = await server.stores.admin.keys();
    await server.stores.admin.removeKey(key!.id);
    await expectWithheld(invite, "inviter-gone", "test key");
  });

  test("was a key that has expired: no role", async () => {
    const invite = await made(operator, await server.key(enough, { expiresAt: server.clock.now() + 30_000 }));
    await expectWithheld(invite, "inviter-gone", "test key");
  });

  test("is still there, but the role is not: no role", async () => {
    const invite = await made(operator, await chief());
    await change((draft) => {
      delete draft.console.roles["operator"];
    });
    await expectWithheld(invite, "role-missing", by);
  });

  test("made it before access rules were changed so that it would give more: no role", async () => {
    const invite = await made(operator);
    await change((draft) => {
      draft.accessRules["console_operator"] = [{ allow: [{ acl: "admin" }] }];
    });
    server.clock.advance(1_000);
    await redeem(invite.token, "juliet");
    expect(rolesOf("juliet")).toEqual([]);
    expect(await redeemed(invite.id)).toMatchObject([{ withheld: [{ what: "role" }] }]);
  });

  test("is still there, but its time was over: the account without the role", async () => {
    const invite = await made({ ...operator, expireSeconds: 30 + 30 });
    // A client that has shown its token may register later (XEP-0445 4).
    await expectWithheld(invite, "invite-over", boss);
  });
});

describe("groups and tags", () => {
  test("are joined and put on, several times with one invite", async () => {
    await group("cast");
    const { id, token } = await made({ groups: ["cast"], tags: ["vip"], maxUses: 2 });
    await redeem(token, "juliet");
    await redeem(token, "romeo");
    expect(await server.stores.groups.members(host, "cast", "", 9)).toEqual(["juliet", "romeo"]);
    expect((await server.stores.accounts.find(host, "juliet"))?.tags).toEqual(["vip"]);
    expect(await audited("group.members")).toMatchObject([
      { actor: boss, object: `cast on ${host}`, result: "done", detail: { invite: id } },
      { actor: boss },
    ]);
    expect(rolesOf("juliet")).toEqual([]);
  });

  test("one that cannot be given keeps nothing else back", async () => {
    await group("cast");
    await group("crew");
    const { id, token } = await made({ ...operator, groups: ["cast", "crew"] });
    await server.ask("DELETE", `${api}/groups/${host}/cast`, { as });
    await redeem(token, "juliet");
    expect(await server.stores.groups.members(host, "crew", "", 9)).toEqual(["juliet"]);
    expect(rolesOf("juliet")).toEqual(["operator on all"]);
    expect(await redeemed(id)).toMatchObject([
      { withheld: [{ what: "group", name: "cast", reason: "no-such-group" }] },
    ]);
  });

  test("of whoever may not change groups any more are not joined", async () => {
    await group("cast");
    const { id, token } = await made({ groups: ["cast"] }, await server.signIn(warden));
    await change((draft) => {
      draft.hosts[host]!.accessRules = {};
    });
    await redeem(token, "juliet");
    expect(await server.stores.groups.members(host, "cast", "", 9)).toEqual([]);
    expect(await redeemed(id)).toMatchObject([{ withheld: [{ what: "group", name: "cast" }] }]);
    expect(await audited("group.members")).toMatchObject([{ actor: warden, result: "refused" }]);
  });
});

describe("when the store or the process fails in between", () => {
  test("the role is given once the store works again, and once only", async () => {
    const { id, token } = await made(operator);
    const commit = vi.spyOn(server.stores.policies, "commit").mockRejectedValue(new Error("no store"));
    await redeem(token, "juliet");
    expect(rolesOf("juliet")).toEqual([]);
    expect(await redeemed(id)).toMatchObject([{ isOwed: true, withheld: [] }]);
    commit.mockRestore();
    const other = await made({});
    await redeem(other.token, "romeo");
    expect(rolesOf("juliet")).toEqual(["operator on all"]);
    expect(await redeemed(id)).toMatchObject([{ isOwed: false }]);
  });

  test("it is tried again by itself, each minute", async () => {
    await server.stop();
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      server = await adminTestServer({
        policy(draft) {
          draft.registration = RegistrationPolicy.parse({ mode: "invite" });
        },
      });
      as = await server.signIn(boss);
      const { token } = await made(operator);
      const commit = vi.spyOn(server.stores.policies, "commit").mockRejectedValue(new Error("no store"));
      await redeem(token, "juliet");
      commit.mockRestore();
      const given = Promise.withResolvers<void>();
      server.core.policy.onChange(() => given.resolve());
      vi.advanceTimersByTime(59_000);
      expect(rolesOf("juliet")).toEqual([]);
      vi.advanceTimersByTime(1_000);
      await given.promise;
      expect(rolesOf("juliet")).toEqual(["operator on all"]);
    } finally {
      vi.useRealTimers();
    }
  });

  test("a role that was given before it was written down is not given again", async () => {
    const { id, token } = await made(operator);
    const gave = vi.spyOn(server.stores.invites, "gave").mockRejectedValue(new Error("no store"));
    await redeem(token, "juliet");
    expect(rolesOf("juliet")).toEqual(["operator on all"]);
    gave.mockRestore();
    const { id: revision } = server.core.policy.revision;
    await redeem((await made({})).token, "romeo");
    expect(await redeemed(id)).toMatchObject([{ isOwed: false, withheld: [] }]);
    expect(server.core.policy.revision.id).toBe(revision);
    expect(await audited("role.grant")).toHaveLength(1);
  });

  test("it is not given to somebody else who has the name by then", async () => {
    const { id, token } = await made(operator);
    const commit = vi.spyOn(server.stores.policies, "commit").mockRejectedValue(new Error("no store"));
    await redeem(token, "juliet");
    commit.mockRestore();
    await server.core.accounts.remove(Jid.of("juliet", host));
    server.clock.advance(60_000);
    const other = await made({});
    await redeem(other.token, "juliet");
    expect(rolesOf("juliet")).toEqual([]);
    expect(await redeemed(id)).toMatchObject([{ withheld: [{ reason: "account-missing" }] }]);
  });
});
