import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { RegistrationPolicy } from "../../../lib/contracts/registration-policy.ts";
import { openSecureStream, streamTestServer, type StreamTestServer } from "../../core/testing-streams.ts";
import type { TestClient } from "../../core/testing.ts";
import { invitationsOf, type InviteDraft } from "../../features/invitations.ts";
import { makeInvite } from "../../features/testing-invitations.ts";
import type { RawClient } from "../../net/testing.ts";
import { parseForm } from "../../xmpp/forms.ts";
import { Jid } from "../../xmpp/jid.ts";
import { modules } from "../index.ts";

const host = "capulet.lit";
const password = "correct horse battery";
const needed = new Set(["starttls", "sasl", "bind", "register", "disco", "adhoc", "invites", "roster", "presence"]);

let server: StreamTestServer;

async function policy(change: object, options: object = {}): Promise<void> {
  await server.core.policy.change({ author: "x", comment: "", audit: null, force: true }, (draft) => {
    draft.acl["admin"] = [{ user: `boss@${host}` }];
    draft.registration = RegistrationPolicy.parse({ mode: "invite", ...change });
    draft.modules["invites"] = { enabled: true, options: { ...options } };
  });
}

beforeEach(async () => {
  server = await streamTestServer({
    modules: modules.filter(({ name }) => needed.has(name)),
    accounts: [`romeo@${host}`, `boss@${host}`, `nurse@${host}`],
  });
  await policy({});
});
afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

const invite = (draft: Partial<InviteDraft> = {}) => makeInvite(server.core, { host, ...draft });

/** Somebody who has opened an encrypted stream, and what they are told. */
async function stranger(): Promise<{ client: RawClient; features: string }> {
  return openSecureStream(server.port, host);
}

async function show(client: RawClient, token: string): Promise<string> {
  client.send(`<iq type='set' id='pa' to='${host}'><preauth xmlns='urn:xmpp:pars:0' token='${token}'/></iq>`);
  return client.until(/<iq[^>]*id=.pa.[^>]*(\/>|>.*?<\/iq>)/);
}

async function register(client: RawClient, name: string): Promise<string> {
  client.send(
    `<iq type='set' id='r' to='${host}'><query xmlns='jabber:iq:register'><username>${name}</username><password>${password}</password></query></iq>`,
  );
  return client.until(/<iq[^>]*id=.r.[^>]*(\/>|>.*?<\/iq>)/);
}

const done = /type=.result./;
const rosterOf = async (name: string) =>
  (await server.stores.rosters.get(host, name)).items.map(({ jid, subscription }) => `${jid} ${subscription}`);
const decisions = async () =>
  (await server.stores.registrations.list({ outcome: "all" }, { limit: 50 })).items.map(
    ({ allowed, code, jid }) => `${allowed ? "yes" : "no"} ${code} ${jid}`,
  );

