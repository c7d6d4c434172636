import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { registerAccount } from "../features/registration/register-account.ts";
import { Jid } from "../xmpp/jid.ts";
import { adminTestServer, boss, warden, type AdminTestServer } from "./testing.ts";

const api = "/api/v1/registration";
let server: AdminTestServer;
let as: Record<string, string>;

beforeEach(async () => {
  server = await adminTestServer();
  as = await server.signIn(boss);
  await server.core.policy.change({ author: boss, comment: "", audit: null }, (draft) => {
    draft.registration = { ...draft.registration, mode: "approval", timeout: "infinity" };
  });
});
afterEach(() => server.stop());

const apply = (jid: string, message = "", language?: string) => {
  const { local, domain: host } = Jid.parse(jid);
  const attempt = { host, local, address: "192.0.2.1", isSecure: true, password: "correct horse", message, language };
  return registerAccount(server.core, attempt, "web");
};
const listed = async (query = "", by = as) =>
  (await server.ask("GET", `${api}/applications?${query}`, { as: by })).body as {
    items: { jid: string; denied: object | null }[];
    total: number;
  };
const decide = (verb: "approve" | "deny", body: object, by = as) =>
  server.ask("POST", `${api}/applications/${verb}`, { as: by, body });

describe("applications", () => {
  test("are listed with what was written, and approved together, once", async () => {
    await apply("juliet@a.example", "I know romeo");
    await apply("romeo@a.example");
    expect(await listed()).toMatchObject({
      total: 2,
      items: [
        { jid: "juliet@a.example", message: "I know romeo", source: "web", address: "192.0.2.1", denied: null },
        { jid: "romeo@a.example" },
      ],
    });
    const jids = ["juliet@a.example", "romeo@a.example", "nobody@a.example"];
    expect((await decide("approve", { jids })).body).toEqual({
      done: 2,
      failed: [{ jid: "nobody@a.example", code: "not-found" }],
    });
    expect(await server.core.accounts.verify(Jid.parse("juliet@a.example"), "correct horse")).toBe("ok");
    expect(await listed()).toMatchObject({ total: 0, items: [] });
    const { items } = await server.stores.admin.auditList({ action: "registration.approve" }, { limit: 9 });
    expect(items).toMatchObject([{ actor: boss, object: "3 accounts", result: "done" }]);
  });

  test("have their name until they are decided on", async () => {
    const holder = async () =>
      (await server.ask("GET", "/api/v1/users/name?local=Juliet&host=a.example", { as })).body["holder"];
    expect(await holder()).toBeNull();
    await apply("juliet@a.example");
    expect(await holder()).toBe("application");
    await decide("deny", { jids: ["juliet@a.example"], reason: "" });
    expect(await holder()).toBeNull();
  });

  test("are refused with a reason, which the audit trail keeps, too", async () => {
    await apply("juliet@a.example");
    expect((await decide("deny", { jids: ["juliet@a.example"], reason: "no room" })).body).toMatchObject({ done: 1 });
    expect((await listed("state=denied")).items).toMatchObject([
      { jid: "juliet@a.example", denied: { by: boss, reason: "no room" } },
    ]);
    expect((await decide("approve", { jids: ["juliet@a.example"] })).body).toMatchObject({ done: 0 });
    const { items } = await server.stores.admin.auditList({ action: "registration.deny" }, { limit: 9 });
    expect(items).toMatchObject([{ object: "juliet@a.example" }]);
    expect(items[0]?.detail).toContain("no room");
  });

  test("are told by name and host what was decided, and a name that looks like a placeholder stays one", async () => {
    const jids = ["{host}@a.example", "nurse@a.example"];
    for (const jid of jids) await apply(jid);
    const reason = "{name} is no name on {host}, {nickname}.";
    expect((await decide("deny", { jids, reason })).body).toMatchObject({ done: 2 });
    const told = await Promise.all(jids.map((jid) => server.core.accounts.whyDisabled(Jid.parse(jid))));
    expect(told).toEqual([
      "The application was refused: {host} is no name on a.example, {nickname}.",
      "The application was refused: nurse is no name on a.example, {nickname}.",
    ]);
  });

  test("are left a message when they are approved with a text, and none without", async () => {
    const left: string[] = [];
    server.core.hosts.get("a.example")!.hooks.add("test", "message/bare", ({ stanza }) => {
      left.push(`${stanza.from} ${stanza.to} ${stanza.type}: ${stanza.childText("body")}`);
      return "handled";
    });
    await apply("juliet@a.example");
    await apply("romeo@a.example");
    await decide("approve", { jids: ["juliet@a.example"], text: "Hello {name},\nbe nice on {host} & elsewhere." });
    await decide("approve", { jids: ["romeo@a.example"] });
    expect(left).toEqual(["a.example juliet@a.example normal: Hello juliet,\nbe nice on a.example & elsewhere."]);
  });

  test("are told no more than 2,000 characters, however long the name is", async () => {
    const local = "x".repeat(1000);
    await apply(`${local}@a.example`);
    const reason = "{name}".repeat(100);
    expect((await decide("deny", { jids: [`${local}@a.example`], reason })).body).toMatchObject({ done: 1 });
    expect((await server.stores.applications.find("a.example", local))?.denied?.reason).toHaveLength(2000);
    const tooLong = { jids: [`${local}@a.example`], reason: "x".repeat(1001) };
    expect((await decide("deny", tooLong)).status).toBe(400);
  });

  test("are those of one's own hosts", async () => {
    await apply("juliet@a.example");
    await apply("juliet@b.example");
    const held = await server.signIn(warden);
    expect((await listed("", held)).items.map(({ jid }) => jid)).toEqual(["juliet@a.example"]);
    expect((await decide("approve", { jids: ["juliet@b.example"] }, held)).status).toBe(403);
    expect((await listed()).items).toHaveLength(2);
  });

  test("that wait are something to look at", async () => {
    await apply("juliet@a.example");
    const { body } = await server.ask("GET", "/api/v1/overview", { as });
    expect(body["attention"]).toContainEqual(
      expect.objectContaining({ code: "applications-waiting", severity: "warning", value: "1" }),
    );
  });
});

