/** A backup over the command line: made while people chat, tried out, restored into the same process. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { environment, nightpost, type Outcome } from "../cli/nightpost.ts";
import { until } from "../support/ports.ts";
import { TestServer } from "../support/server.ts";
import { trustCertificateOf } from "../support/trust.ts";
import { XmppClient } from "../support/xmpp-client.ts";

let server: TestServer;
let passphrase: string;
let id: string;
/** Where a file is that was uploaded. */
let link: string;
const picture = Buffer.alloc(300_000, "nightpost ");

const np = (...words: string[]): Promise<Outcome> => nightpost(environment(server.data), words, "");

before(async () => {
  server = await TestServer.start();
  passphrase = join(server.data, "passphrase");
  writeFileSync(passphrase, "correct horse battery\n");
  await server.register("romeo", "a long password");
});
after(async () => {
  await server.stop();
});

test("a backup is made while messages come, and has a moment of them", async () => {
  const client = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  await client.login("romeo", "a long password", { mechanism: "PLAIN" });
  for (let n = 0; n < 200; n += 1)
    client.send(`<message to='romeo@localhost' id='m${n}' type='chat'><body>${n}</body></message>`);
  const { code, stdout, stderr } = await np("backup", "create", "--passphrase-file", passphrase, "--json");
  assert.equal(code, 0, stderr);
  const made = JSON.parse(stdout) as { id: string; encrypted: boolean; hasKeys: boolean };
  id = made.id;
  assert.deepEqual([made.encrypted, made.hasKeys], [true, true]);
  await client.ping();
  await client.close();
});

test("a file is uploaded, and is in the next backup", async () => {
  trustCertificateOf(server);
  const client = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  await client.login("romeo", "a long password", { mechanism: "PLAIN" });
  const wish = `<request xmlns='urn:xmpp:http:upload:0' filename='a.png' size='${picture.length}' content-type='image/png'/>`;
  const slot = JSON.stringify(await client.ask("get", "upload.localhost", wish));
  const [put = "", get = ""] = [...slot.matchAll(/"url":"([^"]+)"/g)].map(([, url = ""]) => url);
  assert.equal((await fetch(put, { method: "PUT", body: picture })).status, 201);
  link = get;
  await client.close();
  const { stdout, stderr, code } = await np("backup", "create", "--passphrase-file", passphrase, "--json");
  assert.equal(code, 0, stderr);
  const made = JSON.parse(stdout) as { id: string; uploads: unknown };
  assert.deepEqual(made.uploads, { files: 1, bytes: picture.length, missing: 0 });
  id = made.id;
});

test("it is tried out by a real restore, with the right passphrase only", async () => {
  const wrong = join(server.data, "wrong");
  writeFileSync(wrong, "wrong horse battery\n");
  assert.equal((await np("backup", "verify", id, "--passphrase-file", passphrase)).code, 0);
  const { code, stdout } = await np("backup", "verify", id, "--passphrase-file", wrong);
  assert.equal(code, 1);
  assert.match(stdout, /passphrase is wrong/);
});

test("a restore says what it would change, and asks for a name", async () => {
  await server.register("juliet", "a long password");
  for (const file of readdirSync(join(server.data, "uploads"))) rmSync(join(server.data, "uploads", file));
  assert.equal((await fetch(link)).status, 404);
  const { stdout } = await np("backup", "restore", id);
  assert.match(stdout, /^accounts: 2 now, 1 after$/m);
  assert.match(stdout, /--confirm localhost/);
  const { code, stderr } = await np("backup", "restore", id, "--confirm", "elsewhere", "--passphrase-file", passphrase);
  assert.equal(code, 1);
  assert.match(stderr, /has to be localhost/);
});

test("a restore begins anew in the same process, and keeps what was there", async () => {
  const { pid } = server;
  const { code, stderr } = await np("backup", "restore", id, "--confirm", "localhost", "--passphrase-file", passphrase);
  assert.equal(code, 0, stderr);
  await until(async () => /restored/.test(server.output) && (await np("status")).code === 0, "it is ready again");
  assert.equal(server.pid, pid);
  const { items } = await server.api.users.list({});
  assert.deepEqual(
    items.map(({ jid }) => jid),
    ["romeo@localhost"],
  );
  const replaced = readdirSync(server.data).find((name) => name.startsWith("replaced-"));
  assert.ok(replaced !== undefined && existsSync(join(server.data, replaced, "nightpost.db")));
  const { items: listeners } = await server.api.server.listeners();
  // It listens at other ports.
  const place = new URL(link);
  place.port = String(listeners.find(({ name }) => name === "http")?.port);
  assert.ok(Buffer.from(await (await fetch(place)).arrayBuffer()).equals(picture), "the file is there again");
  const [newest] = (await server.api.backups.list()).items;
  assert.equal(newest?.counts["accounts"], 2);
});
