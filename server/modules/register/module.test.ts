import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { RegistrationPolicy } from "../../../lib/contracts/registration-policy.ts";
import { Loader } from "../../core/loader.ts";
import { testServer, type TestServer } from "../../core/testing.ts";
import { RegistrationPasses, registrationPassesOf } from "../../features/registration/passes.ts";
import { registerAccount } from "../../features/registration/register-account.ts";
import { Jid } from "../../xmpp/jid.ts";
import { message } from "../message/module.ts";
import { offline } from "../offline/module.ts";
import { register } from "./module.ts";
import { Visitor } from "./testing.ts";

const host = "bix.org";
let server: TestServer;

async function policy(change: object, more: { watchers?: string[] } = {}): Promise<void> {
  await server.core.policy.change({ author: "x", comment: "", audit: null }, (draft) => {
    draft.accessRules["nobody"] = [];
    draft.registration = RegistrationPolicy.parse({ mode: "open", ...change, ...more });
  });
}

const visit = (address?: string): Visitor => new Visitor(server, host, address);

const log = async () => (await server.stores.registrations.list({ outcome: "all" }, { limit: 100 })).items;

beforeEach(async () => {
  server = await testServer({ modules: [register, message, offline], accounts: ["watcher@bix.org", "romeo@bix.org"] });
});
afterEach(() => server.stop());

describe("the feature is offered to those who could register now", () => {
  test.each<[boolean, object, string, boolean]>([
    [false, { mode: "closed" }, "192.0.2.1", true],
    [true, {}, "192.0.2.1", true],
    [false, {}, "192.0.2.1", false],
    [true, { requireTls: false }, "192.0.2.1", false],
    [false, { networks: [{ action: "deny", cidr: "192.0.2.0/24" }] }, "192.0.2.1", true],
    [true, { networks: [{ action: "deny", cidr: "192.0.2.0/24" }] }, "192.0.3.1", true],
    [false, { mode: "access", accessRule: "nobody" }, "192.0.2.1", true],
    [true, { mode: "access" }, "192.0.2.1", true],
  ])("%s: %j from %s", async (expected, change, address, isSecure) => {
    await policy(change);
    const visitor = visit(address);
    visitor.isSecure = isSecure;
    expect(visitor.isOffered).toBe(expected);
  });

  test("and not again before the timeout", async () => {
    await policy({});
    await visit().register("juliet");
    expect(visit().isOffered).toBe(false);
    expect(visit("192.0.2.2").isOffered).toBe(true);
    server.clock.advance(600_000);
    expect(visit().isOffered).toBe(true);
  });

  test("nor when the network registered somewhere else, as soon as that is known", async () => {
    await policy({});
    const attempt = { host, address: "192.0.2.1", isSecure: true, local: "juliet", password: "correct horse" };
    await registerAccount(server.core, attempt, "web");
    const visitor = visit();
    expect(visitor.isOffered).toBe(true);
    await server.stores.registrations.lastFrom("192.0.2.1/32");
    expect(visitor.isOffered).toBe(false);
  });

  test("nor after a restart", async () => {
    await policy({});
    await visit().register("juliet");
    await server.loader.stop();
    const restarted = new Loader(server.core, [register]);
    await restarted.start();
    expect(visit().isOffered).toBe(false);
    await restarted.stop();
  });
});

