/**
 * A client on a thin link: more waits for it than its connection takes. It stays connected, what comes meanwhile waits where a
 * crash does not lose it, and all of it arrives in its order.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { RawClient } from "../../server/net/testing.ts";
import { TestServer } from "../support/server.ts";
import { XmppClient } from "../support/xmpp-client.ts";
import { loggedIn } from "./raw-login.ts";

const password = "correct horse";
const sm = "xmlns='urn:xmpp:sm:3'";
const long = "x".repeat(60_000);
let server: TestServer;
before(async () => {
  server = await TestServer.start();
  for (const user of ["thin", "resuming", "away", "romeo"]) await server.register(user, password);
});
after(() => server.stop());

/** Sends long messages and resolves when the server has answered for all of them; none was refused. */
async function flood(user: string, count: number): Promise<void> {
  const sender = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  await sender.login("romeo", password);
  for (let index = 0; index < count; index += 1)
    sender.send(`<message type='chat' id='m${index}' to='${user}@localhost'><body>${index} ${long}</body></message>`);
  await sender.ping(60_000);
  assert.deepEqual(
    sender.takeMessages().filter(({ attrs }) => attrs["type"] === "error"),
    [],
  );
  await sender.close();
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
