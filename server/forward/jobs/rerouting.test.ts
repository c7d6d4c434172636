import { afterEach, expect, test } from "vitest";
import { WebhookTarget } from "../../../lib/contracts/forward-target.ts";
import { testServer, type TestServer } from "../../core/testing.ts";
import { outboxEvent } from "../../storage/conformance/samples.ts";
import { Rerouting } from "./rerouting.ts";

const host = "example.org";
const always = Number.MAX_SAFE_INTEGER;
const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

const to = (settings: object): WebhookTarget => WebhookTarget.parse({ url: "https://hooks.example/", ...settings });

async function setUp() {
  const server = await testServer({
    modules: [],
    hosts: [host],
    accounts: [`juliet@${host}`],
    policy: (draft) => {
      draft.forward.targets = {
        old: to({ preset: "classic" }),
        like: to({ preset: "classic", url: "https://elsewhere.example/", maxAttempts: 3, ttlSeconds: 60 }),
        json: to({ preset: "json" }),
        silent: to({ preset: "classic", confidential: true }),
        written: to({ preset: "template", template: "{{ nobody.knows | no_such_filter }}" }),
      };
    },
  });
  servers.push(server);
  const { stores, clock, core } = server;
  const died = async (id: string, { body = "good night", isKept = true, target = "old" } = {}): Promise<void> => {
    const event = outboxEvent(id, { target, lane: `juliet@${host}`, user: `juliet@${host}`, host, expiresAt: always });
    const from = "romeo@example.net/x";
    const xml = `<message type='chat' from='${from}' to='juliet@${host}'><body>${body}</body></message>`;
    const message = { from, type: "chat", at: clock.now(), expiresAt: null, xml };
    if (isKept)
      await stores.offline.commit({
        ...{ host, local: "juliet", message, maxMessages: 100, maxBytes: 1e6 },
        forwards: [event],
      });
    else await stores.outbox.add([event]);
    await stores.outbox.endTarget(target, "dead", clock.now());
  };
  const move = (target: string) =>
    new Rerouting({ ...stores, policy: core.policy }, { target: "old", diedUntil: always }, target).step(
      0,
      clock.now(),
      100,
    );
  return { server, died, move, find: async (id: string) => (await stores.outbox.find(id))! };
}

test("an event says to its new target what that is to get, in its attempts and its time", async () => {
  const { server, died, move, find } = await setUp();
  await died("evt_1");
  expect(await move("json")).toEqual({ moved: 1, left: 0, upTo: null });
  const { payload, ...event } = await find("evt_1");
  expect(event).toMatchObject({ target: "json", state: "queued", contentType: "application/json", maxAttempts: 12 });
  expect(JSON.parse(payload)).toMatchObject({ message: { body: "good night" } });
  expect(event.expiresAt).toBe(server.clock.now() + 259_200_000);
});

test("one whose message is kept no more goes as it is, where that is the same", async () => {
  const { server, died, move, find } = await setUp();
  await died("evt_1", { isKept: false });
  const { payload } = await find("evt_1");
  for (const other of ["json", "silent", "written"]) expect(await move(other)).toMatchObject({ moved: 0, left: 1 });
  expect(await find("evt_1")).toMatchObject({ target: "old", state: "dead" });
  expect(await move("like")).toMatchObject({ moved: 1, left: 0 });
  const moved = await find("evt_1");
  expect(moved).toMatchObject({ target: "like", payload, maxAttempts: 3, expiresAt: server.clock.now() + 60_000 });
});

test("what a confidential target is sent does not say what the old one's event said", async () => {
  const { died, move, find } = await setUp();
  await died("evt_1");
  expect(await move("silent")).toMatchObject({ moved: 1 });
  const { payload } = await find("evt_1");
  expect(payload).not.toContain("good");
});

test("a template that cannot be filled leaves it dead", async () => {
  const { died, move, find } = await setUp();
  await died("evt_1");
  expect(await move("written")).toMatchObject({ moved: 0, left: 1 });
  expect(await find("evt_1")).toMatchObject({ target: "old", state: "dead" });
});

test("it ends when its target is removed", async () => {
  const { server, died, move } = await setUp();
  await died("evt_1");
  await server.core.policy.change({ author: "test", comment: "", audit: null }, (draft) => {
    delete draft.forward.targets["json"];
  });
  await expect(move("json")).rejects.toThrow("json is no web server");
});
