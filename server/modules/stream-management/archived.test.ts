import { afterEach, beforeEach, expect, test } from "vitest";
import type { RawClient } from "../../net/testing.ts";
import {
  balcony,
  chat,
  connected,
  depth,
  ids,
  juliet,
  lose,
  managed,
  resume,
  romeo,
  server,
  sm,
  start,
  stop,
  sync,
  until,
} from "./testing.ts";

beforeEach(() => start());
afterEach(stop);

const archived = async (local: string): Promise<number> => {
  const window = { host: "capulet.example", local, from: "start", limit: 100, maxBytes: 1e9 } as const;
  return (await server.stores.archive.query(window))?.items.length ?? 0;
};
const stanzaIds = (text: string): string[] => [...text.matchAll(/<stanza-id [^>]*id='([^']+)'/g)].map(([, id]) => id!);

/** Stanzas that a client has read since it enabled stream management. */
const read = new Map<RawClient, number>();
function countRead(client: RawClient, text: string): number {
  const count = (read.get(client) ?? 0) + [...text.matchAll(/<(?:message|presence|iq) /g)].length;
  read.set(client, count);
  return count;
}

test("an unconfirmed message comes to wait as the row that the archive has", async () => {
  const { client, id } = await managed(balcony);
  const sender = await romeo();
  sender.send(chat("one") + chat("two"));
  const first = await client.until(/id='two'.*<\/message>/s);
  await sync(sender);
  expect([await archived("juliet"), await archived("romeo"), await depth()]).toEqual([2, 2, 0]);
  await lose(client);
  await sync(sender);
  expect([await archived("juliet"), await depth()]).toEqual([2, 2]);
  sender.send(chat("three"));
  await sync(sender);
  expect([await archived("juliet"), await depth()]).toEqual([3, 3]);
  const next = await resume(id, 2);
  const again = await next.until(/id='three'.*<\/message>/s);
  // It had confirmed the first one; each comes once, under the id it had.
  expect(ids(again)).toEqual(["two", "three"]);
  expect(stanzaIds(again)[0]).toBe(stanzaIds(first)[1]);
  next.send("<a xmlns='urn:xmpp:sm:3' h='4'/>");
  await sync(next);
  expect([await archived("juliet"), await depth()]).toEqual([3, 0]);
});

test("after its time the next login gets it under the same id", async () => {
  const { client } = await managed(balcony);
  const sender = await romeo();
  sender.send(chat("one"));
  const first = await client.until(/id='one'.*<\/message>/s);
  await lose(client);
  server.clock.advance(300_000);
  const next = await connected(`${juliet.bare}/other`);
  next.send("<presence/>");
  const again = await next.until(/id='one'.*<\/message>/s);
  expect(stanzaIds(again)).toEqual(stanzaIds(first));
  await sync(next);
  expect([await archived("juliet"), await depth()]).toEqual([1, 0]);
});

test.each([
  { first: true, second: true },
  { first: true, second: false },
  { first: false, second: true },
  { first: false, second: false },
])("of two resources that come at once one gets each message, once: $first, $second", async ({ first, second }) => {
  const texts = Array.from({ length: 5 }, (_, n) => `m${n}`);
  const sender = await romeo();
  for (const text of texts) sender.send(chat(text));
  await sync(sender);
  const clients: RawClient[] = [];
  for (const [resource, isManaged] of [
    ["one", first],
    ["two", second],
  ] as const) {
    const client = await connected(juliet.withResource(resource).full);
    if (isManaged) {
      client.send(`<enable ${sm} resume='true'/>`);
      await client.until("<enabled ");
    }
    clients.push(client);
  }
  for (const client of clients) client.send("<presence/>");
  let seen: string[] = [];
  // A sync confirms for who has no stream management.
  await until(async () => {
    for (const client of clients) {
      const text = await sync(client);
      seen = [...seen, ...ids(text)];
      const h = countRead(client, text);
      if (text.includes("<r ")) client.send(`<a ${sm} h='${h}'/>`);
    }
    return (await depth()) === 0;
  });
  for (const client of clients) seen.push(...ids(await sync(client)));
  expect(seen).toEqual(texts);
});

test("a copy of what another resource sent waits for its own resource, and is nobody else's", async () => {
  const { client, id } = await managed(balcony);
  client.send("<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>");
  await client.until("id='c'");
  const desk = await connected(juliet.withResource("desk").full);
  await lose(client);
  desk.send(chat("one", "romeo@capulet.example"));
  await sync(desk);
  const back = await resume(id, 2);
  expect(await back.until(/<sent .*<\/sent>/s)).toContain("<body>one</body>");
  await lose(back);
  desk.send(`<presence/>${chat("two", "romeo@capulet.example")}`);
  await sync(desk);
  server.clock.advance(300_000);
  await until(() => server.core.sessions.find(balcony) === undefined);
  expect(await sync(desk)).not.toContain("<sent ");
  expect(await depth()).toBe(0);
});
