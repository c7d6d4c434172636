/** Programs on slixmpp that administer the server (XEP-0133), meet in a room, and act in the name of accounts (XEP-0356). */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { freePort } from "../support/ports.ts";
import { TestServer } from "../support/server.ts";
import { slixmppSays } from "../support/slixmpp.ts";
import { child, text } from "../support/xml.ts";
import { XmppClient } from "../support/xmpp-client.ts";

const password = "a long password";
const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
let server: TestServer;
let componentPort: number;

before(async () => {
  componentPort = await freePort();
  server = await TestServer.start({
    env: {
      NIGHTPOST_STARTTLS: "optional",
      NIGHTPOST_PLAIN_WITHOUT_TLS: "true",
      NIGHTPOST_COMPONENT_PORT: String(componentPort),
    },
  });
  for (const name of ["prince", "page", "romeo", "juliet"]) await server.register(name, password);
  await server.api.policy.setAccessRule({
    name: "configure",
    lines: [{ allow: [{ acl: "admin" }] }, { allow: [{ user: "prince@localhost" }] }],
  });
});

after(() => server.stop());

/** The lines that a program says, which logs in to these accounts. */
const run = (name: string, ...users: string[]): Promise<string[]> =>
  slixmppSays(script(name), String(server.c2sPort), join(server.data, "certificates/localhost.pem"), ...users);

test("an admin runs commands, and each says how it ended", async () => {
  assert.deepEqual(await run("slixmpp-admin.py", "prince"), [
    "offered: True",
    "add-user: completed",
    "online: 1",
    "change-user-password: completed",
    "disable-user: completed",
    "reenable-user: completed",
    "delete-user: completed",
  ]);
  assert.equal((await server.api.users.list({ search: "bot" })).items.length, 0);
});

test("somebody else is offered none, and refused", async () => {
  const said = await run("slixmpp-admin.py", "page");
  assert.equal(said[0], "offered: False");
  for (const line of said.slice(1)) assert.match(line, /: (forbidden|item-not-found|not-allowed)$/);
});

test("two meet in a room: it is configured, and one is kicked and banned", async () => {
  assert.deepEqual(await run("slixmpp-room.py", "romeo", "page"), [
    "configured: ['A Dark Cave']",
    "heard: page: Thrice the brinded cat hath mew'd.",
    "kicked: [110, 307]",
    "banned: [110, 301]",
    "refused: forbidden",
  ]);
});

test("a gateway fills a contact list and writes in an account's name", async () => {
  const secret = "only the gateway knows this";
  await server.api.components.add({
    host: "localhost",
    domain: "gateway.localhost",
    secret,
    privileges: { roster: "both", push: true, message: "outgoing", presence: "managed_entity", iq: {} },
  });
  const juliet = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  await juliet.login("juliet", password, { resource: "x" });
  juliet.send("<presence/>");
  assert.deepEqual(await slixmppSays(script("slixmpp-gateway.py"), String(componentPort), secret), [
    "granted: both, outgoing, managed_entity",
    "roster: u@gateway.localhost U both",
  ]);
  const message = await juliet.receive(({ name, attrs }) => name === "message" && attrs["from"] === "romeo@localhost");
  assert.equal(text(child(message, "body")), "from afar");
  await juliet.close();
});
