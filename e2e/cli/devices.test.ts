/** `nightpost devices`: what it prints, what it changes, and what it exits with. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ForwardTarget } from "../../lib/contracts/forward-target.ts";
import { startApnsMock, type ApnsMock } from "../../server/forward/push/apns/mock.ts";
import { TestServer } from "../support/server.ts";
import { environment, nightpost, type Outcome } from "./nightpost.ts";

const token = "a1b2".repeat(16);
let server: TestServer;
let apns: ApnsMock;

const np = (args: string, input = ""): Promise<Outcome> =>
  nightpost(environment(server.data), `devices ${args}`.split(" "), input);
const done = async (args: string, input = ""): Promise<string> => {
  const { code, stdout, stderr } = await np(args, input);
  assert.equal(code, 0, stderr);
  return stdout;
};

before(async () => {
  apns = await startApnsMock({ clock: { now: () => Date.now() } });
  server = await TestServer.start();
  await server.register("juliet", "a long password");
  await server.api.forward.setTarget({
    name: "ios",
    target: ForwardTarget.parse({ kind: "apns", ...apns.credentials, server: apns.url, allowPrivate: true }),
    withRule: true,
  });
});
after(async () => {
  await server.stop();
  await apns.close();
});

for (const [what, args, code, output] of [
  ["no kind", "add juliet@localhost", 2, /missing required argument 'kind'/],
  ["no token", "add juliet@localhost apns", 2, /token-file/],
  ["a token that is none", "add juliet@localhost apns nothing", 2, /hex digits/],
  ["a kind that clients register", "add juliet@localhost xep0357 push.example", 2, /./],
  ["nobody", `add nobody@localhost apns ${token}`, 1, /nobody@localhost/],
  ["a kind without a target", "add juliet@localhost fcm registration-token", 1, /fcm/],
  ["a state that is none", "list --state lost", 2, /state/],
  ["a device that is none", "remove nothing", 1, /nothing/],
] as const) {
  test(`${what} is refused`, async () => {
    const outcome = await np(args);
    assert.equal(outcome.code, code, outcome.stdout);
    assert.match(outcome.stderr, output);
    assert.equal(outcome.stdout, "");
  });
}

test("a device from its registration to its end", async () => {
  const added = await done("add juliet@localhost apns --token-file - --name phone --environment sandbox", `${token}\n`);
  const id = /^Device (\w+) of juliet@localhost registered with ios\n$/.exec(added)?.[1] ?? "";
  assert.match(
    await done("list juliet@localhost --kind apns --state active"),
    new RegExp(`^${id}\tjuliet@localhost\tapns`),
  );
  const [device] = JSON.parse(await done("list --json")) as Record<string, unknown>[];
  assert.deepEqual(
    [device!["id"], device!["name"], device!["address"], device!["environment"]],
    [id, "phone", "a1b2a1…a1b2", "sandbox"],
  );
  assert.match(await done(`test ${id}`), /delivered/);
  assert.equal(apns.seen[0]!.deviceToken, token);
  apns.behave = (push) => push.answer(400, "PayloadEmpty");
  assert.equal((await np(`test ${id}`)).code, 1);
  assert.match(await done(`disable ${id}`), /disabled/);
  assert.equal(await done("list --state active"), "");
  assert.match(await done(`list --state disabled`), /by control socket/);
  assert.match(await done(`enable ${id}`), /enabled/);
  assert.match(await done(`remove ${id}`), /removed/);
  assert.equal(await done("list"), "");
});
