import { describe, expect, test } from "vitest";
import { ForwardPolicy } from "../../../lib/contracts/forward-policy.ts";
import type { OfflineDelivery } from "../../core/hooks.ts";
import { serverOrigin } from "../../core/router.ts";
import { Jid } from "../../xmpp/jid.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { HostRules } from "../rules/compile.ts";
import { occasionOf, planEvents } from "./plan.ts";

const romeo = Jid.parse("romeo@example.net/orchard");
const juliet = Jid.parse("juliet@example.org");
const at = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

function delivery(xml: string, settings: { to?: Jid; notStored?: string | null } = {}): OfflineDelivery {
  const to = settings.to ?? juliet;
  const stanza = Stanza.parse(xml).with({ from: romeo.full, to: to.full });
  const packet = { stanza, from: romeo, to, origin: serverOrigin, host: undefined };
  return { packet, user: juliet, at, notStored: settings.notStored ?? null, forwards: [] };
}

function policy(preset: "classic" | "json", jid: "full" | "bare" | "local" = "full"): ForwardPolicy {
  const target = { url: "https://example.org/hook", preset, jid };
  return ForwardPolicy.parse({ targets: { hook: target }, rules: [{ name: "all", targets: ["hook"] }] });
}

function planned(xml: string, forward: ForwardPolicy, settings?: { to?: Jid; notStored?: string | null }) {
  const options = { matchesAcl: () => false, onFault: () => undefined };
  const occasion = occasionOf(delivery(xml, settings));
  return occasion === null ? [] : planEvents(new HostRules("example.org", forward, options), occasion);
}

describe("classic, byte for byte", () => {
  const prefix = "from=romeo%40example.net%2Forchard&to=juliet%40example.org&body=";
  test.for([
    { name: "words", body: "Wherefore art thou", wire: "Wherefore+art+thou" },
    { name: "what a form means itself", body: "a&amp;b=c+d%20;e", wire: "a%26b%3Dc%2Bd%2520%3Be" },
    { name: "a field of its own", body: "hi&amp;to=admin@example.org", wire: "hi%26to%3Dadmin%40example.org" },
    { name: "line ends", body: "one&#13;\ntwo", wire: "one%0D%0Atwo" },
    { name: "other scripts", body: "你好 né", wire: "%E4%BD%A0%E5%A5%BD+n%C3%A9" },
    { name: "emoji", body: "👩‍👧 ok", wire: "%F0%9F%91%A9%E2%80%8D%F0%9F%91%A7+ok" },
    { name: "what stays as it is", body: "a-b.c_d*e~f!", wire: "a-b.c_d*e%7Ef%21" },
    { name: "64 kB", body: "x&amp;".repeat(32_768), wire: "x%26".repeat(32_768) },
  ])("$name", ({ body, wire }) => {
    const [event] = planned(`<message type='chat'><body>${body}</body></message>`, policy("classic"));
    expect(event!.payload).toBe(prefix + wire);
    expect(event!.contentType).toBe("application/x-www-form-urlencoded");
  });

  test.for([
    { jid: "full", wire: "from=romeo%40example.net%2Forchard&to=juliet%40example.org%2Fbalcony&body=hi" },
    { jid: "bare", wire: "from=romeo%40example.net&to=juliet%40example.org&body=hi" },
    { jid: "local", wire: "from=romeo&to=juliet&body=hi" },
  ] as const)("addresses: $jid", ({ jid, wire }) => {
    const to = juliet.withResource("balcony");
    const [event] = planned("<message type='chat'><body>hi</body></message>", policy("classic", jid), { to });
    expect(event!.payload).toBe(wire);
  });
});

test("json", () => {
  const [event] = planned(
    `<message type='chat' id='m1' xml:lang='en'><body>hi "there"</body><subject>s</subject><thread>t</thread>
      <stanza-id xmlns='urn:xmpp:sid:0' by='juliet@example.org' id='s1'/></message>`,
    policy("json"),
  );
  const { payload, unreadAt } = event!;
  expect(JSON.parse(`${payload.slice(0, unreadAt)}3${payload.slice(unreadAt)}`)).toEqual({
    id: event!.id,
    type: "message.offline",
    timestamp: "2026-01-02T03:04:05.678Z",
    host: "example.org",
    from: "romeo@example.net/orchard",
    to: "juliet@example.org",
    message: { id: "m1", type: "chat", body: 'hi "there"', subject: "s", thread: "t", lang: "en", stanzaId: "s1" },
    unread: 3,
  });
});

