import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HostPolicy } from "../../lib/contracts/policy.ts";
import { ExportPart } from "../../lib/contracts/portability.ts";
import { Import } from "../admin/portability/import.ts";
import { adminTestServer, type AdminTestServer, boss, passwordOf, user, warden } from "../admin/testing.ts";
import { Jid } from "../xmpp/jid.ts";
import { archive } from "./archive/module.ts";
import { blocking } from "./blocking/module.ts";
import { disco } from "./disco/module.ts";
import { message } from "./message/module.ts";
import { offline } from "./offline/module.ts";
import { presence } from "./presence/module.ts";
import { privateXml } from "./private.ts";
import { pep } from "./pubsub/pep.ts";
import { roster } from "./roster/module.ts";
import { vcard } from "./vcard.ts";

const api = "/api/v1/data";
const NS = "urn:xmpp:pie:0";
let server: AdminTestServer;
let as: Record<string, string>;

const open = (): Promise<AdminTestServer> =>
  adminTestServer({
    modules: [disco, roster, blocking, presence, message, archive, offline, pep, vcard, privateXml],
    policy(draft) {
      draft.acl["admin"] = [{ user: boss }];
      for (const host of ["a.example", "b.example"]) draft.hosts[host] ??= HostPolicy.parse({});
      draft.hosts["a.example"]!.accessRules["configure"] = {
        inherit: "append",
        lines: [{ allow: [{ user: warden }] }],
      };
    },
  });
beforeEach(async () => {
  server = await open();
  as = await server.signIn(boss);
});
afterEach(() => server.stop());

interface Report {
  readonly id: string;
  readonly state: string;
  readonly error: string | null;
  readonly accounts: Record<string, number>;
  readonly items: Record<string, number>;
  readonly withoutPassword: number;
  readonly unknown: Record<string, number>;
  readonly problems: { jid: string; reason: string }[];
}

async function exported(body: object): Promise<string> {
  let part = ExportPart.parse((await server.ask("POST", `${api}/export`, { as, body })).body);
  let text = part.text;
  while (part.next !== null) {
    const path = `${api}/export/${part.id}?next=${encodeURIComponent(part.next)}`;
    part = ExportPart.parse((await server.ask("GET", path, { as })).body);
    text += part.text;
  }
  expect(part.accounts).toBe(text.match(/<user /g)!.length);
  return text;
}

async function imported(xml: string, wishes: object = {}, piece = 500): Promise<Report> {
  const { body } = await server.ask("POST", `${api}/import`, { as, body: wishes });
  const id = String(body["id"]);
  for (let at = 0; at < xml.length; at += piece) {
    const part = await server.ask("POST", `${api}/import/${id}/part`, {
      as,
      body: { text: xml.slice(at, at + piece) },
    });
    if (part.body["state"] !== "receiving") break;
  }
  const ended = await server.ask("POST", `${api}/import/${id}/end`, { as, body: {} });
  return ended.body as unknown as Report;
}

const pie = (users: string, host = "b.example"): string =>
  `<?xml version='1.0' encoding='UTF-8'?><server-data xmlns='${NS}'><host jid='${host}'>${users}</host></server-data>`;

/** An account with some of everything. */
async function furnish(): Promise<void> {
  const { stores } = server;
  const client = await server.connect(`${user}/desk`);
  client.send("<presence/>");
  client.send(
    "<iq type='set' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:x'><item id='i1'><thing xmlns='urn:x'>1 &lt; 2</thing></item></publish><publish-options><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var='pubsub#access_model'><value>whitelist</value></field></x></publish-options></pubsub></iq>",
  );
  client.send(
    "<iq type='set' id='2'><query xmlns='jabber:iq:private'><storage xmlns='storage:x'>kept</storage></query></iq>",
  );
  client.send("<iq type='set' id='3'><vCard xmlns='vcard-temp'><FN>U é</FN></vCard></iq>");
  client.send("<iq type='set' id='4'><block xmlns='urn:xmpp:blocking'><item jid='foe@x.example'/></block></iq>");
  client.send(`<message to='${boss}' type='chat' id='m1'><body>sent</body></message>`);
  await client.sync();
  client.end();
  const contact = {
    jid: "c@x.example",
    name: "C",
    subscription: "both",
    ask: false,
    approved: false,
    groups: ["G"],
  } as const;
  await stores.rosters.put("a.example", "user", contact, 10);
  await stores.rosters.putRequest(
    "a.example",
    "user",
    { jid: "r@x.example", stanza: `<presence from='r@x.example' to='${user}' type='subscribe'/>` },
    [],
  );
  const sender = await server.connect(`${boss}/desk`);
  server.clock.advance(1000);
  sender.send(`<message to='${user}' type='chat' id='m2'><body>waits</body></message>`);
  await sender.sync();
  await expect.poll(() => stores.offline.depth("a.example", "user")).toMatchObject({ messages: 1 });
}

