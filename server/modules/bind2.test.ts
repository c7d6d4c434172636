import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RawClient } from "../net/testing.ts";
import { Jid } from "../xmpp/jid.ts";
import {
  addressOf,
  ask,
  host,
  juliet,
  laptop,
  phone,
  plain,
  server,
  start,
  stop,
  sync,
  userAgent,
} from "./sasl/testing.ts";

beforeEach(() => start());
afterEach(stop);

const bind = (inside = ""): string => `<bind xmlns='urn:xmpp:bind:0'>${inside}</bind>`;
const tag = "<tag>AwesomeXMPP</tag>";
const enable = (ns: string, more = ""): string => `<enable xmlns='${ns}'${more}/>`;
const resourceOf = (answer: string): string => addressOf(answer).slice(juliet.bare.length + 1);
const chat = (to: string, body: string): string =>
  `<message type='chat' to='${to}' id='${body}'><body>${body}</body></message>`;

async function romeo(): Promise<RawClient> {
  const { client } = await ask(plain(bind(), "romeo"));
  return client;
}

describe("the resource", () => {
  it("is the client's tag with what makes it unique", async () => {
    const answers = [await ask(plain(bind(tag))), await ask(plain(bind(tag)))];
    const [one, two] = answers.map(({ answer }) => resourceOf(answer));
    expect(one).toMatch(/^AwesomeXMPP\/[\w-]{12}$/);
    expect(one).not.toBe(two);
    expect(resourceOf((await ask(plain(bind()))).answer)).toMatch(/^[\w-]{12}$/);
    expect(server.core.sessions.of(juliet)).toHaveLength(3);
  });

  it("stays that of a client which tells its id, and says nothing of the id", async () => {
    const first = await ask(plain(userAgent(phone) + bind(tag)));
    const again = await ask(plain(userAgent(phone) + bind(tag)));
    const other = await ask(plain(userAgent(laptop) + bind(tag)));
    expect(resourceOf(again.answer)).toBe(resourceOf(first.answer));
    expect(resourceOf(other.answer)).not.toBe(resourceOf(first.answer));
    expect(resourceOf(first.answer)).not.toContain(phone.slice(0, 8));
    expect(await first.client.ended()).toContain("<conflict");
    expect(server.core.sessions.of(juliet)).toHaveLength(2);
  });

  it("of an earlier session of the same client is given up, under whatever tag", async () => {
    const first = await ask(plain(userAgent(phone) + bind(tag)));
    await ask(plain(userAgent(phone) + bind("<tag>Renamed</tag>")));
    expect(await first.client.ended()).toContain("<conflict");
    expect(server.core.sessions.of(juliet)).toHaveLength(1);
  });

  it.each([
    ["line\nbreaks\tand\u00a0spaces", /^linebreaksandspaces\/[\w-]{12}$/],
    ["x".repeat(500), /^x{64}\/[\w-]{12}$/],
    [" ", /^[\w-]{12}$/],
  ])("has of the tag %j what may be there", async (text, resource) => {
    expect(resourceOf((await ask(plain(bind(`<tag>${text}</tag>`)))).answer)).toMatch(resource);
  });
});

describe("the answer", () => {
  it("has the full address, the state of the archive and what was switched on", async () => {
    const sender = await romeo();
    sender.send(chat(juliet.bare, "one") + chat(juliet.bare, "two"));
    await sync(sender);
    const wants = bind(tag + enable("urn:xmpp:carbons:2") + enable("urn:xmpp:sm:3", " resume='true'"));
    const { answer } = await ask(plain(wants));
    expect(answer).toMatch(
      /<bound xmlns='urn:xmpp:bind:0'><metadata xmlns='urn:xmpp:mam:2'><start id='[^']+' timestamp='[^']+'\/><end id='[^']+' timestamp='[^']+'\/><\/metadata><enabled xmlns='urn:xmpp:sm:3' id='[^']+' resume='true' max='300'\/><\/bound><\/success><stream:features>/,
    );
    expect(answer).not.toContain("xmpp-bind'");
    expect(answer).toContain("<csi xmlns='urn:xmpp:csi:0'/>");
  });

  it("tells an empty archive as such", async () => {
    expect((await ask(plain(bind()))).answer).toContain(
      "<bound xmlns='urn:xmpp:bind:0'><metadata xmlns='urn:xmpp:mam:2'/></bound>",
    );
  });

  it("has no address when there was no room for a session, and the client may ask why", async () => {
    await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
      draft.shaperRules["max_user_sessions"] = [{ value: 1, to: ["all"] }];
    });
    await ask(plain(bind()));
    const { client, answer } = await ask(plain(bind()));
    expect(addressOf(answer)).toBe(juliet.bare);
    expect(answer).not.toContain("<bound");
    client.send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
    expect(await client.until("</iq>")).toContain("<resource-constraint");
  });
});

