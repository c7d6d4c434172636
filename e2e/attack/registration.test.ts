/** Accounts made by strangers (XEP-0077, the web page): closed means closed, a limit means a limit, whichever way one comes. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { TestServer } from "../support/server.ts";
import { conditionOf, XmppClient } from "../support/xmpp-client.ts";

let server: TestServer;
before(async () => {
  server = await TestServer.start();
});
after(() => server.stop());

/** Asks for an account from an address of loopback; null: it was made. */
async function register(user: string, password = "correct horse", from = "127.0.0.1"): Promise<string | null> {
  const client = await XmppClient.connect({ port: server.c2sPort, host: "localhost", from });
  const answer = await client.ask(
    "set",
    "",
    `<query xmlns='jabber:iq:register'><username>${user}</username><password>${password}</password></query>`,
  );
  client.destroy();
  return answer.attrs["type"] === "result" ? null : conditionOf(answer);
}

test("closed by default: nobody gets an account", async () => {
  for (const user of ["zoe", "admin"])
    assert.match((await register(user)) ?? "made", /not-allowed|forbidden|service-unavailable/);
  assert.equal((await server.api.users.list({})).items.length, 0);
});

test("opened: one for each address in ten minutes, however many connections", async () => {
  const { policy } = await server.api.policy.get({});
  await server.api.registration.set({ policy: { ...policy.registration, mode: "open" } });
  const outcomes = await Promise.all(Array.from({ length: 12 }, (_, index) => register(`many${index}`)));
  assert.equal(outcomes.filter((outcome) => outcome === null).length, 1, JSON.stringify(outcomes));
  for (const outcome of outcomes.filter((one) => one !== null)) assert.equal(outcome, "resource-constraint");
});

const refused: [name: string, user: string, password: string][] = [
  ["a reserved name", "admin", "correct horse"],
  ["a reserved name in other letters", "\uff21dmin", "correct horse"],
  ["an empty name", "", "correct horse"],
  ["a name with an at sign", "a@b", "correct horse"],
  ["a name with a slash", "a/b", "correct horse"],
  ["a name of 2,000 characters", "x".repeat(2_000), "correct horse"],
  ["a zero-width space as a name", "\u200b", "correct horse"],
  ["a short password", "yan", "x"],
  ["an empty password", "yan", ""],
];
for (const [index, [name, user, password]] of refused.entries())
  test(`${name}: refused`, async () => {
    assert.notEqual(await register(user, password, `127.0.1.${index + 1}`), null);
  });

test("somebody's name a second time: conflict, and the first one's password stays", async () => {
  assert.equal(await register("wanda", "first password", "127.0.2.1"), null);
  assert.equal(await register("wanda", "second password", "127.0.2.2"), "conflict");
  const client = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  assert.equal(await client.authenticate("wanda", "second password", "PLAIN"), "not-authorized");
  client.destroy();
});
