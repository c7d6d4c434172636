import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { message } from "../message/module.ts";
import { presence } from "../presence/module.ts";
import { offline } from "./module.ts";

const user = "juliet@capulet.example";

let server: TestServer;
let romeo: TestClient;
/** Priority 45: what the forward module would plan. */
let plans = 0;
const plan = defineModule({
  name: "plan",
  summary: "For the test.",
  xeps: [],
  options: z.strictObject({}),
  start(ctx) {
    ctx.hook(
      "message/offline",
      ({ forwards, packet, at }) => {
        if (plans === 0) return;
        forwards.push({
          id: `event-${plans}`,
          target: "t",
          rule: "r",
          lane: user,
          host: "capulet.example",
          user,
          from: packet.from.full,
          type: "chat",
          contentType: "text/plain",
          payload: packet.stanza.childText("body") ?? "",
          class: "chat",
          cancelOn: "never",
          maxWaiting: 100,
          maxWaitingPerRecipient: 100,
          createdAt: at,
          dueAt: at,
          expiresAt: at + 1000,
          maxAttempts: 3,
        });
        plans -= 1;
      },
      45,
    );
  },
});

beforeEach(async () => {
  plans = 0;
  server = await testServer({
    modules: [presence, message, plan, offline],
    accounts: ["romeo@montague.example", user, "nurse@capulet.example"],
    policy(draft) {
      draft.shaperRules["max_user_offline_messages"] = [{ value: 250, to: ["all"] }];
    },
  });
  romeo = await server.connect("romeo@montague.example/orchard");
});

afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

function say(text: string, to = user, extension = ""): void {
  romeo.send(`<message type='chat' to='${to}' id='${text}'><body>${text}</body>${extension}</message>`);
}

const bodies = (stanzas: readonly Stanza[]): string[] =>
  stanzas.filter((stanza) => stanza.kind === "message").map((stanza) => stanza.childText("body") ?? "");

/** What waits when the client has answered once more. */
async function depthAfterAnswer(client: TestClient): Promise<number> {
  await client.sync();
  return depth();
}

async function depth(): Promise<number> {
  return (await server.stores.offline.depth("capulet.example", "juliet")).messages;
}

async function login(resource: string): Promise<TestClient> {
  const client = await server.connect(`${user}/${resource}`);
  client.send("<presence/>");
  return client;
}

test("messages wait in order, with the time they came, and leave when the client has answered", async () => {
  say("one");
  await romeo.sync();
  server.clock.advance(1500);
  say("two", `${user}/gone`);
  await romeo.expect();
  const juliet = await login("balcony");
  const [, first, second] = await juliet.take(3);
  expect(String(first)).toBe(
    `<message to='${user}' from='${romeo.jid}' type='chat' id='one'><body>one</body>` +
      "<delay xmlns='urn:xmpp:delay' from='capulet.example' stamp='2026-01-01T00:00:00Z'/></message>",
  );
  expect(second!.child("delay", "urn:xmpp:delay")?.attr("stamp")).toBe("2026-01-01T00:00:01.500Z");
  expect(await depth()).toBe(2);
  await juliet.sync();
  expect(await depth()).toBe(0);
});

test("the sender's answers wait for the commit, its queue does not", async () => {
  romeo.send("<presence/>");
  await romeo.sync();
  say("one");
  await romeo.sync();
  say("two");
  let isStored = false;
  const commit = server.stores.offline.commit;
  server.stores.offline.commit = async (unit) => {
    const result = await commit(unit);
    isStored = true;
    return result;
  };
  say("three");
  // The message to itself is there at once: nothing waited for the store.
  say("note", "romeo@montague.example");
  expect(isStored).toBe(false);
  expect(bodies(await romeo.take(1))).toEqual(["note"]);
  await romeo.sync();
  expect(isStored).toBe(true);
});