const contents = async (host: string, local: string) => {
  const { stores } = server;
  const archived = await stores.archive.query({ host, local, from: "start", limit: 99, maxBytes: 1e6 });
  return {
    roster: (await stores.rosters.get(host, local)).items,
    requests: (await stores.rosters.get(host, local)).requests.map(({ jid }) => jid),
    vcard: await stores.personal.vcard(host, local),
    privates: await stores.personal.privates(host, local),
    blocked: await stores.personal.blocked(host, local),
    nodes: (await stores.nodes.list({ host, local })).map(({ node, items, config }) => [node, items, config]),
    waiting: (await stores.offline.read(host, local, 0, 9)).map(({ from, at, key }) => [from, at, key]),
    archived: archived!.items.map(({ key, peer, isOwn, at }) => [key, peer, isOwn, at]),
  };
};

describe("there and back", () => {
  test("an account moves to another server with all it owns, and its password", async () => {
    await furnish();
    const before = await contents("a.example", "user");
    expect(before.archived).toHaveLength(2);
    const xml = await exported({ host: "a.example", jid: user });
    expect(xml).not.toContain("password of");
    await server.stop();
    server = await open();
    as = await server.signIn(boss);
    await server.core.accounts.remove(Jid.parse(user));
    const report = await imported(xml, {}, 77);
    expect(report).toMatchObject({
      state: "done",
      error: null,
      accounts: { created: 1, updated: 0, skipped: 0, failed: 0 },
      withoutPassword: 0,
      unknown: {},
      problems: [],
    });
    expect(report.items).toMatchObject({
      contacts: 1,
      requests: 1,
      offlineMessages: 1,
      archivedMessages: 2,
      nodeItems: 1,
    });
    expect(await contents("a.example", "user")).toEqual(before);
    expect(await server.core.accounts.verify(Jid.parse(user), `password of ${user}`)).toBe("ok");
    expect(await server.core.accounts.verify(Jid.parse(user), "another")).toBe("wrong");
    expect(await imported(xml, { onConflict: "update" })).toMatchObject({ accounts: { updated: 1 } });
    expect(await contents("a.example", "user")).toEqual(before);
  });

  test("a dry run tells the same and changes nothing", async () => {
    await furnish();
    const xml = await exported({ host: "a.example" });
    const before = await contents("a.example", "user");
    const report = await imported(xml, { dryRun: true, hosts: { "a.example": "b.example" } });
    expect(report).toMatchObject({ state: "done", accounts: { created: 3 } });
    expect(report.items["contacts"]).toBe(1);
    expect(await server.stores.accounts.count("b.example")).toBe(0);
    expect(await contents("a.example", "user")).toEqual(before);
  });

  test("addresses at a host with another name get it wherever an account has them", async () => {
    const message = (from: string, to: string): string =>
      `<message xmlns='jabber:client' from='${from}' to='${to}' type='chat'><body>x</body></message>`;
    const xml = pie(
      "<user name='romeo' password='secret-1'>" +
        "<query xmlns='jabber:iq:roster'><item jid='juliet@old.example' subscription='both'/><item jid='x@else.example'/></query>" +
        "<presence xmlns='jabber:client' type='subscribe' from='nurse@old.example'/>" +
        "<blocklist xmlns='urn:xmpp:blocking'><item jid='tybalt@old.example'/><item jid='else.example'/></blocklist>" +
        `<offline-messages>${message("juliet@old.example/x", "romeo@old.example")}</offline-messages>` +
        `<archive xmlns='${NS}#mam'><result xmlns='urn:xmpp:mam:2' id='1'><forwarded xmlns='urn:xmpp:forward:0'>` +
        "<delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/>" +
        `${message("romeo@old.example/y", "juliet@old.example")}</forwarded></result></archive></user>`,
      "old.example",
    );
    expect(await imported(xml, { hosts: { "old.example": "b.example" } })).toMatchObject({ accounts: { created: 1 } });
    const { stores } = server;
    const { items, requests } = await stores.rosters.get("b.example", "romeo");
    expect(items.map(({ jid }) => jid).toSorted()).toEqual(["juliet@b.example", "x@else.example"]);
    expect(requests.map(({ jid }) => jid)).toEqual(["nurse@b.example"]);
    expect((await exported({ host: "b.example", jid: "romeo@b.example" })).includes("old.example")).toBe(false);
  });

  test("accounts are finished side by side, and each is told by its own name", async () => {
    const users = Array.from({ length: 150 }, (_, n) => `<user name='u${n}' password='secret-${n}'></user>`);
    const again = [users[3], users[149], users[149]];
    const nobody = `<user name='nobody' password=''></user>`;
    const report = await imported(pie([...users, ...again, nobody].join("")));
    expect(report).toMatchObject({
      accounts: { skipped: 3, failed: 1 },
      problems: [{ jid: "nobody@b.example" }],
    });
    expect(await server.core.accounts.verify(Jid.parse("u149@b.example"), "secret-149")).toBe("ok");
  });

  test("a store that fails ends the import, also in what is finished later", async () => {
    const { create } = server.core.stores.accounts;
    server.core.stores.accounts.create = () => Promise.reject(new Error("the disk is gone"));
    const wishes = { isDry: false, onConflict: "skip", parts: [], hosts: {}, guard() {} } as const;
    const run = new Import(server.core, wishes);
    await expect(run.write(pie("<user name='u1' password='secret-1'></user>"))).rejects.toThrow("the disk is gone");
    server.core.stores.accounts.create = create;
  });

  test("what is held of a document does not grow with what is given at a time", async () => {
    const most = async (count: number): Promise<number> => {
      const users = Array.from(
        { length: count },
        (_, n) => `<user name='u${n}'><query xmlns='jabber:iq:roster'/></user>`,
      );
      const wishes = { isDry: true, onConflict: "skip", parts: [], hosts: {}, guard() {} } as const;
      const run = new Import(server.core, wishes);
      let held = 0;
      const { exists } = server.core.accounts;
      server.core.accounts.exists = (jid) => {
        held = Math.max(held, run.held);
        return exists.call(server.core.accounts, jid);
      };
      await run.write(pie(users.join("")));
      run.end();
      server.core.accounts.exists = exists;
      expect(run.tally.accounts.created).toBe(count);
      return held;
    };
    expect(await most(20_000)).toBeLessThanOrEqual(await most(2_000));
  });

  test("parts are sent one after the other", async () => {
    const gate = Promise.withResolvers<boolean>();
    const { exists } = server.core.accounts;
    server.core.accounts.exists = () => gate.promise;
    const { body } = await server.ask("POST", `${api}/import`, { as, body: {} });
    const path = `${api}/import/${String(body["id"])}/part`;
    const [head = "", tail = ""] = pie("<user name='u'></user>").split("</host>");
    const send = (text: string) => server.ask("POST", path, { as, body: { text } });
    const slow = [send(head), send("</host>")];
    await expect.poll(async () => (await send("")).status).toBe(409);
    gate.resolve(true);
    server.core.accounts.exists = exists;
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await send(tail)).body["state"]).toBe("receiving");
  });

  test("a host is exported in order, without what is not wanted", async () => {
    await furnish();
    const xml = await exported({ host: "a.example", parts: [] });
    expect([...xml.matchAll(/<user name='(\w+)'/g)].map(([, name]) => name)).toEqual(["boss", "user", "warden"]);
    expect(xml).not.toContain("offline-messages");
    expect(xml).not.toContain("archive");
    expect(xml.endsWith("</server-data>\n")).toBe(true);
  });

  test("a long archive comes in parts", async () => {
    const row = (n: number) => ({
      type: "chat",
      xml: `<message from='x@y.example' to='${user}' type='chat'><body>${"x".repeat(2000)}</body></message>`,
      copies: [
        { host: "a.example", local: "user", key: { id: n * 2000, salt: n }, peer: "x@y.example/a", isOwn: false },
      ],
    });
    await server.stores.archive.keep(Array.from({ length: 450 }, (_, n) => row(n + 1)));
    const first = (await server.ask("POST", `${api}/export`, { as, body: { host: "a.example", jid: user } })).body;
    expect(first["next"]).not.toBeNull();
    const xml = await exported({ host: "a.example", jid: user });
    expect(xml.match(/<result /g)).toHaveLength(450);
    expect(await imported(xml, { hosts: { "a.example": "b.example" } }, 1e6)).toMatchObject({
      items: { archivedMessages: 450 },
    });
  });
});

