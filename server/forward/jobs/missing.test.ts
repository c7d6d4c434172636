import { afterEach, expect, test } from "vitest";
import { ForwardRule } from "../../../lib/contracts/forward-policy.ts";
import { AppServerTarget, WebhookTarget } from "../../../lib/contracts/forward-target.ts";
import { silentLog } from "../../core/log.ts";
import { testServer, type TestServer } from "../../core/testing.ts";
import { manualTime } from "../testing.ts";
import { MissingEvents, type MissingWindow } from "./missing.ts";
import { Replays } from "./replays.ts";
import { Rerouting } from "./rerouting.ts";

const host = "example.org";
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

interface Kept {
  readonly body?: string | null;
  readonly more?: string;
  readonly local?: string;
  /** Its recipient was there. */
  readonly isLive?: boolean;
}

let salt = 0;

async function setUp(): Promise<{
  server: TestServer;
  replays: Replays;
  woken: string[];
  keep(kept?: Kept): Promise<void>;
  window(more?: Partial<MissingWindow>): MissingWindow;
}> {
  const server = await testServer({
    modules: [],
    hosts: [host, "other.example"],
    accounts: [`juliet@${host}`, `nurse@${host}`],
    policy: (draft) => {
      draft.forward.targets = {
        late: WebhookTarget.parse({ url: "https://late.example/", preset: "json" }),
        phones: AppServerTarget.parse({ kind: "xep0357" }),
        idle: WebhookTarget.parse({ url: "https://idle.example/" }),
      };
      draft.forward.rules = [
        ForwardRule.parse({ name: "all", targets: ["late", "phones"], classes: ["chat", "normal", "call"] }),
      ];
    },
  });
  closing.push(() => server.stop());
  const { stores, clock, core } = server;
  const woken: string[] = [];
  const replays = new Replays({
    outbox: stores.outbox,
    clock,
    timers: manualTime().timers,
    log: silentLog,
    missing: (window) => new MissingEvents({ ...stores, policy: core.policy }, window),
    rerouting: (filter, to) => new Rerouting({ ...stores, policy: core.policy }, filter, to),
    wake: (targets) => woken.push(...targets),
  });
  closing.push(() => replays.close());
  return {
    server,
    replays,
    woken,
    async keep({ body = "hi", more = "", local = "juliet", isLive = false } = {}) {
      const at = clock.now();
      const from = "romeo@example.net/x";
      const text = body === null ? "" : `<body>${body}</body>`;
      const xml = `<message type='chat' from='${from}' to='${local}@${host}'>${text}${more}</message>`;
      const key = { id: at * 1000, salt: ++salt };
      if (isLive) {
        const copies = [{ host, local, key, peer: from, isOwn: false }];
        await stores.archive.keep([{ type: "chat", xml, copies }]);
      } else {
        const message = { from, type: "chat", at, expiresAt: null, xml };
        await stores.offline.commit({ host, local, message, maxMessages: 1_000, maxBytes: 1e6, forwards: [] });
      }
      clock.advance(1_000);
    },
    window: (more = {}) => ({ target: "late", hosts: [host], since: 0, until: clock.now(), ...more }),
  };
}

const waiting = async ({ stores }: TestServer, target = "late") =>
  (await stores.outbox.list({ target }, { limit: 500 })).items.toReversed();

test("what a target missed is made and sent, in order, once", async () => {
  const { server, replays, woken, keep, window } = await setUp();
  for (let index = 0; index < 250; index += 1) await keep({ body: `message ${index}` });
  expect(await replays.countMissing(window())).toBe(250);
  expect(await waiting(server)).toEqual([]);

  const job = (await replays.startMissing(window(), "boss"))!;
  expect(job).toMatchObject({ kind: "missing", state: "running", matching: 250, by: "boss" });
  await expect.poll(() => replays.get(job.id)).toMatchObject({ state: "done", replayed: 250 });
  const events = await waiting(server);
  const bodies = await Promise.all(
    events.map(async ({ id }) => {
      const { payload } = (await server.stores.outbox.find(id))!;
      return (JSON.parse(payload) as { message: { body: string } }).message.body;
    }),
  );
  expect(bodies).toEqual(Array.from({ length: 250 }, (_, index) => `message ${index}`));
  expect(events[0]).toMatchObject({ target: "late", rule: "all", lane: `juliet@${host}`, class: "chat" });
  expect(events[0]!.expiresAt).toBeGreaterThan(server.clock.now() + 86_400_000);
  expect(woken[0]).toBe("late");

  expect(await replays.countMissing(window())).toBe(0);
  await server.stores.outbox.endTarget("late", "cancelled", server.clock.now());
  expect(await replays.countMissing(window())).toBe(0);
});

test.for([
  { name: "another host", kept: {}, more: { hosts: ["other.example"] } },
  { name: "later than it came", kept: {}, more: { since: Number.MAX_SAFE_INTEGER / 2000 } },
  { name: "earlier than it came", kept: {}, more: { until: 0 } },
  { name: "a target that no rule names", kept: {}, more: { target: "idle" } },
  { name: "nothing that a person reads", kept: { body: null }, more: {} },
  { name: "the recipient was there", kept: { isLive: true }, more: {} },
  {
    name: "a call, which has stopped ringing",
    kept: { body: null, more: "<propose xmlns='urn:xmpp:jingle-message:0' id='1'/>" },
    more: {},
  },
])("not missing: $name", async ({ kept, more }) => {
  const { server, replays, keep, window } = await setUp();
  await keep(kept);
  expect(await replays.countMissing(window(more))).toBe(0);
  await replays.startMissing(window(more), "boss");
  expect(await waiting(server)).toEqual([]);
});

test("it comes to everybody's messages, and goes by the rules of today", async () => {
  const { server, replays, keep, window } = await setUp();
  await keep({ local: "juliet" });
  await keep({ local: "nurse" });
  expect(await replays.countMissing(window())).toBe(2);
  await server.core.policy.change({ author: "test", comment: "", audit: null }, (draft) => {
    draft.forward.rules[0]!.recipients = [`nurse@${host}`];
  });
  expect(await replays.countMissing(window())).toBe(1);
});

test("a push goes to the devices that there are now", async () => {
  const { server, replays, keep, window } = await setUp();
  await keep();
  await server.stores.devices.register(
    {
      id: "d1",
      host,
      user: `juliet@${host}`,
      kind: "xep0357",
      target: "phones",
      token: "push.example.net",
      settings: {},
      name: null,
      appVersion: null,
      resource: null,
      node: null,
      secretHash: null,
      via: "enable",
      registeredAt: 0,
      isEnabled: true,
    },
    10,
  );
  const job = (await replays.startMissing(window({ target: "phones" }), "boss"))!;
  await expect.poll(() => replays.get(job.id)?.state).toBe("done");
  expect(await waiting(server, "phones")).toMatchObject([{ device: "d1", user: `juliet@${host}` }]);
});
