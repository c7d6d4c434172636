/** A peer that is killed, or stops reading: the users of this server get errors in time, and otherwise notice nothing. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { until } from "../support/ports.ts";
import { child, elements, text, type XmlElement } from "../support/xml.ts";
import { XmppClient } from "../support/xmpp-client.ts";
import { type Neighbourhood, neighbourhood } from "./neighbour.ts";
import { nightpost } from "./nightpost.ts";

const password = "a long password";
const queueSeconds = 3;
let around: Neighbourhood;
let montague: Awaited<ReturnType<typeof nightpost>>;
let capulet: Awaited<ReturnType<typeof nightpost>>;
let romeo: XmppClient;

before(async () => {
  around = await neighbourhood();
  montague = await nightpost(around, "montague.example");
  capulet = await nightpost(around, "capulet.example");
  const setting = { enabled: true, options: { queue_seconds: queueSeconds } };
  await montague.server.api.modules.set({ name: "s2s", setting });
  await montague.register("romeo", password);
  await capulet.register("juliet", password);
  romeo = await XmppClient.connect({ port: montague.c2sPort, host: montague.domain });
  await romeo.login("romeo", password, { resource: "orchard" });
});

after(async () => {
  romeo?.destroy();
  await capulet?.stop();
  await montague?.stop();
  await around?.close();
});

async function juliet(): Promise<XmppClient> {
  const client = await XmppClient.connect({ port: capulet.server.c2sPort, host: capulet.domain });
  await client.login("juliet", password, { resource: "balcony" });
  client.send("<presence/>");
  await client.ping();
  return client;
}

const says = (id: string, body = id): void =>
  romeo.send(`<message to='juliet@capulet.example' type='chat' id='${id}'><body>${body}</body></message>`);
const isMessage =
  (id: string) =>
  ({ name, attrs }: XmlElement): boolean =>
    name === "message" && attrs["id"] === id;

async function stateOfLink(): Promise<string | undefined> {
  const { items } = await montague.server.api.links.list({ direction: "out", search: "capulet.example" });
  return items.find(({ local }) => local === "montague.example")?.state;
}

test("a peer that is killed: what is sent comes back in time, and arrives again once the peer is back", async () => {
  const first = await juliet();
  says("before");
  await first.receive(isMessage("before"));
  await capulet.server.kill();
  says("during");
  const error = await romeo.receive(isMessage("during"));
  const condition = elements(child(error, "error") ?? error)[0]?.name;
  assert.equal(error.attrs["type"], "error");
  assert.equal(condition, "remote-server-timeout");
  await capulet.server.run();
  const again = await juliet();
  const [link] = (await montague.server.api.links.list({ direction: "out" })).items;
  await montague.server.api.links.retry({ id: link!.id });
  await until(async () => (await stateOfLink()) !== "waiting", "the link is tried again");
  says("after");
  assert.equal(text(child(await again.receive(isMessage("after")), "body")), "after");
  await again.close();
});

test("a peer that stops reading costs a bounded amount of memory and nobody else's time", async () => {
  const there = await juliet();
  says("warm");
  await there.receive(isMessage("warm"));
  const residentMiB = (): number =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${montague.server.pid}/status`, "utf8"))![1]) / 1024;
  const before = residentMiB();
  process.kill(capulet.server.pid, "SIGSTOP");
  const body = "x".repeat(60_000);
  let slowestMs = 0;
  for (let round = 0; round < 40; round += 1) {
    for (let index = 0; index < 5; index += 1) says(`${round}-${index}`, body);
    const sentAt = performance.now();
    await romeo.ping();
    slowestMs = Math.max(slowestMs, performance.now() - sentAt);
  }
  const grownMiB = residentMiB() - before;
  process.kill(capulet.server.pid, "SIGCONT");
  assert.ok(slowestMs < 5_000, `a ping took ${Math.round(slowestMs)} ms`);
  assert.ok(grownMiB < 150, `${Math.round(grownMiB)} MiB more`);
  await until(
    async () => {
      says("later");
      await romeo.ping();
      return there.pending.some(isMessage("later"));
    },
    "messages arrive again",
    30_000,
  );
  await there.close();
});
