import { afterEach, expect, test } from "vitest";
import { ForwardRule } from "../../../lib/contracts/forward-policy.ts";
import type { Clock } from "../../core/clock.ts";
import { testServer, type TestServer } from "../../core/testing.ts";
import { countMatches } from "./matches.ts";

const host = "example.org";
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function serverWith(bodies: readonly string[]): Promise<TestServer> {
  const server = await testServer({ modules: [], hosts: [host, "other.example"], accounts: [`juliet@${host}`] });
  closing.push(() => server.stop());
  const { stores, clock } = server;
  for (const body of bodies) {
    const from = "romeo@example.net/x";
    const xml = `<message type='chat' from='${from}' to='juliet@${host}'><body>${body}</body></message>`;
    const message = { from, type: "chat", at: clock.now(), expiresAt: null, xml };
    await stores.offline.commit({ host, local: "juliet", message, maxMessages: 1e6, maxBytes: 1e9, forwards: [] });
    clock.advance(1_000);
  }
  return server;
}

const count = (
  { stores, core, ...server }: TestServer,
  rules: Partial<ForwardRule>[],
  hosts = [host],
  clock: Clock = server.clock,
) =>
  countMatches({ archive: stores.archive, policy: core.policy, clock }, hosts, {
    ...core.policy.document.forward,
    rules: rules.map((rule, index) => ForwardRule.parse({ name: `rule-${index}`, targets: [], ...rule })),
  });

test("each rule is counted as it would be asked, over what is kept", async () => {
  const server = await serverWith([...Array.from({ length: 240 }, () => "hello"), ...Array(10).fill("urgent")]);
  const urgent = { expression: "message.body.contains('urgent')" };
  expect(await count(server, [{}, urgent, { enabled: false }, { senders: ["other.example"] }])).toEqual({
    messages: 250,
    rules: [250, 10, 0, 0].map((matched, index) => ({ name: `rule-${index}`, matched })),
  });
  const afterLast = await count(server, [{ ...urgent, last: true }, {}]);
  expect(afterLast.rules.map(({ matched }) => matched)).toEqual([10, 240]);
  expect(await count(server, [{}], ["other.example"])).toMatchObject({ messages: 0 });
});

test("whoever waits for it is answered with what was counted so far", async () => {
  const server = await serverWith(Array.from({ length: 250 }, () => "hello"));
  const clock = {
    now: () => {
      server.clock.advance(3_000);
      return server.clock.now();
    },
  };
  expect(await count(server, [{}], [host], clock)).toMatchObject({ messages: 200, rules: [{ matched: 200 }] });
});
