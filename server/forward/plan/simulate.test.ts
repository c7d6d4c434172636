import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ForwardPolicy } from "../../../lib/contracts/forward-policy.ts";
import { WebhookTarget } from "../../../lib/contracts/forward-target.ts";
import { type TestServer, testServer } from "../../core/testing.ts";
import { blocking } from "../../modules/blocking/module.ts";
import { message } from "../../modules/message/module.ts";
import { offline } from "../../modules/offline/module.ts";
import { presence } from "../../modules/presence/module.ts";
import { roster } from "../../modules/roster/module.ts";
import type { OutboxSummary } from "../../storage/ports.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { forward } from "../module.ts";
import { preview } from "./preview.ts";
import { simulate, SimulationError } from "./simulate.ts";

const juliet = "juliet@capulet.example";
const nurse = "nurse@capulet.example";
const paris = "paris@capulet.example";
const romeo = "romeo@montague.example/orchard";
const jmi = "urn:xmpp:jingle-message:0";
const url = "https://example.org/hook";
const phone = { kind: "fcm", serviceAccount: "***", content: "preview" };

let server: TestServer;

beforeAll(async () => {
  server = await testServer({
    modules: [presence, roster, message, forward, offline, blocking],
    accounts: ["romeo@montague.example", juliet, nurse, paris],
    policy(draft) {
      draft.shaperRules["max_user_offline_messages"] = [{ value: 1_000, to: ["all"] }];
      draft.acl["friends"] = [{ user: "romeo@montague.example" }];
    },
  });
  for (const user of [juliet, nurse]) {
    for (const id of user === juliet ? ["d1", "d2"] : ["d3"]) {
      await server.stores.devices.register(
        {
          id,
          host: "capulet.example",
          user,
          kind: "fcm",
          target: "phone",
          token: `token-${id}`,
          settings: {},
          name: null,
          appVersion: null,
          resource: null,
          node: null,
          secretHash: null,
          via: "api",
          registeredAt: 0,
          isEnabled: user === juliet,
        },
        10,
      );
    }
  }
});
afterAll(() => server.stop());

async function enforce(policy: unknown): Promise<ForwardPolicy> {
  const parsed = ForwardPolicy.parse(policy);
  await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
    draft.forward = parsed;
  });
  return server.core.policy.document.forward;
}

function ask(xml: string, more: Partial<Parameters<typeof simulate>[1]> = {}) {
  const host = server.core.hosts.get("capulet.example")!;
  const { forward: inForce } = server.core.policy.document;
  return simulate(server.core, { host, stanza: Stanza.parse(xml), forward: inForce, ...more });
}

const targets = {
  form: { url, preset: "classic" },
  json: { url, preset: "json" },
  events: { url, preset: "cloudevents", confidential: true },
  own: { url, preset: "template", template: '{"b":{{ message.body | json }},"n":{{ unread }}}' },
  drained: { url, preset: "json", draining: true },
  phone,
};
const names = Object.keys(targets);

const someOf = <T>(values: readonly T[], minLength = 0) => fc.subarray([...values], { minLength });
const rule = fc.record(
  {
    enabled: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.boolean()),
    hosts: fc.constantFrom([], [], ["capulet.example"], ["montague.example"]),
    classes: someOf(["chat", "normal", "call"], 1),
    senders: fc.constantFrom([], [], ["*@montague.example"], ["acl:friends"], ["tybalt@capulet.example"]),
    recipients: fc.constantFrom([], [], [juliet], [nurse]),
    encrypted: fc.constantFrom("any", "any", "only", "never"),
    hints: fc.constantFrom([], [], ["store"], ["no-copy"]),
    expression: fc.constantFrom("", "", "message.body.contains('a')", "message.size > 200", "'store' in message.hints"),
    targets: someOf(names, 1),
    last: fc.boolean(),
    cancelOn: fc.constantFrom(null, "never", "online"),
    delaySeconds: fc.constantFrom(0, 0, 30),
    ttlSeconds: fc.constantFrom(null, 60),
  },
  { requiredKeys: ["targets"] },
);
const rules = fc.array(rule, { maxLength: 5 }).map((list) => list.map((one, n) => ({ name: `r${n}`, ...one })));
const content = fc.constantFrom(
  "<body>a message</body>",
  "<body>b</body><subject>s</subject><thread>t</thread>",
  "<body>notice a</body><encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:omemo:2'/>",
  "<subject>only</subject>",
  "<active xmlns='http://jabber.org/protocol/chatstates'/>",
  "<body/>",
  `<propose xmlns='${jmi}' id='c1'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></propose>`,
  "<received xmlns='urn:xmpp:receipts' id='x'/>",
);
const hints = someOf(["store", "no-store", "no-copy", "no-permanent-store"]);
const stanzas = fc.record({
  type: fc.constantFrom("chat", "normal", "headline"),
  to: fc.constantFrom(juliet, `${juliet}/gone`, nurse),
  content,
  hints,
});

