/**
 * The crash test: messages at speed to offline users, `kill -9` at random moments, restart. Afterwards everything that
 * was acknowledged must be in the queues and in the archives of both sides, in order, and must have reached the web server
 * and the recipient's phone, in order. Contacts, private XML, published items, blocked addresses, accounts and policy that were
 * confirmed must be there as well.
 *
 * `node e2e/crash/run.ts [--kills N] [--seed TEXT]`
 */
import { generateKeyPairSync } from "node:crypto";
import { parseArgs } from "node:util";
import { archivedBodies } from "../support/archive.ts";
import { numbers } from "../support/numbers.ts";
import { TestServer } from "../support/server.ts";
import { Sink } from "../support/sink.ts";
import { child, text } from "../support/xml.ts";
import { XmppClient } from "../support/xmpp-client.ts";
import { Changes } from "./changes.ts";
import { Phones } from "./phones.ts";

const { values } = parseArgs({
  options: { kills: { type: "string", default: "20" }, seed: { type: "string", default: String(Date.now()) } },
});
const kills = Number(values.kills);
const recipients = 8;
const senders = 2;
const password = "correct horse";
/** Dispatcher's concurrency for one target: what can be under way when the process dies. */
const inFlightBound = 64;

const random = numbers(values.seed);

const sink = await new Sink().start();
const phones = await new Phones().start();
const server = await TestServer.start({ env: { NIGHTPOST_FORWARD_RETRY_SECONDS: "0.2,0.5,1" } });
console.error(`seed ${values.seed}, ${kills} kills`);
for (let index = 0; index < senders; index += 1) await server.register(`sender${index}`, password);
for (let index = 0; index < recipients; index += 1) await server.register(`away${index}`, password);
// The longer it takes the more waits for each recipient: nothing may be refused.
const { policy } = await server.api.policy.get();
const unlimited = [{ value: "infinite" as const, to: ["all" as const] }];
const shaperRules = { ...policy.shaperRules, max_user_offline_messages: unlimited };
await server.api.policy.apply({ policy: { ...policy, shaperRules }, comment: "no limit", force: true });
const maxWaitingPerRecipient = 100_000;
await server.api.forward.setTarget({
  name: "web",
  target: { url: sink.url, allowPrivate: true, timeoutMs: 5000, maxAttempts: 50, maxWaitingPerRecipient },
});
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
await server.api.forward.setTarget({
  name: "ios",
  target: {
    kind: "apns",
    server: phones.url,
    allowPrivate: true,
    key: privateKey.export({ type: "pkcs8", format: "pem" }),
    keyId: "ABC123DEFG",
    teamId: "DEF123GHIJ",
    topic: "org.example.chat",
    // With its words every message is a push of its own.
    content: "full",
    maxAttempts: 50,
    maxWaitingPerRecipient,
  },
});
const rules = [{ name: "all", classes: ["chat" as const], targets: ["web", "ios"] }];
await server.api.forward.setRules({ rules, comment: "" });
const tokenOf = (index: number): string => String(index).padStart(64, "a");
for (let index = 0; index < recipients; index += 1) {
  const user = `away${index}@localhost`;
  await server.api.devices.register({
    user,
    device: { kind: "apns", token: tokenOf(index), environment: "production" },
  });
}

const changes = await Changes.prepare(server);

/** Everything acknowledged: body by recipient, in the order it was sent. Each sender has its own numbering. */
const acked = new Map<string, string[]>();
/** The same by sender. */
const sentBy = new Map<string, string[]>();
const count = (): number => [...acked.values()].reduce((sum, bodies) => sum + bodies.length, 0);
let batch = 0;

/** One sender until the connection dies: batches of messages, each confirmed by a ping. */
async function send(index: number): Promise<void> {
  try {
    const client = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
    await client.login(`sender${index}`, password);
    for (;;) {
      batch += 1;
      const sent: [string, string][] = [];
      let xml = "";
      for (let n = 0; n < 10; n += 1) {
        const to = `away${Math.floor(random.next().value * recipients)}`;
        const body = `s${index} b${batch} n${n} & = + %`;
        sent.push([to, body]);
        xml += `<message type='chat' to='${to}@localhost' id='m${batch}-${n}'><body>${body.replaceAll("&", "&amp;")}</body></message>`;
      }
      client.send(xml);
      await client.ping();
      for (const [to, body] of sent) acked.set(to, [...(acked.get(to) ?? []), body]);
      sentBy.set(`sender${index}`, [...(sentBy.get(`sender${index}`) ?? []), ...sent.map(([, body]) => body)]);
    }
  } catch {
    // The connection died, as it was meant to; what was not confirmed does not count.
  }
}

for (let round = 0; round < kills; round += 1) {
  const running = Promise.all([changes.untilKilled(), ...Array.from({ length: senders }, (_, index) => send(index))]);
  const before = count();
  const ms = 150 + random.next().value * 850;
  await new Promise((resolve) => setTimeout(resolve, ms));
  await server.kill();
  await running;
  console.error(`kill ${round + 1} after ${Math.round(ms)} ms: ${count() - before} acknowledged`);
  await server.run();
}

const results: [name: string, ok: boolean, detail: string][] = [];
const total = count();
results.push(["messages were acknowledged", total > kills * 10, `${total}`]);
results.push(["changes were confirmed", changes.count > kills * 2, `${changes.count}`]);
const lost = await changes.missing();
results.push(["no confirmed change is lost", lost.length === 0, lost.slice(0, 5).join(", ")]);

