import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TestClient, TestServer } from "../../core/testing.ts";
import { Jid } from "../../xmpp/jid.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { archiveServer, ask, fields, juliet, mam, romeo, rsm } from "./testing.ts";

let server: TestServer;
let r: TestClient;
let j: TestClient;

async function start(options?: Record<string, unknown>): Promise<void> {
  ({ server, r, j } = await archiveServer(options));
}

beforeEach(() => start());
afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

function say(client: TestClient, text: string, to: string, more = ""): void {
  client.send(`<message type='chat' to='${to}' ><body>${text}</body>${more}</message>`);
}

const idOf = (stanza: Stanza | undefined): string | undefined =>
  stanza?.child("stanza-id", "urn:xmpp:sid:0")?.attr("id");

async function conversation(count: number): Promise<void> {
  for (let i = 1; i <= count; i += 1) {
    const [from, to] = i % 2 === 1 ? [r, juliet] : [j, romeo];
    say(from, `m${i}`, to);
    await from.sync();
    server.clock.advance(1000);
  }
  await r.sync();
  await j.sync();
}

describe("what is kept", () => {
  test("a message is in both archives, and its recipient is told under which id", async () => {
    say(r, "hello", juliet);
    const [received] = await j.take(1);
    const stanzaId = received!.child("stanza-id", "urn:xmpp:sid:0");
    expect(stanzaId?.attr("by")).toBe(juliet);
    await r.sync();
    const hers = await ask(j);
    const his = await ask(r);
    expect(hers.results).toEqual([
      {
        id: stanzaId?.attr("id"),
        queryId: undefined,
        stamp: "2026-01-01T00:00:00Z",
        from: `${romeo}/orchard`,
        to: juliet,
        body: "hello",
      },
    ]);
    expect(his.bodies).toEqual(["hello"]);
    expect(his.results[0]?.id).not.toBe(hers.results[0]?.id);
    expect(hers).toMatchObject({ isComplete: true, first: stanzaId?.attr("id"), last: stanzaId?.attr("id") });
  });

  test("nobody forges an id, neither in what is delivered nor in what is kept", async () => {
    const forged = (by: string) => `<stanza-id xmlns='urn:xmpp:sid:0' by='${by}' id='forged'/>`;
    say(r, "hello", juliet, forged(juliet) + forged(romeo));
    const [received] = await j.take(1);
    expect(String(received).match(/<stanza-id/g)).toHaveLength(1);
    expect(idOf(received)).not.toBe("forged");
    r.send(`<iq type='set' id='q'><query ${mam}/></iq>`);
    expect(String(await r.texts())).not.toContain(`by='${romeo}' id='forged'`);
  });

  test("a message to oneself is kept once", async () => {
    const tablet = await server.connect(`${romeo}/tablet`);
    tablet.send("<presence/>");
    await tablet.sync();
    say(r, "note", romeo);
    say(r, "there", `${romeo}/tablet`);
    say(r, "to her", juliet);
    await r.sync();
    expect((await ask(r)).bodies).toEqual(["note", "there", "to her"]);
    expect((await ask(r, fields({ with: romeo }))).bodies).toEqual(["note", "there"]);
  });

  test.each([
    ["a body", "<body>x</body>", true],
    ["nothing", "", false],
    ["a chat state", "<composing xmlns='http://jabber.org/protocol/chatstates'/>", false],
    ["a receipt", "<received xmlns='urn:xmpp:receipts' id='1'/>", true],
    ["a request for a receipt", "<request xmlns='urn:xmpp:receipts'/>", false],
    ["a marker", "<displayed xmlns='urn:xmpp:chat-markers:0' id='1'/>", true],
    ["that it can be marked", "<markable xmlns='urn:xmpp:chat-markers:0'/>", false],
    ["something encrypted", "<encrypted xmlns='eu.siacs.conversations.axolotl'/>", true],
    ["a call", "<propose xmlns='urn:xmpp:jingle-message:0' id='1'/>", true],
    ["a body not to be stored", "<body>x</body><no-store xmlns='urn:xmpp:hints'/>", false],
    ["a body not to be stored for long", "<body>x</body><no-permanent-store xmlns='urn:xmpp:hints'/>", false],
    ["a hint to store it", "<x xmlns='urn:example'/><store xmlns='urn:xmpp:hints'/>", true],
    ["both hints", "<body>x</body><store xmlns='urn:xmpp:hints'/><no-permanent-store xmlns='urn:xmpp:hints'/>", false],
  ])("a message with %s: %s", async (_, content, isKept) => {
    r.send(`<message type='chat' to='${juliet}'>${content}</message>`);
    const [received] = await j.take(1);
    await r.sync();
    expect(idOf(received) !== undefined).toBe(isKept);
    expect((await ask(j)).results).toHaveLength(isKept ? 1 : 0);
    expect((await ask(r)).results).toHaveLength(isKept ? 1 : 0);
  });

  test.each(["groupchat", "headline", "error"])("no message of type %s", async (type) => {
    r.send(`<message type='${type}' to='${juliet}/balcony'><body>x</body></message>`);
    await j.take(1);
    await r.sync();
    expect((await ask(j)).results).toEqual([]);
  });

  test("what waits for a client is the row that the archive shows", async () => {
    j.end();
    say(r, "one", juliet);
    await r.sync();
    server.clock.advance(1000);
    say(r, "two", juliet, "<no-permanent-store xmlns='urn:xmpp:hints'/>");
    await r.sync();
    expect(await server.stores.offline.depth("capulet.example", "juliet")).toMatchObject({ messages: 2 });
    const back = await server.connect(`${juliet}/balcony`);
    const before = await ask(back);
    expect(before.bodies).toEqual(["one"]);
    back.send("<presence/>");
    const [, one, two] = await back.take(3);
    expect(idOf(one)).toBe(before.results[0]?.id);
    expect(idOf(two)).toBeUndefined();
    expect(one!.child("delay", "urn:xmpp:delay")?.attr("stamp")).toBe("2026-01-01T00:00:00Z");
    await back.sync();
    expect(await server.stores.offline.depth("capulet.example", "juliet")).toMatchObject({ messages: 0 });
    expect((await ask(back)).results).toEqual(before.results);
  });

  test("a message that nobody could take is not in the recipient's archive", async () => {
    say(r, "x", "nobody@capulet.example");
    expect((await r.sync())[0]?.type).toBe("error");
    j.end();
    const signal = "<displayed xmlns='urn:xmpp:chat-markers:0' id='1'/>";
    r.send(`<message to='${juliet}'>${signal}</message>`);
    r.send(`<message to='nobody@capulet.example'>${signal}</message>`);
    await r.sync();
    // The marker for her is not stored for later, but it is a part of the history.
    const back = await server.connect(`${juliet}/balcony`);
    expect((await ask(back)).results).toHaveLength(1);
    expect(await server.stores.archive.bounds("capulet.example", "nobody")).toBeNull();
  });

  test("nobody is told that a message was taken before it is on disk", async () => {
    const { keep } = server.stores.archive;
    const gate = Promise.withResolvers<void>();
    let isKept = false;
    server.stores.archive.keep = async (units) => {
      await gate.promise;
      await keep(units);
      isKept = true;
    };
    say(r, "hello", juliet);
    // The recipient does not wait for that.
    expect((await j.take(1))[0]?.childText("body")).toBe("hello");
    const synced = r.sync().then(() => isKept);
    gate.resolve();
    expect(await synced).toBe(true);
  });

  test.each([
    ["number", "", 9_000],
    ["size", "x".repeat(40_000), 400],
  ])("a store that cannot keep up slows the sender down, by %s of the messages", async (_, padding, most) => {
    const { keep } = server.stores.archive;
    const gate = Promise.withResolvers<void>();
    server.stores.archive.keep = (units) => gate.promise.then(() => keep(units));
    let sent = 0;
    while (!r.isPaused && sent < 2 * most) {
      for (let i = 0; i < 100; i += 1) say(r, String((sent += 1)) + padding, juliet);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(sent).toBeLessThan(most);
    gate.resolve();
    await r.sync();
    expect(r.isPaused).toBe(false);
    expect((await ask(r, rsm("<max>0</max>"))).count).toBe(String(sent));
  });
});

describe("a query", () => {
  const bodies = (from: number, to: number): string[] =>
    Array.from({ length: to - from + 1 }, (_, index) => `m${from + index}`);

  test("is answered page by page, forwards", async () => {
    await conversation(7);
    const first = await ask(j, rsm("<max>3</max>"), { attributes: "queryid='f1'" });
    expect(first.results.map(({ queryId }) => queryId)).toEqual(["f1", "f1", "f1"]);
    expect(first).toMatchObject({ bodies: bodies(1, 3), isComplete: false, first: first.results[0]?.id });
    const second = await ask(j, rsm(`<max>3</max><after>${first.last}</after>`));
    expect(second).toMatchObject({ bodies: bodies(4, 6), isComplete: false });
    const third = await ask(j, rsm(`<max>3</max><after>${second.last}</after>`));
    expect(third).toMatchObject({ bodies: ["m7"], isComplete: true });
    expect(await ask(j, rsm(`<after>${third.last}</after>`))).toMatchObject({ bodies: [], isComplete: true });
  });

  test("is answered page by page, backwards, and each page in order", async () => {
    await conversation(7);
    const last = await ask(j, rsm("<max>3</max><before/>"));
    expect(last).toMatchObject({ bodies: bodies(5, 7), isComplete: false });
    const middle = await ask(j, rsm(`<max>3</max><before>${last.first}</before>`));
    expect(middle).toMatchObject({ bodies: bodies(2, 4), isComplete: false });
    expect(await ask(j, rsm(`<max>3</max><before>${middle.first}</before>`))).toMatchObject({
      bodies: ["m1"],
      isComplete: true,
    });
    const flipped = await ask(j, `${rsm("<max>3</max><before/>")}<flip-page/>`);
    expect(flipped).toMatchObject({ bodies: ["m7", "m6", "m5"], first: last.first, last: last.last });
  });

  test("is limited by time, ends included", async () => {
    await conversation(5);
    const time = (second: number) => `2026-01-01T00:00:0${second}Z`;
    expect((await ask(j, fields({ start: time(1), end: time(3) }))).bodies).toEqual(bodies(2, 4));
    expect((await ask(j, fields({ start: time(3) }))).bodies).toEqual(bodies(4, 5));
    expect((await ask(j, fields({ end: "2026-01-01T01:00:01+01:00" }))).bodies).toEqual(bodies(1, 2));
  });

  test("is limited to one side, by its bare or full address", async () => {
    await server.connect("nurse@capulet.example/hall");
    say(j, "n1", "nurse@capulet.example/hall");
    say(j, "r1", `${romeo}/orchard`);
    await j.sync();
    say(r, "r2", juliet);
    await r.sync();
    say(j, "r3", romeo);
    await j.sync();
    expect((await ask(j, fields({ with: romeo }))).bodies).toEqual(["r1", "r2", "r3"]);
    expect((await ask(j, fields({ with: `${romeo}/orchard` }))).bodies).toEqual(["r1", "r2"]);
    expect((await ask(j, fields({ with: "nurse@capulet.example" }))).bodies).toEqual(["n1"]);
    // No other name that begins alike.
    expect((await ask(j, fields({ with: "nurs@capulet.example" }))).bodies).toEqual([]);
    expect((await ask(j, fields({ with: juliet }))).bodies).toEqual([]);
  });

  test("is limited by ids", async () => {
    await conversation(6);
    const { results } = await ask(j);
    const id = (number: number): string => results[number - 1]!.id;
    expect((await ask(j, fields({ "after-id": id(2) }))).bodies).toEqual(bodies(3, 6));
    expect((await ask(j, fields({ "after-id": id(2), "before-id": id(5) }))).bodies).toEqual(bodies(3, 4));
    expect((await ask(j, fields({ "before-id": id(5) }) + rsm("<max>2</max><before/>"))).bodies).toEqual(bodies(3, 4));
    expect((await ask(j, fields({ ids: [id(5), id(2)] }))).bodies).toEqual(["m2", "m5"]);
    expect((await ask(j, fields({ ids: [id(5), id(2)], with: romeo }))).bodies).toEqual(["m2", "m5"]);
  });

  test("of an id that is not in this archive is an error", async () => {
    await conversation(2);
    const { results } = await ask(r);
    for (const id of ["nonsense", "00000000000000000000z", results[0]!.id]) {
      expect((await ask(j, rsm(`<after>${id}</after>`))).error).toBe("item-not-found");
      expect((await ask(j, rsm(`<before>${id}</before>`))).error).toBe("item-not-found");
      expect((await ask(j, fields({ "after-id": id }))).error).toBe("item-not-found");
      expect((await ask(j, fields({ ids: id }))).error).toBe("item-not-found");
    }
  });

  test("finds words, whatever their case, in bodies and subjects only", async () => {
    say(r, "I take thee at thy word", juliet);
    say(r, "Call me but LOVE &amp; I&apos;ll be new baptized", juliet);
    r.send(`<message to='${juliet}'><subject>The Capulets</subject></message>`);
    say(r, "Straße nach Verona", juliet);
    await r.sync();
    const found = async (text: string) => (await ask(j, fields({ "{urn:xmpp:fulltext:0}fulltext": text }))).bodies;
    expect(await found("thee WORD")).toEqual(["I take thee at thy word"]);
    expect(await found("love &amp; i'll")).toHaveLength(1);
    expect(await found("capulets")).toEqual([""]);
    expect(await found("straße")).toHaveLength(1);
    expect(await found("body")).toEqual([]);
    expect(await found("chat")).toEqual([]);
    expect(await found("amp")).toEqual([]);
    expect(await found("  ")).toHaveLength(4);
    const counted = await ask(j, fields({ "{urn:xmpp:fulltext:0}fulltext": "e" }) + rsm("<max>0</max>"));
    expect(counted).toMatchObject({ bodies: [], count: "4" });
  });

  test("for words is one at a time in an account", async () => {
    await conversation(1);
    const other = await server.connect(`${juliet}/chamber`);
    const { query } = server.stores.archive;
    const gate = Promise.withResolvers<void>();
    server.stores.archive.query = (wanted) => gate.promise.then(() => query(wanted));
    const search = fields({ "{urn:xmpp:fulltext:0}fulltext": "m1" });
    const first = ask(j, search);
    expect((await ask(other, search)).error).toBe("resource-constraint");
    gate.resolve();
    expect((await first).bodies).toEqual(["m1"]);
    expect((await ask(other, search)).bodies).toEqual(["m1"]);
  });

  test("for no message counts them", async () => {
    await conversation(5);
    const counted = await ask(j, rsm("<max>0</max>"));
    expect(counted).toMatchObject({ bodies: [], count: "5", isComplete: false, first: undefined });
    expect((await ask(j, fields({ start: "2026-01-01T00:00:03Z" }) + rsm("<max>0</max>"))).count).toBe("2");
  });

  test("gives no longer pages than the server likes", async () => {
    await server.stop();
    await start({ max_page: 10 });
    await conversation(12);
    expect((await ask(j, rsm("<max>500</max>"))).results).toHaveLength(10);
    expect((await ask(j, rsm("<max>4294967295</max>"))).results).toHaveLength(10);
    say(r, "x".repeat(200_000), juliet);
    for (let i = 0; i < 6; i += 1) say(r, `${i}${"y".repeat(200_000)}`, juliet);
    await r.sync();
    const long = await ask(j, rsm("<max>7</max><before/>"));
    expect(long.isComplete).toBe(false);
    expect(long.results.map(({ body }) => body[0])).toEqual(["5"]);
  });

  test.each([
    ["another user's archive", "", romeo, "forbidden"],
    ["a field that nobody knows", fields({ "{urn:x}y": "1" }), undefined, "feature-not-implemented"],
    ["no time", fields({ start: "yesterday" }), undefined, "bad-request"],
    ["no address", fields({ with: "@" }), undefined, "jid-malformed"],
    ["no number", rsm("<max>many</max>"), undefined, "bad-request"],
    ["a page by its index", rsm("<max>1</max><index>1</index>"), undefined, "feature-not-implemented"],
    [
      "another form",
      "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>urn:x</value></field></x>",
      undefined,
      "bad-request",
    ],
  ])("for %s is refused", async (_, content, to, error) => {
    expect(await ask(j, content, to === undefined ? {} : { to })).toMatchObject({ results: [], error });
  });

  test("is understood when its form has the type of the version before", async () => {
    await conversation(2);
    const form = fields({ with: romeo }).replace("urn:xmpp:mam:2", "urn:xmpp:mam:1");
    expect((await ask(j, form)).bodies).toHaveLength(2);
  });

  test("finds group chats neither wanted nor unwanted", async () => {
    await conversation(1);
    expect((await ask(j, fields({ "include-groupchat": "true" }))).bodies).toEqual(["m1"]);
  });

  test("is answered past messages that are held back", async () => {
    await conversation(1);
    j.session.holdMessages();
    say(r, "later", juliet);
    await r.sync();
    expect((await ask(j)).bodies).toEqual(["m1", "later"]);
    j.session.releaseMessages();
    expect((await j.take(1))[0]?.childText("body")).toBe("later");
  });
});

test("the form of a query, and what is known of the archive", async () => {
  j.send(`<iq type='get' id='f'><query ${mam}/></iq>`);
  const [form] = await j.sync();
  const names = form!
    .payload!.child("x", "jabber:x:data")!
    .elements("field")
    .map((field) => field.attr("var"));
  expect(names).toEqual([
    "FORM_TYPE",
    "with",
    "start",
    "end",
    "before-id",
    "after-id",
    "include-groupchat",
    "{urn:xmpp:fulltext:0}fulltext",
    "ids",
  ]);
  j.send(`<iq type='get' id='m1'><metadata ${mam}/></iq>`);
  await j.expect(`<iq type='result' id='m1' to='${j.jid}'><metadata ${mam}/></iq>`);
  await conversation(3);
  const { first, last } = await ask(j);
  j.send(`<iq type='get' id='m2'><metadata ${mam}/></iq>`);
  await j.expect(
    `<iq type='result' id='m2' to='${j.jid}'><metadata ${mam}>
      <start id='${first}' timestamp='2026-01-01T00:00:00Z'/><end id='${last}' timestamp='2026-01-01T00:00:02Z'/>
    </metadata></iq>`,
  );
  j.send(`<iq type='get' id='m3' to='${romeo}'><metadata ${mam}/></iq>`);
  expect((await j.sync())[0]?.child("error")?.payload?.name).toBe("forbidden");
});

describe("preferences", () => {
  const prefs = (policy: string, always: readonly string[] = [], never: readonly string[] = []): string => {
    const list = (jids: readonly string[]) => jids.map((jid) => `<jid>${jid}</jid>`).join("");
    return `<prefs ${mam} default='${policy}'><always>${list(always)}</always><never>${list(never)}</never></prefs>`;
  };
  const set = async (content: string): Promise<Stanza> => {
    j.send(`<iq type='set' id='p'>${content}</iq>`);
    return (await j.sync())[0]!;
  };

  test("are told and kept", async () => {
    j.send("<iq type='get' id='p1'><prefs xmlns='urn:xmpp:mam:2'/></iq>");
    await j.expect(`<iq type='result' id='p1' to='${j.jid}'>${prefs("always")}</iq>`);
    await set(prefs("roster", [romeo], ["nurse@capulet.example/hall"]));
    const wished = prefs("roster", [romeo], ["nurse@capulet.example/hall"]);
    j.send("<iq type='get' id='p2'><prefs xmlns='urn:xmpp:mam:2'/></iq>");
    await j.expect(`<iq type='result' id='p2' to='${j.jid}'>${wished}</iq>`);
    await server.loader.stop();
    expect(await server.stores.archive.preferences("capulet.example", "juliet")).toContain(romeo);
  });

  test.each([
    { name: "never", content: prefs("never"), kept: [] },
    { name: "never but", content: prefs("never", [romeo]), kept: ["in", "out"] },
    { name: "never but one resource", content: prefs("never", [`${romeo}/orchard`]), kept: ["in"] },
    { name: "always but", content: prefs("always", [], [romeo]), kept: [] },
    { name: "always but one resource", content: prefs("always", [], [`${romeo}/orchard`]), kept: ["out"] },
    { name: "a resource of somebody", content: prefs("never", [`${romeo}/orchard`], [romeo]), kept: ["in"] },
    { name: "contacts", content: prefs("roster"), kept: [] },
    { name: "contacts, and he is one", content: prefs("roster"), contact: true, kept: ["in", "out"] },
  ])("$name", async ({ content, kept, contact }) => {
    if (contact === true) {
      j.send(`<iq type='set' id='c'><query xmlns='jabber:iq:roster'><item jid='${romeo}'/></query></iq>`);
      await j.sync();
    }
    expect((await set(content)).type).toBe("result");
    say(r, "in", juliet);
    await r.sync();
    say(j, "out", romeo);
    await j.sync();
    expect((await ask(j)).bodies).toEqual(kept);
    expect((await ask(r)).bodies).toEqual(["in", "out"]);
  });

  test.each([
    ["no policy", `<prefs ${mam}/>`, "bad-request"],
    ["an unknown policy", `<prefs ${mam} default='sometimes'/>`, "bad-request"],
    ["no address", prefs("always", ["@"]), "jid-malformed"],
    [
      "too many",
      prefs(
        "always",
        Array.from({ length: 201 }, (_, i) => `u${i}@capulet.example`),
      ),
      "policy-violation",
    ],
  ])("with %s are refused", async (_, content, error) => {
    expect((await set(content)).child("error")?.payload?.name).toBe(error);
  });

  test("the host's policy is for those who have not said anything", async () => {
    await server.stop();
    await start({ default_policy: "never" });
    say(r, "x", juliet);
    const [received] = await j.take(1);
    expect(idOf(received)).toBeUndefined();
    await set(prefs("always"));
    say(r, "y", juliet);
    await r.sync();
    expect((await ask(j)).bodies).toEqual(["y"]);
    expect((await ask(r)).bodies).toEqual([]);
  });
});

test("who has it anew gets none of a removed account's history", async () => {
  await conversation(3);
  j.end();
  await server.core.accounts.remove(Jid.parse(juliet));
  await server.stores.accounts.createMany(
    [
      {
        host: "capulet.example",
        local: "juliet",
        credentials: { kind: "sealed", sealed: "" },
        createdAt: 0,
        createdVia: "cli",
        createdFrom: null,
      },
    ],
    "skip",
  );
  const other = await server.connect(`${juliet}/balcony`);
  expect((await ask(other)).results).toEqual([]);
  expect((await ask(r)).results).toHaveLength(3);
});
