/** Certificates from a real authority: ordered over the command line, shown without a restart, and kept over one. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";
import tls from "node:tls";
import { environment, nightpost, type Outcome } from "../cli/nightpost.ts";
import { TestServer } from "../support/server.ts";
import { Pebble } from "./pebble.ts";

let server: TestServer;
let pebble: Pebble;

const np = (...words: string[]): Promise<Outcome> => nightpost(environment(server.data), words, "");
const host = "chat.example";
const labels = ["conference"];

/** What the direct TLS port shows for a name. */
async function shown(name: string): Promise<{ names: string; issuer: string; fingerprint: string }> {
  const socket = tls.connect({ port: server.tlsPort, servername: name, rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const { subjectaltname, issuer, fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return { names: subjectaltname ?? "", issuer: String(issuer.CN), fingerprint: fingerprint256 };
}

const settings = (challenge: "http-01" | "tls-alpn-01", more: object = {}) => ({
  acme: {
    directory: pebble.directory,
    agreed: true,
    contact: null,
    hosts: [],
    below: labels,
    challenge,
    ...more,
  },
});

before(async () => {
  pebble = await Pebble.prepare();
  server = await TestServer.start({
    env: { NODE_EXTRA_CA_CERTS: pebble.trust, NIGHTPOST_HOSTS: `localhost,${host},${Pebble.refused}` },
  });
  await pebble.start(server.httpPort, server.tlsPort);
});
after(async () => {
  await server.stop();
  await pebble.stop();
});

test("nothing is ordered before the terms are agreed to, and it is told where they can be read", async () => {
  const { code, stderr } = await np("certificate", "order", host);
  assert.equal(code, 1);
  assert.match(stderr, /terms of service were not agreed to/);
  const { url } = await server.api.certificates.terms({ directory: pebble.directory });
  assert.match(String(url), /^data:|^https?:/);
});

for (const challenge of ["http-01", "tls-alpn-01"] as const) {
  test(`a certificate is proved over ${challenge}, and shown at once`, async () => {
    await server.api.certificates.setAcme(settings(challenge));
    const before = await shown(host);
    const { code, stdout, stderr } = await np("certificate", "order", host);
    assert.equal(code, 0, `${stdout}${stderr}`);
    for (const step of [
      "account",
      "order",
      `challenge ${host} ${challenge}`,
      `validation ${host}`,
      "issue",
      `installed ${host}`,
    ])
      assert.ok(stdout.includes(step) || stdout.includes("valid already"), `${step} is missing in ${stdout}`);
    const now = await shown(host);
    assert.notEqual(now.fingerprint, before.fingerprint);
    assert.match(now.issuer, /^Pebble/);
    assert.ok(now.names.includes(`DNS:${host}`) && now.names.includes(`DNS:conference.${host}`), now.names);
    assert.equal((await shown(`conference.${host}`)).fingerprint, now.fingerprint);
    assert.equal((await shown("localhost")).names.includes(host), false);
  });
}

test("it is there after a restart, and what was there before comes back when it is asked for", async () => {
  const before = await shown(host);
  await server.kill();
  await server.run();
  assert.equal((await shown(host)).fingerprint, before.fingerprint);
  const { items } = await server.api.certificates.list();
  const listed = items.find((one) => one.host === host);
  assert.deepEqual([listed?.source, listed?.canRollBack], ["acme", true]);
  await server.api.certificates.rollback({ host });
  const after = await shown(host);
  assert.notEqual(after.fingerprint, before.fingerprint);
  assert.match(after.issuer, /^Pebble/);
});

test("a host that is named in the settings is ordered by itself", async () => {
  await server.api.certificates.selfSign({ host });
  assert.doesNotMatch((await shown(host)).issuer, /^Pebble/);
  await server.api.certificates.setAcme(settings("http-01", { hosts: [host] }));
  const { items } = await server.api.certificates.orders();
  for (let order = items[0]; order?.state === "running";)
    order = (await server.api.certificates.orders()).items.find(({ id }) => id === order?.id);
  assert.match((await shown(host)).issuer, /^Pebble/);
});

test("a refusal of the authority is told, and the host shows what it showed", async () => {
  const before = await shown(Pebble.refused);
  const { code, stdout } = await np("certificate", "order", Pebble.refused);
  assert.equal(code, 1);
  assert.match(stdout, /failed .*forbidden by policy/);
  assert.equal((await shown(Pebble.refused)).fingerprint, before.fingerprint);
});
