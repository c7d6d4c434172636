import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { StreamError } from "../../xmpp/errors.ts";
import {
  balcony,
  chat,
  connected,
  depth,
  failed,
  ids,
  juliet,
  lose,
  managed,
  receipt,
  resume,
  romeo,
  server,
  session,
  sm,
  start,
  stop,
  sync,
  until,
} from "./testing.ts";

beforeEach(() => start());
afterEach(stop);

describe("a lost connection", () => {
  test("leaves the session: contacts hear nothing, messages wait on disk, and all go on at resumption", async () => {
    const { client, id } = await managed(balcony);
    const sender = await romeo();
    sender.send(chat("one") + chat("two") + receipt("three"));
    await client.until("id='three'");
    await lose(client);
    // "one" had been read; the connection died before the rest could be confirmed.
    expect(session()?.isAvailable).toBe(true);
    sender.send(chat("four") + receipt("five") + chat("six", balcony.full));
    await sync(sender);
    expect(await depth()).toBe(4);
    const next = await resume(id, 2);
    const text = await next.until(/id='six'.*<\/message>/s);
    expect(text).toContain(`<resumed ${sm} previd='${id}' h='1'/>`);
    expect(ids(text)).toEqual(["two", "three", "five", "four", "six"]);
    expect(session()?.detachedAt).toBeNull();
    next.send(`<a ${sm} h='7'/>${chat("back", "romeo@capulet.example")}<r ${sm}/>`);
    await next.until(`<a ${sm} h='2'/>`);
    await until(async () => (await depth()) === 0);
    sender.send(chat("seven"));
    expect(ids(await next.until(/id='seven'.*<\/message>/s))).toEqual(["seven"]);
  });

  test("can be resumed while the old one still seems open, which is closed", async () => {
    const { client, id } = await managed(balcony);
    const sender = await romeo();
    sender.send(chat("one"));
    await client.until("id='one'");
    const next = await resume(id, 1);
    expect(ids(await next.until("</message>"))).toEqual(["one"]);
    expect(await client.ended()).toContain("<conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>");
    expect(await depth()).toBe(0);
    expect(server.core.sessions.of(juliet)).toHaveLength(1);
    next.send(`<a ${sm} h='2'/>`);
    await sync(next);
  });

  test("what the client has is not sent again, however often its connection breaks", async () => {
    const { client, id } = await managed(balcony);
    const sender = await romeo();
    sender.send(chat("one") + chat("two"));
    await client.until("id='two'");
    await lose(client);
    sender.send(chat("three") + chat("four"));
    await sync(sender);
    const second = await resume(id, 3);
    await second.until(/id='four'.*<\/message>/s);
    await lose(second);
    const third = await resume(id, 4);
    expect(ids((await third.until(/id='four'.*<\/message>/s)) + (await sync(third)))).toEqual(["four"]);
    third.send(`<a ${sm} h='6'/>`);
    await until(async () => (await depth()) === 0);
  });

  test("what came while older ones were handed over comes behind them", async () => {
    const { client, id } = await managed(balcony);
    await lose(client);
    const sender = await romeo();
    const older = Array.from({ length: 150 }, (_, index) => `m${index}`);
    sender.send(older.map((text) => chat(text)).join(""));
    await sync(sender);
    const second = await resume(id, 1);
    // The rest comes when these are confirmed.
    await second.until(/id='m99'.*<\/message>/s);
    sender.send(chat("late"));
    await sync(sender);
    await lose(second);
    const third = await resume(id, 101);
    expect(ids(await third.until(/id='late'.*<\/message>/s))).toEqual([...older.slice(100), "late"]);
  });

  test("what another client of the account has, which lost its connection as well, waits for nobody", async () => {
    const chamber = juliet.withResource("chamber");
    const { client } = await managed(balcony);
    const other = (await managed(chamber)).client;
    const sender = await romeo();
    sender.send(chat("one"));
    await other.until("id='one'");
    await client.until("id='one'");
    other.send(`<a ${sm} h='3'/>`);
    await sync(other);
    other.destroy();
    await until(() => server.core.sessions.find(chamber)?.detachedAt !== null);
    await lose(client);
    await sync(sender);
    expect(await depth()).toBe(0);
  });

  test("what was handled over the old one is not asked for again", async () => {
    const { client, id } = await managed(balcony);
    client.send(chat("one", "romeo@capulet.example") + chat("two", "romeo@capulet.example"));
    await sync(client);
    await lose(client);
    const next = await resume(id, 2);
    await next.until(`<resumed ${sm} previd='${id}' h='4'/>`);
  });

  test("ends the session when the client did not ask for more", async () => {
    const { client } = await managed(balcony, "");
    const sender = await romeo();
    sender.send(chat("one"));
    await client.until("id='one'");
    client.destroy();
    await until(() => session() === undefined);
    await until(async () => (await depth()) === 1);
  });

  test.each(["close", "kick", "conflict", "overflow"])("a session ends for good by %s", async (how) => {
    await server.stop();
    await start({ max_queue: 10 });
    const { client, id } = await managed(balcony);
    const sender = await romeo();
    if (how === "close") client.send("</stream:stream>");
    else await lose(client);
    if (how === "kick") session()!.close(new StreamError("reset"));
    if (how === "conflict") await connected(balcony.full);
    if (how === "overflow") for (let n = 0; n < 11; n += 1) sender.send(receipt(`r${n}`));
    await until(() => session()?.keeper == null);
    const next = await resume(id, 1);
    expect(await next.until("</failed>")).toContain("item-not-found");
  });

  test("after the time to resume it the contacts hear, and everything is where it was, in order", async () => {
    const { client, id } = await managed(balcony);
    const sender = await romeo();
    sender.send(`<presence to='${balcony.full}'/>${chat("one")}`);
    await client.until("id='one'");
    client.send("<presence to='romeo@capulet.example/orchard'/>");
    await sender.until("<presence ");
    await lose(client);
    sender.send(
      `${chat("two")}<iq type='get' id='ask' to='${balcony.full}'><query xmlns='jabber:iq:version'/></iq>${chat("three")}`,
    );
    await sync(sender);
    server.clock.advance(300_000);
    const told = await sender.until(/type='unavailable'/);
    expect(told + (await sync(sender))).toMatch(/<iq [^>]*type='error' id='ask'.*service-unavailable/s);
    const next = await resume(id, 1);
    expect(await next.until("</failed>")).toContain("<failed xmlns='urn:xmpp:sm:3' h='2'><item-not-found");
    next.send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq><presence/>");
    const text = await next.until(/id='three'.*<\/message>/s);
    expect(ids(text)).toEqual(["one", "two", "three"]);
    expect(
      text.match(/<delay xmlns='urn:xmpp:delay' from='capulet.example' stamp='2026-01-01T00:00:00Z'\/>/g),
    ).toHaveLength(3);
  });

  test("nobody but the account resumes, and only with the whole id", async () => {
    const { client, id } = await managed(balcony);
    await lose(client);
    for (const [user, previd] of [
      ["romeo", id],
      ["juliet", `${id.slice(0, -1)}${id.endsWith("A") ? "B" : "A"}`],
      ["juliet", id.slice(0, 16)],
      ["juliet", `${id}x`],
      ["juliet", ""],
    ] as const) {
      const other = await resume(previd, 0, user);
      expect(await other.until("</failed>")).toContain(failed("item-not-found"));
    }
    const next = await resume(id, 9);
    expect(await next.ended()).toContain("handled-count-too-high");
  });

  test("what another resource has is not sent twice; what it has not, it gets", async () => {
    const { client } = await managed(balcony);
    const chamber = await connected(`${juliet.bare}/chamber`);
    chamber.send("<presence/>");
    await sync(chamber);
    const sender = await romeo();
    sender.send(chat("both") + chat("mine", balcony.full));
    await client.until("id='mine'");
    await chamber.until("id='both'");
    await lose(client);
    expect(ids((await chamber.until("</message>")) + (await chamber.until("</message>")))).toEqual(["mine"]);
    sender.send(chat("later") + chat("yours", balcony.full));
    expect(ids(await chamber.until(/id='yours'.*<\/message>/s))).toEqual(["later", "yours"]);
    session()!.close();
    await sync(chamber);
    expect(ids(await sync(chamber))).toEqual([]);
    expect(await depth()).toBe(0);
  });

  test("only so many sessions of an account wait", async () => {
    for (const resource of ["1", "2", "3", "4"]) {
      const jid = juliet.withResource(resource);
      const { client } = await managed(jid);
      client.destroy();
      await until(() => server.core.sessions.find(jid)?.detachedAt !== null);
      server.clock.advance(1);
    }
    expect(server.core.sessions.of(juliet).map(({ jid }) => jid.resource)).toEqual(["2", "3", "4"]);
  });

  test("when the server stops, nothing that is unconfirmed is lost", async () => {
    const { client } = await managed(balcony);
    const sender = await romeo();
    sender.send(chat("one"));
    await client.until("id='one'");
    sender.send(receipt("two"));
    await lose(client);
    await server.clients.drain();
    expect(session()).toBeUndefined();
    expect(await depth()).toBe(1);
  });

  test("options that change end the sessions that wait and keep the others", async () => {
    const { client } = await managed(balcony);
    const other = await managed(juliet.withResource("chamber"));
    await lose(client);
    await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
      draft.modules["stream-management"] = { enabled: true, options: { ack_every: 1 } };
    });
    await until(() => session() === undefined);
    other.client.send(`<presence><show>away</show></presence><r ${sm}/>`);
    await other.client.until(`<a ${sm} h='2'/>`);
  });
});