/** What tells one event from another; ids are made up anew each time. */
const facts = (payload: string): string => payload.replaceAll(/evt_[0-9a-f]{32}/g, "evt");

test("it says what then happens", async () => {
  const client = await server.connect(romeo);
  const seen = new Set<string>();
  const run = async (list: unknown[], asked: { type: string; to: string; content: string; hints: string[] }) => {
    await enforce({ targets, rules: list });
    const children = asked.content + asked.hints.map((name) => `<${name} xmlns='urn:xmpp:hints'/>`).join("");
    const xml = `<message type='${asked.type}' from='${romeo}' to='${asked.to}' id='m'>${children}</message>`;
    const user = asked.to.split("/")[0]!;
    const [local = ""] = user.split("@");
    const depth = async () => (await server.stores.offline.depth("capulet.example", local)).messages;
    const before = await depth();
    const said = await ask(xml);
    client.send(xml);
    await client.sync();
    expect(await depth()).toBe(before + (said.stored ? 1 : 0));
    const { items } = await server.stores.outbox.list({ user }, { limit: 100 });
    const fresh = items.filter(({ id }) => !seen.has(id)).toReversed();
    for (const { id } of fresh) seen.add(id);
    const made = await Promise.all(fresh.map(({ id }) => server.stores.outbox.find(id)));
    const byTarget = Map.groupBy(made, (event) => event!.target);
    expect([...byTarget.keys()]).toEqual(said.events.map(({ target }) => target));
    for (const event of said.events) {
      const real = byTarget.get(event.target)!;
      expect(real).toHaveLength(event.devices ?? 1);
      for (const one of real) expect(comparable(one!, one!.payload)).toEqual(claimed(event, said.class));
    }
    await server.stores.offline.acknowledge("capulet.example", local, Number.MAX_SAFE_INTEGER);
  };
  await fc.assert(fc.asyncProperty(rules, stanzas, run), { numRuns: 150 });
}, 60_000);

function comparable(event: OutboxSummary, payload: string): object {
  const { rule: by, class: kind, dueAt, expiresAt, cancelOn, contentType } = event;
  return { by, kind, dueAt, expiresAt, cancelOn, contentType, payload: facts(payload) };
}

function claimed(event: Awaited<ReturnType<typeof simulate>>["events"][number], kind: string | null): object {
  return {
    by: event.rule,
    kind,
    dueAt: Date.parse(event.dueAt),
    expiresAt: Date.parse(event.expiresAt),
    cancelOn: event.cancelOn,
    contentType: event.contentType,
    payload: facts(event.payload!),
  };
}