describe("where an admin approves", () => {
  const juliet = Jid.parse("juliet@bix.org");
  const standing = () => server.core.accounts.verify(juliet, "correct horse");

  test("the form has room for a word, and the application waits with it", async () => {
    await policy({ mode: "approval", approvalDays: 2 }, { watchers: ["watcher@bix.org"] });
    const visitor = visit();
    expect(visitor.isOffered).toBe(true);
    const form = await visitor.ask("get");
    expect(form).toContain("var='x-application'");
    expect(form).toContain("An admin approves each account");
    const field = (name: string, value: string): string => `<field var='${name}'><value>${value}</value></field>`;
    const filled = `<x xmlns='jabber:x:data' type='submit'>${field("username", "Juliet")}${field("password", "correct horse")}${field("x-application", "I know romeo")}</x>`;
    expect(await visitor.ask("set", filled)).toContain("type='result'");
    expect(await server.stores.applications.find(host, "juliet")).toMatchObject({
      address: "192.0.2.1",
      source: "in-band",
      message: "I know romeo",
      expiresAt: server.clock.now() + 2 * 86_400_000,
    });
    expect(await log()).toMatchObject([{ allowed: true, code: "waiting" }]);
    expect(await server.core.accounts.exists(juliet)).toBe(false);
    const told = await server.stores.offline.read(host, "watcher", 0, 9);
    expect(told.map(({ xml }) => xml).join("")).toContain("juliet@bix.org asks for an account from 192.0.2.1");
  });

  test("the application has the language of the request, or else of the stream", async () => {
    await policy({ mode: "approval", timeout: "infinity" });
    const languageOf = async (local: string) => (await server.stores.applications.find(host, local))?.language;
    await visit().register("juliet");
    expect(await languageOf("juliet")).toBe("");
    const nurse = visit();
    nurse.language = "zh-Hant";
    await nurse.register("nurse");
    expect(await languageOf("nurse")).toBe("zh-Hant");
    for (const [local, given, noted] of [
      ["paris", "it", "it"],
      ["tybalt", "no tag", ""],
    ] as const) {
      const visitor = visit();
      visitor.language = "zh";
      await visitor.ask("set", `<username>${local}</username><password>correct horse</password>`, given);
      expect(await languageOf(local)).toBe(noted);
    }
  });

  test("whoever applied is told so at the login, and nobody without the password", async () => {
    await policy({ mode: "approval" });
    await visit().register("juliet");
    expect(await standing()).toBe("suspended");
    expect(await server.core.accounts.verify(juliet, "wrong horse")).toBe("wrong");
    expect(await server.core.accounts.whyDisabled(juliet)).toBe("The application for this account waits for an admin.");
    await server.stores.applications.deny(host, "juliet", { at: 1, by: "boss", reason: "no room" });
    expect(await standing()).toBe("suspended");
    expect(await server.core.accounts.whyDisabled(juliet)).toBe("The application was refused: no room");
    expect(await server.core.accounts.whyDisabled(Jid.parse("romeo@bix.org"))).toBeUndefined();
  });

  test("the name is held, the network pauses and the queue has an end", async () => {
    await policy({ mode: "approval", approvalLimit: 1 });
    await visit().register("juliet");
    expect(await visit("192.0.2.2").register("juliet")).toMatch(/^conflict: /);
    expect(await visit().register("nurse")).toMatch(/^resource-constraint: .* 600 s/);
    expect(await visit("192.0.2.2").register("nurse")).toMatch(/^resource-constraint: Too many applications/);
    server.clock.advance(15 * 86_400_000);
    expect(await visit("192.0.2.2").register("juliet")).toContain("type='result'");
  });
});

describe("what an admin allows once", () => {
  test("lets one name in from one place, whatever the policy says, and is used up", async () => {
    await policy({ mode: "closed" });
    const passes = registrationPassesOf(server.core);
    expect(visit().isOffered).toBe(false);
    const pass = await passes.add(Jid.parse("juliet@bix.org"), "192.0.2.1", "boss", 60_000);
    expect(pass).toMatchObject({ network: "192.0.2.1/32" });
    expect([visit().isOffered, visit("192.0.2.2").isOffered]).toEqual([true, false]);
    expect(await visit().register("nurse")).toMatch(/^not-allowed: /);
    expect(await visit("192.0.2.2").register("juliet")).toMatch(/^not-allowed: /);
    expect(await visit().register("juliet")).toContain("type='result'");
    expect((await log())[0]).toMatchObject({ code: "allowed", line: "allowed once by boss" });
    expect(visit().isOffered).toBe(false);
    expect(await server.stores.applications.passes()).toEqual([]);
  });

  test("is over in time, and survives a restart until then", async () => {
    await policy({ mode: "closed" });
    const user = Jid.parse("juliet@bix.org");
    await registrationPassesOf(server.core).add(user, "2001:db8::1", "boss", 60_000);
    const later = new RegistrationPasses(server.stores.applications, server.clock);
    await later.recall();
    const attempt = { host, local: "juliet", address: "2001:db8::2" };
    expect(later.permitFor(attempt)).toMatchObject({ by: "boss" });
    server.clock.advance(60_000);
    expect(later.permitFor(attempt)).toBeNull();
    expect(await visit("2001:db8::1").register("juliet")).toMatch(/^not-allowed: /);
  });
});

