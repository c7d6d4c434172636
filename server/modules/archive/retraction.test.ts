import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TestClient, TestServer } from "../../core/testing.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { archiveServer, juliet, romeo } from "./testing.ts";

const retractNs = "urn:xmpp:message-retract:1";

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

const said = (id: string, body = "secret", to = juliet): string =>
  `<message type='chat' id='${id}' to='${to}'><body>${body}</body><origin-id xmlns='urn:xmpp:sid:0' id='o'/></message>`;
const retraction = (id: string, to = juliet, own = "r1"): string =>
  `<message type='chat' id='${own}' to='${to}'><retract xmlns='${retractNs}' id='${id}'/><body>retracted</body></message>`;

/** The messages of the own archive, without the ids and stamps that differ. */
async function history(client: TestClient): Promise<string[]> {
  client.send("<iq type='set' id='h'><query xmlns='urn:xmpp:mam:2'/></iq>");
  const received = await client.sync();
  return received
    .map((stanza) => /(?<=<delay [^>]*>)<message.*<\/message>(?=<\/forwarded>)/.exec(String(stanza))?.[0])
    .filter((text) => text !== undefined);
}

const tombstone = (id: string): RegExp =>
  new RegExp(
    `^<message [^>]*id='${id}'[^>]*><origin-id xmlns='urn:xmpp:sid:0' id='o'/>` +
      `<retracted xmlns='${retractNs}' id='r1' stamp='[^']+'/></message>$`,
  );

describe("a retraction", () => {
  test("leaves a tombstone in both archives, and is itself kept", async () => {
    r.send(said("m1"));
    r.send(said("m2", "stays"));
    r.send(retraction("m1"));
    await r.sync();
    const received = await j.texts();
    expect(received.some((text) => text.includes("<retract "))).toBe(true);
    for (const client of [r, j]) {
      const [first, second, third] = await history(client);
      expect(first).toMatch(tombstone("m1"));
      expect(second).toContain("stays");
      expect(third).toContain("<retract ");
    }
  });

  test("reaches what waits for somebody who is away", async () => {
    j.end();
    r.send(said("m1"));
    await r.sync();
    r.send(retraction("m1"));
    await r.sync();
    const back = await server.connect(`${juliet}/back`);
    back.send("<presence/>");
    // Its own presence, and two messages.
    const texts = (await back.take(3)).map(String);
    expect(texts[1]).toContain("<retracted ");
    expect(texts[2]).toContain("<retract ");
    expect(texts.join("")).not.toContain("secret");
  });

  test.each(["a&apos;b", "&lt;body&gt;", "&quot;&amp;amp;", "ä☕"])("of a message with the id %s", async (id) => {
    r.send(said(id));
    r.send(retraction(id));
    await r.sync();
    await j.sync();
    for (const client of [r, j]) expect((await history(client))[0]).toContain("<retracted ");
  });

  test("of a message to oneself", async () => {
    r.send(said("m1", "note", romeo));
    r.send(retraction("m1", romeo));
    await r.sync();
    expect((await history(r))[0]).toMatch(tombstone("m1"));
  });

  test("finds the newest of an id, however much was said after it", async () => {
    r.send(said("m1", "older"));
    r.send(said("m1", "newer"));
    for (let n = 0; n < 600; n += 1) r.send(said(`x${n}`, "chatter"));
    await r.sync();
    r.send(retraction("m1"));
    await r.sync();
    const bodies = (await server.stores.archive.query({
      host: "capulet.example",
      local: "juliet",
      from: "start",
      limit: 3,
      maxBytes: 100_000,
    }))!.items.map(({ xml }) => xml);
    expect(bodies[0]).toContain("older");
    expect(bodies[1]).toMatch(/<retracted /);
  });
});

describe("nobody retracts", () => {
  beforeEach(async () => {
    r.send(said("m1"));
    await r.sync();
    await j.sync();
  });

  test.each([
    ["what the other side said", () => j, retraction("m1", romeo)],
    ["with no id of its own", () => r, retraction("m1").replace(" id='r1'", "")],
    ["nothing in particular", () => r, retraction("").replace(" id=''", "")],
    ["what was never said", () => r, retraction("m2")],
    ["by an id that is markup", () => r, retraction("&lt;message")],
    ["in another conversation", () => r, retraction("m1", "nurse@capulet.example")],
    ["by a headline", () => r, retraction("m1").replace("type='chat'", "type='headline'")],
  ])("%s", async (_, who, stanza) => {
    who().send(stanza);
    await who().sync();
    for (const client of [r, j]) expect((await history(client))[0]).toContain("secret");
  });

  test("a retraction", async () => {
    r.send(retraction("m1"));
    r.send(retraction("r1", juliet, "r2"));
    await r.sync();
    expect((await history(j))[1]).toContain("<retract ");
    expect((await history(j))[1]).not.toContain("<retracted ");
  });
});

test("occupants of a room retract what they said themselves", async () => {
  const route = async (nick: string, stanza: string): Promise<void> =>
    server.core.router.send(Stanza.parse(stanza.replace("<message", `<message from='hall@rooms.example/${nick}'`)));
  await route("tybalt", said("m1"));
  await route("mercutio", retraction("m1"));
  expect((await history(j))[0]).toContain("secret");
  await route("tybalt", retraction("m1", juliet, "r1"));
  expect((await history(j))[0]).toContain("<retracted ");
});

test("a resource of the sender retracts what another one said", async () => {
  const chamber = await server.connect(`${romeo}/chamber`);
  r.send(said("m1"));
  await r.sync();
  chamber.send(retraction("m1"));
  await chamber.sync();
  for (const client of [r, j]) expect((await history(client))[0]).toContain("<retracted ");
});

test("without tombstones what was said stays", async () => {
  await server.stop();
  await start({ tombstones: false });
  r.send(said("m1"));
  r.send(retraction("m1"));
  await r.sync();
  await j.sync();
  for (const client of [r, j]) expect((await history(client))[0]).toContain("secret");
  const features = server.core.hosts.get("capulet.example")!.features("account");
  expect(features.filter((one) => one.startsWith(retractNs))).toEqual([retractNs]);
});
