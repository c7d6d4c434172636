/** A phone rings: from the key file on the command line to the push that APNs gets for a message to somebody away. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startApnsMock, type ApnsMock } from "../../server/forward/push/apns/mock.ts";
import { TestServer } from "../support/server.ts";
import { XmppClient } from "../support/xmpp-client.ts";
import { environment, nightpost, type Outcome } from "./nightpost.ts";

const [token, voipToken] = ["a1".repeat(32), "b2".repeat(32)];
let server: TestServer;
let apns: ApnsMock;

const np = (...words: string[]): Promise<Outcome> => nightpost(environment(server.data), words, "");
const keyFile = (name: string, text: string): string => {
  const file = join(server.data, name);
  writeFileSync(file, text);
  return file;
};
const addTarget = (file: string): Promise<Outcome> => {
  const { keyId, teamId, topic } = apns.credentials;
  const key = ["--kind", "apns", "--key-file", file, "--key-id", keyId, "--team-id", teamId, "--topic", topic];
  return np("forward", "target", "add", "ios", ...key, "--provider", apns.url, "--allow-private", "--content", "full");
};
const received = (count: number): Promise<void> =>
  Promise.race([
    apns.received(count),
    new Promise<void>((_, reject) => setTimeout(() => reject(new Error(server.output)), 10_000).unref()),
  ]);

before(async () => {
  apns = await startApnsMock({ clock: { now: () => Date.now() } });
  server = await TestServer.start();
  await server.register("romeo", "a long password");
  await server.register("juliet", "a long password");
});
after(async () => {
  await apns.close();
  await server.stop();
});

test("the wrong key file is refused with a sentence about it", async () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const file = keyFile("push.pem", privateKey.export({ type: "pkcs1", format: "pem" }));
  const { code, stderr } = await addTarget(file);
  assert.notEqual(code, 0);
  assert.match(stderr, /this is an RSA key/);
});

test("a target without a device says whether APNs takes its key", async () => {
  const { code, stderr, stdout } = await addTarget(keyFile("AuthKey_ABC123DEFG.p8", apns.credentials.key));
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stdout + stderr, /PRIVATE KEY/);
  apns.behave = (push) => push.answer(400, "BadDeviceToken");
  const tested = await np("forward", "target", "test", "ios");
  assert.match(tested.stdout + tested.stderr, /APNs accepts the key/);
  apns.behave = (push) => push.answer();
});

test("a message and a call for somebody away", async () => {
  const device = ["juliet@localhost", "apns", token, "--voip-token", voipToken, "--environment", "production"];
  const added = await np("devices", "add", ...device);
  assert.equal(added.code, 0, added.stderr);
  const romeo = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  await romeo.login("romeo", "a long password", { resource: "orchard" });
  const seen = apns.seen.length;
  romeo.send("<message to='juliet@localhost' type='chat' id='m1'><body>Art thou there?</body></message>");
  await received(seen + 1);
  const push = apns.seen[seen]!;
  const { aps, from, messageId } = JSON.parse(push.payload) as Record<string, unknown>;
  assert.equal(push.deviceToken, token);
  assert.partialDeepStrictEqual(aps, {
    alert: { title: "romeo", body: "Art thou there?" },
    badge: 1,
    category: "chat",
  });
  assert.deepEqual([from, messageId], ["romeo@localhost/orchard", "m1"]);
  const rules = await server.api.forward.rules();
  await server.api.forward.setRules({ rules: rules.items.map((rule) => ({ ...rule, classes: ["chat", "call"] })) });
  romeo.send(
    "<message to='juliet@localhost' id='c1'><propose xmlns='urn:xmpp:jingle-message:0' id='call-1'>" +
      "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></propose></message>",
  );
  await received(seen + 2);
  const call = apns.seen[seen + 1]!;
  assert.equal(call.deviceToken, voipToken);
  assert.partialDeepStrictEqual(call.headers, { "apns-push-type": "voip", "apns-expiration": "0" });
  assert.partialDeepStrictEqual(JSON.parse(call.payload), { class: "call", call: "call-1", media: "audio" });
  assert.deepEqual(apns.violations, []);
  await romeo.close();
});
