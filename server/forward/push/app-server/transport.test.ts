import { expect, test } from "vitest";
import { manualClock } from "../../../core/clock.ts";
import type { DeviceRow } from "../../../storage/ports.ts";
import { el } from "../../../xmpp/element.ts";
import { NS } from "../../../xmpp/namespaces.ts";
import { Stanza } from "../../../xmpp/stanza.ts";
import type { Outgoing, Publish, PublishAnswer, PublishRequest } from "../../transport.ts";
import { AppServerTransport } from "./transport.ts";

const device: DeviceRow = {
  id: "d1",
  host: "capulet.example",
  user: "juliet@capulet.example",
  kind: "xep0357",
  target: "app-servers",
  token: "push.example n",
  settings: { appServer: { jid: "push.example", node: "n'<1" } },
  name: null,
  appVersion: null,
  resource: "phone",
  node: null,
  secretHash: null,
  via: "enable",
  registeredAt: 0,
  updatedAt: 0,
  isEnabled: true,
  disabled: null,
  lastAcceptedAt: null,
  lastError: null,
  failures: 0,
  failingSince: null,
};
const notification = el("notification", "urn:xmpp:push:0").toString();
const event: Outgoing = {
  id: "evt_1_d1",
  contentType: "application/xml",
  payload: notification,
  dueAt: 0,
  expiresAt: 1e15,
  user: device.user,
  class: "chat",
  device,
};

function transport(publish: Publish | undefined, timeoutMs = 5_000): AppServerTransport {
  return new AppServerTransport({ timeoutMs }, { version: "0", clock: manualClock(7), publish });
}
const answering = (answer: PublishAnswer, seen: PublishRequest[] = []): Publish => {
  return (request) => {
    seen.push(request);
    return Promise.resolve(answer);
  };
};

test("publishes from the host to the node, with what the client gave", async () => {
  const seen: PublishRequest[] = [];
  const publishOptions = el("x", NS.forms, { type: "submit" }).toString();
  const settings = { ...device.settings, publishOptions };
  const way = transport(answering({ kind: "result" }, seen));
  const { record, ...attempt } = await way.attempt({ ...event, device: { ...device, settings } }, 3);
  expect(attempt).toEqual({ retryAfterMs: null, device: { kind: "accepted" }, isFinal: false });
  expect(record).toMatchObject({
    number: 3,
    startedAt: 7,
    outcome: "delivered",
    error: null,
    status: null,
    timing: { queueMs: 7, dnsMs: null, connectMs: null, tlsMs: null },
    request: { method: "IQ", url: "xmpp:push.example?;node=n'%3C1", headers: [["from", "capulet.example"]] },
  });
  const [request] = seen;
  expect(request).toMatchObject({ host: "capulet.example", jid: "push.example" });
  const pubsub = Stanza.parse(request!.payload).element;
  expect(pubsub.is("pubsub", NS.pubsub)).toBe(true);
  expect(pubsub.child("publish")?.attr("node")).toBe("n'<1");
  expect(pubsub.child("publish")?.child("item")?.payload?.is("notification", "urn:xmpp:push:0")).toBe(true);
  expect(pubsub.child("publish-options")?.payload?.is("x", NS.forms)).toBe(true);
  expect(way.isBusy).toBe(false);
});

test("leaves out the node and the options where the client gave none", async () => {
  const seen: PublishRequest[] = [];
  const settings = { appServer: { jid: "push.example", node: null } };
  await transport(answering({ kind: "result" }, seen)).attempt({ ...event, device: { ...device, settings } }, 1);
  expect(seen[0]!.payload).toBe(
    `<pubsub xmlns='${NS.pubsub}'><publish><item>${notification}</item></publish></pubsub>`,
  );
});

test("passes on what an error shows about the device", async () => {
  const answer = { kind: "error", type: "cancel", condition: "item-not-found", text: "x".repeat(400) } as const;
  const attempt = await transport(answering(answer)).attempt({ ...event, device: { ...device, failures: 2 } }, 1);
  expect(attempt).toMatchObject({ isFinal: true, device: { kind: "gone" }, record: { outcome: "unregistered" } });
  expect(attempt.record.error).toHaveLength(300);
});

const silence: Publish = () => new Promise(() => undefined);

test.each([
  ["no answer in the target's time", silence],
  ["nobody to publish", undefined],
])("%s is a timeout", async (_, publish) => {
  const { record } = await transport(publish, 1).attempt(event, 1);
  expect(record).toMatchObject({ outcome: "timeout", error: "no answer from the app server" });
});

test.each([
  ["a test without a device", true, "failed"],
  ["a device that is forgotten", false, "unregistered"],
])("%s goes nowhere", async (_, isTest, outcome) => {
  const seen: PublishRequest[] = [];
  const way = transport(answering({ kind: "result" }, seen));
  const attempt = await way.attempt({ ...event, device: null, isTest }, 1);
  expect(attempt).toMatchObject({ isFinal: true, record: { outcome, request: { url: "", headers: [] } } });
  expect(seen).toEqual([]);
});

test("ends what is under way when it has to", async () => {
  const way = transport(silence);
  const attempt = way.attempt(event, 1);
  expect(way.isBusy).toBe(true);
  way.close(false);
  expect(way.isBusy).toBe(true);
  way.close(true);
  expect((await attempt).record.outcome).toBe("timeout");
});
