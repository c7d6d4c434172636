/**
 * Two clients of one account, of which one does not read and is cut: what it has not confirmed is given to the other, no faster
 * than that reads.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { RawClient } from "../../server/net/testing.ts";
import { TestServer } from "../support/server.ts";
import { XmppClient } from "../support/xmpp-client.ts";
import { header, plain } from "./raw-login.ts";

const password = "correct horse";
const long = "x".repeat(60_000);
const count = 120;
let server: TestServer;
before(async () => {
  server = await TestServer.start();
  // What is tried here is not how fast somebody may send.
  const { policy } = await server.api.policy.get();
  const shaperRules = { ...policy.shaperRules, c2s_shaper: [{ value: "infinite", to: ["all" as const] }] };
  await server.api.policy.apply({ policy: { ...policy, shaperRules } });
  for (const user of ["managed", "romeo"]) await server.register(user, password);
  // The limit of the connection is to be what is met.
  const options = { max_queue_bytes: 32 * 1024 * 1024 };
  await server.api.modules.set({ name: "stream-management", setting: { enabled: true, options } });
});
after(() => server.stop());

/** A client with stream management that is there and reads nothing more. */
async function slow(user: string): Promise<RawClient> {
  const client = await RawClient.connect(server.c2sPort);
  client.send(header() + plain("", user, password));
  await client.until("<success");
  const bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>slow</resource></bind>";
  client.send(`${header()}<iq type='set' id='b'>${bind}</iq><enable xmlns='urn:xmpp:sm:3'/><presence/>`);
  await client.until("<presence");
  client.socket.pause();
  return client;
}

async function quick(user: string): Promise<XmppClient> {
  const client = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  await client.login(user, password);
  client.send("<presence/>");
  await client.ping(60_000);
  return client;
}

/** Long messages, every second one for the slow client alone; resolves when the server has answered for all of them. */
async function flood(user: string): Promise<void> {
  const sender = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  await sender.login("romeo", password);
  for (let index = 0; index < count; index += 1) {
    const to = index % 2 === 0 ? `${user}@localhost` : `${user}@localhost/slow`;
    sender.send(`<message type='chat' id='m${index}' to='${to}'><body>${index} ${long}</body></message>`);
  }
  await sender.ping(60_000);
  assert.deepEqual(
    sender.takeMessages().filter(({ attrs }) => attrs["type"] === "error"),
    [],
  );
  await sender.close();
}

/** The numbers of the messages that a client is given, once it has got so many, in their order. */
async function taken(client: XmppClient, atLeast: number): Promise<number[]> {
  const numbers: number[] = [];
  while (numbers.length < atLeast) {
    const { attrs } = await client.receive(({ name }) => name === "message");
    numbers.push(Number(attrs["id"]!.slice(1)));
  }
  await client.ping(60_000);
  for (const { attrs } of client.takeMessages()) numbers.push(Number(attrs["id"]!.slice(1)));
  return numbers.toSorted((one, other) => one - other);
}

const upTo = (end: number): number[] => Array.from({ length: end }, (_, index) => index);

test("a client that reads stays, and is given all that the one beside it did not confirm before it was cut", async () => {
  const beside = await slow("managed");
  const reader = await quick("managed");
  await flood("managed");
  assert.deepEqual(await taken(reader, count), upTo(count));
  beside.destroy();
  await reader.close();
});