describe("templates", () => {
  const template = (name: string, text = "Welcome, {name}.") => ({ name, outcome: "approve", texts: { en: text } });
  const ofHost = (host: string, by = as) => server.ask("GET", `${api}/templates?host=${host}`, { as: by });
  const set = async (host: string, templates: readonly object[], by = as) => {
    const { registration } = server.core.policy.document;
    return server.ask("PUT", api, { as: by, body: { host, policy: { ...registration, templates } } });
  };

  test("are the host's, or else the default's, and a revision each", async () => {
    const { document } = server.core.policy;
    const policy = { ...document.registration, templates: [template("everywhere")] };
    expect((await server.ask("PUT", api, { as, body: { policy } })).status).toBe(200);
    expect((await ofHost("a.example")).body).toEqual({ items: [template("everywhere")] });
    expect((await set("a.example", [template("here")])).status).toBe(200);
    expect((await ofHost("a.example")).body).toEqual({ items: [template("here")] });
    expect((await ofHost("b.example")).body).toEqual({ items: [template("everywhere")] });
    const { items } = await server.stores.admin.auditList({ action: "registration.set" }, { limit: 9 });
    expect(items.map(({ object }) => object)).toEqual(["a.example", "all hosts"]);
    expect(items[0]?.detail).toContain("Welcome, {name}.");
  });

  test.each<[string, readonly object[], string]>([
    ["51 of them", Array.from({ length: 51 }, (_, index) => template(`t${index}`)), "policy.templates"],
    ["a name of 65 characters", [template("x".repeat(65))], "policy.templates[0].name"],
    ["no name", [template(" ")], "policy.templates[0].name"],
    ["a text of 1,001 characters", [template("t", "x".repeat(1001))], "policy.templates[0].texts.en"],
    ["no text", [template("t", "")], "policy.templates[0].texts.en"],
    ["texts of no language", [{ ...template("t"), texts: {} }], "policy.templates[0].texts"],
    ["a language that is none", [{ ...template("t"), texts: { "zh CN": "No." } }], "policy.templates[0].texts"],
    ["the text of 0.1", [{ name: "t", outcome: "approve", text: "No." }], "policy.templates[0].texts"],
    ["another outcome", [{ ...template("t"), outcome: "later" }], "policy.templates[0].outcome"],
  ])("are refused with %s", async (_what, templates, path) => {
    const answer = await set("a.example", templates);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(path);
  });

  test("tell all of them at once, each in their language, and the first where there is none in it", async () => {
    const texts = { de: "Kein Platz, {name}.", "zh-CN": "{name}，{host} 没有空位。", en: "No room, {name}." };
    expect((await set("a.example", [{ name: "full", outcome: "deny", texts }])).status).toBe(200);
    const languages = { ann: "en-GB", bei: "zh-Hans", cy: "cy", dan: "DE", eve: undefined };
    for (const [local, language] of Object.entries(languages)) await apply(`${local}@a.example`, "", language);
    expect((await listed()).items).toMatchObject([
      { language: "en-GB" },
      { language: "zh-Hans" },
      { language: "cy" },
      { language: "DE" },
      { language: "" },
    ]);
    const jids = Object.keys(languages).map((local) => `${local}@a.example`);
    expect((await decide("deny", { jids, reason: "not told", template: "full" })).body).toMatchObject({ done: 5 });
    const told = await Promise.all(jids.map((jid) => server.core.accounts.whyDisabled(Jid.parse(jid))));
    expect(told).toEqual(
      ["No room, ann.", "bei，a.example 没有空位。", "Kein Platz, cy.", "Kein Platz, dan.", "Kein Platz, eve."].map(
        (reply) => `The application was refused: ${reply}`,
      ),
    );
  });

  test("are told by a name that each of the hosts has, for what is decided, or nothing is", async () => {
    expect((await set("a.example", [template("welcome")])).status).toBe(200);
    const jids = ["juliet@a.example", "juliet@b.example"];
    for (const jid of jids) await apply(jid);
    const refusal = { errors: [{ path: "template", reason: "no-reply-template", values: { host: "b.example" } }] };
    expect(await decide("approve", { jids, template: "welcome" })).toMatchObject({ status: 400, body: refusal });
    expect((await decide("deny", { jids: jids.slice(0, 1), template: "welcome" })).status).toBe(400);
    expect((await listed()).items).toHaveLength(2);
  });

  test("are as many and as long as is said, and differ in their names", async () => {
    const most = Array.from({ length: 50 }, (_, index) => template(`${index}`.padStart(64, "x"), "x".repeat(1000)));
    expect((await set("a.example", most)).status).toBe(200);
    expect((await ofHost("a.example")).body).toEqual({ items: most });
    const same = await set("a.example", [template("t"), { ...template("t"), outcome: "deny" }]);
    expect([same.status, JSON.stringify(same.body)]).toEqual([
      422,
      expect.stringContaining("Two templates are called t."),
    ]);
  });

  test("are written by those who write the policy, and read by those who see the applications, on their hosts", async () => {
    expect((await set("a.example", [template("here")])).status).toBe(200);
    const helper = await server.key(["users:read", "users:write"], { hosts: ["a.example"] });
    expect((await ofHost("a.example", helper)).body).toEqual({ items: [template("here")] });
    expect((await ofHost("b.example", helper)).status).toBe(403);
    expect((await set("a.example", [], helper)).body).toMatchObject({ code: "forbidden", permission: "policy:write" });
    const writer = await server.key(["policy:read", "policy:write"], { hosts: ["a.example"] });
    expect((await ofHost("a.example", writer)).status).toBe(403);
    expect((await set("b.example", [], writer)).status).toBe(403);
    expect((await set("a.example", [], writer)).status).toBe(200);
    expect((await ofHost("nowhere.example")).status).toBe(404);
  });
});

