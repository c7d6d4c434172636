/** What a real ejabberd wrote down: accounts log in with the passwords they had, what they own is theirs, and rooms are there. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { environment, nightpost, type Outcome } from "../cli/nightpost.ts";
import { TestServer } from "../support/server.ts";
import { storeChecksums } from "../support/store-checksums.ts";
import { XmppClient } from "../support/xmpp-client.ts";
import { ejabberdDump } from "./ejabberd-dump.ts";

const host = "old.example";
let server: TestServer;
let folder: string;
let dump: string;

const np = (...words: string[]): Promise<Outcome> => nightpost(environment(server.data), words, "");
const words = (...more: string[]): string[] => [
  "import",
  "ejabberd",
  dump,
  "--host",
  "plain.example=localhost",
  ...more,
];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "nightpost-ejabberd-"));
  [dump, server] = await Promise.all([
    ejabberdDump(folder),
    TestServer.start({ env: { NIGHTPOST_HOSTS: `localhost,${host}` } }),
  ]);
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("a dry run says what would become of it, and changes nothing", async () => {
  const before = storeChecksums(server.data);
  const { code, stdout, stderr } = await np(...words("--dry-run"));
  assert.equal(code, 0, stderr + stdout);
  assert.match(stdout, /^3 created, 0 updated, 0 left alone, 0 failed \(nothing was changed\)/);
  assert.match(stdout, /contacts 1, requests 1, offlineMessages 1, archivedMessages 1, vcards 1, privateXml 1/);
  assert.match(stdout, /blocked 1, nodeItems 1, rooms 1/);
  assert.deepEqual(storeChecksums(server.data), before);
});

test("accounts log in with the passwords they had, hashed or not", async () => {
  const { code, stdout, stderr } = await np(...words());
  assert.equal(code, 0, stderr + stdout);
  const login = (user: string, password: string, domain: string, mechanism: string) =>
    XmppClient.connect({ port: server.c2sPort, host: domain }).then(async (client) => {
      const condition = await client.authenticate(user, password, mechanism);
      client.destroy();
      return condition;
    });
  assert.equal(await login("juliet", "capulet pass", host, "SCRAM-SHA-256"), null);
  assert.equal(await login("rom.eo", "montagué", host, "PLAIN"), null);
  assert.equal(await login("nurse", 'angelica "quoted"', "localhost", "SCRAM-SHA-1"), null);
  assert.notEqual(await login("juliet", "montagué", host, "SCRAM-SHA-256"), null);
});

test("what they own is theirs", async () => {
  const client = await XmppClient.connect({ port: server.c2sPort, host });
  await client.login("juliet", "capulet pass", { mechanism: "PLAIN", resource: "here" });
  const answer = async (query: string): Promise<string> =>
    JSON.stringify(await client.ask("get", `juliet@${host}`, query));
  const roster = await answer("<query xmlns='jabber:iq:roster'/>");
  for (const part of [`rom.eo@${host}`, "Romeo <3 你好", "Friends", "both"]) assert.ok(roster.includes(part), roster);
  assert.match(await answer("<vCard xmlns='vcard-temp'/>"), /Juliet Capulet/);
  assert.match(await answer("<query xmlns='jabber:iq:private'><storage xmlns='storage:notes'/></query>"), /balcony/);
  assert.match(await answer("<blocklist xmlns='urn:xmpp:blocking'/>"), /paris@old\.example/);
  const items = "<items node='http://jabber.org/protocol/nick'/>";
  assert.match(await answer(`<pubsub xmlns='http://jabber.org/protocol/pubsub'>${items}</pubsub>`), /Jule/);
  client.send("<presence/>");
  const message = JSON.stringify(await client.receive((element) => element.name === "message"));
  assert.ok(message.includes('teach & \\"torches\\" 你好\\nto burn bright'), message);
  await client.close();
});

test("its rooms are there, with their settings and lists", async () => {
  const room = await server.api.rooms.get({ jid: `lobby@conference.${host}` });
  assert.equal(room.settings.name, "Die Lobby ü");
  assert.equal(room.settings.isMembersOnly, true);
  assert.equal(room.settings.isModerated, false, "there, whoever enters may speak");
  const { items } = await server.api.rooms.affiliations({ jid: room.jid });
  assert.deepEqual(
    items.map(({ jid, affiliation }) => [jid, affiliation]),
    [
      [`juliet@${host}`, "owner"],
      [`rom.eo@${host}`, "member"],
      [`tybalt@${host}`, "outcast"],
    ],
  );
});

test("what was said in them is there, under the nickname and from when it was", async () => {
  const room = `lobby@conference.${host}`;
  const client = await XmppClient.connect({ port: server.c2sPort, host });
  await client.login("juliet", "capulet pass", { mechanism: "PLAIN", resource: "here" });
  client.send(`<presence to='${room}/Julia'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
  const said = await client.receive((element) => element.name === "message");
  assert.equal(said.attrs["from"], `${room}/Jule`);
  assert.match(JSON.stringify(said), /Ay me ü.*urn:xmpp:delay/);
  await client.close();
});

test("a file that ejabberd did not write is refused", async () => {
  const other = join(folder, "notes.txt");
  writeFileSync(other, "bread, butter, tea.\n");
  const { code, stderr } = await np("import", "ejabberd", other);
  assert.notEqual(code, 0);
  assert.match(stderr, /not what ejabberdctl dump writes/);
});
