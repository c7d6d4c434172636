/** Accounts that Prosody itself made: their passwords and what they own come over, and a dry run touches nothing. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { environment, nightpost, type Outcome } from "../cli/nightpost.ts";
import { TestServer } from "../support/server.ts";
import { storeChecksums } from "../support/store-checksums.ts";
import { XmppClient } from "../support/xmpp-client.ts";

const run = promisify(execFile);
let server: TestServer;
let prosody: string;

const np = (...words: string[]): Promise<Outcome> => nightpost(environment(server.data), words, "");
const data = (): string => join(prosody, "data");

async function prosodyctl(...words: string[]): Promise<void> {
  await run("prosodyctl", ["--root", "--config", join(prosody, "prosody.cfg.lua"), ...words]);
}

/** A file of an account, as Prosody writes it. */
function put(store: string, file: string, text: string): void {
  const directory = join(data(), "old%2eexample", store);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, file), text);
}

function checksum(directory: string): string {
  const hash = createHash("sha256");
  for (const path of readdirSync(directory, { recursive: true }).map(String).toSorted()) {
    const file = join(directory, path);
    if (statSync(file).isFile()) hash.update(path).update(readFileSync(file));
  }
  return hash.digest("hex");
}

before(async () => {
  prosody = mkdtempSync(join(tmpdir(), "nightpost-prosody-"));
  mkdirSync(data());
  writeFileSync(
    join(prosody, "prosody.cfg.lua"),
    [
      "run_as_root = true",
      `data_path = "${data()}"`,
      `pidfile = "${join(prosody, "prosody.pid")}"`,
      `log = { error = "${join(prosody, "prosody.log")}" }`,
      `authentication = "internal_hashed"`,
      `storage = "internal"`,
      `VirtualHost "old.example"`,
      `VirtualHost "plain.example"`,
      `authentication = "internal_plain"`,
    ].join("\n"),
  );
  await prosodyctl("register", "juliet", "old.example", "capulet pass");
  await prosodyctl("register", "rom.eo", "old.example", "montague");
  await prosodyctl("register", "nurse", "plain.example", "angelica");
  put(
    "roster",
    "juliet.dat",
    `return {
	[false] = { ["version"] = 4; ["pending"] = { ["tybalt@old.example"] = true; }; };
	["rom.eo@old.example"] = { ["subscription"] = "both"; ["groups"] = { ["Friends"] = true; }; ["name"] = "Romeo <3"; };
};`,
  );
  put(
    "offline",
    "juliet.list",
    `item({
	{ "teach & \\"torches\\" \\228\\189\\160\\229\\165\\189"; ["attr"] = {}; ["name"] = "body"; };
	["attr"] = { ["type"] = "chat"; ["to"] = "juliet@old.example"; ["id"] = "m1"; ["from"] = "rom.eo@old.example/r"; ["stamp"] = "2026-01-02T03:04:05Z"; };
	["name"] = "message";
});`,
  );
  const service = join(data(), "conference%2eold%2eexample", "config");
  mkdirSync(service, { recursive: true });
  writeFileSync(
    join(service, "lobby.dat"),
    'return { ["_jid"] = "lobby@conference.old.example"; ["juliet@old.example"] = "owner"; ["_data"] = { ["name"] = "Die Lobby ü"; ["persistent"] = true; }; };',
  );
  // As Prosody 0.12 with muc_mam wrote it in a room where addresses are open.
  const log = join(data(), "conference%2eold%2eexample", "muc_log");
  mkdirSync(log);
  writeFileSync(
    join(log, "lobby.list"),
    `item({
	{ "Ay me & \\195\\188"; ["attr"] = {}; ["name"] = "body"; };
	{ ["attr"] = { ["id"] = "8SpeMUCbd8sPvC6QmvLgnGN6/UFLaTCDBFHuvQER0vo="; ["xmlns"] = "urn:xmpp:occupant-id:0"; }; ["name"] = "occupant-id"; };
	{
		{ ["attr"] = { ["affiliation"] = "owner"; ["role"] = "moderator"; ["jid"] = "juliet@old.example"; }; ["name"] = "item"; };
		["attr"] = { ["xmlns"] = "http://jabber.org/protocol/muc#user"; }; ["name"] = "x";
	};
	["key"] = "yFooIiY1T5brQZmspAVsUTlD";
	["attr"] = { ["from"] = "lobby@conference.old.example/Jule"; ["xml:lang"] = "en"; ["stamp"] = "2026-01-02T03:04:05Z"; ["type"] = "groupchat"; ["id"] = "m1"; };
	["with"] = "message<groupchat"; ["name"] = "message"; ["when"] = 1767323045;
});`,
  );
  put("private", "rom%2eeo.dat", "return os.execute('true');");
  server = await TestServer.start({ env: { NIGHTPOST_HOSTS: "localhost,old.example" } });
});
after(async () => {
  await server.stop();
  rmSync(prosody, { recursive: true, force: true });
});