test("a store that cannot keep up slows the sender down", async () => {
  const commit = server.stores.offline.commit;
  const gate = Promise.withResolvers<void>();
  server.stores.offline.commit = async (unit) => {
    await gate.promise;
    return commit(unit);
  };
  say("first");
  romeo.send("<presence/>");
  await romeo.take(1);
  let sent = 0;
  for (; sent < 2000 && !romeo.isPaused; sent += 1) say(String(sent));
  expect(sent).toBeGreaterThan(1000);
  expect(sent).toBeLessThan(1100);
  gate.resolve();
  await romeo.sync();
  expect(romeo.isPaused).toBe(false);
});

test("pages: more than fit into one are all delivered, the live one last", async () => {
  for (let n = 0; n < 250; n += 1) say(String(n));
  await romeo.sync();
  const juliet = await login("balcony");
  say("live");
  const received = bodies(await juliet.take(252));
  expect(received).toEqual([...Array.from({ length: 250 }, (_, n) => String(n)), "live"]);
  await juliet.sync();
  expect(await depth()).toBe(0);
});

test("a full queue refuses", async () => {
  for (let n = 0; n < 251; n += 1) say(String(n));
  const [refusal, ...others] = await romeo.sync();
  expect(others).toEqual([]);
  expect(refusal!.id).toBe("250");
  expect(refusal!.child("error")?.attr("type")).toBe("wait");
  expect(refusal!.child("error")?.payload?.name).toBe("resource-constraint");
});

test("a full queue is full by bytes as well, for each as the rule says", async () => {
  await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
    draft.acl["vip"] = [{ user: "nurse@capulet.example" }];
    draft.shaperRules["max_user_offline_bytes"] = [
      { value: "infinite", to: [{ acl: "vip" }] },
      { value: 1000, to: ["all"] },
    ];
  });
  const long = "x".repeat(700);
  for (const to of [user, "nurse@capulet.example"]) {
    romeo.send(`<message to='${to}' id='1'><body>${long}</body></message>`);
    romeo.send(`<message to='${to}' id='2'><body>${long}</body></message>`);
  }
  const refused = await romeo.sync();
  expect(refused.map(({ id, from }) => [id, from])).toEqual([["2", user]]);
  expect(refused[0]!.child("error")?.payload?.name).toBe("resource-constraint");
});

test("nothing is deleted when the connection dies unanswered: the next login gets it again", async () => {
  say("one");
  await romeo.sync();
  const first = await login("balcony");
  expect(bodies(await first.take(2))).toEqual(["one"]);
  first.die();
  const second = await login("balcony");
  expect(bodies(await second.take(2))).toEqual(["one"]);
  second.end();
  expect(await depth()).toBe(0);
});

test("of two resources that log in at once one is served, and the other takes over when that one dies", async () => {
  say("one");
  await romeo.sync();
  const first = await login("balcony");
  const second = await login("chamber");
  expect(bodies(await first.take(3))).toEqual(["one"]);
  expect(bodies(await second.sync())).toEqual([]);
  first.die();
  expect(bodies(await second.take(2))).toEqual(["one"]);
  await second.sync();
  expect(await depth()).toBe(0);
});

test("messages held back for a session that dies wait on, in their place", async () => {
  say("one");
  await romeo.sync();
  const juliet = await login("balcony");
  say("two");
  juliet.die();
  say("three");
  await romeo.sync();
  const next = await login("balcony");
  expect(bodies(await next.take(4))).toEqual(["one", "two", "three"]);
});

test("a message that took so long to be stored that somebody came is delivered all the same", async () => {
  const commit = server.stores.offline.commit;
  const gate = Promise.withResolvers<void>();
  server.stores.offline.commit = async (unit) => {
    await gate.promise;
    return commit(unit);
  };
  say("one");
  romeo.send("<presence/>");
  await romeo.take(1);
  const juliet = await login("balcony");
  await juliet.sync();
  gate.resolve();
  expect(bodies(await juliet.take(1))).toEqual(["one"]);
  await juliet.sync();
  expect(await depth()).toBe(0);
});

test("a session that is not reachable gets nothing until it is", async () => {
  say("one");
  await romeo.sync();
  const juliet = await server.connect(`${user}/balcony`);
  juliet.send("<presence><priority>-1</priority></presence>");
  expect(bodies(await juliet.sync())).toEqual([]);
  juliet.send("<presence/>");
  expect(bodies(await juliet.take(2))).toEqual(["one"]);
});

