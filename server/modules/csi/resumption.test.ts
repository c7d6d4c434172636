import { afterEach, beforeEach, expect, test } from "vitest";
import {
  balcony,
  chat,
  connected,
  ids,
  lose,
  managed,
  resume,
  romeo,
  session,
  sm,
  start,
  stop,
  sync,
  until,
} from "../stream-management/testing.ts";

beforeEach(() => start());
afterEach(stop);

const composing = (id: string): string =>
  `<message type='chat' to='${balcony.full}' id='${id}'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>`;
const show = (what: string): string => `<presence to='${balcony.full}' id='${what}'><show>${what}</show></presence>`;
const inactive = "<inactive xmlns='urn:xmpp:csi:0'/>";

test("what waits for an inactive client outlives its connection, and the client is active when it is back", async () => {
  const { client, id } = await managed(balcony);
  const sender = await romeo();
  client.send(inactive);
  await sync(client);
  sender.send(show("away") + composing("one"));
  await sync(sender);
  await lose(client);
  sender.send(show("dnd") + chat("two") + composing("three"));
  await sync(sender);
  const next = await resume(id, 2);
  const text = await next.until(/id='two'.*<\/message>/s);
  // One key each for presence and chat states: the newest of each.
  expect(text).not.toContain("<show>away</show>");
  const rest = await sync(next);
  expect([...ids(text), ...ids(rest)].toSorted()).toEqual(["three", "two"]);
  expect(text + rest).toContain("<show>dnd</show>");
  sender.send(show("xa"));
  await next.until("<show>xa</show>");
});

test("what waits is not counted before it is written, and is sent again if it was lost", async () => {
  const { client, id } = await managed(balcony);
  const sender = await romeo();
  client.send(inactive);
  await sync(client);
  sender.send(show("away"));
  await sync(sender);
  expect(session()?.keeper?.unconfirmed.map(({ stanza }) => stanza.kind)).toEqual(["iq"]);
  client.send("<active xmlns='urn:xmpp:csi:0'/>");
  await client.until("<show>away</show>");
  expect(session()?.keeper?.unconfirmed).toHaveLength(2);
  await lose(client);
  const next = await resume(id, 2);
  expect(await next.until("</presence>")).toContain("<show>away</show>");
  next.send(`<a ${sm} h='3'/>`);
  await until(() => session()?.keeper?.unconfirmed.length === 0);
});

test("a session that ends takes along what waited, and its messages find another way", async () => {
  const { client } = await managed(balcony, "");
  const sender = await romeo();
  client.send(inactive);
  await sync(client);
  sender.send(show("away") + composing("one") + chat("two"));
  await sync(sender);
  client.destroy();
  await until(() => session() === undefined);
  const back = await connected(balcony.full);
  back.send("<presence/>");
  const text = await back.until(/id='two'.*<\/message>/s);
  expect(text).not.toContain("<show>");
});
