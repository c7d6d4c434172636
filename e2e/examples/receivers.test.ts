/** Each receiver of `examples/`, as it is, beside a real server. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type ServerHttp2Stream } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { text } from "node:stream/consumers";
import { after, afterEach, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { WebhookTarget, type WebhookPreset } from "../../lib/contracts/forward-target.ts";
import { freePort, until } from "../support/ports.ts";
import { TestServer } from "../support/server.ts";
import { XmppClient } from "../support/xmpp-client.ts";
import { Program } from "./program.ts";

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));
const password = "a long password";
/** What breaks a form, a header or a careless decoder. */
const bodies = ["Hi & bye = 100 % + more; ok?", "☀ Γειά 你好 👩‍👩‍👧", "line one\nline two", "to=admin&from=root"];
let server: TestServer;
let folder: string;
const running: { stop(): Promise<void> }[] = [];

before(async () => {
  server = await TestServer.start();
  for (const name of ["romeo", "juliet"]) await server.register(name, password);
  folder = mkdtempSync(join(tmpdir(), "nightpost-examples-"));
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const program of running.splice(0).toReversed()) await program.stop();
});

/** A target of that name at `port`; answers with its signing secret. */
async function target(name: string, preset: WebhookPreset, port: number): Promise<string> {
  const url = `http://127.0.0.1:${port}/xmppforward/offline`;
  const settings = WebhookTarget.parse({ url, preset, allowPrivate: true });
  const { signingSecret } = await server.api.forward.setTarget({ name, target: settings, withRule: true });
  return signingSecret ?? "";
}

async function run(command: string, args: readonly string[], port: number, env: Record<string, string>): Promise<void> {
  running.push(await Program.start(command, args, port, env));
}

/** Romeo writes to Juliet, who is away; resolves when the web server has taken everything. */
async function write(target: string): Promise<void> {
  const romeo = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  await romeo.login("romeo", password, { resource: "orchard" });
  const escaped = (body: string): string => body.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  for (const body of bodies)
    romeo.send(`<message type='chat' to='juliet@localhost'><body>${escaped(body)}</body></message>`);
  await romeo.ping();
  await romeo.close();
  await until(async () => {
    const { items } = await server.api.forward.list({ target, state: "delivered", limit: 100 });
    return items.length === bodies.length;
  }, `${bodies.length} events of ${target} are delivered`);
  await server.api.forward.removeTarget({ name: target });
}

function inbox(file: string, query: string): Record<string, unknown>[] {
  const db = new DatabaseSync(file, { readOnly: true });
  const rows = db.prepare(query).all();
  db.close();
  return rows.map((row) => ({ ...row }));
}

/** Nobody without the secret gets anything in, and what comes again is kept once. */
async function refusesForgeries(port: number): Promise<void> {
  const headers = {
    "content-type": "application/json",
    "webhook-id": "evt_forged",
    "webhook-timestamp": String(Math.floor(Date.now() / 1000)),
    "webhook-signature": "v1,bm90IGl0",
  };
  const answer = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", headers, body: "{}" });
  assert.equal(answer.status, 401);
}

const kept = "SELECT sender, recipient, body FROM inbox ORDER BY rowid";
const expected = bodies.map((body) => ({ sender: "romeo@localhost/orchard", recipient: "juliet@localhost", body }));

test("PHP: verifies, keeps each event once", async () => {
  const port = await freePort();
  const file = join(folder, "php.db");
  const env = { WEBHOOK_SECRET: await target("php", "classic", port), INBOX: file };
  await run("php", ["-S", `127.0.0.1:${port}`, join(examples, "php/receiver.php")], port, env);
  await write("php");
  assert.deepEqual(inbox(file, kept), expected);
  await refusesForgeries(port);
  assert.equal(inbox(file, kept).length, bodies.length);
});

