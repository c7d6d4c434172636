import { afterEach, expect, test, vi } from "vitest";
import { type FederatedServer, federatedServer, type TestWays } from "../../core/remote/testing-federation.ts";
import { serverOrigin } from "../../core/router.ts";
import type { TestClient } from "../../core/testing.ts";
import { el } from "../../xmpp/element.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { disco } from "../disco/module.ts";
import { message } from "../message/module.ts";
import { muc } from "../muc/module.ts";
import { presence } from "../presence/module.ts";
import { roster } from "../roster/module.ts";
import { dialback } from "./dialback.ts";
import { s2s } from "./module.ts";
import { RemotePresence } from "./remote-presence.ts";

const nowhere = [{ host: "x", port: 1, isDirectTls: false, addresses: ["127.0.0.1"] }] as const;
const unavailable = /<presence [^>]*type='unavailable'/;
let ways: TestWays;
let montague: FederatedServer;
let capulet: FederatedServer;
let romeo: TestClient;
let juliet: TestClient;

const until = (isTrue: () => boolean | Promise<boolean>): Promise<unknown> =>
  vi.waitUntil(isTrue, { timeout: 5_000, interval: 10 });

async function start(): Promise<void> {
  ways = new Map();
  const modules = [disco, roster, presence, message, muc, s2s, dialback];
  montague = await federatedServer({ modules, ways, accounts: ["romeo@montague.example"] });
  capulet = await federatedServer({ modules, ways, accounts: ["juliet@capulet.example"] });
  romeo = await montague.connect("romeo@montague.example/orchard");
  juliet = await capulet.connect("juliet@capulet.example/balcony");
}

afterEach(async () => {
  await Promise.all([montague.stop(), capulet.stop()]);
});

/** Waits until the client has been sent what looks like that. */
async function hears(client: TestClient, pattern: RegExp): Promise<void> {
  await until(async () => (await client.texts()).some((text) => pattern.test(text)));
}

const enter = "<x xmlns='http://jabber.org/protocol/muc'/>";

/** Makes a room, for everybody. */
async function openRoom(owner: TestClient, room: string): Promise<void> {
  const form = "<x xmlns='jabber:x:data' type='submit'/>";
  owner.send(`<presence to='${room}/owner'>${enter}</presence>`);
  owner.send(
    `<iq type='set' id='o' to='${room}'><query xmlns='http://jabber.org/protocol/muc#owner'>${form}</query></iq>`,
  );
  await owner.sync();
}

/** Each sees the other's presence. */
async function befriend(): Promise<void> {
  for (const client of [romeo, juliet]) {
    client.send("<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>");
    client.send("<presence/>");
    await client.sync();
  }
  romeo.send("<presence to='juliet@capulet.example' type='subscribe'/>");
  await hears(juliet, /type='subscribe'/);
  juliet.send("<presence to='romeo@montague.example' type='subscribed'/>");
  await hears(romeo, /<presence [^>]*from='juliet@capulet\.example\/balcony'/);
}

/** The cable to the capulets is cut, for so long that nobody waits for them. */
async function lose(): Promise<void> {
  ways.set("capulet.example", nowhere);
  ways.set("conference.capulet.example", nowhere);
  for (const [stream] of [...montague.core.links.incoming()]) stream.destroy("the cable is cut");
  for (const { stream } of montague.core.links.outgoing()) stream?.destroy("the cable is cut");
  await until(() => {
    montague.clock.advance(5_000);
    montague.core.links.sweep();
    return [...montague.core.links.outgoing()].every(({ state, lastFault }) => {
      const isOver = lastFault !== null && montague.clock.now() - lastFault.at > 120_000;
      return state === "idle" && isOver;
    });
  });
}

test("contacts are gone with their server, and asked for again when it is back", async () => {
  await start();
  await befriend();
  const there = ways.get("capulet.example")!;
  await lose();
  await hears(romeo, /<presence [^>]*from='juliet@capulet\.example\/balcony'[^>]*type='unavailable'/);
  ways.set("capulet.example", there);
  romeo.send("<message to='juliet@capulet.example' id='1'><body>x</body></message>");
  montague.clock.advance(600_000);
  montague.core.links.sweep();
  await hears(romeo, /<presence [^>]*from='juliet@capulet\.example\/balcony'(?![^>]*type=)/);
});

test("nobody is told of a server that comes back in time", async () => {
  await start();
  await befriend();
  await romeo.sync();
  for (const { stream } of montague.core.links.outgoing()) stream?.destroy("the cable is cut");
  // Nothing is to be sent, and it is looked for all the same.
  await until(() => [...montague.core.links.outgoing()].some(({ state }) => state === "unproved"));
  montague.clock.advance(120_000);
  montague.core.links.sweep();
  expect(await romeo.texts()).toEqual([]);
});

test("whoever is in a room there hears that all are gone, itself among them", async () => {
  await start();
  const room = "verona@conference.capulet.example";
  await openRoom(juliet, room);
  romeo.send(`<presence to='${room}/r'>${enter}</presence>`);
  await hears(romeo, /code='110'/);
  expect(romeo.session.directed?.size).toBe(1);
  await lose();
  await hears(romeo, unavailable);
  expect(romeo.session.directed?.size).toBe(0);
});

test("occupants of a room here leave it with their server, and the others are told why", async () => {
  await start();
  const room = "verona@conference.montague.example";
  await openRoom(romeo, room);
  juliet.send(`<presence to='${room}/j'>${enter}</presence>`);
  await hears(juliet, /code='110'/);
  await romeo.sync();
  await lose();
  await hears(romeo, new RegExp(`from='${room}/j'[^>]*type='unavailable'.*code='333'`));
});

test("what is remembered is limited, and goes with the session that it was told", async () => {
  await start();
  const host = montague.core.hosts.get("montague.example")!;
  const seen = new RemotePresence(montague.core, host);
  const { jid: to, bare } = romeo.session;
  const note = (from: Jid): void => {
    const stanza = Stanza.from(el("presence", NS.client, { from: from.full, to: to.full }));
    seen.note({ stanza, from, to, origin: serverOrigin, host });
  };
  for (let index = 0; index < 50_000; index += 1) note(Jid.of(`u${index}`, "a.example").withResource("x"));
  const other = Jid.parse("u@b.example/x");
  note(other);
  expect([seen.isWatching("a.example"), seen.isWatching("b.example")]).toEqual([true, false]);
  seen.forget({ jid: to, bare });
  note(other);
  expect([seen.isWatching("a.example"), seen.isWatching("b.example")]).toEqual([false, true]);
});
