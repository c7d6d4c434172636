import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import type { RosterItem, Subscription } from "../../storage/ports.ts";
import { Jid } from "../../xmpp/jid.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { roster } from "../roster/module.ts";
import { presence } from "./module.ts";

let server: TestServer;
let romeo: TestClient;

beforeEach(async () => {
  server = await testServer({
    modules: [roster, presence],
    accounts: ["romeo@montague.example", "juliet@capulet.example", "tybalt@capulet.example"],
    policy(draft) {
      draft.modules["presence"] = { enabled: true, options: { max_directed: 3 } };
    },
  });
  await contact("romeo@montague.example", "juliet@capulet.example", "both");
  await contact("juliet@capulet.example", "romeo@montague.example", "both");
  romeo = await server.connect("romeo@montague.example/orchard");
});

afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

async function contact(user: string, jid: string, subscription: Subscription): Promise<void> {
  const [local = "", host = ""] = user.split("@");
  const item: RosterItem = { jid, name: "", subscription, ask: false, approved: false, groups: [] };
  await server.stores.rosters.put(host, local, item, 10_000);
}

async function online(jid: string, content = ""): Promise<TestClient> {
  const client = await server.connect(jid);
  client.send(`<presence>${content}</presence>`);
  await client.sync();
  return client;
}