describe("registration with a token (XEP-0445)", () => {
  test.each([
    ["invite", true, true],
    ["open", true, true],
    ["closed", false, false],
  ])("in mode %s the token feature is offered: %s, in-band registration: %s", async (mode, token, inBand) => {
    await policy({ mode });
    const { features } = await stranger();
    expect(features.includes("<register xmlns='urn:xmpp:ibr-token:0'/>")).toBe(token);
    expect(features.includes("<register xmlns='http://jabber.org/features/iq-register'/>")).toBe(inBand);
  });

  test("the token makes an account that logs in, once", async () => {
    const { token, invite: made } = await invite();
    const { client } = await stranger();
    expect(await register(client, "juliet")).toContain("not-allowed");
    expect(await show(client, token)).toMatch(done);
    expect((await server.stores.invites.find(made.id))?.uses).toBe(0);
    expect(await register(client, "juliet")).toMatch(done);
    expect(await server.core.accounts.verify(Jid.parse(`juliet@${host}`), password)).toBe("ok");
    expect(await server.stores.invites.uses(made.id, 9)).toMatchObject([{ jid: `juliet@${host}` }]);
    const second = await stranger();
    expect(await show(second.client, token)).toContain("item-not-found");
    expect(await decisions()).toEqual([`yes allowed juliet@${host}`, `no needs-invite juliet@${host}`]);
  });

  test("of two who show the same token at the same moment one gets an account", async () => {
    const { token } = await invite();
    const clients = await Promise.all([stranger(), stranger()]);
    for (const { client } of clients) expect(await show(client, token)).toMatch(done);
    const answers = await Promise.all(clients.map(({ client }, index) => register(client, `guest${index}`)));
    expect(answers.filter((answer) => done.test(answer))).toHaveLength(1);
    expect(answers.filter((answer) => answer.includes("not-allowed"))).toHaveLength(1);
    expect(await server.stores.accounts.count(host)).toBe(4);
  });

  test("a token for a name is good for this name only, and keeps it, even a reserved one", async () => {
    const { token } = await invite({ local: "support" });
    const any = await invite();
    const { client } = await stranger();
    expect(await show(client, any.token)).toMatch(done);
    expect(await register(client, "support")).toContain("reserved");
    expect(await show(client, token)).toMatch(done);
    expect(await register(client, "juliet")).toContain("reserved");
    expect(await register(client, "support")).toMatch(done);
  });

  test("a name that an invite keeps is not to be had without it, until it expires", async () => {
    await policy({ mode: "open", timeout: 0 });
    await invite({ local: "juliet" });
    const { client } = await stranger();
    expect(await register(client, "juliet")).toContain("reserved");
    server.clock.advance(60_000);
    expect(await register(client, "juliet")).toMatch(done);
  });

  test("expiry is asked when the token is shown, and not after", async () => {
    const { token } = await invite();
    const [early, late] = await Promise.all([stranger(), stranger()]);
    expect(await show(early.client, token)).toMatch(done);
    server.clock.advance(60_000);
    expect(await show(late.client, token)).toContain("item-not-found");
    expect(await register(early.client, "juliet")).toMatch(done);
  });

  test.each<[string, object]>([
    ["unknown", {}],
    ["of another host", { host: "montague.lit" }],
    ["that registers nobody", { kind: "contact", inviter: Jid.parse(`romeo@${host}`), registers: false }],
    ["for a password", { kind: "reset", local: "romeo", registers: false }],
  ])("a token %s is refused", async (what, draft) => {
    const { token } = await invite(draft);
    const { client } = await stranger();
    expect(await show(client, what === "unknown" ? "0".repeat(32) : token)).toContain("item-not-found");
  });

  test("a revoked token is refused, also on a stream that has shown it", async () => {
    const { token, invite: made } = await invite({ maxUses: 5 });
    const { client } = await stranger();
    expect(await show(client, token)).toMatch(done);
    await server.stores.invites.revoke(made.id, server.clock.now());
    expect(await register(client, "juliet")).toContain("not-allowed");
    expect(await decisions()).toEqual([`no bad-invite juliet@${host}`]);
  });

  test("guessing is throttled, and then the right token is not looked at either", async () => {
    const { token } = await invite();
    const { client } = await stranger();
    for (let guess = 0; guess < 20; guess += 1)
      expect(await show(client, guess.toString(16).padStart(32, "0"))).toContain("item-not-found");
    expect(await show(client, token)).toContain("resource-constraint");
  });

  test("an invite stands in for the throttle, but not for blocked networks", async () => {
    await policy({ mode: "open" });
    const { token } = await invite({ maxUses: 2 });
    const [plain, invited] = await Promise.all([stranger(), stranger()]);
    expect(await register(plain.client, "first")).toMatch(done);
    expect(await register(invited.client, "second")).toContain("resource-constraint");
    expect(await show(invited.client, token)).toMatch(done);
    expect(await register(invited.client, "second")).toMatch(done);
    await policy({ networks: [{ action: "deny", cidr: "127.0.0.0/8" }] });
    const blocked = await stranger();
    expect(blocked.features).not.toContain("ibr-token");
    expect(await show(blocked.client, token)).toMatch(done);
    expect(await register(blocked.client, "third")).toContain("forbidden");
  });

  test("the inviter and the new account are contacts, and the inviter is told (XEP-0401 4)", async () => {
    const romeo = await server.connect(`romeo@${host}/orchard`);
    romeo.send("<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>");
    romeo.send("<presence/>");
    await romeo.sync();
    const { token } = await invite({ inviter: Jid.parse(`romeo@${host}`) });
    const { client } = await stranger();
    await show(client, token);
    expect(await register(client, "juliet")).toMatch(done);
    expect((await romeo.texts()).join("")).toMatch(
      /<iq[^>]*type=.set.*<item jid=.juliet@capulet.lit. subscription=.both.\/>/,
    );
    expect(await rosterOf("romeo")).toEqual([`juliet@${host} both`]);
    expect(await rosterOf("juliet")).toEqual([`romeo@${host} both`]);
  });
});

