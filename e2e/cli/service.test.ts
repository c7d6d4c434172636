/** Announcements, groups, and accounts as files: what the commands print, change, and exit with. */
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { TestServer } from "../support/server.ts";
import { environment, nightpost, type Outcome } from "./nightpost.ts";

let server: TestServer;

const np = (args: readonly string[], input = ""): Promise<Outcome> => nightpost(environment(server.data), args, input);
const done = async (args: readonly string[], input = ""): Promise<string> => {
  const { code, stdout, stderr } = await np(args, input);
  assert.equal(code, 0, stderr);
  return stdout;
};

before(async () => {
  server = await TestServer.start({ env: { NIGHTPOST_HOSTS: "localhost,verona.example" } });
  for (const user of ["juliet", "romeo"]) await server.register(user, `the password of ${user}`);
});
after(() => server.stop());

test("an announcement is sent, waited for and listed; its text may come from standard input", async () => {
  assert.match(
    await done(["announce", "send", "localhost", "S", "-", "--wait"], "Line 1\nLine 2\n"),
    /done\tlocalhost\taccounts\t2\/2/,
  );
  assert.match(await done(["announce", "list"]), /control socket.*\tS\n$/);
  const { offlineMessages } = await server.api.users.get({ jid: "juliet@localhost" });
  assert.equal(offlineMessages, 1);
  assert.equal((await np(["announce", "send", "localhost", "S", "-"], " ")).code, 2);
  assert.equal((await np(["announce", "stop", "nothing"])).code, 1);
});

test("an announcement survives the death of the server: everybody has it, nobody twice", async () => {
  const users = Array.from({ length: 300 }, (_, n) => ({
    local: `crowd${n}`,
    host: "verona.example",
    password: "initial",
  }));
  await server.api.users.importBatch({ users });
  const { id } = await server.api.announcements.send({
    host: "verona.example",
    audience: { kind: "accounts", search: "crowd" },
    body: "Once",
    perSecond: 200,
  });
  while ((await server.api.announcements.get({ id })).sent < 100);
  await server.kill();
  await server.run();
  while ((await server.api.announcements.get({ id })).state === "running");
  assert.equal((await server.api.announcements.get({ id })).sent, 300);
  const waiting = new Map<string, number>();
  let cursor: string | undefined;
  do {
    const page = await server.api.users.list({ host: "verona.example", limit: 500, cursor });
    for (const user of page.items) waiting.set(user.local, user.offlineMessages);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  const wrong = users
    .filter(({ local }) => waiting.get(local) !== 1)
    .map(({ local }) => `${local} ${waiting.get(local)}`);
  assert.deepEqual(wrong, []);
  for (const { local } of users) await server.api.users.remove({ jid: `${local}@verona.example` });
});

test("the message of the day is set, shown and removed", async () => {
  await done(["motd", "set", "localhost", "", "Be kind"]);
  assert.match(await done(["motd", "show"]), /Be kind/);
  await done(["motd", "remove", "localhost"]);
  assert.equal((await np(["motd", "remove", "localhost"])).code, 1);
});

test("a group is made, filled and changed", async () => {
  await done(["group", "create", "localhost", "friends", "--label", "Friends"]);
  assert.equal(
    await done(["group", "add", "localhost", "friends", "romeo", "juliet@localhost"]),
    "2 added, 0 taken off\n",
  );
  assert.equal(await done(["srg_get_members", "friends", "localhost"]), "juliet@localhost\nromeo@localhost\n");
  assert.match(
    await done(["group", "update", "localhost", "friends", "--members", "everybody"]),
    /Friends\teverybody\t2 listed\tsees friends/,
  );
  assert.equal((await np(["group", "update", "localhost", "friends", "--members", "some"])).code, 2);
  assert.equal((await np(["group", "add", "localhost", "friends", "nobody"])).code, 1);
});

test("accounts go to a file that nobody else can read, and come back under another host", async () => {
  const file = join(server.data, "accounts.xml");
  assert.equal(await done(["export", "host", "localhost", file]), `2 accounts written to ${file}\n`);
  assert.equal(statSync(file).mode & 0o077, 0);
  assert.doesNotMatch(readFileSync(file, "utf8"), /the password of/);
  const into = ["import", "xep0227", file, "--host", "localhost=verona.example"];
  assert.match(await done([...into, "--dry-run"]), /^2 created, .*nothing was changed/);
  assert.match(await done(into), /^2 created, 0 updated, 0 left alone, 0 failed\n/);
  assert.match(await done(into), /^0 created, 0 updated, 2 left alone/);
  assert.equal((await np([...into, "--fail"])).code, 1);
  assert.equal((await np(["check_password", "romeo", "verona.example", "the password of romeo"])).code, 0);
  assert.equal((await np(["import", "xep0227", join(server.data, "nothing.xml")])).code, 2);
  const broken = await np(["import", "xep0227", "-"], "<server-data xmlns='urn:xmpp:pie:0'><!-- x -->");
  assert.equal(broken.code, 1);
  assert.match(broken.stdout, /restricted-xml/);
});
