import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { RegistrationPolicy } from "../../lib/contracts/registration-policy.ts";
import { testServer, type TestServer } from "../core/testing.ts";
import type { InviteDraft, MadeInvite } from "../features/invitations.ts";
import { makeInvite } from "../features/testing-invitations.ts";
import { roster } from "../modules/roster/module.ts";
import { Jid } from "../xmpp/jid.ts";
import { AccountPages } from "./pages.ts";

const host = "capulet.lit";
const password = "correct horse battery";

let server: TestServer;
let http: Server;
let origin: string;
let address: string;
let isSecure: boolean;
let ended: string[];

async function policy(change: object): Promise<void> {
  await server.core.policy.change({ author: "x", comment: "", audit: null, force: true }, (draft) => {
    draft.registration = RegistrationPolicy.parse({ mode: "invite", ...change });
  });
}

beforeEach(async () => {
  server = await testServer({ modules: [roster], hosts: [host] });
  for (const name of ["romeo", "nurse"])
    await server.core.accounts.create({ user: Jid.of(name, host), password, via: "cli" });
  address = "192.0.2.1";
  isSecure = true;
  ended = [];
  const pages = new AccountPages({
    core: server.core,
    visitorOf: () => ({ address, isSecure }),
    endConsoleSessions: (user) => Promise.resolve(void ended.push(user.bare)),
  });
  http = createServer((request, response) => void pages.handle(request, response, request.url ?? "/"));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  await policy({});
});
afterEach(async () => {
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
  await server.stop();
});

const make = (draft: Partial<InviteDraft> = {}) => makeInvite(server.core, { host, ...draft });
const reset = (local = "romeo") => make({ kind: "reset", local, registers: false });

interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}
async function look(path: string, headers: Record<string, string> = {}): Promise<Page> {
  const response = await fetch(origin + path, { headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
async function send(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Page> {
  const body = new URLSearchParams(fields);
  const response = await fetch(origin + path, { method: "POST", body, headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
const account = (username: string, more: object = {}) => ({ username, password, again: password, ...more });
const works = (name: string, word = password) => server.core.accounts.verify(Jid.of(name, host), word);
const decisions = async () =>
  (await server.stores.registrations.list({ outcome: "all" }, { limit: 50 })).items.map(
    ({ source, code, jid, address: from }) => `${source} ${code} ${jid} ${from}`,
  );

describe("the page of an invite", () => {
  test("shows who invites, the link for the app, a code to scan and a form", async () => {
    const { token, invite } = await make({ kind: "contact", inviter: Jid.of("romeo", host) });
    const page = await look(`/invite/${token}`, { "user-agent": "Mozilla/5.0 (Linux; Android 16)" });
    expect(page.status).toBe(200);
    expect(page.text).toContain(`<h1>romeo@${host} invites you to chat</h1>`);
    expect(page.text).toContain(`href="xmpp:romeo@${host}?roster;preauth=${token};ibr=y"`);
    expect(page.text).toContain("<svg");
    expect(page.text).toContain("Conversations");
    expect(page.text).not.toContain("Monal");
    expect(page.text).toContain(`<form method="post">`);
    expect((await server.stores.invites.find(invite.id))?.openedAt).toBe(server.clock.now());
  });

  test("makes the account, once, and both become contacts", async () => {
    const { token } = await make({ inviter: Jid.of("romeo", host) });
    const page = await send(`/invite/${token}`, account("Juliet"));
    expect(page.status).toBe(200);
    expect(page.text).toContain(`Welcome, juliet@${host}`);
    expect(await works("juliet")).toBe("ok");
    const find = await server.stores.accounts.find(host, "juliet");
    expect(find).toMatchObject({ createdVia: "web", createdFrom: "192.0.2.1" });
    expect((await server.stores.rosters.get(host, "juliet")).items).toMatchObject([
      { jid: `romeo@${host}`, subscription: "both" },
    ]);
    expect((await send(`/invite/${token}`, account("mercutio"))).status).toBe(410);
    expect(await decisions()).toEqual([`web allowed juliet@${host} 192.0.2.1`]);
  });

  test("makes one account of two that are sent at the same moment", async () => {
    const { token } = await make();
    const pages = await Promise.all(["juliet", "mercutio"].map((name) => send(`/invite/${token}`, account(name))));
    expect(pages.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 403]);
    expect(await server.stores.accounts.count(host)).toBe(3);
  });

  test("keeps to the name that the invite is for", async () => {
    const { token } = await make({ local: "juliet" });
    expect((await look(`/invite/${token}`)).text).toMatch(/value="juliet" readonly/);
    expect((await send(`/invite/${token}`, account("mercutio"))).status).toBe(200);
    expect(await works("juliet")).toBe("ok");
    expect(await works("mercutio")).toBe("wrong");
  });

  test("has no form where the invite makes no accounts, or the policy lets nobody", async () => {
    const { token } = await make({ kind: "contact", inviter: Jid.of("romeo", host), registers: false });
    expect((await look(`/invite/${token}`)).text).not.toContain("<form");
    expect((await send(`/invite/${token}`, account("juliet"))).text).not.toContain("Welcome");
    const other = await make();
    await policy({ mode: "closed" });
    expect((await look(`/invite/${other.token}`)).text).not.toContain("<form");
    expect((await send(`/invite/${other.token}`, account("juliet"))).status).toBe(403);
    expect(await works("juliet")).toBe("wrong");
  });

  test.each<[string, (made: MadeInvite) => Promise<unknown> | void, number, string]>([
    ["expired", () => server.clock.advance(60_000), 410, "limited time"],
    ["revoked", ({ invite }) => server.stores.invites.revoke(invite.id, 1), 410, "taken back"],
    ["used", ({ invite }) => server.stores.invites.use(invite.id, "x", 1), 410, "been used"],
  ])("of an invite that is %s says so", async (_state, change, status, text) => {
    const made = await make();
    await change(made);
    for (const page of [await look(`/invite/${made.token}`), await send(`/invite/${made.token}`, account("juliet"))]) {
      expect(page.status).toBe(status);
      expect(page.text).toContain(text);
    }
    expect(await works("juliet")).toBe("wrong");
  });

  test.each(["/invite", "/invite/", "/invite/x/y", `/invite/${"0".repeat(32)}`, "/reset/x", "/register/"])(
    "there is none at %s",
    async (path) => {
      expect((await look(path)).status).toBe(404);
    },
  );

  test("guessing tokens is throttled, and the right one with it, until a minute has passed", async () => {
    const { token } = await make();
    for (let guess = 0; guess < 20; guess += 1) await look(`/invite/${guess.toString().padStart(32, "0")}`);
    const page = await look(`/invite/${token}`);
    expect(page.status).toBe(429);
    expect(page.headers.get("retry-after")).toBe("60");
    address = "192.0.2.2";
    expect((await look(`/invite/${token}`)).status).toBe(200);
    address = "192.0.2.1";
    server.clock.advance(30_000);
    expect((await look(`/invite/${token}`)).status).toBe(200);
  });
});

describe("registration", () => {
  test("obeys the policy that in-band registration obeys, and is written down", async () => {
    await policy({ mode: "open", reservedNames: ["boss"] });
    expect((await look(`/register/${host}`)).text).toContain(`<h1>Make an account on ${host}</h1>`);
    expect((await send(`/register/${host}`, account("boss"))).text).toContain("reserved");
    expect((await send(`/register/${host}`, account("romeo"))).text).toContain("taken");
    expect((await send(`/register/${host}`, account("juliet"))).status).toBe(200);
    const second = await send(`/register/${host}`, account("mercutio"));
    expect(second.status).toBe(429);
    expect(second.text).toContain("600 s");
    expect((await look(`/register/${host}`)).headers.get("retry-after")).toBe("600");
    expect(await decisions()).toEqual([
      `web rate-limited mercutio@${host} 192.0.2.1`,
      `web allowed juliet@${host} 192.0.2.1`,
      `web exists romeo@${host} 192.0.2.1`,
      `web reserved-name boss@${host} 192.0.2.1`,
    ]);
  });

  test.each<[string, object, Record<string, string>, number, string]>([
    ["two passwords", {}, account("juliet", { again: "other" }), 400, "not the same"],
    ["no password", {}, account("juliet", { password: "", again: "" }), 400, "Type a password"],
    ["no name", {}, account(" "), 400, "Type a user name"],
    ["a weak password", {}, account("juliet", { password: "abc", again: "abc" }), 403, "too weak"],
    ["a bad name", {}, account("a@b"), 403, "cannot be used"],
    [
      "a blocked network",
      { networks: [{ action: "deny", cidr: "192.0.2.0/24" }] },
      account("juliet"),
      403,
      "from here",
    ],
    ["no invite", { mode: "invite" }, account("juliet"), 403, "invitation"],
    ["nobody", { mode: "closed" }, account("juliet"), 403, "does not let"],
  ])("with %s is refused, with the name still in the form", async (_what, change, fields, status, text) => {
    await policy({ mode: "open", ...change });
    const page = await send(`/register/${host}`, fields);
    expect(page.status).toBe(status);
    expect(page.text).toContain(text);
    expect(page.text).toContain(`value="${fields["username"]!.trim()}"`);
    expect(page.text).not.toContain(password);
    expect(await works("juliet")).toBe("wrong");
  });

  test("is for encrypted connections", async () => {
    await policy({ mode: "open" });
    isSecure = false;
    expect((await look(`/register/${host}`)).status).toBe(403);
    expect((await send(`/register/${host}`, account("juliet"))).text).toContain("https");
  });

  test("of another server's host, or of none, is not here", async () => {
    await policy({ mode: "open" });
    for (const name of ["montague.lit", "a%40b", "__proto__"])
      expect((await look(`/register/${name}`)).status).toBe(404);
  });

  test("many refused forms are not looked at any more", async () => {
    await policy({ mode: "open" });
    for (let count = 0; count < 20; count += 1) await send(`/register/${host}`, account("romeo"));
    expect((await send(`/register/${host}`, account("juliet"))).status).toBe(429);
    expect(await works("juliet")).toBe("wrong");
    expect(await decisions()).toHaveLength(20);
  });

  test.each<[string, Record<string, string>]>([
    ["another site", { "sec-fetch-site": "cross-site" }],
    ["a sister site", { "sec-fetch-site": "same-site" }],
    ["another origin", { origin: "https://evil.example" }],
    ["no origin", { origin: "null" }],
  ])("a form of %s is refused", async (_what, headers) => {
    await policy({ mode: "open" });
    expect((await send(`/register/${host}`, account("juliet"), headers)).status).toBe(403);
    expect(await works("juliet")).toBe("wrong");
    expect((await send(`/register/${host}`, account("juliet"), { origin })).status).toBe(200);
  });

  test("takes forms only, and none that is too long", async () => {
    await policy({ mode: "open" });
    const json = await fetch(`${origin}/register/${host}`, { method: "POST", body: JSON.stringify(account("juliet")) });
    expect(json.status).toBe(400);
    for (const length of [9_000, 3_000_000]) {
      const long = await send(`/register/${host}`, account("juliet", { extra: "x".repeat(length) }));
      expect(long.status).toBe(400);
    }
    const put = await fetch(`${origin}/register/${host}`, { method: "PUT", body: "x" });
    expect(put.status).toBe(405);
  });
});

describe("a password reset", () => {
  test("sets the password once, ends sessions and makes other links worthless", async () => {
    const { token } = await reset();
    const romeo = await server.connect(`romeo@${host}/orchard`);
    expect((await look(`/reset/${token}`)).text).toContain(`A new password for romeo@${host}`);
    const page = await send(`/reset/${token}`, { password: "another good one", again: "another good one" });
    expect(page.status).toBe(200);
    expect(await works("romeo", "another good one")).toBe("ok");
    expect(await works("romeo")).toBe("wrong");
    expect(romeo.closedWith?.condition).toBe("reset");
    expect(ended).toEqual([`romeo@${host}`]);
    expect((await send(`/reset/${token}`, { password, again: password })).status).toBe(410);
    expect(await works("romeo", "another good one")).toBe("ok");
  });

  test("works once when it is sent twice at the same moment", async () => {
    const { token } = await reset();
    const words = ["first good word", "second good word"];
    const pages = await Promise.all(words.map((word) => send(`/reset/${token}`, { password: word, again: word })));
    expect(pages.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 410]);
    const winner = words[pages.findIndex(({ status }) => status === 200)]!;
    expect(await works("romeo", winner)).toBe("ok");
  });

  test.each<[string, Record<string, string>, string]>([
    ["too weak", { password: "abc", again: "abc" }, "too weak"],
    ["the name", { password: "romeo", again: "romeo" }, "too weak"],
    ["two", { password: "abcdefgh", again: "abcdefgi" }, "not the same"],
  ])("with a password that is %s is asked again, and the link stays good", async (_what, fields, text) => {
    const { token } = await reset();
    expect((await send(`/reset/${token}`, fields)).text).toContain(text);
    expect((await send(`/reset/${token}`, { password: "abcdefgh", again: "abcdefgh" })).status).toBe(200);
  });

  test("is worthless once the password was changed otherwise, or a later link was made", async () => {
    const first = await reset();
    const second = await reset();
    expect((await look(`/reset/${first.token}`)).status).toBe(410);
    await server.core.accounts.changePassword(Jid.of("romeo", host), "changed by hand");
    expect((await look(`/reset/${second.token}`)).status).toBe(410);
    const third = await reset();
    server.clock.advance(60_000);
    expect((await send(`/reset/${third.token}`, { password, again: password })).text).toContain("limited time");
  });

  test("opens no invite, and an invite no reset", async () => {
    const [link, invite] = [await reset(), await make()];
    expect((await look(`/invite/${link.token}`)).status).toBe(404);
    expect((await look(`/reset/${invite.token}`)).status).toBe(404);
  });
});

describe("every page", () => {
  test("forbids scripts, frames and foreign forms, and is kept nowhere", async () => {
    const { token } = await make();
    for (const path of [`/invite/${token}`, `/register/${host}`, "/reset/x"]) {
      const { headers, text } = await look(path);
      const csp = headers.get("content-security-policy") ?? "";
      expect(csp).toContain("default-src 'none'");
      expect(csp).toContain("form-action 'self'");
      expect(csp).toContain("frame-ancestors 'none'");
      expect(csp).not.toContain("unsafe");
      expect(text).not.toMatch(/<script|\son\w+=|style="/i);
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("referrer-policy")).toBe("same-origin");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
  });

  test.each([
    ["zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"],
    ["en-GB,en;q=0.9,zh;q=0.8", "en"],
    ["de", "en"],
    ["fr;q=0.9, zh-TW;q=0.5, en;q=0.1", "zh-CN"],
  ])("for %s is in %s", async (accepted, lang) => {
    const { text } = await look("/invite/x", { "accept-language": accepted });
    expect(text).toContain(`<html lang="${lang}">`);
    expect(text.includes("此链接无效")).toBe(lang === "zh-CN");
  });

  test("escapes what it is given", async () => {
    await policy({ mode: "open" });
    const name = `"><script>alert(1)</script>&'`;
    const { text } = await send(`/register/${host}`, account(name, { again: "x" }));
    expect(text).not.toContain("<script");
    expect(text).toContain("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;&#39;");
  });

  test("that fails tells nobody why, and the log not which", async () => {
    const { token } = await make();
    await server.stores.close();
    const page = await look(`/invite/${token}`);
    expect(page.status).toBe(500);
    expect(page.text).toContain("Try again later");
    const logged = JSON.stringify(server.complaints);
    expect(logged).toContain("a page failed");
    expect(logged).not.toContain(token);
  });
});
