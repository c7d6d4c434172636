import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { constants } from "node:http2";
import { createServer as createHttps } from "node:https";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterEach, expect, test } from "vitest";
import { selfSignedPair } from "../../../net/self-signed.ts";
import type { Attempt } from "../../transport.ts";
import type { SeenPush } from "./mock.ts";
import { startScene } from "./testing.ts";

const atEnd: (() => unknown)[] = [];
afterEach(async () => {
  // oxlint-disable-next-line no-await-in-loop -- one after the other
  for (const end of atEnd.splice(0).toReversed()) await end();
});

const patiently = { timeout: 10_000 };

const outcomes = (attempts: readonly Attempt[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { record } of attempts) counts[record.outcome] = (counts[record.outcome] ?? 0) + 1;
  return counts;
};
const ids = (seen: readonly SeenPush[]): string[] => seen.map(({ id }) => id);

test.each([1, 1000])(
  "one stream until APNs has taken a token, then as many as it allows (%i told at first)",
  async (told) => {
    const { apns, pushMany } = await startScene(atEnd, {}, { firstMaxStreams: told });
    const held: SeenPush[] = [];
    apns.behave = (push) => held.push(push);
    const attempts = pushMany(200);
    await apns.received(1);
    held[0]!.answer();
    await apns.received(200);
    expect(apns.peak).toBe(199);
    for (const push of held) push.answer();
    expect(outcomes(await attempts)).toEqual({ delivered: 200 });
    expect(apns.violations).toEqual([]);
    expect(apns.sessions).toBe(1);
  },
);

test("a token that is refused proves nothing: still one stream", async () => {
  const { apns, pushMany } = await startScene(atEnd);
  apns.behave = ({ answer }) => answer(403, "InvalidProviderToken");
  expect(outcomes(await pushMany(20))).toEqual({ misconfigured: 20 });
  expect(apns.peak).toBe(1);
});

test.each([1, 2, 10, 1000])("of at most %i streams none is too many", async (maxStreams) => {
  const { apns, pushMany, push } = await startScene(atEnd, {}, { maxStreams });
  expect((await push()).record.outcome).toBe("delivered");
  apns.behave = ({ answer }) => void setImmediate(() => answer());
  expect(outcomes(await pushMany(300))).toEqual({ delivered: 300 });
  expect(apns.violations).toEqual([]);
  expect(apns.peak).toBeLessThanOrEqual(maxStreams);
  expect(apns.sessions).toBeLessThanOrEqual(8);
  if (maxStreams === 1000) expect(apns.sessions).toBe(1);
  else expect(apns.sessions).toBeGreaterThan(1);
});

test("a limit that changes is obeyed in both directions", async () => {
  const { apns, pushMany, push } = await startScene(atEnd, {}, { maxStreams: 100 });
  await push();
  const held: SeenPush[] = [];
  apns.behave = (seen) => held.push(seen);
  const all = pushMany(150);
  await apns.received(1 + 100);
  apns.setMaxStreams(3);
  // The client hears of it before it hears these answers.
  for (const seen of held.splice(0)) seen.answer();
  await apns.received(1 + 103);
  apns.setMaxStreams(60);
  await apns.received(1 + 150);
  apns.behave = ({ answer }) => answer();
  for (const seen of held) seen.answer();
  expect(outcomes(await all)).toEqual({ delivered: 150 });
  expect(apns.violations).toEqual([]);
});

test("GOAWAY: what APNs has not looked at goes over another connection, the rest is awaited", async () => {
  const { apns, pushMany, push } = await startScene(atEnd);
  await push({ id: "first" });
  const held: SeenPush[] = [];
  apns.behave = (seen) => held.push(seen);
  const attempts = pushMany(20);
  await apns.received(21);
  apns.behave = ({ answer }) => answer();
  const last = held[9]!;
  last.goAway(constants.NGHTTP2_NO_ERROR, last.streamId);
  await apns.received(31);
  for (const seen of held.slice(0, 10)) seen.answer();
  const done = await attempts;
  expect(outcomes(done)).toEqual({ delivered: 20 });
  expect(apns.sessions).toBe(2);
  // The same ids, and the ten that were looked at only once.
  const again = apns.seen.slice(21);
  expect(ids(again).toSorted()).toEqual(ids(held.slice(10)).toSorted());
  expect(new Set(again.map(({ session }) => session))).toEqual(new Set([2]));
  // A free retry is the same attempt.
  expect(done.map(({ record }) => record.number)).toEqual(Array(20).fill(1));
});

test("after a GOAWAY nothing new is begun on the connection", async () => {
  const { apns, push } = await startScene(atEnd);
  await push();
  apns.seen[0]!.goAway();
  for (let count = 0; count < 5; count += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect((await push({ id: `evt_${count}` })).record.outcome).toBe("delivered");
  }
  expect(apns.sessions).toBe(2);
});