test("a stanza-id that another one gave is not the archive's", () => {
  const xml =
    "<message type='chat'><body>hi</body><stanza-id xmlns='urn:xmpp:sid:0' by='room@example.org' id='s1'/></message>";
  expect(planned(xml, policy("json"))[0]!.payload).not.toContain("stanzaId");
});

describe("encrypted messages never give their fallback text away", () => {
  test.for([
    ["eu.siacs.conversations.axolotl", "<encrypted xmlns='eu.siacs.conversations.axolotl'/>"],
    ["urn:xmpp:omemo:2", "<encrypted xmlns='urn:xmpp:omemo:2'/>"],
    ["urn:xmpp:openpgp:0", "<openpgp xmlns='urn:xmpp:openpgp:0'>x</openpgp>"],
    ["jabber:x:encrypted", "<x xmlns='jabber:x:encrypted'>x</x>"],
    ["urn:xmpp:otr:0", "<encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:otr:0'/>"],
  ] as const)("%s", ([namespace, child]) => {
    const xml = `<message type='chat'><body>fallback</body><subject>fallback</subject>${child}</message>`;
    expect(planned(xml, policy("classic"))).toEqual([]);
    const payload = planned(xml, policy("json"))[0]!.payload;
    expect(payload).not.toContain("fallback");
    expect(payload).toContain(`"body":null},"encrypted":${JSON.stringify(namespace)}`);
  });
});

