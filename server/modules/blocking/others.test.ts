import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import { archive } from "../archive/module.ts";
import { carbons } from "../carbons/module.ts";
import { disco } from "../disco/module.ts";
import { last } from "../last.ts";
import { message } from "../message/module.ts";
import { offline } from "../offline/module.ts";
import { presence } from "../presence/module.ts";
import { pep } from "../pubsub/pep.ts";
import { roster } from "../roster/module.ts";
import { vcard } from "../vcard.ts";
import { blocking } from "./module.ts";

const romeoJid = "romeo@montague.example";
const julietJid = "juliet@capulet.example";
const node = "http://jabber.org/protocol/nick";

let server: TestServer;
let romeo: TestClient;
let other: TestClient;
let juliet: TestClient;

/** What blocking has to hold against: everything that keeps, copies or tells. */
beforeEach(async () => {
  server = await testServer({
    modules: [disco, roster, blocking, presence, message, archive, carbons, offline, last, pep, vcard],
    accounts: [romeoJid, julietJid],
  });
  const both = { name: "", subscription: "both", ask: false, approved: false, groups: [] } as const;
  await server.stores.rosters.put("montague.example", "romeo", { ...both, jid: julietJid }, 10);
  await server.stores.rosters.put("capulet.example", "juliet", { ...both, jid: romeoJid }, 10);
  romeo = await server.connect(`${romeoJid}/orchard`);
  other = await server.connect(`${romeoJid}/chamber`);
  juliet = await server.connect(`${julietJid}/balcony`);
  for (const client of [romeo, other, juliet]) {
    client.send("<presence/>");
    client.send("<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>");
    await client.sync();
  }
  romeo.send(`<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='${julietJid}'/></block></iq>`);
  await settle();
});
afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

/** Everything received by all, for nobody to see in the next step. */
async function settle(): Promise<void> {
  for (let round = 0; round < 2; round += 1) for (const client of [romeo, other, juliet]) await client.sync();
}

async function archived(host: string, local: string): Promise<string[]> {
  const page = await server.stores.archive.query({ host, local, from: "start", limit: 10, maxBytes: 100_000 });
  return page!.items.map(({ xml }) => xml);
}

test("what is refused is neither copied nor archived, whichever of the two wrote it", async () => {
  juliet.send(`<message type='chat' id='j' to='${romeo.jid}'><body>from juliet</body></message>`);
  romeo.send(`<message type='chat' id='r' to='${julietJid}'><body>from romeo</body></message>`);
  await romeo.sync();
  await juliet.sync();
  expect(await other.texts()).toEqual([]);
  expect((await archived("montague.example", "romeo")).join("")).toBe("");
  expect((await archived("capulet.example", "juliet")).join("")).not.toContain("from romeo");
});

test("events and their last items do not pass, in either direction", async () => {
  const publish = (nick: string): string =>
    `<iq type='set' id='p'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='${node}'><item id='current'><nick xmlns='${node}'>${nick}</nick></item></publish></pubsub></iq>`;
  romeo.send(publish("Romeo"));
  juliet.send(publish("Juliet"));
  await settle();
  for (const [client, to] of [
    [juliet, romeoJid],
    [romeo, julietJid],
  ] as const) {
    client.send(
      `<iq type='get' id='i' to='${to}'><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='${node}'/></pubsub></iq>`,
    );
    const answer = (await client.sync()).find(({ id }) => id === "i");
    expect(answer?.type).toBe("error");
  }
});

test.each([
  ["disco", "<query xmlns='http://jabber.org/protocol/disco#info'/>"],
  ["last activity", "<query xmlns='jabber:iq:last'/>"],
  ["vCard", "<vCard xmlns='vcard-temp'/>"],
])("%s is not told, whether the account is there or away", async (_, payload) => {
  for (const isThere of [true, false]) {
    if (!isThere) for (const client of [romeo, other]) client.end();
    juliet.send(`<iq type='get' id='q' to='${romeoJid}'>${payload}</iq>`);
    const answer = (await juliet.sync()).find(({ id }) => id === "q");
    expect(answer?.child("error")?.elements()[0]?.name).toBe("service-unavailable");
  }
});

test("a request to be a contact is not kept", async () => {
  await server.stores.rosters.remove("montague.example", "romeo", julietJid);
  await server.stores.rosters.remove("capulet.example", "juliet", romeoJid);
  for (const client of [romeo, other]) client.end();
  juliet.send(`<presence type='subscribe' to='${romeoJid}'/>`);
  await juliet.sync();
  expect((await server.stores.rosters.get("montague.example", "romeo")).requests).toEqual([]);
});
