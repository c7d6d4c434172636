import { afterEach, expect, test } from "vitest";
import { ForwardRule } from "../../lib/contracts/forward-policy.ts";
import type { OfflineDelivery } from "../core/hooks.ts";
import { serverOrigin } from "../core/router.ts";
import { Secrets } from "../core/secrets.ts";
import { testServer, type TestServer } from "../core/testing.ts";
import { Jid } from "../xmpp/jid.ts";
import { Stanza } from "../xmpp/stanza.ts";
import { defaultRetryMs } from "./dispatch/retry.ts";
import { runLocally } from "./local.ts";
import { forward } from "./module.ts";
import type { ForwardService } from "./service.ts";
import { startForward } from "./start.ts";
import { headerSecretName } from "./target-secrets.ts";
import { manualTime, startSink, targetFor, type Sink } from "./testing.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const secrets = Secrets.ephemeral();
const juliet = Jid.parse("juliet@capulet.example");

async function setUp(
  headers: Record<string, string> = {},
): Promise<{ server: TestServer; sink: Sink; service: ForwardService }> {
  const sink = await startSink();
  closing.push(() => sink.close());
  const server = await testServer({
    modules: [forward],
    accounts: [juliet.bare],
    policy: (draft) => {
      const { signing: _, ...target } = targetFor(sink.url);
      draft.forward.targets["hook"] = { ...target, headers };
      draft.forward.rules = [ForwardRule.parse({ name: "all", targets: ["hook"] })];
    },
  });
  closing.push(() => server.stop());
  return { server, sink, service: await start(server) };
}

async function start({ core, stores }: TestServer): Promise<ForwardService> {
  const runner = await runLocally({
    outbox: stores.outbox,
    ...manualTime(),
    log: core.log,
    version: "1",
    retryMs: defaultRetryMs,
  });
  const service = await startForward(core, secrets, runner);
  closing.push(() => service.close());
  return service;
}

/** A message goes through the offline chain of the host, and is committed with what was planned. */
async function keep({ core, stores, clock }: TestServer, body: string): Promise<void> {
  const from = Jid.parse("romeo@montague.example/orchard");
  const stanza = Stanza.parse(
    `<message type='chat' from='${from.full}' to='${juliet.bare}'><body>${body}</body></message>`,
  );
  const host = core.hosts.get(juliet.domain)!;
  const packet = { stanza, from, to: juliet, origin: serverOrigin, host };
  const delivery: OfflineDelivery = { packet, user: juliet, at: clock.now(), notStored: null, forwards: [] };
  await host.hooks.fire("message/offline", delivery);
  const message = { from: from.full, type: "chat", at: delivery.at, expiresAt: null, xml: stanza.toString() };
  const limits = { maxMessages: 100, maxBytes: 100_000 };
  await stores.offline.commit({
    host: host.name,
    local: juliet.local,
    message,
    ...limits,
    forwards: delivery.forwards,
  });
}

test("a message that is kept reaches the web server without anybody asking", async () => {
  const { server, sink } = await setUp();
  await keep(server, "hi");
  await sink.received(1);
  expect(sink.seen[0]!.body).toBe("from=romeo%40montague.example%2Forchard&to=juliet%40capulet.example&body=hi");
});

test("the targets follow the policy", async () => {
  const { server, sink } = await setUp();
  const other = await startSink();
  closing.push(() => other.close());
  await server.core.policy.change({ author: "test", comment: "", audit: null }, (draft) => {
    Object.assign(draft.forward.targets["hook"]!, { url: other.url });
  });
  await keep(server, "hi");
  await other.received(1);
  expect(sink.seen).toHaveLength(0);
});

test("header values come from the store, and a target without them is held", async () => {
  const { server, sink, service } = await setUp({ Authorization: "***" });
  await keep(server, "hi");
  expect(server.complaints.map(({ message }) => message)).toEqual(["a target is held: its secrets cannot be read"]);
  const fault = { since: server.clock.now(), detail: expect.stringContaining("headers.Authorization") };
  expect((await service.health()).get("hook")).toMatchObject({ fault });
  await server.stores.admin.putSecret(headerSecretName("hook", "Authorization"), secrets.seal("Bearer token"));
  await service.reload();
  await sink.received(1);
  expect(sink.seen[0]!.headers.authorization).toBe("Bearer token");
  expect((await service.health()).get("hook")).toMatchObject({ fault: null });
});

test("a target that answers 410 is paused in the policy", async () => {
  const { server, sink } = await setUp();
  sink.behave = (request) => request.answer(410);
  const paused = new Promise<void>((resolve) => {
    server.core.policy.onChange((now) => now.forward.targets["hook"]!.paused && resolve());
  });
  await keep(server, "hi");
  await paused;
  expect(server.core.policy.revision).toMatchObject({ author: "nightpost", comment: "hook answered 410 Gone: held" });
});

test("after a restart it still says why, until somebody resumes the target", async () => {
  const { server, sink, service } = await setUp();
  sink.behave = (request) => request.answer(410);
  const setPaused = (paused: boolean) =>
    server.core.policy.change({ author: "test", comment: "", audit: null }, (draft) => {
      draft.forward.targets["hook"]!.paused = paused;
    });
  const paused = new Promise<void>((resolve) => {
    server.core.policy.onChange((now) => now.forward.targets["hook"]!.paused && resolve());
  });
  await keep(server, "hi");
  await paused;
  const goneOf = async (of: ForwardService) => (await of.health()).get("hook")?.goneSince ?? null;
  const since = server.clock.now();
  expect(await goneOf(service)).toBe(since);
  await service.close();

  const next = await start(server);
  expect(await goneOf(next)).toBe(since);
  await setPaused(false);
  expect(await goneOf(next)).toBeNull();
  // That somebody pauses it by now has another reason.
  await setPaused(true);
  await next.close();
  expect(await goneOf(await start(server))).toBeNull();
});

test("a target that was resumed while the server was down is not gone", async () => {
  const { server, service } = await setUp();
  await service.close();
  await server.stores.outbox.setGone("hook", 1000);
  expect((await (await start(server)).health()).get("hook")?.goneSince ?? null).toBeNull();
  expect(await server.stores.outbox.gone()).toEqual(new Map());
});