test("a GOAWAY with an error ends what is under way, and says why", async () => {
  const { apns, push, pushMany } = await startScene(atEnd);
  await push();
  const held: SeenPush[] = [];
  apns.behave = (seen) => held.push(seen);
  const attempts = pushMany(4);
  await apns.received(5);
  apns.behave = ({ answer }) => answer();
  held[1]!.goAway(constants.NGHTTP2_ENHANCE_YOUR_CALM, held[1]!.streamId, "TooManyRequests");
  const done = await attempts;
  expect(outcomes(done)).toEqual({ failed: 2, delivered: 2 });
  expect(done[0]!.record.error).toBe("APNs ended the connection (TooManyRequests)");
  expect(done[0]!.retryAfterMs).toBe(5_000);
});

test("a server that says goodbye to everything does not keep the client busy for ever", async () => {
  const { apns, pushMany } = await startScene(atEnd);
  apns.behave = ({ goAway, reset }) => {
    reset(constants.NGHTTP2_REFUSED_STREAM);
    goAway();
  };
  expect(outcomes(await pushMany(10))).toEqual({ failed: 10 });
  expect(apns.sessions).toBeLessThanOrEqual(8);
});

test("a refused stream was not looked at: it is tried again for free", async () => {
  const { apns, push } = await startScene(atEnd);
  let count = 0;
  apns.behave = ({ reset, answer }) => (++count <= 2 ? reset(constants.NGHTTP2_REFUSED_STREAM) : answer());
  expect((await push()).record).toMatchObject({ outcome: "delivered", number: 1 });
  expect(count).toBe(3);
  count = -10;
  expect((await push()).record).toMatchObject({ outcome: "failed", status: null });
});

test("any other reset is a failed attempt", async () => {
  const { apns, push } = await startScene(atEnd);
  apns.behave = ({ reset }) => reset(constants.NGHTTP2_INTERNAL_ERROR);
  const { record, retryAfterMs } = await push();
  expect(record).toMatchObject({ outcome: "failed", error: "APNs closed the connection before an answer came" });
  expect(retryAfterMs).toBe(5_000);
  expect(apns.seen.length).toBe(1);
});

test("a connection that is cut fails what is under way; the next push takes another one", async () => {
  const { apns, push, pushMany } = await startScene(atEnd);
  await push();
  const held: SeenPush[] = [];
  apns.behave = (seen) => held.push(seen);
  const attempts = pushMany(30);
  await apns.received(31);
  held[0]!.cut();
  expect(outcomes(await attempts)).toEqual({ failed: 30 });
  apns.behave = ({ answer }) => answer();
  expect((await push()).record.outcome).toBe("delivered");
  expect(apns.sessions).toBe(2);
});

test("APNs in trouble: the next push goes over another connection", async () => {
  const { apns, push } = await startScene(atEnd);
  apns.behave = ({ answer }) => answer(503, "Shutdown");
  await push();
  apns.behave = ({ answer }) => answer();
  await push();
  expect(apns.seen.map(({ session }) => session)).toEqual([1, 2]);
  // But not for each one: that would look like an attack.
  apns.behave = ({ answer }) => answer(500, "InternalServerError");
  for (let count = 0; count < 5; count += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await push();
  }
  expect(apns.sessions).toBe(2);
});

test("no answer in time: timeout, the stream is taken back, and the connection stays", async () => {
  const { apns, push } = await startScene(atEnd, { timeoutMs: 400 });
  await push();
  apns.behave = () => undefined;
  const { record, retryAfterMs } = await push();
  expect(record).toMatchObject({ outcome: "timeout", status: null, response: null });
  expect(retryAfterMs).toBe(5_000);
  apns.behave = ({ answer }) => answer();
  expect((await push()).record.outcome).toBe("delivered");
  expect(apns.pings).toBeGreaterThan(0);
  await expect.poll(() => apns.openStreams, patiently).toBe(0);
});

test("a long answer is cut and does not undo its status", async () => {
  const { apns, push } = await startScene(atEnd);
  apns.behave = ({ answer }) => answer(400, "x".repeat(300_000));
  const { record } = await push();
  expect(record).toMatchObject({ outcome: "rejected", status: 400, response: { truncated: true } });
  expect(record.response!.body.length).toBe(4096);
  apns.behave = ({ answer }) => answer();
  expect((await push()).record.outcome).toBe("delivered");
});

test("connections that are idle are pinged", async () => {
  const { apns, push, time } = await startScene(atEnd);
  await push();
  await time.advance(60_000);
  expect(apns.pings).toBe(0);
  await time.advance(60_000);
  await expect.poll(() => apns.pings, patiently).toBe(1);
  expect((await push()).record.outcome).toBe("delivered");
  expect(apns.sessions).toBe(1);
});

