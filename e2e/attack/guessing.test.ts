/** Guessing passwords: many at once are no faster than one after the other, and lock nobody out who is elsewhere. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { TestServer } from "../support/server.ts";
import { XmppClient } from "../support/xmpp-client.ts";

const password = "correct horse";
let server: TestServer;
before(async () => {
  server = await TestServer.start();
  await server.register("amy", password);
});
after(() => server.stop());

const connect = (from: string): Promise<XmppClient> =>
  XmppClient.connect({ port: server.c2sPort, host: "localhost", from });

test("60 guesses side by side from one address: 20 are looked at, and the account stays open to others", async () => {
  const guessers = await Promise.all(Array.from({ length: 60 }, () => connect("127.0.0.2")));
  const outcomes = await Promise.all(guessers.map((client) => client.authenticate("amy", "wrong", "PLAIN")));
  const looked = outcomes.filter((outcome) => outcome === "not-authorized").length;
  // One more leaks through every three seconds.
  assert.ok(looked >= 20 && looked <= 23, `${looked} were looked at`);
  assert.equal(outcomes.filter((outcome) => outcome === "temporary-auth-failure").length, 60 - looked);
  const owner = await connect("127.0.0.1");
  assert.equal(await owner.authenticate("amy", password, "SCRAM-SHA-256"), null);
  for (const client of [...guessers, owner]) client.destroy();
});

test("somebody who is not there is answered like somebody who is", async () => {
  const answers = new Set<string | null>();
  for (const user of ["amy", "nobody"]) {
    for (const mechanism of ["PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256"]) {
      const client = await connect("127.0.0.3");
      answers.add(await client.authenticate(user, "wrong", mechanism));
      client.destroy();
    }
  }
  assert.deepEqual([...answers], ["not-authorized"]);
});