describe("which messages", () => {
  test.for([
    { name: "a chat message", xml: "<message type='chat'><body>x</body></message>", events: 1 },
    {
      name: "no body",
      xml: "<message type='chat'><active xmlns='http://jabber.org/protocol/chatstates'/></message>",
      events: 0,
    },
    { name: "an empty body", xml: "<message type='chat'><body/></message>", events: 0 },
    { name: "another type", xml: "<message type='normal'><body>x</body></message>", events: 0 },
    { name: "no type, which is normal", xml: "<message><body>x</body></message>", events: 0 },
    { name: "not stored", xml: "<message type='chat'><body>x</body></message>", notStored: "no-store", events: 0 },
  ])("$name", ({ xml, events, notStored }) => {
    for (const preset of ["classic", "json"] as const) {
      expect(planned(xml, policy(preset), { notStored: notStored ?? null })).toHaveLength(events);
    }
  });

  test("the body without a language wins, else the first", () => {
    const both = "<message type='chat'><body xml:lang='de'>Hallo</body><body>Hello</body></message>";
    const neither = "<message type='chat'><body xml:lang='de'>Hallo</body><body xml:lang='fr'>Salut</body></message>";
    expect(planned(both, policy("classic", "local"))[0]!.payload).toBe("from=romeo&to=juliet&body=Hello");
    expect(planned(neither, policy("classic", "local"))[0]!.payload).toBe("from=romeo&to=juliet&body=Hallo");
  });

  test("rules: enabled ones for the host, each target once, the first rule's name", () => {
    const url = "https://example.org/hook";
    const forward = ForwardPolicy.parse({
      targets: { a: { url }, b: { url }, c: { url }, d: { url } },
      rules: [
        { name: "off", enabled: false, targets: ["d"] },
        { name: "elsewhere", hosts: ["example.net"], targets: ["d"] },
        { name: "first", hosts: ["example.org"], targets: ["a", "b"] },
        { name: "second", classes: ["normal", "chat"], targets: ["b", "c"] },
        { name: "third", targets: ["constructor"] },
      ],
    });
    const events = planned("<message type='chat'><body>x</body></message>", forward);
    expect(events.map(({ target, rule }) => [target, rule])).toEqual([
      ["a", "first"],
      ["b", "first"],
      ["c", "second"],
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
    expect(events[0]).toMatchObject({
      lane: "juliet@example.org",
      host: "example.org",
      user: "juliet@example.org",
      from: "romeo@example.net/orchard",
      type: "chat",
      class: "chat",
      cancelOn: "never",
      maxWaiting: 1_000_000,
      maxWaitingPerRecipient: 1_000,
      createdAt: at,
      dueAt: at,
      expiresAt: at + 259_200_000,
      maxAttempts: 12,
    });
    expect(events[0]!.id).toMatch(/^evt_[0-9a-f]{32}$/);
  });
});

describe("the order of events", () => {
  const body = "<message type='chat'><body>x</body></message>";
  const propose = "<message type='chat'><propose xmlns='urn:xmpp:jingle-message:0' id='c1'/></message>";
  test.for([
    { order: "recipient", message: "juliet@example.org", call: "call:juliet@example.org" },
    { order: "conversation", message: "juliet@example.org/romeo@example.net", call: "call:juliet@example.org" },
    { order: "target", message: "*", call: "*" },
    { order: "none", message: /^juliet@example\.org\/evt_/, call: /^juliet@example\.org\/evt_/ },
  ] as const)("by $order", ({ order, ...lanes }) => {
    const targets = { hook: { url: "https://example.org/hook", preset: "json", order } };
    const forward = ForwardPolicy.parse({
      targets,
      rules: [{ name: "all", classes: ["chat", "call"], targets: ["hook"] }],
    });
    const laneOf = (xml: string): string => planned(xml, forward)[0]!.lane;
    for (const [lane, expected] of [
      [laneOf(body), lanes.message],
      [laneOf(propose), lanes.call],
    ] as const) {
      if (typeof expected === "string") expect(lane).toBe(expected);
      else expect(lane).toMatch(expected);
    }
  });
});

describe("what is not like a chat message", () => {
  const propose = "<propose xmlns='urn:xmpp:jingle-message:0' id='c1'/>";
  const rules = [{ name: "all", classes: ["chat", "call"], targets: ["hook", "phone"], delaySeconds: 60 }];
  const url = "https://example.org/hook";
  const forward = ForwardPolicy.parse({
    targets: { hook: { url, preset: "json" }, phone: { kind: "fcm", serviceAccount: "x" } },
    rules,
  });

  test("a push is for devices; a call is told of soon or never, and does not wait behind messages", () => {
    const [hook, phone] = planned(`<message type='chat'>${propose}</message>`, forward);
    expect(hook).toMatchObject({ class: "call", lane: "call:juliet@example.org", dueAt: at + 60_000 });
    expect(hook).toMatchObject({ cancelOn: "never", expiresAt: at + 259_200_000 });
    expect(hook).not.toHaveProperty("toDevices");
    expect(phone).toMatchObject({ toDevices: true, cancelOn: "read", expiresAt: at + 60_000 });
    const [soon] = planned(`<message type='chat'>${propose}</message>`, {
      ...forward,
      rules: forward.rules.map((rule) => ({ ...rule, delaySeconds: 0, targets: ["phone"] })),
    });
    expect(soon).toMatchObject({ dueAt: at, expiresAt: at + 45_000 });
  });

  test("a target that cannot be rendered for leaves a dead event, and the others alone", () => {
    const broken = structuredClone(forward);
    Object.defineProperty(broken.targets["phone"], "content", {
      get: () => {
        throw new RangeError("a body, perhaps");
      },
    });
    const events = planned("<message type='chat'><body>x</body></message>", broken);
    expect(events.map(({ target, failed }) => [target, failed])).toEqual([
      ["hook", undefined],
      ["phone", "cannot be rendered: RangeError"],
    ]);
  });

  test("a template that fails for a message leaves a dead event with what json says", () => {
    const template = "{{ message.body | append: message.body }}";
    const target = { url, preset: "template", template, templateType: "text/plain" };
    const own = ForwardPolicy.parse({ targets: { hook: target }, rules: [{ name: "all", targets: ["hook"] }] });
    const message = (length: number): string => `<message type='chat'><body>${"x".repeat(length)}</body></message>`;
    expect(planned(message(10), own)[0]).toMatchObject({ payload: "x".repeat(20), contentType: "text/plain" });
    const [event] = planned(message(200_000), own);
    expect(event!.failed).toBe("template failed: line 1, column 1: A filter makes more than 262144 characters.");
    expect(event!.contentType).toBe("application/json");
    const { payload, unreadAt } = event!;
    const json = JSON.parse(`${payload.slice(0, unreadAt)}1${payload.slice(unreadAt)}`) as {
      message: { body: string };
    };
    expect(json.message.body).toHaveLength(200_000);
  });
});
