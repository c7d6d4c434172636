/**
 * A client on a thin link: more waits for it than its connection takes. It stays connected, what comes meanwhile waits where a
 * crash does not lose it, and all of it arrives in its order.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { RawClient } from "../../server/net/testing.ts";
import { TestServer } from "../support/server.ts";
import type { XmlElement } from "../support/xml.ts";
import { XmppClient } from "../support/xmpp-client.ts";
import { header, loggedIn, plain } from "./raw-login.ts";

const password = "correct horse";
const sm = "xmlns='urn:xmpp:sm:3'";
const long = "x".repeat(60_000);
let server: TestServer;
before(async () => {
  server = await TestServer.start();
  // What is tried here is not how fast somebody may send.
  const { policy } = await server.api.policy.get();
  const shaperRules = {
    ...policy.shaperRules,
    c2s_shaper: [{ value: "infinite", to: ["all" as const] }],
    max_user_offline_messages: [
      { value: 5, to: [{ user: "gone@localhost" }] },
      { value: 1000, to: ["all" as const] },
    ],
  };
  await server.api.policy.apply({ policy: { ...policy, shaperRules } });
  for (const user of ["thin", "resuming", "away", "back", "gone", "romeo"]) await server.register(user, password);
});
after(() => server.stop());

/** Sends long messages and resolves when the server has answered for all of them; none was refused. */
async function flood(user: string, count: number): Promise<void> {
  assert.deepEqual(await send(user, count), []);
}

/** The same; what was refused is the answer. */
async function send(user: string, count: number): Promise<XmlElement[]> {
  const sender = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  await sender.login("romeo", password);
  for (let index = 0; index < count; index += 1)
    sender.send(`<message type='chat' id='m${index}' to='${user}@localhost'><body>${index} ${long}</body></message>`);
  await sender.ping(60_000);
  const refused = sender.takeMessages().filter(({ attrs }) => attrs["type"] === "error");
  await sender.close();
  return refused;
}

/** The numbers of the messages in the order in which they come, up to the last. `acknowledge` is called as they do. */
async function numbers(client: RawClient, last: number, acknowledge = (_count: number): void => {}): Promise<number[]> {
  const found: number[] = [];
  while (found.at(-1) !== last) {
    found.push(Number(/<body>(\d+) x/.exec(await client.until(/<body>\d+ x+<\/body>/))![1]));
    acknowledge(found.length);
  }
  return found;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

test("5 MiB of messages for a client that reads none of them yet: it stays, and reads them all in their order", async () => {
  const client = await loggedIn(server.c2sPort, "thin", password);
  client.send("<presence/>");
  await client.until("<presence");
  client.socket.pause();
  await flood("thin", 90);
  client.socket.resume();
  assert.deepEqual(await numbers(client, 89), upTo(90));
  client.send("<iq type='get' id='p' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>");
  await client.until(/id='p'/);
  client.destroy();
});

test("5 MiB that waited, for a client that confirms what it gets and begins to read late: once each, in their order", async () => {
  await flood("away", 90);
  const client = await loggedIn(server.c2sPort, "away", password);
  client.send(`<enable ${sm}/>`);
  await client.until("<enabled");
  client.send("<presence/>");
  client.socket.pause();
  // Round trips of somebody else: meanwhile all that fits is on its way.
  await flood("thin", 1);
  client.socket.resume();
  // Its own presence came first.
  const taken = await numbers(client, 89, (count) => client.send(`<a ${sm} h='${count + 1}'/>`));
  assert.deepEqual(taken, upTo(90));
  client.destroy();
});

test("a client that goes away without having read: what it has not confirmed comes at its next login", async () => {
  const client = await loggedIn(server.c2sPort, "resuming", password);
  client.send(`<enable ${sm}/><presence/>`);
  await client.until("<presence");
  client.socket.pause();
  await flood("resuming", 90);
  client.destroy();
  const next = await loggedIn(server.c2sPort, "resuming", password);
  next.send("<presence/>");
  const taken = await numbers(next, 89);
  assert.deepEqual(
    taken.toSorted((a, b) => a - b),
    upTo(90),
  );
  next.destroy();
});

test("7 MiB that a client read and did not confirm, again for one that comes back and reads late: all, then what came meanwhile", async () => {
  const options = { max_queue_bytes: 32 * 1024 * 1024 };
  await server.api.modules.set({ name: "stream-management", setting: { enabled: true, options } });
  const client = await loggedIn(server.c2sPort, "back", password);
  client.send(`<enable ${sm} resume='true'/><presence/>`);
  const [, id] = /id='([^']+)'/.exec(await client.until(/<enabled[^>]*>/))!;
  await client.until("<presence");
  await Promise.all([flood("back", 120), numbers(client, 119)]);
  client.destroy();

  const again = await RawClient.connect(server.c2sPort);
  again.send(header() + plain("", "back", password));
  await again.until("<success");
  again.send(`${header()}<resume ${sm} previd='${id}' h='1'/>`);
  await again.until("<resumed");
  again.socket.pause();
  // Round trips of somebody else: meanwhile all that fits is on its way.
  await flood("thin", 1);
  await flood("back", 2);
  again.socket.resume();
  assert.deepEqual(await numbers(again, 119), upTo(120));
  again.send(`<a ${sm} h='121'/>`);
  assert.deepEqual(await numbers(again, 1), upTo(2));
  again.destroy();
});

test("more than an account may have waiting, while its session waits for its client: the rest is refused, the others in order", async () => {
  const client = await loggedIn(server.c2sPort, "gone", password);
  client.send(`<enable ${sm} resume='true'/><presence/>`);
  const [, id] = /id='([^']+)'/.exec(await client.until(/<enabled[^>]*>/))!;
  await client.until("<presence");
  client.destroy();
  await detached("gone");
  const refused = await send("gone", 8);
  assert.deepEqual(
    refused.map(({ attrs }) => attrs["id"]),
    ["m5", "m6", "m7"],
  );
  const again = await RawClient.connect(server.c2sPort);
  again.send(header() + plain("", "gone", password));
  await again.until("<success");
  again.send(`${header()}<resume ${sm} previd='${id}' h='1'/>`);
  assert.deepEqual(await numbers(again, 4), upTo(5));
  again.destroy();
});

/** The server has seen that the client's connection is gone, and keeps its session. */
async function detached(user: string): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const { items } = await server.api.sessions.list({ search: `${user}@localhost` });
    if (items.some(({ hibernating }) => hibernating)) return;
  }
  assert.fail("the session is not kept");
}