describe("registering", () => {
  test("shows a form, makes the account and writes it down", async () => {
    await policy({ instructions: "Pick a name." });
    const visitor = visit();
    const form = await visitor.ask("get");
    for (const part of ["<username/>", "<password/>", "Pick a name.", "jabber:x:data"]) expect(form).toContain(part);
    expect(await visitor.register("Juliet")).toContain("type='result'");
    expect(await server.core.accounts.verify(Jid.parse("juliet@bix.org"), "correct horse")).toBe("ok");
    const account = await server.stores.accounts.find(host, "juliet");
    expect(account).toMatchObject({ createdVia: "in-band", createdFrom: "192.0.2.1" });
    expect(await log()).toMatchObject([
      {
        jid: "juliet@bix.org",
        address: "192.0.2.1",
        source: "in-band",
        allowed: true,
        code: "allowed",
        line: "defaultIpv4: allow",
      },
    ]);
  });

  // Psi leaves the form of the type that it came with.
  test.each(["submit", "form"])("by data form of type %s, which goes before the fields", async (type) => {
    await policy({});
    const field = (name: string, value: string): string => `<field var='${name}'><value>${value}</value></field>`;
    const form = `<x xmlns='jabber:x:data' type='${type}'>${field("username", "juliet")}${field("password", "correct horse")}</x>`;
    expect(await visit().ask("set", `${form}<username>other</username>`)).toContain("type='result'");
    expect(await server.core.accounts.exists(Jid.parse("juliet@bix.org"))).toBe(true);
  });

  test("by fields, with the form sent back as it came", async () => {
    await policy({});
    const form = "<x xmlns='jabber:x:data' type='form'><field var='username'/><field var='password'/></x>";
    const fields = "<username>juliet</username><password>correct horse</password>";
    expect(await visit().ask("set", `${fields}${form}`)).toContain("type='result'");
  });

  test.each<[string, object, string, string, string]>([
    ["conflict", {}, "romeo", "correct horse", "exists"],
    ["not-acceptable", {}, "admin", "correct horse", "reserved-name"],
    ["not-acceptable", {}, "a b", "correct horse", "bad-name"],
    ["not-acceptable", {}, "juliet", "short", "weak-password"],
    ["forbidden", { defaultIpv4: "deny" }, "juliet", "correct horse", "network"],
    ["not-allowed", { mode: "closed" }, "juliet", "correct horse", "closed"],
  ])("refused with %s: %j %s", async (condition, change, username, password, code) => {
    await policy(change);
    expect(await visit().register(username, password)).toMatch(new RegExp(`^${condition}: `));
    expect(await log()).toMatchObject([{ allowed: false, code }]);
    expect(await server.core.accounts.exists(Jid.parse("juliet@bix.org"))).toBe(false);
  });

  test.each([
    "",
    "<username>juliet</username>",
    "<username>juliet</username><password/>",
    "<password>correct horse</password>",
  ])("incomplete: %j is not acceptable", async (payload) => {
    await policy({});
    expect(await visit().ask("set", payload)).toMatch(/^not-acceptable: /);
  });

  test("once per network and timeout, whatever the stream, and the error says when", async () => {
    await policy({});
    await visit().register("juliet");
    expect(await visit().register("mercutio")).toMatch(/^resource-constraint: .* 600 s/);
    server.clock.advance(599_000);
    expect(await visit().register("mercutio")).toMatch(/^resource-constraint: .* 1 s/);
    server.clock.advance(1000);
    expect(await visit().register("mercutio")).toContain("type='result'");
  });

  test("of two at once from one network one goes through, and both are written down", async () => {
    await policy({});
    const answers = await Promise.all([visit().register("juliet"), visit().register("mercutio")]);
    expect(answers.filter((answer) => answer.includes("type='result'"))).toHaveLength(1);
    expect((await log()).map((row) => row.code).toSorted()).toEqual(["allowed", "rate-limited"]);
  });

  test("one account per stream; nothing to cancel before login", async () => {
    await policy({});
    const visitor = visit();
    await visitor.register("juliet");
    expect(await visitor.register("mercutio")).toMatch(/^not-acceptable: This stream/);
    expect(await visit().ask("set", "<remove/>")).toMatch(/^unexpected-request: /);
  });

  test.each([["infinity"], [0]])("as many on one stream as from one network: the timeout is %s", async (timeout) => {
    await policy({ timeout });
    const visitor = visit();
    for (const name of ["juliet", "mercutio", "nurse"]) expect(await visitor.register(name)).toContain("type='result'");
  });

  test("a flood of refusals is cut off and fills no log", async () => {
    await policy({});
    for (let count = 0; count < 40; count += 1) await visit().register("admin");
    expect(await visit().register("admin")).toMatch(/^resource-constraint: /);
    expect(await log()).toHaveLength(20);
    expect(await visit("198.51.100.1").register("juliet")).toContain("type='result'");
  });

  test("greets the user and tells the watchers", async () => {
    await policy({ welcome: { subject: "Hi", body: "Welcome to bix." } }, { watchers: ["watcher@bix.org"] });
    await visit().register("juliet");
    const [welcome] = await server.stores.offline.read(host, "juliet", 0, 10);
    expect(welcome).toMatchObject({ from: "bix.org", type: "normal" });
    expect(welcome?.xml).toContain("<subject>Hi</subject><body>Welcome to bix.</body>");
    const [notice] = await server.stores.offline.read(host, "watcher", 0, 10);
    expect(notice?.xml).toContain("juliet@bix.org was registered from 192.0.2.1.");
  });
});

