/** A client written by others (stanza, over WebSocket and BOSH) chats, is told what it missed, and reads it in the archive. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, afterEach, before, test } from "node:test";
import { type Agent, createClient } from "stanza";
import type { ReceivedMessage } from "stanza/protocol";
import { TestServer } from "../support/server.ts";

type Transport = "websocket" | "bosh";

const password = "a long password";
let server: TestServer;
const open = new Set<Agent>();

before(async () => {
  server = await TestServer.start();
  for (const name of ["romeo", "juliet"]) await server.register(name, password);
});

afterEach(async () => {
  for (const one of open) await leave(one);
});

after(() => server.stop());

/** Available, with what `take` does about chat messages from the first one on. */
async function connect(user: string, transport: Transport, take: (message: ReceivedMessage) => void): Promise<Agent> {
  const { httpPort } = server;
  const urls = {
    websocket: `ws://localhost:${httpPort}/xmpp-websocket`,
    bosh: `http://localhost:${httpPort}/http-bind`,
  };
  const one = createClient({
    jid: `${user}@localhost/${transport}`,
    password,
    autoReconnect: false,
    transports: { websocket: false, bosh: false, [transport]: urls[transport] },
  });
  open.add(one);
  one.on("chat", take);
  const started = once(one, "session:started");
  one.connect();
  await started;
  const present = once(one, "available");
  one.sendPresence();
  await present;
  return one;
}

async function leave(one: Agent): Promise<void> {
  open.delete(one);
  // It does not always get as far as saying "disconnected": it may wait for confirmations that nobody sends any more.
  const gone = once(one, "--transport-disconnected");
  one.disconnect();
  await gone;
}

/** A message with this text, as `take` sees them. */
function expecting(body: string): {
  readonly take: (message: ReceivedMessage) => void;
  readonly came: Promise<ReceivedMessage>;
} {
  const { promise: came, resolve } = Promise.withResolvers<ReceivedMessage>();
  return { came, take: (message) => message.body === body && resolve(message) };
}

for (const transport of ["websocket", "bosh"] as const) {
  test(`over ${transport}`, { timeout: 20_000 }, async () => {
    const texts = [`1 & <2> over ${transport}`, `back over ${transport}`, "二 🌙"] as const;
    const [first, second, third] = texts.map(expecting);
    const juliet = await connect("juliet", transport, first!.take);
    const romeo = await connect("romeo", transport, second!.take);
    romeo.sendMessage({ to: "juliet@localhost", type: "chat", body: texts[0] });
    assert.equal((await first!.came).from, romeo.jid);
    juliet.sendMessage({ to: romeo.jid, type: "chat", body: texts[1] });
    assert.equal((await second!.came).from, juliet.jid);

    await leave(juliet);
    romeo.sendMessage({ to: "juliet@localhost", type: "chat", body: texts[2] });
    await romeo.ping("localhost");
    const again = await connect("juliet", transport, third!.take);
    assert.ok((await third!.came).delay?.timestamp instanceof Date);
    const { results = [] } = await again.searchHistory({ with: "romeo@localhost", paging: { before: "", max: 3 } });
    assert.deepEqual(
      results.map(({ item }) => item.message?.body),
      texts,
    );
  });
}
