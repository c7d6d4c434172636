/**
 * A client written by others (Debian's Profanity, in a terminal): chats both ways, hears what it missed, and two of it find each
 * other's keys through the server and write what nobody else can read (XEP-0384), also not whoever it is forwarded to.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "../support/ports.ts";
import { Profanity } from "../support/profanity.ts";
import { TestServer } from "../support/server.ts";
import { Sink } from "../support/sink.ts";
import { XmppClient } from "../support/xmpp-client.ts";

const password = "a-long-password";
const secret = "Two of the fairest stars in all the heaven";
let server: TestServer;
let romeo: Profanity;
let juliet: Profanity;
const sink = new Sink();

before(async () => {
  await sink.start();
  server = await TestServer.start({ env: { NIGHTPOST_STARTTLS: "required", NIGHTPOST_PLAIN_WITHOUT_TLS: "false" } });
  for (const name of ["romeo", "juliet"]) await server.register(name, password);
  await server.api.forward.setTarget({
    name: "web",
    target: { url: sink.url, preset: "json", allowPrivate: true, maxAttempts: 5 },
    withRule: true,
  });
  [romeo, juliet] = await Promise.all([
    Profanity.start("romeo", password, server.c2sPort),
    Profanity.start("juliet", password, server.c2sPort),
  ]);
});

after(async () => {
  await romeo.stop();
  await juliet.stop();
  await server.stop();
  await sink.stop();
});

test("chats, and hears what it missed", async () => {
  romeo.type("/msg juliet@localhost What light?");
  await juliet.heard(romeo.jid, "What light?");
  juliet.type("/msg romeo@localhost Ay me!");
  await romeo.heard(juliet.jid, "Ay me!");
  await juliet.stop();
  romeo.type("/msg juliet@localhost Speak again");
  await sink.until(() => sink.requests.some(({ body }) => body.includes("Speak again")));
  juliet = await Profanity.start("juliet", password, server.c2sPort);
  await juliet.heard(romeo.jid, "Speak again");
});

test("two of it find each other's keys, and what they write stays between them", async () => {
  for (const [one, other] of [
    [romeo, juliet],
    [juliet, romeo],
  ] as const) {
    one.type(`/sub request ${other.jid}`);
    await other.logged(`type="subscribe"`);
    other.type(`/sub allow ${one.jid}`);
  }
  const areFriends = async (): Promise<boolean> => {
    const { roster } = await server.api.users.get({ jid: romeo.jid });
    return roster.some(({ subscription }) => subscription === "both");
  };
  await until(areFriends, "they are contacts");
  for (const one of [romeo, juliet]) {
    one.type("/omemo gen");
    await one.logged("[OMEMO] publish device list");
  }
  await romeo.logged(`[OMEMO] Setting device list for ${juliet.jid}`);
  // Her keys may come a moment after the list of her devices.
  await romeo.typeUntil(`/omemo start ${juliet.jid}`, `[OMEMO] create session with ${juliet.jid}`);
  romeo.type(secret);
  await juliet.heard(romeo.jid, secret);

  await juliet.stop();
  const before = sink.requests.length;
  romeo.type(secret);
  await sink.until(() => sink.requests.length > before);
  const forwarded: unknown = JSON.parse(sink.requests.at(-1)!.body);
  assert.partialDeepStrictEqual(forwarded, { encrypted: "eu.siacs.conversations.axolotl", message: { body: null } });
  const plain = await XmppClient.connect({ port: server.tlsPort, host: "localhost", tls: "direct" });
  await plain.login("juliet", password);
  plain.send("<presence/>");
  const kept = JSON.stringify(await plain.receive(({ name, attrs }) => name === "message" && attrs["type"] === "chat"));
  assert.match(kept, /eu\.siacs\.conversations\.axolotl/);
  assert.ok(!kept.includes(secret));
  await plain.close();
});

test("makes a room and configures it, and one kicks and bans the other", async () => {
  const room = "garden@conference.localhost";
  const areThere = (...nicks: string[]): Promise<void> =>
    until(
      async () => {
        const { items } = await server.api.rooms.occupants({ jid: room }).catch(() => ({ items: [] }));
        return items.map(({ nick }) => nick).join() === nicks.join();
      },
      `in the room: ${nicks.join(", ")}`,
    );
  juliet = await Profanity.start("juliet", password, server.c2sPort);
  romeo.type(`/join ${room} nick romeo`);
  await areThere("romeo");
  romeo.type("/room config");
  await romeo.logged("muc#roomconfig_persistentroom");
  // The first field of the form is the name.
  romeo.type("/field1 Orchard");
  romeo.type("/form submit");
  await until(async () => (await server.api.rooms.get({ jid: room })).name === "Orchard", "the room has a name");
  juliet.type(`/join ${room} nick juliet`);
  await areThere("juliet", "romeo");
  romeo.type("/kick juliet");
  await areThere("romeo");
  juliet.type(`/join ${room} nick juliet`);
  await areThere("juliet", "romeo");
  romeo.type(`/ban ${juliet.jid}`);
  await areThere("romeo");
  const { items } = await server.api.rooms.affiliations({ jid: room });
  assert.ok(items.some(({ jid, affiliation }) => jid === juliet.jid && affiliation === "outcast"));
});
