import { expect, onTestFinished, test } from "vitest";
import { type TestServer, testServer } from "../core/testing.ts";
import { ping } from "./ping.ts";

async function start(options: Record<string, unknown> = {}): Promise<TestServer> {
  const server = await testServer({
    modules: [ping],
    accounts: ["romeo@montague.example", "juliet@montague.example"],
    policy(draft) {
      draft.modules["ping"] = { enabled: true, options };
    },
  });
  onTestFinished(() => server.stop());
  return server;
}

test.each([
  ["the host", " to='montague.example'", "result"],
  ["the own account", "", "result"],
  ["another account", " to='juliet@montague.example'", "error"],
])("a ping of %s", async (_, to, type) => {
  const server = await start();
  const romeo = await server.connect("romeo@montague.example/orchard");
  romeo.send(`<iq type='get' id='p'${to}><ping xmlns='urn:xmpp:ping'/></iq>`);
  const [answer] = await romeo.sync();
  expect(answer!.type).toBe(type);
});

test("a silent client is asked once, and closed when it says nothing", async () => {
  const server = await start({ idle_seconds: 1, timeout_seconds: 1 });
  const romeo = await server.connect("romeo@montague.example/orchard");
  const juliet = await server.connect("juliet@montague.example/balcony");
  server.clock.advance(1_000);
  const [question] = await romeo.take(1);
  expect(String(question)).toBe(
    `<iq to='${romeo.jid}' from='montague.example' type='get' id='${question!.id}'><ping xmlns='urn:xmpp:ping'/></iq>`,
  );
  await juliet.take(1);
  server.clock.advance(500);
  juliet.send(`<iq type='result' id='x' to='montague.example'/>`);
  server.clock.advance(999);
  await expect.poll(() => romeo.closedWith?.condition, { timeout: 5_000 }).toBe("connection-timeout");
  expect(juliet.closedWith).toBeUndefined();
});
