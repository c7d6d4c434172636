/** Nightpost and another server, Debian's Prosody and ejabberd among them, exchange presence, messages and rooms on loopback. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { child, text, type XmlElement } from "../support/xml.ts";
import { XmppClient } from "../support/xmpp-client.ts";
import { ejabberd } from "./ejabberd.ts";
import { type Neighbour, type Neighbourhood, neighbourhood } from "./neighbour.ts";
import { nightpost } from "./nightpost.ts";
import { prosody } from "./prosody.ts";

const password = "a long password";

type Start = (around: Neighbourhood) => Promise<Neighbour>;
const ours: Start = (around) => nightpost(around, "capulet.example");
const uncertified: Start = (around) => nightpost(around, "capulet.example", { isCertified: false });
const theirs: Start = (around) => prosody(around, "capulet.example");
const erlang: Start = (around) => ejabberd(around, "capulet.example", ["juliet"]);

/** Without a certificate of its own, Nightpost proves by dialback who it is. */
const others: readonly (readonly [title: string, start: Start, isCertified: boolean])[] = [
  ["another Nightpost", ours, true],
  ["another Nightpost, by dialback", uncertified, false],
  ["Prosody", theirs, true],
  ["Prosody, by dialback", theirs, false],
  ["ejabberd", erlang, true],
  ["ejabberd, by dialback", erlang, false],
];

/** Logs in and says that it is there. */
async function login(server: Neighbour, user: string, resource: string): Promise<XmppClient> {
  await server.register(user, password);
  const client = await XmppClient.connect({ port: server.c2sPort, host: server.domain, tls: server.tls });
  await client.login(user, password, { resource });
  await client.ask("get", "", "<query xmlns='jabber:iq:roster'/>");
  client.send("<presence/>");
  return client;
}

const isFrom =
  (name: string, from: string, type?: string) =>
  (element: XmlElement): boolean =>
    element.name === name && element.attrs["from"] === from && (type === undefined || element.attrs["type"] === type);

for (const [title, start, isCertified] of others) {
  describe(`Nightpost and ${title}`, () => {
    let around: Neighbourhood;
    let montague: Awaited<ReturnType<typeof nightpost>>;
    let capulet: Neighbour;
    let romeo: XmppClient;
    let juliet: XmppClient;

    before(async () => {
      around = await neighbourhood();
      montague = await nightpost(around, "montague.example", { isCertified });
      capulet = await start(around);
      romeo = await login(montague, "romeo", "orchard");
      juliet = await login(capulet, "juliet", "balcony");
    });

    after(async () => {
      romeo?.destroy();
      juliet?.destroy();
      await capulet?.stop();
      await montague?.stop();
      await around?.close();
    });

    test("messages go both ways", async () => {
      romeo.send("<message to='juliet@capulet.example' type='chat' id='1'><body>But soft</body></message>");
      const said = await juliet.receive(isFrom("message", "romeo@montague.example/orchard"));
      assert.equal(text(child(said, "body")), "But soft");
      juliet.send("<message to='romeo@montague.example/orchard' type='chat' id='2'><body>Ay me</body></message>");
      const answered = await romeo.receive(isFrom("message", "juliet@capulet.example/balcony"));
      assert.equal(text(child(answered, "body")), "Ay me");
    });

    test("each sees the other's presence once they have agreed", async () => {
      romeo.send("<presence to='juliet@capulet.example' type='subscribe'/>");
      await juliet.receive(isFrom("presence", "romeo@montague.example", "subscribe"));
      juliet.send("<presence to='romeo@montague.example' type='subscribed'/>");
      await romeo.receive(isFrom("presence", "juliet@capulet.example", "subscribed"));
      await romeo.receive(isFrom("presence", "juliet@capulet.example/balcony"));
      juliet.send("<presence to='romeo@montague.example' type='subscribe'/>");
      await romeo.receive(isFrom("presence", "juliet@capulet.example", "subscribe"));
      romeo.send("<presence to='juliet@capulet.example' type='subscribed'/>");
      await juliet.receive(isFrom("presence", "romeo@montague.example/orchard"));
      juliet.send("<presence><show>away</show></presence>");
      const away = await romeo.receive(
        (element) =>
          isFrom("presence", "juliet@capulet.example/balcony")(element) && child(element, "show") !== undefined,
      );
      assert.equal(text(child(away, "show")), "away");
    });

    test("questions are answered across", async () => {
      const ping = "<ping xmlns='urn:xmpp:ping'/>";
      assert.equal((await romeo.ask("get", "capulet.example", ping)).attrs["type"], "result");
      assert.equal((await juliet.ask("get", "montague.example", ping)).attrs["type"], "result");
      const nothing = await romeo.ask("get", "nowhere.example", ping, 15_000);
      assert.equal(nothing.attrs["type"], "error");
    });

    for (const [where, room] of [
      ["here", "verona@conference.montague.example"],
      ["there", "verona@conference.capulet.example"],
    ] as const) {
      test(`both talk in a room that is ${where}`, async () => {
        const [first, second] = where === "here" ? [romeo, juliet] : [juliet, romeo];
        const [one, other] = where === "here" ? ["romeo", "juliet"] : ["juliet", "romeo"];
        const enter = (client: XmppClient, nick: string): void =>
          client.send(`<presence to='${room}/${nick}'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
        enter(first, one);
        await first.receive(isFrom("presence", `${room}/${one}`));
        const owner = "http://jabber.org/protocol/muc#owner";
        const form = `<query xmlns='${owner}'><x xmlns='jabber:x:data' type='submit'/></query>`;
        assert.equal((await first.ask("set", room, form)).attrs["type"], "result");
        enter(second, other);
        await second.receive(isFrom("presence", `${room}/${other}`));
        await first.receive(isFrom("presence", `${room}/${other}`));
        second.send(`<message to='${room}' type='groupchat'><body>A plague</body></message>`);
        const hasBody = (element: XmlElement): boolean =>
          isFrom("message", `${room}/${other}`)(element) && child(element, "body") !== undefined;
        assert.equal(text(child(await first.receive(hasBody), "body")), "A plague");
        await second.receive(hasBody);
        // Whoever leaves is seen to leave.
        second.send(`<presence to='${room}/${other}' type='unavailable'/>`);
        await first.receive(isFrom("presence", `${room}/${other}`, "unavailable"));
      });
    }
  });
}