test("more connections than one are given up when they are idle", async () => {
  const { apns, push, pushMany, time } = await startScene(atEnd, {}, { maxStreams: 1 });
  await push();
  apns.behave = ({ answer }) => void setImmediate(() => answer());
  await pushMany(100);
  expect(apns.openSessions).toBeGreaterThan(1);
  await time.advance(120_000);
  await expect.poll(() => apns.openSessions, patiently).toBe(1);
});

/** Passes on what comes until it is frozen. */
async function freezer(to: string): Promise<{ url: string; freeze: () => void }> {
  let isFrozen = false;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(new URL(to).port), "127.0.0.1");
    for (const [from, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("data", (bytes) => void (isFrozen || other.write(bytes)));
      from.on("error", () => other.destroy());
      from.on("close", () => other.destroy());
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  atEnd.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const freeze = (): void => {
    isFrozen = true;
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, freeze };
}

test("a connection that is dead is found out by its ping", async () => {
  const { apns } = await startScene(atEnd);
  const { url, freeze } = await freezer(apns.url);
  const { push, time } = await startScene(atEnd, { ...apns.credentials, server: url });
  expect((await push()).record.outcome).toBe("delivered");
  freeze();
  await time.advance(60_000);
  await time.advance(60_000);
  await time.advance(10_000);
  await expect.poll(() => apns.openSessions, patiently).toBe(0);
});

test("TLS: an authority nobody knows is refused, one that is known is not", async () => {
  const { cert, key } = await pemOf("localhost");
  const { apns, push, transport } = await startScene(atEnd, {}, { tls: { cert, key } });
  const { record } = await push();
  expect(record).toMatchObject({ outcome: "failed", status: null });
  expect(record.error).toContain("self-signed");
  expect(apns.seen).toEqual([]);
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, cert]);
  atEnd.push(() => setDefaultCACertificates(before));
  const trusted = (await push()).record;
  expect(trusted.outcome).toBe("delivered");
  expect(trusted.timing.tlsMs).not.toBeNull();
  expect(trusted.timing.dnsMs).not.toBeNull();
  transport.close(true);
});

test("TLS: a server without HTTP/2 is not APNs", async () => {
  const { cert, key } = await pemOf("localhost");
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, cert]);
  atEnd.push(() => setDefaultCACertificates(before));
  const server = createHttps({ cert, key }, (_, response) => response.end());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  atEnd.push(() => server.close());
  const { push } = await startScene(atEnd, { server: `https://localhost:${(server.address() as AddressInfo).port}` });
  const { record } = await push();
  expect(record.outcome).toBe("failed");
  expect(record.error).toMatch(/HTTP\/2|protocol/i);
});

async function pemOf(host: string): Promise<{ cert: string; key: string }> {
  const directory = await mkdtemp(join(tmpdir(), "nightpost-apns-"));
  atEnd.push(() => rm(directory, { recursive: true }));
  const { certificate } = await selfSignedPair(host, directory, Date.now());
  return { cert: certificate.toString(), key: await readFile(join(directory, `${host}.pem`), "utf8") };
}

test("a stormy day: every attempt ends, and what was accepted was accepted once", async () => {
  const { apns, push, transport } = await startScene(atEnd);
  const accepted = new Map<string, number>();
  let count = 0;
  apns.behave = (seen) => {
    count += 1;
    if (count % 97 === 0) seen.goAway();
    if (count % 211 === 0) seen.cut();
    else if (count % 53 === 0) seen.reset(constants.NGHTTP2_REFUSED_STREAM);
    else if (count % 71 === 0) seen.answer(503, "ServiceUnavailable");
    else if (count % 29 === 0) apns.setMaxStreams(1 + (count % 40));
    if (count % 53 === 0 || count % 71 === 0 || count % 211 === 0) return;
    accepted.set(seen.id, (accepted.get(seen.id) ?? 0) + 1);
    setImmediate(() => seen.answer());
  };
  const all: Promise<Attempt>[] = [];
  for (let index = 0; index < 3000; index += 1) {
    all.push(push({ id: `evt_${index}` }));
    // oxlint-disable-next-line no-await-in-loop -- 150 at once
    if (all.length % 150 === 0) await all.at(-100);
  }
  const done = await Promise.all(all);
  const counts = outcomes(done);
  expect(Object.keys(counts).toSorted()).toEqual(["delivered", "failed"]);
  expect(counts["delivered"]).toBeGreaterThan(2000);
  const delivered = done.filter(({ record }) => record.outcome === "delivered");
  const times = delivered.map(({ record }) => accepted.get(record.providerId ?? ""));
  expect(Object.groupBy(times, String)).toEqual({ 1: times });
  expect(apns.violations.filter((text) => !text.includes("streams"))).toEqual([]);
  // Nothing is left behind, neither here nor there.
  expect(transport.isBusy).toBe(false);
  await expect.poll(() => apns.openStreams, patiently).toBe(0);
  expect(apns.openSessions).toBeLessThanOrEqual(8);
});
