/** A server of a thousand hosts: what the console asks for again and again stays small, and one that was added can be logged in to. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { TestServer } from "../support/server.ts";
import { XmppClient } from "../support/xmpp-client.ts";

const hosts = 1_000;
let server: TestServer;

before(async () => {
  server = await TestServer.start();
  const { policy, revision } = await server.api.policy.get();
  const model = policy.hosts["localhost"]!;
  for (let index = 1; index < hosts; index += 1) policy.hosts[`host${index}.example`] = structuredClone(model);
  policy.hosts["host7.example"]!.modules["ping"] = { enabled: false, options: {} };
  await server.api.policy.apply({ policy, baseRevision: revision.id });
});
after(() => server.stop());

const kilobytes = (answer: unknown): number => JSON.stringify(answer).length / 1024;

test("the overview tells of the busiest hosts, and what is alike once", async () => {
  await server.register("orsino", "if music be the food", "host999.example");
  const orsino = await XmppClient.connect({ port: server.c2sPort, host: "host999.example" });
  await orsino.login("orsino", "if music be the food", { resource: "illyria" });
  const overview = await server.api.server.overview();
  assert.equal(overview.hosts, hosts);
  assert.equal(overview.perHost.length, 20);
  const busiest = overview.perHost.find(({ host }) => host === "host999.example");
  assert.deepEqual([busiest?.online, busiest?.users], [1, 1]);
  const selfSigned = overview.attention.filter(({ code }) => code === "self-signed");
  assert.deepEqual(
    selfSigned.map(({ more }) => more),
    [0, 0, 0, 0, hosts - 5],
  );
  assert.ok(kilobytes(overview) < 64, `${kilobytes(overview)} KB`);
  await orsino.close();
});

test("the modules are counted, over all hosts or on one", async () => {
  const { items } = await server.api.modules.list({});
  assert.deepEqual(items.find(({ name }) => name === "ping")?.hosts, { runs: hosts - 1, off: 1, failed: 0, own: 1 });
  assert.ok(kilobytes(items) < 64, `${kilobytes(items)} KB`);
  const there = await server.api.modules.list({ host: "host7.example" });
  assert.deepEqual(there.items.find(({ name }) => name === "ping")?.hosts, { runs: 0, off: 1, failed: 0, own: 1 });
  const ping = await server.api.modules.get({ name: "ping" });
  assert.equal(ping.hosts.length, hosts);
  assert.equal(ping.hooks.length <= 1, true);
});