describe("what it says", () => {
  const all = { classes: ["chat", "normal", "groupchat", "mention", "call", "subscription"] };
  const chat = (to = juliet, body = "<body>hi</body>"): string =>
    `<message type='chat' from='${romeo}' to='${to}'>${body}</message>`;

  test("stored, and where it goes, with its bytes", async () => {
    await enforce({ targets, rules: [{ name: "r", ...all, targets: ["form", "phone"], delaySeconds: 5 }] });
    const now = server.clock.now();
    const payload = "from=romeo%40montague.example%2Forchard&to=juliet%40capulet.example&body=hi";
    expect(await ask(chat())).toMatchObject({
      class: "chat",
      stored: true,
      reason: "it has something in it for a person",
      encrypted: null,
      rules: [{ name: "r", matched: true, reason: "every condition holds" }],
      events: [
        {
          target: "form",
          kind: "webhook",
          rule: "r",
          devices: null,
          cancelOn: "never",
          payload,
          bytes: payload.length,
        },
        { target: "phone", kind: "fcm", devices: 2, cancelOn: "read", dueAt: new Date(now + 5000).toISOString() },
      ],
      skipped: [],
    });
  });

  test("targets in vain", async () => {
    const draft = ForwardPolicy.parse({
      targets,
      rules: [{ name: "r", targets: ["form", "phone", "drained", "gone"] }],
    });
    const secret = chat(nurse, "<body>x</body><encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:omemo:2'/>");
    const said = await ask(secret, { forward: draft });
    expect(said).toMatchObject({ encrypted: "urn:xmpp:omemo:2", events: [] });
    expect(said.skipped).toEqual([
      { target: "drained", reason: "it is being drained" },
      { target: "gone", reason: "there is no such target" },
      { target: "form", reason: "the preset classic has nothing to say about it" },
      { target: "phone", reason: "the recipient has no device there" },
    ]);
  });

  test.for([
    ["nobody", chat("nobody@capulet.example"), "there is no account nobody@capulet.example"],
    [
      "a chat state",
      chat(juliet, "<active xmlns='http://jabber.org/protocol/chatstates'/>"),
      "it is nothing but a chat state",
    ],
  ] as const)("not stored: %s", async ([, xml, reason]) => {
    await enforce({ targets, rules: [{ name: "r", targets: ["form"] }] });
    expect(await ask(xml)).toMatchObject({ stored: false, reason, events: [] });
  });

  test.for([
    ["nothing of whoever is blocked", romeo, false],
    ["nothing of a whole domain that is blocked", "a@verona.example/x", false],
    ["what others send", "mercutio@montague.example", true],
    ["what the server sends", "capulet.example", true],
  ] as const)("to a recipient who is away and blocks some: %s", async ([, from, isStored]) => {
    // Straight into the store: nobody has read the list yet.
    const blocked = ["romeo@montague.example", "verona.example", "capulet.example"];
    await server.stores.personal.setBlocked("capulet.example", "paris", blocked, [], 10);
    await enforce({ targets, rules: [{ name: "r", targets: ["json"] }] });
    const said = await ask(chat(paris).replace(romeo, from));
    const reason = "the recipient has blocked the sender";
    expect(said).toMatchObject(
      isStored ? { stored: true } : { stored: false, reason, events: [], skipped: [{ target: "json", reason }] },
    );
  });

  test("a queue that is full", async () => {
    await enforce({ targets, rules: [{ name: "r", targets: ["json"] }] });
    const policy = { author: "test", comment: "", audit: null, force: true };
    await server.core.policy.change(policy, (draft) => {
      draft.shaperRules["max_user_offline_messages"] = [{ value: 0, to: ["all"] }];
    });
    const reason = `0 messages of 0 bytes wait for ${juliet} already`;
    expect(await ask(chat())).toMatchObject({
      stored: false,
      reason,
      events: [],
      skipped: [{ target: "json", reason }],
    });
    await server.core.policy.change(policy, (draft) => {
      draft.shaperRules["max_user_offline_messages"] = [{ value: 1_000, to: ["all"] }];
    });
  });

  test("a request, a room, a mention", async () => {
    await enforce({ targets, rules: [{ name: "r", ...all, targets: ["json"] }] });
    const request = `<presence type='subscribe' from='${romeo}' to='${juliet}'/>`;
    expect(await ask(request)).toMatchObject({ class: "subscription", stored: false, events: [{ target: "json" }] });
    const said = chat();
    expect(await ask(said, { class: "groupchat" })).toMatchObject({ class: "groupchat", events: [{ target: "json" }] });
    expect(await ask(said, { class: "mention" })).toMatchObject({ class: "mention", stored: false });
    await server.stores.personal.setBlocked("capulet.example", "paris", ["verona.example"], [], 10);
    const from = "ball@verona.example/Tybalt";
    const toParis = `<message type='groupchat' from='${from}' to='${paris}'><body>hi</body></message>`;
    const reason = "the recipient has blocked the sender";
    const skipped = [{ target: "json", reason }];
    expect(await ask(toParis, { class: "groupchat" })).toMatchObject({ stored: false, reason, events: [], skipped });
  });

  test("other rules than those in force", async () => {
    const inForce = await enforce({ targets, rules: [] });
    const draft = ForwardPolicy.parse({ targets: {}, rules: [{ name: "draft", targets: ["json"] }] }).rules;
    const said = await ask(chat(), { forward: { ...inForce, rules: draft } });
    expect(said.events.map(({ rule: by }) => by)).toEqual(["draft"]);
  });

  test.for([
    [`<iq type='get' from='${romeo}' to='${juliet}' id='1'/>`, "neither a message"],
    [`<presence from='${romeo}' to='${juliet}'/>`, "neither a message"],
    [`<message to='${juliet}'/>`, "no from"],
    [`<message from='${romeo}'/>`, "no to"],
    [`<message from='${romeo}' to='capulet.example'/>`, "no to"],
    [`<message from='${romeo}' to='x@montague.example'/>`, "is for montague.example, not for capulet.example"],
  ])("%s cannot be asked about", async ([xml, reason]) => {
    await expect(ask(xml!)).rejects.toThrow(SimulationError);
    await expect(ask(xml!)).rejects.toThrow(reason);
  });
});

describe("a preview", () => {
  test("of a made-up message, and of a given one", () => {
    const target = WebhookTarget.parse({ url, preset: "json" });
    expect(JSON.parse(preview(target, null)!.text)).toMatchObject({ unread: 1, from: "romeo@example.net/orchard" });
    const stanza = Stanza.parse(`<message type='chat' from='${romeo}' to='${juliet}'><body>é</body></message>`);
    const { text, bytes } = preview(target, stanza)!;
    expect(JSON.parse(text)).toMatchObject({ from: romeo, message: { body: "é" } });
    expect(bytes).toBe(text.length + 1);
  });

  test("of nothing", () => {
    const stanza = Stanza.parse(`<message type='chat' from='${romeo}' to='${juliet}'/>`);
    expect(preview(WebhookTarget.parse({ url, preset: "classic" }), stanza)).toBeNull();
    expect(preview(WebhookTarget.parse({ url, preset: "template", template: "{{ x" }), null)).toBeNull();
  });
});