test("decisions of a day are counted by the line that decided", async () => {
  await apply("juliet@a.example");
  await apply("romeo@a.example");
  await apply("admin@b.example");
  const hits = async (query = "", by = as) => (await server.ask("GET", `${api}/hits${query}`, { as: by })).body;
  expect(await hits()).toEqual({
    allowed: 2,
    denied: 1,
    lines: [
      { line: "mode: approval, defaultIpv4: allow", allowed: true, count: 2 },
      { line: "reservedNames: admin", allowed: false, count: 1 },
    ],
  });
  expect(await hits("", await server.signIn(warden))).toMatchObject({ allowed: 2, denied: 0 });
  server.clock.advance(86_400_001);
  as = await server.signIn(boss);
  expect(await hits()).toEqual({ allowed: 0, denied: 0, lines: [] });
});

test("the log is asked about one name", async () => {
  await apply("juliet@a.example");
  await apply("admin@a.example");
  const { body } = await server.ask("GET", `${api}/log?jid=admin%40a.example`, { as });
  expect(body["items"]).toMatchObject([{ jid: "admin@a.example", verdict: { code: "reserved-name" } }]);
});

describe("what is allowed once", () => {
  test("is listed, seen by the tester, used and gone", async () => {
    await server.core.policy.change({ author: boss, comment: "", audit: null }, (draft) => {
      draft.registration.mode = "closed";
    });
    const body = { jid: "juliet@a.example", address: "192.0.2.1", minutes: 5 };
    const pass = await server.ask("POST", `${api}/passes`, { as, body });
    expect(pass.body).toMatchObject({ jid: "juliet@a.example", network: "192.0.2.1/32", createdBy: boss });
    const asked = { host: "a.example", address: "192.0.2.1", local: "juliet" };
    expect((await server.ask("POST", `${api}/test`, { as, body: asked })).body).toMatchObject({
      allowed: true,
      line: `allowed once by ${boss}`,
    });
    expect(await apply("nurse@a.example")).toMatchObject({ code: "closed" });
    expect(await apply("juliet@a.example")).toMatchObject({ code: "allowed" });
    expect((await server.ask("GET", `${api}/passes`, { as })).body).toEqual({ items: [] });
  });

  test("is taken back by those who administer its host", async () => {
    const body = { jid: "juliet@b.example", address: "2001:db8::1" };
    const { body: pass } = await server.ask("POST", `${api}/passes`, { as, body });
    expect(pass).toMatchObject({ network: "2001:db8::/64" });
    const held = await server.signIn(warden);
    const id = String(pass["id"]);
    expect((await server.ask("GET", `${api}/passes`, { as: held })).body).toEqual({ items: [] });
    expect((await server.ask("DELETE", `${api}/passes/${id}`, { as: held })).status).toBe(403);
    expect((await server.ask("DELETE", `${api}/passes/${id}`, { as })).status).toBe(200);
    expect((await server.ask("DELETE", `${api}/passes/${id}`, { as })).status).toBe(404);
  });

  test("needs an address", async () => {
    const body = { jid: "juliet@a.example", address: "home" };
    expect((await server.ask("POST", `${api}/passes`, { as, body })).status).toBe(400);
  });
});