test("Python: verifies, keeps each event once", async () => {
  const port = await freePort();
  const file = join(folder, "python.db");
  const env = { WEBHOOK_SECRET: await target("python", "json", port), INBOX: file };
  await run("python3", [join(examples, "python/receiver.py")], port, env);
  await write("python");
  assert.deepEqual(inbox(file, kept), expected);
  await refusesForgeries(port);
  assert.equal(inbox(file, kept).length, bodies.length);
});

test("a receiver of 2014 works unchanged", async () => {
  const port = await freePort();
  const file = join(folder, "messages.log");
  await target("old", "classic", port);
  await run("php", ["-S", `127.0.0.1:${port}`, join(examples, "classic/receiver.php")], port, { MESSAGES: file });
  await write("old");
  const lines = bodies.map((body) => `romeo@localhost/orchard -> juliet@localhost: ${body}\n`);
  assert.equal(readFileSync(file, "utf8"), lines.join(""));
});

interface SeenPush {
  readonly path: string;
  readonly topic: string;
  readonly alert: { readonly title: string; readonly body: string };
}

/** Apple, as far as the example talks to it: HTTP/2, a bearer token of three parts, one token that is gone. */
async function apple(seen: SeenPush[]): Promise<string> {
  const http2 = createServer();
  http2.on("stream", (stream: ServerHttp2Stream, headers) => {
    void text(stream).then((body) => {
      const path = String(headers[":path"]);
      const isSigned = /^bearer [\w-]+\.[\w-]+\.[\w-]{86}$/.test(String(headers["authorization"]));
      const { aps } = JSON.parse(body) as { aps: { alert: SeenPush["alert"] } };
      seen.push({ path, topic: String(headers["apns-topic"]), alert: aps.alert });
      const status = !isSigned ? 403 : path.endsWith("dead") ? 410 : 200;
      stream.respond({ ":status": status });
      stream.end(status === 200 ? "" : JSON.stringify({ reason: "Unregistered" }));
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => http2.listen(port, "127.0.0.1", resolve));
  running.push({ stop: () => new Promise((resolve) => http2.close(() => resolve())) });
  return `http://127.0.0.1:${port}`;
}

test("TypeScript: verifies, keeps each event once, pushes to the phone", async () => {
  const port = await freePort();
  const file = join(folder, "typescript.db");
  const seen: SeenPush[] = [];
  const url = await apple(seen);
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const keyFile = join(folder, "AuthKey.p8");
  writeFileSync(keyFile, privateKey.export({ type: "pkcs8", format: "pem" }));
  await run(process.execPath, [join(examples, "typescript/receiver.ts")], port, {
    WEBHOOK_SECRET: await target("typescript", "json", port),
    INBOX: file,
    API_TOKEN: "the app's own",
    APNS_SERVER: url,
    APNS_KEY_FILE: keyFile,
    APNS_KEY_ID: "ABC1234567",
    APNS_TEAM_ID: "DEF1234567",
    APNS_TOPIC: "org.example.chat",
  });
  const register = (token: string, bearer: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}/devices/juliet@localhost/${token}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${bearer}` },
    });
  assert.equal((await register("aabbcc", "somebody else")).status, 401);
  assert.equal((await register("aabbcc", "the app's own")).status, 204);
  assert.equal((await register("dead", "the app's own")).status, 204);
  await write("typescript");
  await refusesForgeries(port);
  await until(
    () => seen.filter(({ path }) => path === "/3/device/aabbcc").length === bodies.length,
    "the phone is told",
  );
  assert.deepEqual(
    seen
      .filter(({ path }) => path === "/3/device/aabbcc")
      .map(({ alert }) => alert.body)
      .toSorted(),
    bodies.toSorted(),
  );
  assert.deepEqual([...new Set(seen.map(({ topic }) => topic))], ["org.example.chat"]);
  await until(() => inbox(file, "SELECT * FROM push").length === 0, "nothing is left to push");
  assert.deepEqual(inbox(file, "SELECT token FROM device"), [{ token: "aabbcc" }]);
  assert.equal(inbox(file, "SELECT id FROM inbox").length, bodies.length);
});
