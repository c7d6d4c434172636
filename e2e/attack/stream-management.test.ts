/** XEP-0198 as a way into other people's sessions, or to make the server remember without end. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { RawClient } from "../../server/net/testing.ts";
import { RawClient as Raw } from "../../server/net/testing.ts";
import { TestServer } from "../support/server.ts";
import { XmppClient } from "../support/xmpp-client.ts";
import { header, loggedIn, plain } from "./raw-login.ts";

const password = "correct horse";
const ns = "xmlns='urn:xmpp:sm:3'";
let server: TestServer;
before(async () => {
  server = await TestServer.start();
  for (const user of ["amy", "eve"]) await server.register(user, password);
});
after(() => server.stop());

async function enabled(user: string): Promise<{ client: RawClient; id: string }> {
  const client = await loggedIn(server.c2sPort, user, password);
  client.send(`<enable ${ns} resume='true'/>`);
  return { client, id: /id='([^']+)'/.exec(await client.until(/<enabled[^>]*>/))?.[1] ?? "" };
}

/** What comes back to whoever wants to resume after a login as `user`, up to what matches. */
async function resumed(
  user: string,
  id: string,
  h: string,
  upTo = /<resumed|<\/failed>|<stream:error>/,
): Promise<string> {
  const client = await Raw.connect(server.c2sPort);
  client.send(header() + plain("", user, password));
  await client.until("<success");
  client.send(`${header()}<resume ${ns} previd='${id}' h='${h}'/>`);
  const answer = await client.until(upTo);
  client.destroy();
  return answer;
}

test("the id of somebody else's session: item-not-found, and the session lives on", async () => {
  const { client, id } = await enabled("amy");
  assert.match(await resumed("eve", id, "0"), /<failed.*<item-not-found/);
  client.send("<iq type='get' id='p' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>");
  await client.until("id='p'");
  client.destroy();
});

test("ids cannot be guessed: 16 random bytes at least, no two alike", async () => {
  const ids = new Set<string>();
  for (let index = 0; index < 5; index += 1) {
    const { client, id } = await enabled("amy");
    assert.ok(id.length >= 22, id);
    ids.add(id);
    client.destroy();
  }
  assert.equal(ids.size, 5);
});

for (const h of ["1", "4294967296", "-1", "x", ""])
  test(`h='${h}' at a resumption: refused, and nothing is taken for delivered`, async () => {
    const { client, id } = await enabled("amy");
    client.destroy();
    assert.match(await resumed("amy", id, h, /<\/failed>|<stream:error>/), /<failed|<stream:error>/);
  });

const wrong: [name: string, xml: string][] = [
  ["an acknowledgement of more than was sent", `<a ${ns} h='1000000'/>`],
  ["an acknowledgement that is no number", `<a ${ns} h='many'/>`],
];
for (const [name, xml] of wrong)
  test(`${name}: the end of the stream`, async () => {
    const { client } = await enabled("amy");
    client.send(xml);
    assert.match(await client.ended(), /<stream:error>/);
  });

test("enabling twice: refused", async () => {
  const { client } = await enabled("amy");
  client.send(`<enable ${ns} resume='true'/>`);
  assert.match(await client.until(/<failed.*?<\/failed>|<stream:error>.*/), /unexpected-request|<stream:error>/);
  client.destroy();
});

test("enabling before a resource is bound: refused", async () => {
  const client = await Raw.connect(server.c2sPort);
  client.send(header() + plain("", "eve", password));
  await client.until("<success");
  client.send(`${header()}<enable ${ns}/>`);
  assert.match(await client.until(/<failed.*?<\/failed>|<stream:error>.*/), /unexpected-request|<stream:error>/);
  client.destroy();
});

test("one session cannot be resumed twice", async () => {
  const { client, id } = await enabled("amy");
  client.destroy();
  assert.match(await resumed("amy", id, "0"), /<resumed/);
  // The second may resume the same session again, in its own right; two at a time never hold it.
  const answers = await Promise.all([resumed("amy", id, "0"), resumed("amy", id, "0")]);
  assert.ok(answers.some((answer) => /<resumed|<failed/.test(answer)));
});

test("900 messages for a session that is away: none is lost", async () => {
  const { client } = await enabled("amy");
  client.send("<presence/>");
  await client.until("<presence");
  client.destroy();
  const sender = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  await sender.login("eve", password);
  const refused = new Set<string>();
  for (let index = 0; index < 900; index += 1)
    sender.send(`<message type='chat' id='m${index}' to='amy@localhost'><body>${index}</body></message>`);
  await sender.ping(30_000);
  for (const element of sender.pending) if (element.attrs["type"] === "error") refused.add(element.attrs["id"] ?? "");
  const reader = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  await reader.login("amy", password);
  reader.send("<presence/>");
  const bodies = new Set<string>();
  while (bodies.size + refused.size < 900) {
    const message = await reader.receive(({ name }) => name === "message");
    bodies.add(message.attrs["id"] ?? "");
  }
  assert.equal(bodies.size + refused.size, 900);
  await Promise.all([sender.close(), reader.close()]);
});
