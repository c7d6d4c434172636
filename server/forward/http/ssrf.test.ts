import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebhookTarget } from "../../../lib/contracts/forward-target.ts";
import { systemClock } from "../../core/clock.ts";
import { startSink, targetFor } from "../testing.ts";
import type { Outgoing } from "../transport.ts";
import { Webhook } from "../webhook/webhook.ts";
import { refusalToSave } from "./guard.ts";
import { startDns, type Dns } from "./testing-dns.ts";

/*
 * Whatever somebody writes as a target's URL, no connection is made to this machine, its networks or anything that is not
 * a public address. `PORT` is where a listener on all addresses of this machine would notice.
 */

const literal = [
  // IPv4 in every notation that the URL standard reads: dotted, short, decimal, octal, hexadecimal, mixed.
  "127.0.0.1",
  "127.1",
  "127.0.1",
  "127.0.0.1.",
  "2130706433",
  "0x7f000001",
  "0x7F.0x0.0x0.0x1",
  "0x7f.1",
  "0177.0.0.1",
  "0177.0x0.0.1",
  "017700000001",
  "127.255.255.254",
  "00000000177.0.0.1",
  "0",
  "0.0.0.0",
  "0x0",
  // Digits and dots of other scripts, and percent-encoding.
  "１２７.０.０.１",
  "127。0。0。1",
  "127．0．0．1",
  "127｡0｡0｡1",
  "①②⑦.0.0.1",
  "%31%32%37.0.0.1",
  "%31%32%37%2e%30%2e%30%2e%31",
  "𝟏𝟐𝟕.0.0.1",
  // Private, shared, link-local, multicast, broadcast, reserved.
  "10.0.0.1",
  "172.16.0.1",
  "172.31.255.254",
  "192.168.1.1",
  "100.64.0.1",
  "169.254.169.254",
  "2852039166",
  "0xa9fea9fe",
  "192.0.0.192",
  "192.0.0.8",
  "192.0.2.1",
  "198.18.0.1",
  "198.51.100.1",
  "203.0.113.1",
  "224.0.0.1",
  "239.255.255.250",
  "240.0.0.1",
  "255.255.255.255",
  // IPv6: loopback, nobody, unique local, link-local, site-local, multicast, documentation, discard.
  "[::1]",
  "[0:0:0:0:0:0:0:1]",
  "[0000::0001]",
  "[::]",
  "[fc00::1]",
  "[fd00:ec2::254]",
  "[fe80::1]",
  "[fec0::1]",
  "[ff02::1]",
  "[2001:db8::1]",
  "[100::1]",
  "[5f00::1]",
  // IPv4 inside IPv6: mapped, compatible, translated, NAT64, 6to4, Teredo.
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[::FFFF:169.254.169.254]",
  "[::127.0.0.1]",
  "[::7f00:1]",
  "[::ffff:0:127.0.0.1]",
  "[64:ff9b::127.0.0.1]",
  "[64:ff9b::a9fe:a9fe]",
  "[64:ff9b:1::7f00:1]",
  "[2002:7f00:1::]",
  "[2002:a9fe:a9fe::]",
  "[2001:0:7f00:1::]",
  "[2001::1]",
].map((host) => `http://${host}:PORT/`);

/** Refused whoever asks: no zone ids, no users, no other protocols, no other protocols' ports. */
const malformed = [
  "http://[fe80::1%25lo]:PORT/",
  "http://[::1%lo]:PORT/",
  "http://public.example@127.0.0.1:PORT/",
  "http://public.example:x@127.0.0.1:PORT/",
  "http://127.0.0.1:PORT@public.example/",
  "http://public.example%40127.0.0.1:PORT/",
  "http://127.0.0.1:PORT\\@public.example/",
  "http:127.0.0.1:PORT",
  "http:///127.0.0.1:PORT/",
  "//127.0.0.1:PORT/",
  "file:///etc/passwd",
  "gopher://127.0.0.1:PORT/_",
  "ftp://127.0.0.1:PORT/",
  "unix:/var/run/docker.sock",
  "ws://127.0.0.1:PORT/",
  "javascript:fetch('http://127.0.0.1:PORT/')",
  "http://public.example:22/",
  "http://public.example:25/",
  "http://public.example:6667/",
  "https://public.example:5060/",
  "http://public.example:10080/",
  "http://127.0.0.1:PORT#@public.example/",
  "http://127.0.0.1:PORT?@public.example/",
  "http://\t127.0.0.1:PORT/",
  "http://127.0.0.1:PORT\r\nHost: public.example/",
];