/** Runs a command; its answer's form values, or the condition of the error. */
async function run(client: TestClient, node: string, payload = ""): Promise<Record<string, string>> {
  client.send(
    `<iq type='set' id='c' to='${host}'><command xmlns='http://jabber.org/protocol/commands' node='${node}'>${payload}</command></iq>`,
  );
  const answer = (await client.sync()).at(-1)!;
  const error = answer.child("error");
  if (error !== undefined) return { error: error.elements()[0]!.name };
  const command = answer.child("command", "http://jabber.org/protocol/commands")!;
  const form = parseForm(command.child("x", "jabber:x:data")!)!;
  const values = [...form.values].map(([name, list]) => [name, list[0] ?? ""]);
  return { status: command.attr("status") ?? "", ...Object.fromEntries(values) };
}

const createAccount = "urn:xmpp:invite#create-account";
const inviteContact = "urn:xmpp:invite#invite";
const submit = (fields: Record<string, string>): string =>
  `<x xmlns='jabber:x:data' type='submit'>${Object.entries(fields)
    .map(([name, value]) => `<field var='${name}'><value>${value}</value></field>`)
    .join("")}</x>`;

describe("commands (XEP-0401)", () => {
  test("a user gets a link at once, which makes an account where users may invite", async () => {
    invitationsOf(server.core).servePages((name) => `https://${name}:5280`);
    const romeo = await server.connect(`romeo@${host}/orchard`);
    const answer = await run(romeo, inviteContact);
    expect(answer).toMatchObject({ status: "completed", FORM_TYPE: "urn:xmpp:invite#invitation" });
    const token = /preauth=([0-9a-f]{32});ibr=y$/.exec(answer["uri"]!)![1];
    expect(answer["uri"]).toBe(`xmpp:romeo@${host}?roster;preauth=${token};ibr=y`);
    expect(answer["landing-url"]).toBe(`https://${host}:5280/invite/${token}`);
    expect(Date.parse(answer["expire"]!)).toBe(server.clock.now() + 604_800_000);
  });

  test.each<[string, object, boolean]>([
    ["invite", {}, true],
    ["open", {}, true],
    ["access", {}, false],
    ["closed", {}, false],
    ["invite", { may_register: false }, false],
  ])("in mode %s with %j a user's invite registers: %s", async (mode, options, registers) => {
    await policy({ mode }, options);
    const romeo = await server.connect(`romeo@${host}/orchard`);
    const { uri } = await run(romeo, inviteContact);
    expect(uri!.endsWith(";ibr=y")).toBe(registers);
  });

  test("so many invites of a user wait, and no more; of an admin any number", async () => {
    await policy({}, { max_waiting: 2 });
    const romeo = await server.connect(`romeo@${host}/orchard`);
    for (let count = 0; count < 2; count += 1) expect(await run(romeo, inviteContact)).toHaveProperty("uri");
    expect(await run(romeo, inviteContact)).toEqual({ error: "resource-constraint" });
    const boss = await server.connect(`boss@${host}/desk`);
    for (let count = 0; count < 3; count += 1) expect(await run(boss, inviteContact)).toHaveProperty("uri");
    server.clock.advance(604_800_000);
    expect(await run(romeo, inviteContact)).toHaveProperty("uri");
  });

  test("an admin makes an invite for a name", async () => {
    const boss = await server.connect(`boss@${host}/desk`);
    expect(await run(boss, createAccount)).toMatchObject({ status: "executing", "roster-subscription": "1" });
    const answer = await run(boss, createAccount, submit({ username: "Juliet", "roster-subscription": "true" }));
    expect(answer["uri"]).toMatch(/^xmpp:juliet@capulet\.lit\?register;preauth=[0-9a-f]{32}$/);
    const { items } = await server.stores.invites.list({ state: "open", now: server.clock.now() }, { limit: 5 });
    expect(items).toMatchObject([{ local: "juliet", inviter: `boss@${host}`, maxUses: 1 }]);
    expect(await run(boss, createAccount, submit({ username: "juliet" }))).toEqual({ error: "conflict" });
    expect(await run(boss, createAccount, submit({ username: "romeo" }))).toEqual({ error: "conflict" });
    expect(await run(boss, createAccount, submit({ username: "a@b/c" }))).toEqual({ error: "not-acceptable" });
    const free = await run(boss, createAccount, submit({ username: "" }));
    expect(free["uri"]).toMatch(/^xmpp:capulet\.lit\?register;preauth=/);
  });

  test("users may not, nor anybody while registration is closed", async () => {
    const romeo = await server.connect(`romeo@${host}/orchard`);
    expect(await run(romeo, createAccount, submit({ username: "juliet" }))).toEqual({ error: "forbidden" });
    await policy({ mode: "closed" });
    const boss = await server.connect(`boss@${host}/desk`);
    expect(await run(boss, createAccount, submit({ username: "juliet" }))).toEqual({ error: "not-allowed" });
  });
});