const posted = (): Map<string, string[]> => {
  const byId = new Map<string, { to: string; body: string }>();
  for (const request of sink.requests) {
    const form = new URLSearchParams(request.body);
    if (!byId.has(request.id)) byId.set(request.id, { to: form.get("to") ?? "", body: form.get("body") ?? "" });
  }
  const lanes = new Map<string, string[]>();
  for (const { to, body } of byId.values()) {
    const user = to.slice(0, to.indexOf("@"));
    lanes.set(user, [...(lanes.get(user) ?? []), body]);
  }
  return lanes;
};
const missingFrom = (lanes: Map<string, string[]>, promised = acked): number =>
  [...promised].reduce((sum, [user, bodies]) => {
    const arrived = new Set(lanes.get(user));
    return sum + bodies.filter((body) => !arrived.has(body)).length;
  }, 0);

/** First pushes of each event, by recipient. */
const pushed = (): Map<string, string[]> => {
  const seen = new Set<string>();
  const lanes = new Map<string, string[]>();
  for (const { id, deviceToken, payload } of phones.pushes) {
    if (seen.has(id)) continue;
    seen.add(id);
    const { aps } = JSON.parse(payload) as { aps: { alert: { body: string } } };
    const user = `away${Number(deviceToken.replace(/^a+/, ""))}`;
    lanes.set(user, [...(lanes.get(user) ?? []), aps.alert.body]);
  }
  return lanes;
};

let checkedAt = 0;
await sink
  .until(() => {
    // Comparing everything after each request would be quadratic.
    if (sink.requests.length < total || sink.requests.length < checkedAt + 20) return false;
    checkedAt = sink.requests.length;
    return missingFrom(posted()) === 0;
  }, 60_000)
  .catch(() => undefined);

const givingUpAt = Date.now() + 60_000;
while (missingFrom(pushed()) > 0 && Date.now() < givingUpAt) await new Promise((resolve) => setTimeout(resolve, 200));

const drained = new Map<string, string[]>();
for (const user of acked.keys()) {
  const client = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  await client.login(user, password);
  client.send("<presence/>");
  // More may be stored than was acknowledged, and a page of the queue may still be read when a ping is answered.
  const missing = new Set(acked.get(user));
  const bodies: string[] = [];
  while (missing.size > 0) {
    try {
      const body = text(child(await client.receive((element) => element.name === "message", 5000), "body"));
      missing.delete(body);
      bodies.push(body);
    } catch {
      break;
    }
  }
  await client.ping();
  bodies.push(...client.takeMessages().map((message) => text(child(message, "body"))));
  drained.set(user, bodies);
  await client.close();
}

const archives = new Map<string, string[]>();
for (const user of [...acked.keys(), ...sentBy.keys()]) {
  const client = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  await client.login(user, password);
  archives.set(user, await archivedBodies(client));
  await client.close();
}

const forwarded = posted();
const notified = pushed();
results.push(["no acknowledged message is lost", missingFrom(drained) === 0, `${missingFrom(drained)} missing`]);
results.push(["no acknowledged forward is lost", missingFrom(forwarded) === 0, `${missingFrom(forwarded)} missing`]);
results.push(["no acknowledged push is lost", missingFrom(notified) === 0, `${missingFrom(notified)} missing`]);
results.push(["each queue is in order", isOrdered(drained), ""]);
results.push(["each phone's first pushes are in order", isOrdered(notified), ""]);
results.push(["each lane's first posts are in order", isOrdered(forwarded), ""]);
const unarchived = missingFrom(archives) + missingFrom(archives, sentBy);
results.push([
  "no acknowledged message is missing in an archive of either side",
  unarchived === 0,
  `${unarchived} missing`,
]);
results.push(["each archive is in order", isOrdered(archives), ""]);
const stored = [...drained.values()].flat();
results.push([
  "no message is stored twice",
  new Set(stored).size === stored.length,
  `${stored.length - new Set(stored).size} twice`,
]);

const requests: readonly (readonly [name: string, all: readonly (readonly [id: string, bytes: string])[]])[] = [
  ["posts", sink.requests.map(({ id, body }) => [id, body] as const)],
  ["pushes", phones.pushes.map(({ id, payload }) => [id, payload] as const)],
];
for (const [name, all] of requests) {
  const contents = new Map<string, string>();
  let copies = 0;
  let isConstant = true;
  for (const [id, bytes] of all) {
    if (contents.has(id)) {
      copies += 1;
      isConstant &&= contents.get(id) === bytes;
    } else contents.set(id, bytes);
  }
  results.push([`the id of ${name} always carries the same bytes`, isConstant, `${contents.size} ids`]);
  const isBounded = copies <= inFlightBound * kills;
  results.push([`duplicate ${name} stay within ${inFlightBound} per kill`, isBounded, `${copies} copies`]);
}
results.push(["the server stops in an orderly way", (await server.stop()) === 0, ""]);
await sink.stop();
await phones.stop();

/** Of each sender's messages to one recipient, batches and numbers only ever grow. */
function isOrdered(lanes: Map<string, string[]>): boolean {
  for (const bodies of lanes.values()) {
    const last = new Map<string, number>();
    for (const body of bodies) {
      const match = /^s(\d+) b(\d+) n(\d+)/.exec(body);
      if (match === null) return false;
      const place = Number(match[2]) * 100 + Number(match[3]);
      if (place <= (last.get(match[1]!) ?? -1)) return false;
      last.set(match[1]!, place);
    }
  }
  return true;
}

for (const [name, ok, detail] of results)
  console.log(`${ok ? "ok  " : "FAIL"} ${name}${detail === "" ? "" : `: ${detail}`}`);
const failed = results.filter(([, ok]) => !ok).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
