/** Invites that give a role: what a link in the wrong hands, a maker who lost their rights, or a crash can make of them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, test } from "node:test";
import { permissions } from "../../lib/contracts/permissions.ts";
import { createClient, type Api } from "../../server/cli/client.ts";
import { storeFile } from "../../server/storage/sqlite/client.ts";
import { until } from "../support/ports.ts";
import { TestServer } from "../support/server.ts";
import { child } from "../support/xml.ts";
import { conditionOf, XmppClient } from "../support/xmpp-client.ts";

const host = "localhost";
const password = "correct horse battery";
const operator = { name: "operator" };
const weekSeconds = 7 * 86_400;

let server: TestServer;
let keys = 0;
before(async () => {
  server = await TestServer.start({ env: { NIGHTPOST_HOSTS: `${host},b.example` } });
  const { policy } = await server.api.registration.get({});
  await server.api.registration.set({ policy: { ...policy, mode: "invite" } });
  await server.api.groups.create({ host, name: "cast", label: "Cast" });
  await server.register("romeo", password);
});
after(() => server.stop());

type Wish = Parameters<Api["invites"]["create"]>[0];
type Made = Awaited<ReturnType<Api["invites"]["create"]>>["items"][number];

async function make(wish: Partial<Wish>, by: Api = server.api): Promise<Made> {
  const { items } = await by.invites.create({ host, ...wish });
  return items[0]!;
}

/** A key with these permissions, and the API as it has it. */
async function key(granted: readonly string[], hosts?: string[]): Promise<{ id: string; api: Api }> {
  const made = await server.api.keys.create({
    name: `key ${++keys}`,
    permissions: permissions.filter((one) => granted.includes(one)),
    ...(hosts === undefined ? {} : { hosts }),
  });
  const api = createClient({ kind: "http", url: `http://127.0.0.1:${server.httpPort}`, key: made.key });
  return { id: made.id, api };
}

interface Problem {
  readonly reason?: string;
  readonly errors?: readonly { readonly reason?: string }[];
}

async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    const { status, data } = error as { status: number; data: { body: Problem } };
    return `${status} ${data.body.reason ?? data.body.errors?.[0]?.reason ?? ""}`;
  }
  return "made";
}

/** Shows the token and asks for an account on a stream of its own (XEP-0445); null: it was made. `more` is put into the form. */
async function inBand(token: string, user: string, more = ""): Promise<string | null> {
  const client = await XmppClient.connect({ port: server.c2sPort, host });
  const shown = await client.ask("set", host, `<preauth xmlns='urn:xmpp:pars:0' token='${token}'/>`);
  const answer =
    shown.attrs["type"] === "result"
      ? await client.ask(
          "set",
          host,
          `<query xmlns='jabber:iq:register'><username>${user}</username><password>${password}</password>${more}</query>`,
        )
      : shown;
  client.destroy();
  return answer.attrs["type"] === "result" ? null : conditionOf(answer);
}

/** Fills in the page of the invite. */
async function onPage(token: string, username: string, more: Record<string, string> = {}): Promise<number> {
  const body = new URLSearchParams({ username, password, again: password, ...more });
  const answer = await fetch(`http://127.0.0.1:${server.httpPort}/invite/${token}`, { method: "POST", body });
  await answer.text();
  return answer.status;
}

const rolesOf = async (user: string) =>
  (await server.api.roles.of({ jid: `${user}@${host}` })).items.map(({ role, hosts }) =>
    `${role} ${hosts?.join() ?? ""}`.trim(),
  );
const withheld = async (id: string) =>
  (await server.api.invites.get({ id })).redeemed.map(
    (one) => `${one.jid} ${one.withheld.map(({ reason }) => reason).join()}`,
  );
const grants = async (user: string) =>
  (await server.api.audit.list({ action: "role.grant" })).items
    .filter(({ object }) => object === `${user}@${host}`)
    .map(({ actor, result, detail }) => ({ actor, result, detail: JSON.stringify(detail) }));

describe("the good way", () => {
  test("in-band: role, group and tag, and the audit log says by whose invite", async () => {
    const { api } = await key(permissions);
    const { id, token, createdBy } = await make({ role: operator, groups: ["cast"], tags: ["vip"] }, api);
    assert.equal(await inBand(token, "ann"), null);
    assert.deepEqual(await rolesOf("ann"), ["operator"]);
    const { items } = await server.api.groups.members({ host, name: "cast" });
    assert.deepEqual(
      items.map(({ jid }) => jid),
      [`ann@${host}`],
    );
    assert.deepEqual((await server.api.users.get({ jid: `ann@${host}` })).tags, ["vip"]);
    assert.deepEqual(await withheld(id), [`ann@${host} `]);
    const [row, ...rest] = await grants("ann");
    assert.deepEqual([row?.actor, row?.result, rest.length], [createdBy, "done", 0]);
    assert.match(
      row?.detail ?? "",
      new RegExp(`"role":"operator".*"invite":"${id}"|"invite":"${id}".*"role":"operator"`),
    );
  });

  test("on the page: the role on one host", async () => {
    const { token } = await make({ role: { name: "host-admin", host } });
    assert.equal(await onPage(token, "bea"), 200);
    assert.deepEqual(await rolesOf("bea"), [`host-admin ${host}`]);
  });
});

