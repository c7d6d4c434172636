import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStream, plainAuth } from "../../core/testing-streams.ts";
import {
  balcony,
  chat,
  connected,
  depth,
  failed,
  ids,
  juliet,
  managed,
  romeo,
  server,
  session,
  sm,
  start,
  stop,
  stream,
  sync,
  until,
} from "./testing.ts";

beforeEach(() => start());
afterEach(stop);

describe("enabling", () => {
  test("is offered after the login, and possible after the binding, once", async () => {
    const client = await stream();
    client.send(`<enable ${sm}/>`);
    await client.until(failed("unexpected-request"));
    client.send(plainAuth("", "juliet", "secret"));
    await client.until("<success");
    expect(await openStream(client, "capulet.example")).toContain(`<sm ${sm}/>`);
    for (const name of ["enable", "r", "a h='0'"]) {
      client.send(`<${name.replace(" ", ` ${sm} `)}${name.includes(" ") ? "" : ` ${sm}`}/>`);
      await client.until(failed("unexpected-request"));
    }
    client.send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
    await client.until("</iq>");
    client.send(`<enable ${sm}/><enable ${sm}/>`);
    expect(await client.until("</failed>")).toBe(`<enabled ${sm}/>${failed("unexpected-request")}`);
  });

  test("the client reads <enabled/> apart from what follows", async () => {
    const client = await connected(balcony.full);
    client.send(`<enable ${sm}/><presence/>`);
    await client.until(`<enabled ${sm}/>`);
    expect(client.text).toBe("");
    await client.until("<presence ");
  });

  test.each([
    [" resume='true'", "max='300'"],
    [" resume='1' max='20'", "max='20'"],
    [" resume='true' max='9999'", "max='300'"],
  ])("with%s the answer says %s", async (attributes, max) => {
    const client = await connected(balcony.full);
    client.send(`<enable ${sm}${attributes}/>`);
    expect(await client.until("/>")).toMatch(new RegExp(`^<enabled ${sm} id='[\\w-]{48}' resume='true' ${max}/>$`));
  });
});

describe("acknowledgements", () => {
  test("count what was dealt with since it was enabled", async () => {
    const client = await connected(balcony.full);
    await sync(client);
    client.send(`<enable ${sm}/><r ${sm}/>`);
    await client.until(`<a ${sm} h='0'/>`);
    client.send(`<presence/>${chat("one", "romeo@capulet.example")}<r ${sm}/>`);
    await client.until(`<a ${sm} h='2'/>`);
  });

  test("wait for the commit of what they cover", async () => {
    const gate = Promise.withResolvers<void>();
    const commit = server.stores.offline.commit;
    server.stores.offline.commit = async (unit) => {
      await gate.promise;
      return commit(unit);
    };
    const { client } = await managed(balcony);
    client.send(`${chat("one", "romeo@capulet.example")}<presence><show>away</show></presence><r ${sm}/>`);
    expect(await client.until(/<show>away<\/show><\/presence>/)).not.toContain("<a ");
    expect(client.text).not.toContain("<a ");
    gate.resolve();
    await client.until(`<a ${sm} h='3'/>`);
  });

  test("are asked for after some stanzas, and after a while in any case", async () => {
    await server.stop();
    await start({ ack_every: 3 });
    const { client } = await managed(balcony);
    const sender = await romeo();
    for (const text of ["one", "two", "three", "four"]) sender.send(chat(text));
    expect(ids(await client.until(`<r ${sm}/>`))).toEqual(["one", "two", "three"]);
    await client.until("id='four'");
    client.send(`<a ${sm} h='4'/>`);
    await client.until(`<r ${sm}/>`);
  });

  test.each([
    ["h='2'", "<handled-count-too-high xmlns='urn:xmpp:sm:3' h='2' send-count='1'/>"],
    ["h='4294967295'", "<undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"],
    ["", "<bad-format xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"],
    ["h='many'", "<bad-format xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"],
  ])("<a %s/> after one stanza ends the stream", async (attribute, error) => {
    const { client } = await managed(balcony);
    client.send(`<a ${sm} ${attribute}/>`);
    expect(await client.ended()).toContain(error);
    expect(session()).toBeUndefined();
  });

  test("decide when offline messages leave the store; an answer does not", async () => {
    const sender = await romeo();
    sender.send(chat("one") + chat("two"));
    await sync(sender);
    const { client } = await managed(balcony);
    await client.until(/id='two'.*<\/message>/s);
    await sync(client);
    expect(await depth()).toBe(2);
    client.send(`<a ${sm} h='2'/>`);
    await sync(client);
    expect(await depth()).toBe(2);
    client.send(`<a ${sm} h='3'/>`);
    await until(async () => (await depth()) === 0);
  });

  test("cover what was written before stream management was enabled, once there is one", async () => {
    const sender = await romeo();
    for (let n = 0; n < 101; n += 1) sender.send(chat(`m${n}`));
    await sync(sender);
    const gate = Promise.withResolvers<void>();
    const read = server.stores.offline.read;
    server.stores.offline.read = async (host, local, after, limit) => {
      if (after > 0) await gate.promise;
      return read(host, local, after, limit);
    };
    const client = await connected(balcony.full);
    client.send("<presence/>");
    await client.until("id='m99'");
    client.send(`<enable ${sm}/>`);
    await client.until("<enabled");
    gate.resolve();
    await client.until(/id='m100'.*<\/message>/s);
    await sync(client);
    expect(await depth()).toBe(101);
    client.send(`<a ${sm} h='2'/>`);
    await until(async () => (await depth()) === 0);
  });

  test("pace the offline messages: one page at a time is unconfirmed", async () => {
    const sender = await romeo();
    for (let n = 0; n < 250; n += 1) sender.send(chat(`m${n}`));
    await sync(sender);
    const { client } = await managed(balcony);
    await client.until("id='m99'");
    await sync(client);
    expect(client.text).not.toContain("id='m100'");
    client.send(`<a ${sm} h='101'/>`);
    await client.until("id='m199'");
    expect(await depth()).toBe(150);
  });
});

test("a client that reads and confirms nothing is closed, and its messages are stored", async () => {
  await server.stop();
  await start({ max_queue_bytes: 65_536 });
  const { client } = await managed(balcony);
  const sender = await romeo();
  for (let n = 0; n < 40; n += 1)
    sender.send(chat(`m${n}`, juliet.bare, `<x xmlns='urn:example'>${"x".repeat(2000)}</x>`));
  expect(await client.ended()).toContain("<resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>");
  await sync(sender);
  expect(await depth()).toBe(40);
});