describe("what others write", () => {
  const scram = (mechanism: string, bytes: number): string =>
    `<scram-credentials xmlns='${NS}#scram' mechanism='${mechanism}'><iter-count>4096</iter-count><salt>c2FsdA==</salt><server-key>${Buffer.alloc(bytes, 1).toString("base64")}</server-key><stored-key>${Buffer.alloc(bytes, 2).toString("base64")}</stored-key></scram-credentials>`;

  test("passwords in the clear, keys of one mechanism, and neither", async () => {
    const report = await imported(
      pie(`<user name='a' password='secret-1'/><user name='b'>${scram("SCRAM-SHA-1", 20)}</user><user name='c'/>`),
    );
    expect(report).toMatchObject({ state: "done", accounts: { created: 3 }, withoutPassword: 1 });
    const { core } = server;
    expect(await core.accounts.verify(Jid.parse("a@b.example"), "secret-1")).toBe("ok");
    const sha1 = await core.accounts.scram(Jid.parse("b@b.example"), "SCRAM-SHA-1");
    expect(sha1).toMatchObject({ isReal: true, keys: { salt: "c2FsdA==", iterations: 4096 } });
    expect((await core.accounts.scram(Jid.parse("b@b.example"), "SCRAM-SHA-256")).isReal).toBe(false);
    expect(await core.accounts.verify(Jid.parse("c@b.example"), "")).toBe("wrong");
    expect(JSON.stringify(await server.stores.admin.auditList({}, { limit: 50 }))).not.toContain("secret-1");
  });

  test("an account with keys of SCRAM-SHA-1 gets the others when its password is proved", async () => {
    const { core, stores } = server;
    const jid = Jid.parse(user);
    const { credentials } = (await stores.accounts.login("a.example", "user"))!;
    const keys = credentials.kind === "scram" ? { "SCRAM-SHA-1": credentials.keys["SCRAM-SHA-1"]! } : {};
    await stores.accounts.setCredentials("a.example", "user", { kind: "scram", keys });
    expect(await core.accounts.verify(jid, "wrong")).toBe("wrong");
    expect(await core.accounts.verify(jid, `password of ${user}`)).toBe("ok");
    await expect.poll(async () => (await core.accounts.scram(jid, "SCRAM-SHA-512")).isReal).toBe(true);
    expect(await core.accounts.verify(jid, `password of ${user}`)).toBe("ok");
  });

  test.each([
    ["of the wrong length", scram("SCRAM-SHA-1", 19)],
    ["of an unknown mechanism", scram("SCRAM-MD5", 20)],
    ["that would take for ever", scram("SCRAM-SHA-1", 20).replace("4096", "500001")],
  ])("keys %s are not taken", async (_, keys) => {
    const report = await imported(pie(`<user name='a'>${keys}</user>`));
    expect(report).toMatchObject({ withoutPassword: 1, unknown: { [`{${NS}#scram}scram-credentials`]: 1 } });
  });

  test("privacy lists, offline messages and what nobody knows", async () => {
    const users = `<user name='a' password='p'>
      <query xmlns='jabber:iq:privacy'><default name='x'/><list name='x'><item type='jid' value='foe@x.example' action='deny' order='1'/><item type='jid' value='half@x.example' action='deny' order='2'><message/></item></list></query>
      <offline-messages><message xmlns='jabber:client' from='r@x.example/y' to='a@b.example' type='chat'><body>Hi</body><delay xmlns='urn:xmpp:delay' from='b.example' stamp='2020-01-01T00:00:00Z'>Offline Storage</delay></message></offline-messages>
      <future xmlns='urn:future'/><future xmlns='urn:future'/></user><user name='@'/>`;
    const report = await imported(pie(users), {}, 64);
    expect(report).toMatchObject({ accounts: { created: 1, failed: 1 }, unknown: { "{urn:future}future": 2 } });
    expect(await server.stores.personal.blocked("b.example", "a")).toEqual(["foe@x.example"]);
    const [waiting] = await server.stores.offline.read("b.example", "a", 0, 5);
    expect(waiting).toMatchObject({ from: "r@x.example/y", at: Date.UTC(2020, 0, 1) });
    expect(waiting!.xml).not.toContain("Offline Storage");
  });

  test("accounts that exist are left alone, updated or refused", async () => {
    const xml = pie(
      `<user name='user' password='new-pass'><vCard xmlns='vcard-temp'><FN>N</FN></vCard></user>`,
      "a.example",
    );
    const jid = Jid.parse(user);
    expect(await imported(xml)).toMatchObject({ accounts: { skipped: 1 }, items: { vcards: 0 } });
    expect(await imported(xml, { onConflict: "fail" })).toMatchObject({ accounts: { failed: 1 } });
    expect(await server.core.accounts.verify(jid, "new-pass")).toBe("wrong");
    const there = await server.connect(`${user}/x`);
    expect(await imported(xml, { onConflict: "update" })).toMatchObject({ accounts: { updated: 1 } });
    expect(there.closedWith?.condition).toBe("reset");
    expect(await server.core.accounts.verify(jid, "new-pass")).toBe("ok");
  });

  test("a host that is not served is reported", async () => {
    const report = await imported(pie("<user name='a' password='p'/>", "c.example"));
    expect(report.problems).toEqual([{ jid: "a@c.example", reason: "the host is not served here" }]);
  });

  test.each([
    ["no such document", "<other/>", "bad-format"],
    ["entities", `<!DOCTYPE x [<!ENTITY a 'a'>]>${pie("")}`, "restricted-xml"],
    ["half of it", pie("<user name='a' password='p'/>").slice(0, -10), "not-well-formed"],
    ["text where none belongs", pie("hello"), "bad-format"],
  ])("%s is refused, and what came before is kept", async (_, xml, condition) => {
    const report = await imported(xml);
    expect(report.state).toBe("failed");
    expect(report.error).toContain(condition);
  });
});

