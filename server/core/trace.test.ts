import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { StanzaError } from "../xmpp/errors.ts";
import { Jid } from "../xmpp/jid.ts";
import { NS } from "../xmpp/namespaces.ts";
import { Stanza } from "../xmpp/stanza.ts";
import type { OfflineOutcome } from "./hooks.ts";
import { defineModule } from "./module.ts";
import { type Packet, serverOrigin } from "./router.ts";
import { testServer, type TestServer } from "./testing.ts";

const from = Jid.parse("romeo@a.example/orchard");
const to = Jid.parse("juliet@a.example");
const key = { id: 42, salt: 7 };

let server: TestServer;
let outcome: OfflineOutcome;

/** Keeps everything, drops what says so, and ends the offline chain with whatever the test wants. */
const keeper = defineModule({
  name: "keeper",
  summary: "For the test.",
  xeps: [],
  options: z.strictObject({}),
  start({ hook }) {
    hook("message/stamp", ({ stanza }) => ({ key, original: stanza, stanza }));
    hook("stanza/incoming", ({ stanza }) => (stanza.childText("body") === "drop" ? "drop" : undefined));
    hook("message/offline", async () => outcome);
  },
});

beforeEach(async () => {
  server = await testServer({ modules: [keeper], accounts: [from.bare, to.bare] });
});
afterEach(() => server.stop());

const host = () => server.core.hosts.get("a.example")!;
const notes = () => server.core.trace.find(() => true);

function packetOf(id: string, body = ""): Packet {
  const stanza = Stanza.parse(
    `<message id='${id}' type='chat'><body>${body}</body><origin-id xmlns='${NS.stanzaId}' id='o-${id}'/></message>`,
  );
  return { stanza, from, to, origin: serverOrigin, host: host() };
}

test("who kept a message, with the names that it has", () => {
  void host().hooks.fire("message/stamp", packetOf("m1"));
  expect(notes()).toEqual([
    {
      at: server.clock.now(),
      what: "kept",
      by: "keeper",
      outcome: "",
      id: "m1",
      originId: "o-m1",
      from: from.full,
      to: to.full,
      key,
      ownKey: undefined,
      resources: [],
      forwards: 0,
    },
  ]);
});

test("who dropped a message; presence is nobody's business", () => {
  void host().hooks.fire("stanza/incoming", packetOf("m1", "drop"));
  const presence = { ...packetOf("p"), stanza: Stanza.parse("<presence><body>drop</body></presence>") };
  void host().hooks.fire("stanza/incoming", presence);
  expect(notes()).toMatchObject([{ what: "dropped", by: "keeper", outcome: "stanza/incoming", id: "m1" }]);
});

test.each([
  ["stored", "stored"],
  ["ignored", "ignored"],
  [StanzaError.of("resource-constraint"), "resource-constraint"],
] as const)("what became of a message for nobody: %s", async (result, word) => {
  outcome = result;
  const delivery = { packet: packetOf("m1"), user: to, at: 0, notStored: null, forwards: [] };
  await host().hooks.fire("message/offline", delivery);
  expect(notes()).toMatchObject([{ what: "away", by: "keeper", outcome: word, key: undefined }]);
});

test("which resources were given a message", async () => {
  const [phone] = await Promise.all([server.connect(`${to.bare}/phone`), server.connect(`${to.bare}/desk`)]);
  const packet = packetOf("m1");
  const wasGiven = (session: unknown): boolean => session === phone.session;
  void host().hooks.fire("message/delivered", { packet, stanza: packet.stanza, kept: undefined, wasGiven });
  expect(notes()).toMatchObject([{ what: "given", by: null, resources: ["phone"] }]);
});

test("the oldest are forgotten, and it is known since when nothing is missing", () => {
  expect(server.core.trace.since).toBeNull();
  for (let index = 0; index < 8_200; index += 1) {
    server.clock.advance(1);
    void host().hooks.fire("message/stamp", packetOf(`m${index}`));
  }
  const all = notes();
  expect(all).toHaveLength(8_192);
  expect([all[0]?.id, all.at(-1)?.id]).toEqual(["m8", "m8199"]);
  expect(server.core.trace.since).toBe(all[0]?.at);
});

test("a note keeps nothing of the stanza alive but the names, and no name that is too long", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < 200; index += 1)
    void host().hooks.fire(
      "message/stamp",
      packetOf(`a-name-as-long-as-clients-make-them-${index}`, `${"x".repeat(100_000)}${index}`),
    );
  collect();
  const megabytes = (process.memoryUsage().heapUsed - before) / 1024 / 1024;
  // The bodies together are 20 MB.
  expect(megabytes).toBeLessThan(5);
  expect(notes()).toHaveLength(200);
  void host().hooks.fire("message/stamp", packetOf("x".repeat(257)));
  expect(notes().at(-1)).toMatchObject({ id: undefined, originId: undefined });
});