describe("at the making", () => {
  const cases: [
    name: string,
    wish: Partial<Wish>,
    granted: readonly string[],
    hosts: string[] | undefined,
    answer: string,
  ][] = [
    ["the role owner", { role: { name: "owner" } }, permissions, undefined, "400 owner-by-invite"],
    ["two uses", { role: operator, maxUses: 2 }, permissions, undefined, "400 too-high"],
    [
      "more than seven days",
      { role: operator, expireSeconds: weekSeconds + 1 },
      permissions,
      undefined,
      "400 too-high",
    ],
    [
      "a contact invite",
      { role: operator, kind: "contact", inviter: `romeo@${host}` },
      permissions,
      undefined,
      "400 gifts-for-accounts",
    ],
    [
      "no right to give roles",
      { role: operator },
      permissions.filter((one) => one !== "roles:write"),
      undefined,
      "403 beyond-own-rights",
    ],
    ["all rights, on one host", { role: { name: "host-admin", host } }, permissions, [host], "403 beyond-own-rights"],
    [
      "a role above one's own",
      { role: { name: "admin" } },
      ["users:write", "roles:write"],
      undefined,
      "403 beyond-own-rights",
    ],
    ["another host than one's own", { host: "b.example", role: operator }, permissions, [host], "403 other-hosts"],
    [
      "a group, without the right to change groups",
      { groups: ["cast"] },
      ["users:write", "roles:write"],
      undefined,
      "403 beyond-own-rights",
    ],
  ];
  for (const [name, wish, granted, hosts, answer] of cases)
    test(`${name}: ${answer}`, async () => {
      const { api } = await key(granted, hosts);
      assert.equal(await refusal(make(wish, api)), answer);
    });

  test("a role that access rules make more of: refused", async () => {
    await server.api.roles.set({
      name: "sly",
      role: { description: "", permissions: ["users:read"], hosts: null, access: "configure" },
    });
    assert.equal(await refusal(make({ role: { name: "sly" } })), "400 role-gives-more");
    await server.api.roles.set({ name: "sly", role: null });
  });

  test("by a user's client (XEP-0401): a role in the form is not even read", async () => {
    const client = await XmppClient.connect({ port: server.c2sPort, host });
    await client.login("romeo", password);
    const form = (fields: string) =>
      `<x xmlns='jabber:x:data' type='submit'>${fields}<field var='role'><value>operator</value></field><field var='groups'><value>cast</value></field></x>`;
    const run = (node: string, inside: string) =>
      client.ask(
        "set",
        host,
        `<command xmlns='http://jabber.org/protocol/commands' node='urn:xmpp:invite#${node}' action='complete'>${inside}</command>`,
      );
    const account = await run("create-account", form("<field var='username'><value>carl</value></field>"));
    assert.equal(conditionOf(account), "forbidden");
    await run("invite", form(""));
    // An admin's client makes accounts by it, and gives no role either.
    await server.api.roles.grant({ name: "host-admin", jid: `romeo@${host}`, host });
    const first = await client.ask(
      "set",
      host,
      `<command xmlns='http://jabber.org/protocol/commands' node='urn:xmpp:invite#create-account'/>`,
    );
    const session = child(first, "command")?.attrs["sessionid"] ?? "";
    await client.ask(
      "set",
      host,
      `<command xmlns='http://jabber.org/protocol/commands' node='urn:xmpp:invite#create-account' sessionid='${session}' action='complete'>${form("<field var='username'><value>carl</value></field>")}</command>`,
    );
    client.destroy();
    const { items } = await server.api.invites.list({ host, limit: 500 });
    const made = items.filter(({ createdBy }) => createdBy === `romeo@${host}`);
    assert.ok(made.some(({ local }) => local === "carl"));
    for (const { role, groups, tags } of made) assert.deepEqual([role, groups, tags], [null, [], []]);
    await server.api.roles.revoke({ name: "host-admin", jid: `romeo@${host}`, host });
  });
});