const words = (...more: string[]): string[] => [
  "import",
  "prosody",
  data(),
  "--host",
  "plain.example=localhost",
  ...more,
];

test("a dry run says what would become of it, and changes neither side", async () => {
  const before = [checksum(data()), storeChecksums(server.data)];
  const { code, stdout, stderr } = await np(...words("--dry-run"));
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^3 created, 0 updated, 0 left alone, 0 failed \(nothing was changed\)/);
  assert.match(stdout, /contacts 1, requests 1, offlineMessages 1, archivedMessages 1.* rooms 1/);
  assert.match(stderr, /private\/rom%2eeo\.dat: line 1 is no data of Prosody/);
  assert.deepEqual([checksum(data()), storeChecksums(server.data)], before);
});

test("accounts log in with the passwords they had, hashed or not", async () => {
  assert.equal((await np(...words())).code, 0);
  const login = (user: string, password: string, host: string, mechanism: string) =>
    XmppClient.connect({ port: server.c2sPort, host }).then(async (client) => {
      const condition = await client.authenticate(user, password, mechanism);
      client.destroy();
      return condition;
    });
  assert.equal(await login("juliet", "capulet pass", "old.example", "SCRAM-SHA-1"), null);
  assert.equal(await login("rom.eo", "montague", "old.example", "PLAIN"), null);
  assert.equal(await login("nurse", "angelica", "localhost", "SCRAM-SHA-256"), null);
  assert.notEqual(await login("juliet", "montague", "old.example", "SCRAM-SHA-1"), null);
});

test("contacts, requests and messages that waited are theirs", async () => {
  const client = await XmppClient.connect({ port: server.c2sPort, host: "old.example" });
  await client.login("juliet", "capulet pass", { mechanism: "PLAIN", resource: "here" });
  const roster = JSON.stringify(await client.ask("get", "juliet@old.example", "<query xmlns='jabber:iq:roster'/>"));
  for (const part of ["rom.eo@old.example", "Romeo <3", "Friends", "both"]) assert.ok(roster.includes(part), roster);
  client.send("<presence/>");
  const message = JSON.stringify(await client.receive((element) => element.name === "message"));
  assert.ok(message.includes('teach & \\"torches\\" 你好') && message.includes("2026-01-02T03:04:05"), message);
  await client.close();
});

test("its rooms are there, with what was said in them", async () => {
  const room = "lobby@conference.old.example";
  const { settings } = await server.api.rooms.get({ jid: room });
  assert.equal(settings.name, "Die Lobby ü");
  const client = await XmppClient.connect({ port: server.c2sPort, host: "old.example" });
  await client.login("juliet", "capulet pass", { mechanism: "PLAIN", resource: "here" });
  client.send(`<presence to='${room}/Julia'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
  const said = JSON.stringify(await client.receive((element) => element.name === "message"));
  for (const part of [`${room}/Jule`, "Ay me & ü", "2026-01-02T03:04:05"]) assert.ok(said.includes(part), said);
  // Its own occupant ids mean nothing here, and who it was is for those who may know.
  assert.ok(!said.includes("8SpeMUCb") && !said.includes("muc#user"), said);
  await client.close();
});

test("a directory without accounts is refused", async () => {
  const { code, stderr } = await np("import", "prosody", tmpdir() + "/none-of-that");
  assert.notEqual(code, 0);
  assert.match(stderr, /no such file or directory/);
});
