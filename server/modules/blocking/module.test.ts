import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { message } from "../message/module.ts";
import { offline } from "../offline/module.ts";
import { presence } from "../presence/module.ts";
import { roster } from "../roster/module.ts";
import { blocking } from "./module.ts";

let server: TestServer;
let romeo: TestClient;
let juliet: TestClient;
const romeoJid = "romeo@montague.example";
const julietJid = "juliet@capulet.example";

beforeEach(async () => {
  server = await testServer({
    modules: [roster, presence, message, offline, blocking],
    accounts: [romeoJid, julietJid],
    policy(draft) {
      draft.modules["blocking"] = { enabled: true, options: { max_jids: 3 } };
    },
  });
  await befriend();
  romeo = await server.connect(`${romeoJid}/orchard`);
  juliet = await server.connect(`${julietJid}/balcony`);
  romeo.send("<presence/>");
  await romeo.sync();
  juliet.send("<presence/>");
  for (const client of [juliet, romeo, juliet]) await client.sync();
});
afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

async function befriend(): Promise<void> {
  const both = { name: "", subscription: "both", ask: false, approved: false, groups: [] } as const;
  await server.stores.rosters.put("montague.example", "romeo", { ...both, jid: julietJid }, 10);
  await server.stores.rosters.put("capulet.example", "juliet", { ...both, jid: romeoJid }, 10);
}

const change = (name: "block" | "unblock", ...jids: string[]): string =>
  `<iq type='set' id='b'><${name} xmlns='urn:xmpp:blocking'>${jids.map((jid) => `<item jid='${jid}'/>`).join("")}</${name}></iq>`;
const list = "<iq type='get' id='l'><blocklist xmlns='urn:xmpp:blocking'/></iq>";
const done = (to: TestClient, id = "b"): string => `<iq type='result' id='${id}' to='${to.jid}'/>`;
const gone = `<presence type='unavailable' from='${romeoJid}/orchard' to='${julietJid}'/>`;

describe("the list", () => {
  test("is kept, given, and pushed to resources that asked for it", async () => {
    const chamber = await server.connect(`${romeoJid}/chamber`);
    chamber.send(list);
    await chamber.expect(`<iq type='result' id='l' to='${chamber.jid}'><blocklist xmlns='urn:xmpp:blocking'/></iq>`);
    romeo.send(change("block", "Tybalt@capulet.example", "spam.example"));
    await romeo.expect(done(romeo));
    const items = "<item jid='tybalt@capulet.example'/><item jid='spam.example'/>";
    await chamber.expect(
      `<iq type='set' id='{any}' to='${chamber.jid}'><block xmlns='urn:xmpp:blocking'>${items}</block></iq>`,
    );
    romeo.send(change("unblock", "spam.example"));
    await romeo.sync();
    expect(await server.stores.personal.blocked("montague.example", "romeo")).toEqual(["tybalt@capulet.example"]);
    await chamber.sync();
    chamber.send(change("unblock"));
    await chamber.expect(
      `<iq type='set' id='{any}' to='${chamber.jid}'><unblock xmlns='urn:xmpp:blocking'/></iq>`,
      done(chamber),
    );
    expect(await server.stores.personal.blocked("montague.example", "romeo")).toEqual([]);
  });

  test.each([
    ["nobody is named", change("block"), "bad-request"],
    ["no JID", change("block", "@"), "jid-malformed"],
    ["too many", change("block", "a.example", "b.example", "c.example", "d.example"), "resource-constraint"],
  ])("refuses: %s", async (_, request, condition) => {
    romeo.send(request);
    const [answer] = await romeo.sync();
    expect(answer!.child("error")?.child(condition, NS.stanzas)).toBeDefined();
    expect(await server.stores.personal.blocked("montague.example", "romeo")).toEqual([]);
  });

  test("is nobody else's business", async () => {
    juliet.send(`<iq type='get' id='l' to='${romeoJid}'><blocklist xmlns='urn:xmpp:blocking'/></iq>`);
    const [answer] = await juliet.sync();
    expect(answer!.child("error")?.child("forbidden", NS.stanzas)).toBeDefined();
  });
});