describe("those who are logged in", () => {
  const password = (username: string, value: string): string =>
    `<iq type='set' id='p' to='${host}'><query xmlns='jabber:iq:register'><username>${username}</username><password>${value}</password></query></iq>`;
  const remove = "<iq type='set' id='x'><query xmlns='jabber:iq:register'><remove/></query></iq>";

  test("see that they are registered", async () => {
    const romeo = await server.connect("romeo@bix.org/a");
    romeo.send("<iq type='get' id='g'><query xmlns='jabber:iq:register'/></iq>");
    await romeo.expect(
      "<iq type='result' id='g' to='romeo@bix.org/a'><query xmlns='jabber:iq:register'><registered/><username>romeo</username><password/></query></iq>",
    );
  });

  test("change their password and stay; their other sessions end", async () => {
    await policy({ requireTls: false });
    const romeo = await server.connect("romeo@bix.org/a");
    const other = await server.connect("romeo@bix.org/b");
    romeo.send(password("romeo", "a new password"));
    await romeo.expect("<iq type='result' id='p' from='bix.org' to='romeo@bix.org/a'/>");
    expect(other.closedWith?.condition).toBe("reset");
    expect(await server.core.accounts.verify(Jid.parse("romeo@bix.org"), "a new password")).toBe("ok");
  });

  test.each([
    ["not-authorized", {}, "romeo", "a new password"],
    ["not-allowed", { mayChangePassword: false }, "romeo", "a new password"],
    ["bad-request", { requireTls: false }, "watcher", "a new password"],
    ["bad-request", { requireTls: false }, "romeo", ""],
    ["not-acceptable", { requireTls: false }, "romeo", "short"],
  ])("%s: %j %s %s", async (condition, change, username, value) => {
    await policy(change);
    const romeo = await server.connect("romeo@bix.org/a");
    romeo.send(password(username, value));
    const [answer] = await romeo.sync();
    expect(answer?.child("error")?.payload?.name).toBe(condition);
  });

  test("cancel: the answer leaves, then the streams end and the account is gone", async () => {
    const romeo = await server.connect("romeo@bix.org/a");
    const other = await server.connect("romeo@bix.org/b");
    romeo.send(remove);
    const [answer] = await romeo.take(1);
    expect(answer?.type).toBe("result");
    expect([romeo.closedWith?.condition, other.closedWith?.condition]).toEqual(["not-authorized", "not-authorized"]);
    expect(await server.core.accounts.exists(Jid.parse("romeo@bix.org"))).toBe(false);
  });

  test("an admin does not cancel in passing, and nobody takes the name of one", async () => {
    await policy({});
    await server.core.policy.change({ author: "x", comment: "", audit: null }, (draft) => {
      draft.acl["admin"] = [{ user: "romeo@bix.org" }, { user: "later@bix.org" }];
      draft.accessRules["configure"] = [{ allow: [{ acl: "admin" }, { ip: "10.0.0.0/8" }] }];
    });
    const romeo = await server.connect("romeo@bix.org/a");
    romeo.send(remove);
    expect((await romeo.sync())[0]?.child("error")?.payload?.name).toBe("not-allowed");
    expect(await visit().register("later")).toMatch(/^not-acceptable: This name is reserved/);
  });

  test("cancel, but not when the policy forbids it, nor for others", async () => {
    await policy({ mayCancel: false });
    const romeo = await server.connect("romeo@bix.org/a");
    romeo.send(remove);
    romeo.send(remove.replace("id='x'", "id='y' to='watcher@bix.org'"));
    const answers = await romeo.sync();
    expect(answers.map((answer) => answer.child("error")?.payload?.name)).toEqual(["not-allowed", "forbidden"]);
  });
});
