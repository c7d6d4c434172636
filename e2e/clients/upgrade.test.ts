/** An account comes from another server with the keys of SCRAM-SHA-1; its client derives those of the others (XEP-0480). */
import assert from "node:assert/strict";
import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { RawClient } from "../../server/net/testing.ts";
import { scramFinal, scramFirst, type ScramHash } from "../support/scram.ts";
import { TestServer } from "../support/server.ts";

const password = "queen mab";
const address = "mercutio@localhost";
const sasl2 = "xmlns='urn:xmpp:sasl:2'";
const told = /<\/continue>|<\/task-data>|<\/failure>|<\/success>/;
let server: TestServer;

before(async () => {
  server = await TestServer.start();
  const { id } = await server.api.portability.import({ onConflict: "fail" });
  await server.api.portability.importPart({ id, text: document() });
  const report = await server.api.portability.importEnd({ id });
  assert.equal(report.accounts.failed, 0);
});

after(async () => {
  await server.stop();
});

/** What the other server has kept, as XEP-0227 tells it. */
function document(): string {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, 4096, 20, "sha1");
  const key = (name: string): Buffer => createHmac("sha1", salted).update(name).digest();
  const stored = createHash("sha1").update(key("Client Key")).digest("base64");
  const keys = `<iter-count>4096</iter-count><salt>${salt.toString("base64")}</salt><server-key>${key("Server Key").toString("base64")}</server-key><stored-key>${stored}</stored-key>`;
  const credentials = `<scram-credentials xmlns='urn:xmpp:pie:0#scram' mechanism='SCRAM-SHA-1'>${keys}</scram-credentials>`;
  return `<server-data xmlns='urn:xmpp:pie:0'><host jid='localhost'><user name='mercutio'>${credentials}</user></host></server-data>`;
}

async function stream(): Promise<{ client: RawClient; features: string }> {
  const client = await RawClient.connectTls(server.tlsPort, { servername: "localhost" });
  client.send(
    `<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' from='${address}' version='1.0'>`,
  );
  return { client, features: await client.until("</stream:features>") };
}

async function login(client: RawClient, mechanism: string, hash: ScramHash, inside = ""): Promise<string> {
  const first = scramFirst("mercutio");
  const initial = Buffer.from(first.message).toString("base64");
  client.send(
    `<authenticate ${sasl2} mechanism='${mechanism}'><initial-response>${initial}</initial-response>${inside}</authenticate>`,
  );
  const [, challenge = ""] = /<challenge [^>]*>([^<]+)</.exec(await client.until("</challenge>")) ?? [];
  const { message } = scramFinal(hash, password, first, Buffer.from(challenge, "base64").toString());
  client.send(`<response ${sasl2}>${Buffer.from(message).toString("base64")}</response>`);
  return client.until(told);
}

test("the client of an imported account makes the keys that it lacks, and logs in with them", async () => {
  const { client, features } = await stream();
  assert.match(features, /<upgrade xmlns='urn:xmpp:sasl:upgrade:0'>UPGR-SCRAM-SHA-256<\/upgrade>/);
  assert.doesNotMatch(features, /<mechanism>SCRAM-SHA-256/);
  const wish = "<upgrade xmlns='urn:xmpp:sasl:upgrade:0'>UPGR-SCRAM-SHA-256</upgrade>";
  assert.match(await login(client, "SCRAM-SHA-1", "sha1", wish), /<task>UPGR-SCRAM-SHA-256<\/task>/);
  client.send(`<next ${sasl2} task='UPGR-SCRAM-SHA-256'/>`);
  const [, iterations, salt = ""] = /<salt [^>]*iterations='(\d+)'>([^<]+)</.exec(await client.until(told)) ?? [];
  const salted = pbkdf2Sync(password, Buffer.from(salt, "base64"), Number(iterations), 32, "sha256");
  client.send(
    `<task-data ${sasl2}><hash xmlns='urn:xmpp:scram-upgrade:0'>${salted.toString("base64")}</hash></task-data>`,
  );
  assert.match(await client.until(told), /<authorization-identifier>mercutio@localhost</);
  client.destroy();

  const again = await stream();
  assert.match(again.features, /<mechanism>SCRAM-SHA-256-PLUS</);
  assert.doesNotMatch(again.features, /UPGR-SCRAM-SHA-256/);
  assert.match(await login(again.client, "SCRAM-SHA-256", "sha256"), /<success /);
  again.client.destroy();
});