test("a client that does not read is not written to without end", async () => {
  for (let n = 0; n < 3; n += 1) say(String(n));
  await romeo.sync();
  const juliet = await server.connect(`${user}/balcony`);
  juliet.unsent = 1024 * 1024;
  juliet.send("<presence/>");
  await romeo.sync();
  await depth();
  expect(bodies(await juliet.take(1))).toEqual([]);
  juliet.unsent = 0;
  expect(bodies(await juliet.take(3))).toEqual(["0", "1", "2"]);
});

test("what comes for a client that does not read is kept in the store, not in memory", async () => {
  say("first");
  await romeo.sync();
  const juliet = await server.connect(`${user}/balcony`);
  juliet.unsent = 1024 * 1024;
  juliet.send("<presence/>");
  await romeo.sync();
  const long = "x".repeat(100_000);
  for (let n = 0; n < 7; n += 1) say(`${n} ${long}`);
  await romeo.sync();
  expect(juliet.closedWith).toBeUndefined();
  expect(await depth()).toBe(8);
  juliet.unsent = 0;
  expect(bodies(await juliet.take(9)).map((text) => text.split(" ")[0])).toEqual([
    "first",
    "0",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
  ]);
});

test("what a client is given because it was slow leaves the store; then messages go to it at once", async () => {
  const juliet = await login("balcony");
  await juliet.sync();
  juliet.unsent = 1024 * 1024;
  say("one");
  say("two");
  await romeo.sync();
  expect(await depth()).toBe(2);
  juliet.unsent = 0;
  expect(bodies(await juliet.take(2))).toEqual(["one", "two"]);
  await expect.poll(() => depthAfterAnswer(juliet)).toBe(0);
  say("three");
  expect(bodies(await juliet.take(1))).toEqual(["three"]);
  expect(await depth()).toBe(0);
});

test("a slow client that needs not answer is given what comes later, too", async () => {
  const juliet = await login("balcony");
  await juliet.sync();
  for (const text of ["one", "two"]) {
    juliet.unsent = 1024 * 1024;
    say(text);
    await romeo.sync();
    juliet.unsent = 0;
    expect(bodies(await juliet.take(1))).toEqual([text]);
  }
  expect(await depth()).toBe(2);
  await expect.poll(() => depthAfterAnswer(juliet)).toBe(0);
});

test("past what may wait for a slow client, its senders are told", async () => {
  const juliet = await login("balcony");
  await juliet.sync();
  juliet.unsent = 1024 * 1024;
  for (let n = 0; n < 251; n += 1) say(String(n));
  const refused = (await romeo.sync()).filter(({ type }) => type === "error");
  expect(refused.map(({ id }) => id)).toEqual(["250"]);
  juliet.unsent = 0;
  expect(bodies(await juliet.take(250))).toHaveLength(250);
});

test("a message expires by its sender's wish", async () => {
  say("one", user, "<x xmlns='jabber:x:expire' seconds='60'/>");
  say("two");
  await romeo.sync();
  server.clock.advance(61_000);
  const juliet = await login("balcony");
  expect(bodies(await juliet.take(2))).toEqual(["two"]);
});

test("what is not stored may still be forwarded, and its sender learns that it is not stored", async () => {
  plans = 1;
  say("secret", user, "<no-store xmlns='urn:xmpp:hints'/>");
  const [refusal] = await romeo.sync();
  expect(refusal!.child("error")?.payload?.name).toBe("service-unavailable");
  expect(await depth()).toBe(0);
  const events = await server.stores.outbox.list({}, { limit: 10 });
  expect(events.items.map((event) => event.id)).toEqual(["event-1"]);
});

test("a store that fails is told to the sender", async () => {
  server.stores.offline.commit = () => Promise.reject(new Error("the disk is full"));
  say("one");
  const [refusal] = await romeo.sync();
  expect(refusal!.child("error")?.payload?.name).toBe("internal-server-error");
  expect(server.complaints.splice(0)).toHaveLength(1);
});
