/** A client written by others comes back with its token, without the password, over a kill of the server (XEP-0484). */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { TestServer } from "../support/server.ts";
import { trustCertificateOf } from "../support/trust.ts";
import { client } from "../support/xmpp-js.ts";

const password = "a long password";
let server: TestServer;

before(async () => {
  server = await TestServer.start();
  trustCertificateOf(server);
  await server.register("juliet", password);
});

after(async () => {
  await server.stop();
});

const online = (one: ReturnType<typeof client>): Promise<void> =>
  new Promise((resolve) => {
    one.once("online", () => resolve());
  });

test("a token outlives the server, and not the password", async () => {
  const juliet = client({
    service: `xmpp://127.0.0.1:${server.c2sPort}`,
    domain: "localhost",
    username: "juliet",
    password,
    resource: "phone",
  });
  juliet.on("error", () => undefined);
  const first = online(juliet);
  await juliet.start();
  await first;
  const mechanism = async (): Promise<string | undefined> =>
    (await server.api.sessions.list({ search: "juliet" })).items[0]?.mechanism;
  assert.equal(await mechanism(), "SCRAM-SHA-1");
  const address = String(juliet.jid);

  const again = online(juliet);
  await server.kill();
  await server.run();
  await again;
  assert.equal(await mechanism(), "HT-SHA-256-NONE");
  assert.equal(String(juliet.jid), address);
  const { items } = await server.api.users.clients({ jid: "juliet@localhost" });
  assert.deepEqual(
    items.map(({ knowsPassword, hasToken, sessions }) => ({ knowsPassword, hasToken, sessions })),
    [{ knowsPassword: true, hasToken: true, sessions: [address] }],
  );

  const ended = new Promise<Error>((resolve) => {
    juliet.on("error", resolve);
  });
  await server.api.users.changePassword({ jid: "juliet@localhost", password: "another password" });
  await ended;
  assert.equal(await mechanism(), undefined);
  const [known] = (await server.api.users.clients({ jid: "juliet@localhost" })).items;
  assert.equal(known, undefined);
  await juliet.stop();
});
