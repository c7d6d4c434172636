/**
 * A body that must not be seen: after messages went every way there is, it is nowhere that somebody without the permission
 * `bodies:read` can look, and nowhere at all outside the store and the web servers that it was meant for.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { WebSocket } from "ws";
import { permissions } from "../../lib/contracts/permissions.ts";
import { contractEntries } from "../../server/admin/dispatch.ts";
import { TestServer } from "../support/server.ts";
import { XmppClient } from "../support/xmpp-client.ts";

const canary = `canary-${randomBytes(9).toString("hex")}`;
const encrypted =
  "<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'/><payload>AAAA</payload></encrypted>";

interface Seen {
  readonly target: string;
  readonly headers: string;
  readonly body: string;
}

let server: TestServer;
const seen: Seen[] = [];
const sinks: Server[] = [];
const live: string[] = [];
let socket: WebSocket | undefined;
let reader: Record<string, string>;

/** A web server that says everything it got once more: an answer is the shortest way for a body into a log. */
async function sink(target: string, status: number): Promise<string> {
  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      seen.push({ target, headers: JSON.stringify(request.headers), body });
      response.writeHead(status, { "content-type": "text/plain" }).end(body);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  sinks.push(http);
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/hook`;
}

async function get(path: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${server.httpPort}/api/v1${path}`, { headers: reader });
  const text = await response.text();
  assert.ok(response.status < 500, `${path}: ${response.status} ${text}`);
  return text;
}

before(async () => {
  server = await TestServer.start({ env: { NIGHTPOST_LOG: "debug", NIGHTPOST_FORWARD_RETRY_SECONDS: "0.1" } });
  for (const user of ["romeo", "juliet"]) await server.register(user, "pencil");
  const { api } = server;
  const add = async (name: string, status: number, settings: object): Promise<void> => {
    const target = { url: await sink(name, status), allowPrivate: true, maxAttempts: 2, ...settings };
    await api.forward.setTarget({ name, withRule: true, target });
  };
  await add("open", 200, { preset: "json" });
  await add("failing", 500, { preset: "json" });
  await add("refusing", 404, { preset: "mod_interact" });
  await add("confidential", 200, { preset: "json", confidential: true });
  await add("template", 200, { preset: "template", template: "{{ message.body | json }}" });
  await add("down", 200, { url: "http://127.0.0.1:1025/", preset: "json" });
  const { key } = await api.keys.create({
    name: "reader",
    permissions: permissions.filter((one) => one !== "bodies:read"),
  });
  reader = { authorization: `Bearer ${key}` };
  const opened = new WebSocket(`ws://127.0.0.1:${server.httpPort}/api/v1/live`, { headers: reader });
  socket = opened;
  opened.on("message", (data: Buffer) => live.push(data.toString("utf8")));
  await new Promise((resolve) => opened.once("open", resolve));
  for (const topic of ["forward", "registration", "audit", "changed", "overview", "log", "stanzas"])
    opened.send(JSON.stringify({ type: "subscribe", topic }));
  await until(() => live.join("").includes('"stanzas"'));
});
after(async () => {
  socket?.close();
  await server.stop();
  for (const http of sinks) http.close();
});

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await isTrue())) {
    assert.ok(Date.now() < end, "waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("messages go every way", async () => {
  const romeo = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  await romeo.login("romeo", "pencil", { resource: "garden" });
  for (const more of ["", `<subject>${canary}</subject>`, encrypted, "<thread>t</thread>"])
    romeo.send(`<message to='juliet@localhost' type='chat' id='m'><body>${canary}</body>${more}</message>`);
  romeo.send(`<message to='nobody@localhost' type='chat'><body>${canary}</body></message>`);
  romeo.send(`<message to='juliet@localhost' type='headline'><body>${canary}</body></message>`);
  await romeo.ping();
  await until(async () => {
    const { items } = await server.api.forward.list({ limit: 200 });
    return (
      items.length > 20 && items.every(({ state }) => state !== "queued" && state !== "sending" && state !== "retrying")
    );
  });
  // There is something to be found: whoever may read bodies reads them.
  const { items } = await server.api.forward.list({ limit: 200, target: "open" });
  const bodies = await Promise.all(items.map(async ({ id }) => (await server.api.forward.reveal({ id })).payload));
  assert.ok(bodies.some((body) => body?.includes(canary)));
  assert.ok(seen.some(({ target, body }) => target === "open" && body.includes(canary)));
  // What waits is given to a client, which is stanza traffic.
  const juliet = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  await juliet.login("juliet", "pencil", { resource: "balcony" });
  juliet.send("<presence/>");
  await juliet.ping();
  await until(() => live.join("").includes("juliet@localhost/balcony"));
});

test("no line of the log has it", () => {
  assert.match(server.output, /debug|info/i);
  assert.ok(!server.output.includes(canary), server.output.slice(server.output.indexOf(canary) - 300));
});

test("no header has it, and a confidential target nothing at all", () => {
  for (const { target, headers, body } of seen) {
    assert.ok(!headers.includes(canary), `a header for ${target}`);
    if (target === "confidential") assert.ok(!body.includes(canary), "the confidential target");
  }
  assert.ok(seen.some(({ target }) => target === "confidential"));
});

test("no answer of the API has it for whoever may not read bodies", async () => {
  const { items } = await server.api.forward.list({ limit: 200 });
  assert.ok(items.length > 0);
  const paths = [...contractEntries().values()].flatMap(({ method, path, meta }) =>
    method === "GET" && !path.includes("{") && meta.permission !== "public" ? [path] : [],
  );
  assert.ok(paths.length > 15, paths.join(" "));
  const events = items.map(({ id }) => `/forward/events/${id}`);
  const users = ["juliet", "romeo"].map((user) => `/users/${user}@localhost`);
  for (const path of [...paths, ...events, ...users, `/forward/events?search=${canary.slice(0, 6)}x`]) {
    const text = await get(path);
    assert.ok(!text.includes(canary), `${path}: ${text.slice(Math.max(0, text.indexOf(canary) - 200), 400)}`);
  }
});

test("a simulation tells the bytes only to those who may read them", async () => {
  const [event] = (await server.api.forward.list({ limit: 1, target: "open" })).items;
  const stanza = `<message from='romeo@localhost/x' to='juliet@localhost' type='chat'><body>${canary}</body></message>`;
  for (const body of [
    { host: "localhost", stanza },
    { host: "localhost", event: event!.id },
  ]) {
    const response = await fetch(`http://127.0.0.1:${server.httpPort}/api/v1/forward/simulate`, {
      method: "POST",
      headers: { ...reader, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    assert.ok(!(await response.text()).includes(canary));
  }
});

test("no frame of the live stream has it", () => {
  const all = live.join("\n");
  for (const topic of ["forward", "log", "stanzas", "overview"]) assert.ok(all.includes(`"topic":"${topic}"`), topic);
  assert.ok(!all.includes(canary), all.slice(Math.max(0, all.indexOf(canary) - 300), all.indexOf(canary) + 50));
});

test("no audit row has it, even for whoever may read everything", async () => {
  await server.api.forward.replay({ search: "juliet" });
  await server.api.forward.recoverMissing({ target: "open", since: new Date(0).toISOString() });
  const { items } = await server.api.audit.list({ limit: 200 });
  assert.ok(items.some(({ action }) => action === "forward.missing"));
  assert.ok(!JSON.stringify(items).includes(canary));
});