describe("a request that shows a token (XEP-0379)", () => {
  const contactInvite = () =>
    invite({ kind: "contact", inviter: Jid.parse(`romeo@${host}`), registers: false, createdBy: `romeo@${host}` });
  const request = (token: string): string =>
    `<presence type='subscribe' to='romeo@${host}'><preauth xmlns='urn:xmpp:pars:0' token='${token}'/></presence>`;

  test("is approved without asking, and answered with a request", async () => {
    const { token, invite: made } = await contactInvite();
    const nurse = await server.connect(`nurse@${host}/kitchen`);
    nurse.send(`<presence type='subscribed' to='romeo@${host}'/>`);
    nurse.send(request(token));
    await nurse.sync();
    expect(await rosterOf("romeo")).toEqual([`nurse@${host} both`]);
    expect(await rosterOf("nurse")).toEqual([`romeo@${host} both`]);
    expect(await server.stores.invites.uses(made.id, 9)).toMatchObject([{ jid: `nurse@${host}` }]);
  });

  test("is good once, also for the one who has used it", async () => {
    const { token, invite: made } = await contactInvite();
    const nurse = await server.connect(`nurse@${host}/kitchen`);
    nurse.send(request(token));
    nurse.send(request(token));
    await nurse.sync();
    const boss = await server.connect(`boss@${host}/desk`);
    boss.send(request(token));
    await boss.sync();
    expect((await server.stores.invites.find(made.id))?.uses).toBe(1);
    const { requests } = await server.stores.rosters.get(host, "romeo");
    expect(requests.map(({ jid }) => jid)).toEqual([`boss@${host}`]);
  });

  test.each<[string, (token: string) => string]>([
    ["unknown", () => "f".repeat(32)],
    ["malformed", () => "x"],
  ])("with a token that is %s waits for the user like any other", async (_what, change) => {
    const { token, invite: made } = await contactInvite();
    const nurse = await server.connect(`nurse@${host}/kitchen`);
    nurse.send(request(change(token)));
    await nurse.sync();
    expect(await rosterOf("romeo")).toEqual([]);
    expect((await server.stores.rosters.get(host, "romeo")).requests).toHaveLength(1);
    expect((await server.stores.invites.find(made.id))?.uses).toBe(0);
  });

  test("with somebody else's token is not approved", async () => {
    const { token } = await invite({ kind: "contact", inviter: Jid.parse(`boss@${host}`), registers: false });
    const nurse = await server.connect(`nurse@${host}/kitchen`);
    nurse.send(request(token));
    await nurse.sync();
    expect(await rosterOf("romeo")).toEqual([]);
  });
});