describe("somebody who is blocked", () => {
  beforeEach(async () => {
    romeo.send(change("block", julietJid));
    await romeo.expect(done(romeo));
    await juliet.expect(gone);
  });

  test("writes to nobody, whether the account is there or away", async () => {
    const refused = `<message type='error' id='m' from='${romeoJid}' to='${juliet.jid}'>
      <error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>`;
    const write = `<message type='chat' id='m' to='${romeoJid}'><body>hi</body></message>`;
    juliet.send(write);
    await juliet.expect(refused);
    romeo.end();
    juliet.send(write);
    await juliet.expect(refused);
    expect(await server.stores.offline.depth("montague.example", "romeo")).toMatchObject({ messages: 0 });
  });

  test("is refused also when the list has to be read first", async () => {
    romeo.end();
    await server.loader.stop();
    await server.loader.start();
    const anew = await server.connect(`${julietJid}/anew`);
    anew.send(`<message type='chat' id='m' to='${romeoJid}'><body>hi</body></message>`);
    const [answer] = await anew.sync();
    expect(answer!.child("error")?.child("service-unavailable", NS.stanzas)).toBeDefined();
    expect(await server.stores.offline.depth("montague.example", "romeo")).toMatchObject({ messages: 0 });
  });

  test("gets no answer to an iq, and sees no presence", async () => {
    juliet.send(`<iq type='get' id='v' to='${romeo.jid}'><query xmlns='jabber:iq:version'/></iq>`);
    const [answer] = await juliet.sync();
    expect(answer!.child("error")?.child("service-unavailable", NS.stanzas)).toBeDefined();
    expect(await romeo.texts()).toEqual([]);
    romeo.send("<presence><show>away</show></presence>");
    await romeo.sync();
    expect(await juliet.texts()).toEqual([]);
    juliet.send(`<presence type='probe' to='${romeoJid}'/>`);
    expect((await juliet.texts()).filter((text) => text.includes("away"))).toEqual([]);
    const other = await server.connect(`${julietJid}/other`);
    other.send("<presence/>");
    expect((await other.texts()).filter((text) => text.includes(romeoJid))).toEqual([]);
  });

  test("is not seen any more", async () => {
    juliet.send("<presence><show>dnd</show></presence>");
    await juliet.sync();
    expect(await romeo.texts()).toEqual([]);
  });

  test.each([
    ["message", `<message type='chat' id='m' to='${julietJid}/balcony'><body>hi</body></message>`],
    ["iq", `<iq type='get' id='m' to='${julietJid}'><query xmlns='jabber:iq:last'/></iq>`],
    ["presence", `<presence id='m' to='${julietJid}'/>`],
  ])("cannot be sent a %s", async (kind, stanza) => {
    romeo.send(stanza);
    const [answer] = await romeo.sync();
    expect(answer).toMatchObject({ kind, type: "error", id: "m" });
    const error = answer!.child("error");
    expect(error?.child("not-acceptable", NS.stanzas)).toBeDefined();
    expect(error?.child("blocked", "urn:xmpp:blocking:errors")).toBeDefined();
    expect(await juliet.texts()).toEqual([]);
  });

  test("and let back in, sees and is seen", async () => {
    romeo.send(change("unblock", julietJid));
    await romeo.expect(`<presence from='${juliet.jid}' to='${romeoJid}'/>`, done(romeo));
    await juliet.expect(`<presence from='${romeo.jid}' to='${julietJid}'/>`);
    juliet.send(`<message type='chat' to='${romeoJid}'><body>hi</body></message>`);
    await juliet.sync();
    expect((await romeo.texts()).some((text) => text.includes("hi"))).toBe(true);
  });
});

test("the own resources and server cannot be blocked", async () => {
  romeo.send(change("block", "montague.example"));
  await romeo.sync();
  romeo.send(`<message type='chat' to='${romeoJid}'><body>to myself</body></message>`);
  expect((await romeo.texts()).join()).toContain("to myself");
});

test("somebody who was told of it, and is blocked, does not hear when the account really goes", async () => {
  const nurse = await server.connect(`nurse@capulet.example/hall`);
  romeo.send(`<presence to='${nurse.jid}'/>`);
  romeo.send(change("block", "nurse@capulet.example"));
  await romeo.sync();
  await nurse.expect(
    `<presence from='${romeo.jid}' to='${nurse.jid}'/>`,
    `<presence type='unavailable' from='${romeo.jid}' to='${nurse.jid}'/>`,
  );
  romeo.end();
  await nurse.expect();
});

test("a change of the module's options does not let anybody through", async () => {
  romeo.send(change("block", julietJid));
  await romeo.sync();
  await juliet.sync();
  await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
    draft.modules["blocking"] = { enabled: true, options: { max_jids: 4 } };
  });
  await server.loader.apply(server.core.policy.document);
  romeo.send(`<presence><status>where art thou</status></presence>`);
  romeo.send(`<message type='chat' id='m' to='${julietJid}'><body>hi</body></message>`);
  const answers = await romeo.sync();
  expect(
    answers
      .find(({ id }) => id === "m")
      ?.child("error")
      ?.child("not-acceptable", NS.stanzas),
  ).toBeDefined();
  expect((await juliet.texts()).join()).not.toContain("where art thou");
});

test("two resources that change the list at once leave it as the store has it", async () => {
  const chamber = await server.connect(`${romeoJid}/chamber`);
  romeo.send(change("block", "one@capulet.example"));
  chamber.send(change("unblock"));
  romeo.send(change("block", "two@capulet.example"));
  await romeo.sync();
  await chamber.sync();
  chamber.send(list);
  const [answer] = await chamber.sync();
  const told = answer!.payload!.elements("item").map((item) => item.attr("jid"));
  expect(told).toEqual(await server.stores.personal.blocked("montague.example", "romeo"));
});

test("somebody who is blocked does not get through by way of a room", async () => {
  romeo.send(change("block", julietJid));
  await romeo.sync();
  const invitation = (by: string): Stanza =>
    Stanza.parse(
      `<message from='hall@rooms.example' to='${romeoJid}'><x xmlns='http://jabber.org/protocol/muc#user'><invite from='${by}'/></x></message>`,
    );
  for (const by of [`${julietJid}/balcony`, "nurse@capulet.example"]) await server.core.router.send(invitation(by));
  const seen = (await romeo.texts()).filter((text) => text.startsWith("<message"));
  expect(seen).toHaveLength(1);
  expect(seen[0]).toContain("nurse");
});