describe("at the redeeming", () => {
  test("a role that the registration form asks for is nobody's", async () => {
    const plain = await make({});
    assert.equal(await inBand(plain.token, "dan", "<role>owner</role><groups>cast</groups>"), null);
    assert.deepEqual(await rolesOf("dan"), []);
    const given = await make({ role: operator });
    assert.equal(await onPage(given.token, "eve", { role: "admin", "role.name": "owner", host: "b.example" }), 200);
    assert.deepEqual(await rolesOf("eve"), ["operator"]);
  });

  test("of many at the same moment one gets the role, and no other an account", async () => {
    const { token } = await make({ role: operator });
    const users = Array.from({ length: 6 }, (_, index) => `race${index}`);
    const outcomes = await Promise.all(users.map((user) => inBand(token, user)));
    assert.equal(outcomes.filter((outcome) => outcome === null).length, 1, JSON.stringify(outcomes));
    const roles = (await Promise.all(users.map(rolesOf))).flat();
    assert.deepEqual(roles, ["operator"]);
    assert.equal(await onPage(token, "late"), 410);
  });

  test("revoked: no account", async () => {
    const { id, token } = await make({ role: operator });
    await server.api.invites.revoke({ id });
    assert.notEqual(await inBand(token, "fay"), null);
    assert.equal(await onPage(token, "fay"), 410);
  });

  test("whoever made it lost the key: the account without the role, and the audit log says why", async () => {
    const { id, api } = await key(permissions);
    const invite = await make({ role: operator, groups: ["cast"] }, api);
    await server.api.keys.revoke({ id });
    assert.equal(await inBand(invite.token, "gus"), null);
    assert.deepEqual(await rolesOf("gus"), []);
    assert.deepEqual(await withheld(invite.id), [`gus@${host} inviter-gone,inviter-gone`]);
    const [row] = await grants("gus");
    assert.deepEqual([row?.actor, row?.result], [invite.createdBy, "refused"]);
    assert.match(row?.detail ?? "", /is not there any more/);
  });

  test("a role that takes a second factor lets its new holder do nothing without one", async () => {
    // Service administration (XEP-0133) obeys the roles.
    const countsUsers = async (user: string): Promise<boolean> => {
      const client = await XmppClient.connect({ port: server.c2sPort, host });
      await client.login(user, password);
      const node = "http://jabber.org/protocol/admin#get-registered-users-num";
      const answer = await client.ask(
        "set",
        host,
        `<command xmlns='http://jabber.org/protocol/commands' node='${node}'/>`,
      );
      client.destroy();
      return answer.attrs["type"] === "result";
    };
    assert.equal(await inBand((await make({ role: operator })).token, "hugo"), null);
    assert.equal(await countsUsers("hugo"), true);
    const { login } = await server.api.roles.list();
    await server.api.roles.setLogin({ login: { ...login, secondFactor: ["operator"] } });
    assert.equal(await inBand((await make({ role: operator })).token, "hal"), null);
    assert.deepEqual(await rolesOf("hal"), ["operator"]);
    assert.equal(await countsUsers("hal"), false);
    await server.api.roles.setLogin({ login });
  });
});

describe("over kill -9", () => {
  const database = (): DatabaseSync => new DatabaseSync(join(server.data, storeFile));

  test("what was given stays given, once", async () => {
    const { id, token } = await make({ role: operator });
    assert.equal(await inBand(token, "ida"), null);
    await server.kill();
    await server.run();
    assert.deepEqual(await rolesOf("ida"), ["operator"]);
    assert.deepEqual(await withheld(id), [`ida@${host} `]);
    assert.equal((await grants("ida")).length, 1);
  });

  test("what was owed is given at the next start: the account's transaction was the last", async () => {
    const { id, token } = await make({ tags: ["kept"] });
    const role = await make({ role: operator });
    assert.equal(await inBand(token, "jon"), null);
    await server.kill();
    // As the transaction that made the account would have left it, had the invite been the other one.
    const db = database();
    db.prepare("UPDATE invite SET uses = 1 WHERE id = ?").run(role.id);
    db.prepare("UPDATE invite_use SET invite = ?, owed = 1 WHERE invite = ?").run(role.id, id);
    db.close();
    await server.run();
    const isSettled = async () => (await server.api.invites.get({ id: role.id })).redeemed[0]?.isOwed === false;
    await until(isSettled, "what was owed is given");
    assert.deepEqual(await rolesOf("jon"), ["operator"]);
    assert.equal((await grants("jon")).length, 1);
  });
});

test("whoever looks at its page is told nothing of the role", async () => {
  const { token } = await make({ role: operator, groups: ["cast"], tags: ["secret-tag"] });
  const page = await (await fetch(`http://127.0.0.1:${server.httpPort}/invite/${token}`)).text();
  assert.match(page, /localhost/);
  assert.doesNotMatch(page, /operator|cast|secret-tag/);
});