/** What names lead to, by turns. */
const names: ReadonlyMap<string, readonly (readonly string[])[]> = new Map([
  ["localhost", [["127.0.0.1", "::1"]]],
  ["localhost.localdomain", [["127.0.0.1"]]],
  ["app.localhost", [["127.0.0.1"]]],
  ["loopback.example", [["127.0.0.1"]]],
  ["loopback6.example", [["::1"]]],
  ["mapped.example", [["::ffff:127.0.0.1"]]],
  ["nat64.example", [["64:ff9b::7f00:1"]]],
  ["sixtofour.example", [["2002:7f00:1::1"]]],
  ["metadata.example", [["169.254.169.254"]]],
  ["metadata.google.internal", [["169.254.169.254"]]],
  ["intranet.example", [["10.1.2.3"]]],
  ["shared.example", [["100.64.0.1"]]],
  ["unique-local.example", [["fd00::1"]]],
  ["zero.example", [["0.0.0.0"]]],
  ["zero6.example", [["::"]]],
  ["broadcast.example", [["255.255.255.255"]]],
  ["multicast.example", [["ff02::1"]]],
  ["one-of-two.example", [["192.0.43.8", "127.0.0.1"]]],
  ["one-of-both.example", [["192.0.43.8", "::1"]]],
  ["127.0.0.1.nip.example", [["127.0.0.1"]]],
  // Public when it is saved, private when it is used (DNS rebinding).
  ["rebinding.example", [["192.0.43.8"], ["127.0.0.1"]]],
  ["rebinding6.example", [["2606:4700::1111"], ["::1"]]],
]);
const named = [...names.keys()].flatMap((name) => [`http://${name}:PORT/`, `https://${name}.:PORT/`]);
const rebinding = /rebinding6?\.example/;

const event: Outgoing = {
  id: "evt_1",
  contentType: "text/plain",
  payload: "secret",
  dueAt: 0,
  expiresAt: Number.MAX_SAFE_INTEGER,
  user: "juliet@example.org",
  class: "chat",
  device: null,
};

let dns: Dns;
let listener: Server;
let port: number;
let connections = 0;
beforeAll(async () => {
  listener = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  // Both families, every address of this machine.
  listener.listen(0, "::");
  await once(listener, "listening");
  ({ port } = listener.address() as AddressInfo);
});
afterAll(() => {
  listener.close();
  expect(connections).toBe(0);
});

const urlOf = (text: string): string => text.replaceAll("PORT", String(port));

/** What comes of an attempt with settings that were let through by mistake; null: they cannot even be made. */
async function attempt(url: string): Promise<string | null> {
  if (!URL.canParse(url)) return null;
  const webhook = new Webhook(
    { ...targetFor("http://x.example/", { allowPrivate: false }), url },
    {
      version: "1",
      clock: systemClock,
      resolve: dns.resolve,
    },
  );
  const { record } = await webhook.attempt(event, 1);
  webhook.close(true);
  return record.outcome;
}

test("the corpus is large", () => {
  expect(new Set([...literal, ...malformed, ...named]).size).toBeGreaterThan(100);
});

test.for(literal)("%s", async (text) => {
  const url = urlOf(text);
  dns = await startDns(names);
  const { refusal } = URL.canParse(url) ? await refusalToSave(url, false, dns.resolve) : { refusal: "not a URL" };
  expect(refusal).toEqual(expect.any(String));
  expect(await attempt(url)).toBe("blocked");
  await dns.close();
  expect(connections).toBe(0);
});

test.for(malformed)("%s", async (text) => {
  const url = urlOf(text);
  dns = await startDns(names);
  const isTaken = WebhookTarget.safeParse({ url }).success;
  const { refusal } = await refusalToSave(url, false, dns.resolve);
  expect(!isTaken || refusal !== null).toBe(true);
  expect([null, "blocked"]).toContain(await attempt(url));
  await dns.close();
  expect(connections).toBe(0);
});

test.for(named)("%s", async (text) => {
  const url = urlOf(text);
  dns = await startDns(names);
  const { hostname } = new URL(url);
  const { refusal } = await refusalToSave(url, false, dns.resolve);
  const isSaved = rebinding.test(hostname);
  if (isSaved) expect(refusal).toBeNull();
  else expect(refusal).toContain(hostname);
  const before = dns.asked(hostname);
  expect(await attempt(url)).toBe("blocked");
  // The address that was checked is the address that is used: there is no second question in between.
  expect(dns.asked(hostname) - before).toBe(1);
  await dns.close();
  expect(connections).toBe(0);
});

test.for([301, 302, 303, 307, 308])("a redirect to here is not followed: %i", async (status) => {
  const sink = await startSink((request) => request.answer(status, { location: `http://127.0.0.1:${port}/` }));
  const webhook = new Webhook(targetFor(sink.url), { version: "1", clock: systemClock });
  const { record } = await webhook.attempt(event, 1);
  expect(record).toMatchObject({ outcome: "failed", status });
  webhook.close(true);
  await sink.close();
  expect(connections).toBe(0);
});

test("the listener would have noticed", async () => {
  const webhook = new Webhook(targetFor(`http://127.0.0.1:${port}/`), { version: "1", clock: systemClock });
  await webhook.attempt(event, 1);
  webhook.close(true);
  expect(connections).toBeGreaterThan(0);
  connections = 0;
});