describe("broadcast", () => {
  test("initial, subsequent and final presence reach the contact and the own resources", async () => {
    const juliet = await online("juliet@capulet.example/balcony", "<show>away</show>");
    const chamber = await online("romeo@montague.example/chamber");
    await juliet.sync();
    romeo.send("<presence><priority>3</priority></presence>");
    const seen = (to: string): string => `<presence from='${romeo.jid}' to='${to}'><priority>3</priority></presence>`;
    await romeo.expect(
      seen("romeo@montague.example"),
      `<presence from='${chamber.jid}' to='${romeo.jid}'/>`,
      `<presence from='${juliet.jid}' to='${romeo.jid}'><show>away</show></presence>`,
    );
    await chamber.expect(seen("romeo@montague.example"));
    await juliet.expect(seen("juliet@capulet.example"));

    romeo.send("<presence><show>dnd</show></presence>");
    await romeo.expect(`<presence from='${romeo.jid}' to='romeo@montague.example'><show>dnd</show></presence>`);
    await juliet.expect(`<presence from='${romeo.jid}' to='juliet@capulet.example'><show>dnd</show></presence>`);

    romeo.send("<presence type='unavailable'><status>bye</status></presence>");
    const gone = (to: string): string =>
      `<presence from='${romeo.jid}' to='${to}' type='unavailable'><status>bye</status></presence>`;
    await romeo.expect(gone("romeo@montague.example"));
    await juliet.expect(gone("juliet@capulet.example"));
  });

  test("a connection that dies says so", async () => {
    const juliet = await online("juliet@capulet.example/balcony");
    romeo.send("<presence/>");
    await romeo.sync();
    await juliet.sync();
    romeo.die();
    await juliet.expect(`<presence from='${romeo.jid}' to='juliet@capulet.example' type='unavailable'/>`);
  });

  test("who has no subscription hears nothing", async () => {
    await contact("romeo@montague.example", "tybalt@capulet.example", "to");
    const tybalt = await online("tybalt@capulet.example/street");
    romeo.send("<presence/>");
    await romeo.expect(`<presence from='${romeo.jid}' to='romeo@montague.example'/>`);
    await tybalt.expect();
  });

  test.each(["high", "128", "-129", "1.5"])("the priority %s is refused", async (priority) => {
    romeo.send(`<presence id='p'><priority>${priority}</priority></presence>`);
    const [answer] = await romeo.sync();
    expect(answer!.child("error")?.payload?.name).toBe("bad-request");
    expect(romeo.session.isAvailable).toBe(false);
  });

  test("a type that does not exist is refused", async () => {
    romeo.send("<presence id='p' type='dancing'/>");
    const [answer] = await romeo.sync();
    expect(answer!.child("error")?.payload?.name).toBe("bad-request");
  });

  test("one that is too long for a thousand contacts is refused, whoever sends it", async () => {
    const juliet = await online("juliet@capulet.example/balcony");
    await romeo.sync();
    const long = `<status>${"x".repeat(16 * 1024)}</status>`;
    for (const start of ["<presence", "<presence type='unavailable'", "<presence to='juliet@capulet.example/balcony'"])
      romeo.send(`${start}>${long}</presence>`);
    const conditions = (await romeo.sync()).map((answer) => answer.child("error")?.payload?.name);
    expect(conditions).toEqual(["policy-violation", "policy-violation", "policy-violation"]);
    const answers: string[] = [];
    const peer = { answer: (stanza: Stanza) => answers.push(String(stanza)), awaitCommit() {}, session: null };
    const stanza = Stanza.parse(`<presence to='juliet@capulet.example/balcony'>${long}</presence>`);
    await server.core.router.fromPeer(peer, Jid.parse("paris@verona.example/hall"), stanza);
    expect(answers).toEqual([expect.stringContaining("policy-violation")]);
    expect(await juliet.sync()).toEqual([]);
  });

  test("five hundred contacts cost a start tag each", async () => {
    for (let n = 0; n < 500; n += 1) await contact("romeo@montague.example", `c${n}@capulet.example`, "both");
    const status = "<status>good night</status>".repeat(50);
    romeo.send(`<presence>${status}</presence>`);
    await romeo.sync();
    const started = performance.now();
    for (let n = 0; n < 100; n += 1) romeo.send(`<presence>${status}</presence>`);
    await romeo.sync();
    // Two milliseconds for one presence: ten times what it takes where this was written.
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe("directed presence", () => {
  test("goes to the one, and so does the end", async () => {
    const tybalt = await online("tybalt@capulet.example/street");
    romeo.send(`<presence to='${tybalt.jid}'><show>chat</show></presence>`);
    await romeo.sync();
    await tybalt.expect(`<presence from='${romeo.jid}' to='${tybalt.jid}'><show>chat</show></presence>`);
    romeo.die();
    const [end] = await tybalt.take(1);
    expect(String(end)).toBe(`<presence to='${tybalt.jid}' from='${romeo.jid}' type='unavailable'/>`);
  });

  test("ends once", async () => {
    const tybalt = await online("tybalt@capulet.example/street");
    const juliet = await online("juliet@capulet.example/balcony");
    romeo.send("<presence/>");
    romeo.send(`<presence to='${juliet.jid}'/>`);
    romeo.send(`<presence to='${tybalt.jid}'/>`);
    romeo.send(`<presence to='${tybalt.jid}' type='unavailable'/>`);
    await romeo.sync();
    await juliet.sync();
    await tybalt.sync();
    romeo.send("<presence type='unavailable'/>");
    await romeo.sync();
    await juliet.expect(`<presence from='${romeo.jid}' to='juliet@capulet.example' type='unavailable'/>`);
    await tybalt.expect();
  });
});

describe("forgeries", () => {
  const forged = [
    "<delay xmlns='urn:xmpp:delay' from='capulet.example' stamp='2020-01-01T00:00:00Z'/>",
    "<x xmlns='jabber:x:delay' from='montague.example' stamp='20200101T00:00:00'/>",
    "<x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x>",
    "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='1'/>",
    "<stanza-id xmlns='urn:xmpp:sid:0' by='juliet@capulet.example' id='1'/>",
  ];
  const genuine = "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='v'/>";

  test.each(forged)("%s does not get through", async (extension) => {
    const juliet = await online("juliet@capulet.example/balcony");
    const content = `<show>away</show>${extension}${genuine}`;
    for (const to of ["", ` to='${juliet.jid}'`, " to='juliet@capulet.example'"]) {
      romeo.send(`<presence${to}>${content}</presence>`);
      await romeo.sync();
      expect((await juliet.texts()).join("")).toMatch(/^<presence [^>]*><show>away<\/show><c [^>]*\/><\/presence>$/);
    }
    // Whoever comes later is shown the last one.
    const late = await online("juliet@capulet.example/late");
    late.send("<presence type='probe' to='romeo@montague.example'/>");
    expect((await late.texts()).join("")).not.toContain(extension.slice(0, 20));
  });
});

describe("too much directed presence", () => {
  test("is refused, and those who have it already may be told more", async () => {
    for (let n = 0; n < 3; n += 1) romeo.send(`<presence to='nobody@capulet.example/${n}'/>`);
    expect(await romeo.sync()).toEqual([]);
    romeo.send("<presence to='nobody@capulet.example/3'/>");
    romeo.send("<presence to='nobody@capulet.example/0'><show>away</show></presence>");
    const answers = await romeo.sync();
    expect(answers.map((answer) => answer.child("error")?.payload?.name)).toEqual(["resource-constraint"]);
    romeo.send("<presence to='nobody@capulet.example/0' type='unavailable'/>");
    romeo.send("<presence to='nobody@capulet.example/3'/>");
    expect(await romeo.sync()).toEqual([]);
  });
});

describe("probes", () => {
  const probe = (to: string): string => `<presence type='probe' to='${to}'/>`;

  test("are answered for those who may see the presence", async () => {
    const juliet = await online("juliet@capulet.example/balcony", "<show>away</show>");
    const shown = `<presence from='${juliet.jid}' to='${romeo.jid}'><show>away</show></presence>`;
    romeo.send(probe("juliet@capulet.example"));
    await romeo.expect(shown);
    romeo.send(probe(juliet.jid));
    await romeo.expect(shown);
    romeo.send(probe("juliet@capulet.example/elsewhere"));
    await romeo.expect(`<presence type='unavailable' from='juliet@capulet.example/elsewhere' to='${romeo.jid}'/>`);
    juliet.die();
    romeo.send(probe("juliet@capulet.example"));
    await romeo.expect(`<presence type='unavailable' from='juliet@capulet.example' to='${romeo.jid}'/>`);
  });

  test("of a stranger and of nobody get the same answer", async () => {
    romeo.send("<presence/>");
    await romeo.sync();
    const answers: string[] = [];
    for (const name of ["tybalt", "nobody"]) {
      romeo.send(probe(`${name}@capulet.example`));
      answers.push((await romeo.texts()).join("").replace(name, "NAME"));
    }
    expect(answers[0]).toBe(answers[1]);
  });
});