describe("from its first moment the session", () => {
  it("gets copies of what others of the account say", async () => {
    const { client } = await ask(plain(bind(enable("urn:xmpp:carbons:2"))));
    const other = (await ask(plain(bind()))).client;
    other.send(chat(`romeo@${host}`, "hello"));
    await client.until(/<sent xmlns='urn:xmpp:carbons:2'>.*hello/s);
  });

  it("is inactive if it says so", async () => {
    const { client, answer } = await ask(plain(bind("<inactive xmlns='urn:xmpp:csi:0'/>")));
    client.send("<presence/>");
    await sync(client);
    const session = server.core.sessions.find(Jid.parse(addressOf(answer)))!;
    const written = session.stanzasOut;
    const sender = await romeo();
    sender.send(
      `<message type='chat' to='${addressOf(answer)}'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>`,
    );
    await sync(sender);
    expect(session.stanzasOut).toBe(written);
    client.send("<active xmlns='urn:xmpp:csi:0'/>");
    await client.until("composing");
  });

  it("is counted by stream management", async () => {
    const { client, answer } = await ask(plain(bind(enable("urn:xmpp:sm:3"))));
    expect(answer).toContain("<enabled xmlns='urn:xmpp:sm:3'/>");
    await sync(client);
    client.send("<r xmlns='urn:xmpp:sm:3'/>");
    await client.until("<a xmlns='urn:xmpp:sm:3' h='1'/>");
  });
});

describe("what waits for the account", () => {
  const waiting = async () => (await server.stores.offline.depth(host, "juliet")).messages;
  const query = "<iq type='set' id='q'><query xmlns='urn:xmpp:mam:2'/></iq>";
  /** Waits, and is not in the archive. */
  const passing = `<message type='chat' to='${juliet.bare}' id='plain'><body>passing</body><no-permanent-store xmlns='urn:xmpp:hints'/></message>`;

  beforeEach(async () => {
    const sender = await romeo();
    sender.send(chat(juliet.bare, "one") + chat(juliet.bare, "two") + passing);
    await sync(sender);
  });

  it.each([
    ["before its presence", `${query}<presence/>`],
    ["after its presence", `<presence/>${query}`],
  ])("is not sent to a client that reads the archive %s, but for what is not there", async (_when, order) => {
    const { client } = await ask(plain(bind()));
    client.send(order);
    let all = await client.until("passing</body>");
    all += await sync(client);
    const sent = all.replaceAll(/<result .*?<\/result>/gs, "");
    expect([...sent.matchAll(/<body>([^<]+)/g)].map(([, body]) => body)).toEqual(["passing"]);
    await expect.poll(waiting).toBe(0);
  });

  it("is sent to one that does not, when its time is over, ahead of what is newer", async () => {
    const { client } = await ask(plain(bind()));
    client.send("<presence/>");
    await sync(client);
    const sender = await romeo();
    sender.send(chat(juliet.bare, "three"));
    await sync(sender);
    expect(await sync(client)).not.toContain("<body>");
    server.clock.advance(3000);
    const all = await client.until("three</body>");
    expect([...all.matchAll(/<body>([^<]+)/g)].map(([, body]) => body)).toEqual(["one", "two", "passing", "three"]);
    await sync(client);
    await expect.poll(waiting).toBe(0);
  });

  it("is sent at once to a client that binds as before", async () => {
    const { client } = await ask(plain());
    client.send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq><presence/>");
    await client.until("two</body>");
  });

  it("goes to the next login when the client is lost before it has shown what it does", async () => {
    const { client } = await ask(plain(bind(enable("urn:xmpp:sm:3", " resume='true'"))));
    client.send("<presence/>");
    await sync(client);
    client.destroy();
    await expect.poll(() => server.core.sessions.of(juliet)[0]?.detachedAt !== null).toBe(true);
    const next = (await ask(plain())).client;
    next.send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq><presence/>");
    const all = await next.until("two</body>");
    expect(all).toContain("one</body>");
  });

  it("holds nothing up where nothing waits", async () => {
    const { client } = await ask(plain(bind(), "romeo"));
    client.send("<presence/>");
    const sender = (await ask(plain(bind()))).client;
    await sync(client);
    sender.send(chat(`romeo@${host}`, "live"));
    await client.until("live</body>");
  });
});