describe("who may", () => {
  test("a host's admin neither exports nor imports", async () => {
    const held = await server.signIn(warden);
    expect((await server.ask("POST", `${api}/export`, { as: held, body: { host: "a.example" } })).status).toBe(403);
    expect((await server.ask("POST", `${api}/import`, { as: held, body: {} })).status).toBe(403);
  });

  test("nobody becomes an admin by giving one another password", async () => {
    as = await server.key(["data:import"]);
    const xml = pie("<user name='boss' password='mine-now'/><user name='user' password='theirs'/>", "a.example");
    const report = await imported(xml, { onConflict: "update" });
    expect(report).toMatchObject({ accounts: { updated: 1, failed: 1 }, problems: [{ jid: boss }] });
    expect(await server.core.accounts.verify(Jid.parse(boss), passwordOf(boss))).toBe("ok");
    as = await server.key(["data:import", "roles:write"]);
    expect(await imported(xml, { onConflict: "update" })).toMatchObject({ accounts: { updated: 2, failed: 0 } });
  });

  test("nobody goes on with what somebody else began", async () => {
    const { body } = await server.ask("POST", `${api}/import`, { as, body: {} });
    const key = await server.key(["data:import", "data:export"]);
    const path = `${api}/import/${String(body["id"])}`;
    expect((await server.ask("GET", path, { as: key })).status).toBe(404);
    expect((await server.ask("GET", `${api}/export/x?next=y`, { as: key })).status).toBe(404);
  });
});
