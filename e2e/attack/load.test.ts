/** Load that is meant to hurt: two people chat through all of it, memory stays bounded, everything is given back. */
import assert from "node:assert/strict";
import { once } from "node:events";
import net, { type Socket } from "node:net";
import { after, before, test } from "node:test";
import { TestServer } from "../support/server.ts";
import { XmppClient } from "../support/xmpp-client.ts";
import { Bystanders } from "./bystander.ts";

const password = "correct horse";
const floodMs = 2_000;
const header =
  "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0'>";

let server: TestServer;
let bystanders: Bystanders;
before(async () => {
  server = await TestServer.start();
  bystanders = await Bystanders.meet(server);
  for (const user of ["eve", "away"]) await server.register(user, password);
});
after(async () => {
  await bystanders.part();
  await server.stop();
});

const login = async (resource: string): Promise<XmppClient> =>
  (await XmppClient.connect({ port: server.c2sPort, host: "localhost" })).login("eve", password, { resource });

test("2,000 connections that never log in cost 32 kB each, and a login beside them works", async () => {
  const before = { memory: bystanders.memory, files: bystanders.openFiles };
  const sockets: Socket[] = [];
  const open = async (): Promise<void> => {
    while (sockets.length < 2_000) {
      const batch = Array.from({ length: 100 }, () => net.connect(server.c2sPort, "127.0.0.1"));
      sockets.push(...batch);
      await Promise.all(batch.map((socket) => once(socket, "connect")));
      for (const socket of batch) socket.on("error", () => undefined).write(header);
      await Promise.all(batch.map((socket) => once(socket, "data")));
    }
  };
  await bystanders.during(open());
  const grown = bystanders.memory - before.memory;
  assert.ok(grown < (2_000 * 32) / 1024, `${Math.round(grown)} MiB`);
  await (await login("among-many")).close();
  await Promise.all(
    sockets.map((socket) => {
      const closed = once(socket, "close");
      socket.resume().end();
      return closed;
    }),
  );
  await bystanders.exchange();
  assert.ok(bystanders.openFiles <= before.files + 8, `${bystanders.openFiles} files, ${before.files} before`);
});

const floods: [name: string, stanza: string][] = [
  ["messages for somebody away", "<message type='chat' to='away@localhost'><body>flood</body></message>"],
  ["pings", "<iq type='get' id='p' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>"],
  ["presence", "<presence/><presence type='unavailable'/>"],
  [
    "roster items",
    "<iq type='set' id='r'><query xmlns='jabber:iq:roster'><item jid='a@b.example' name='n'/></query></iq>",
  ],
  ["elements", `<message to='away@localhost'>${"<a/>".repeat(4_900)}</message>`],
  ["levels", `<message to='away@localhost'>${"<a>".repeat(126)}${"</a>".repeat(126)}</message>`],
];
for (const [name, stanza] of floods) {
  test(`a flood of ${name}`, async () => {
    const flooders = await Promise.all([login("one"), login("two"), login("three")]);
    for (const flooder of flooders) flooder.stopListening();
    const chunk = stanza.repeat(Math.max(1, Math.floor(32_768 / stanza.length)));
    const flood = async (): Promise<void> => {
      for (const end = performance.now() + floodMs; performance.now() < end; await new Promise(setImmediate))
        for (const flooder of flooders) if (flooder.unsent < 262_144) flooder.send(chunk);
    };
    await bystanders.during(flood());
    for (const flooder of flooders) flooder.destroy();
  });
}

test("clients that ask and never read are cut off at 1 MiB", async () => {
  const before = bystanders.memory;
  const clients = await Promise.all(Array.from({ length: 8 }, (_, index) => login(`deaf${index}`)));
  const question = "<iq type='get' id='d' to='localhost'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>";
  const ask = async (): Promise<void> => {
    for (const client of clients) client.stopReading();
    for (const end = performance.now() + floodMs; performance.now() < end; await new Promise(setImmediate))
      for (const client of clients) if (client.unsent < 65_536) client.send(question.repeat(200));
  };
  await bystanders.during(ask());
  const grown = bystanders.memory - before;
  assert.ok(grown < 128, `${Math.round(grown)} MiB`);
  for (const client of clients) client.destroy();
});
