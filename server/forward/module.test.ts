import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ForwardRule } from "../../lib/contracts/forward-policy.ts";
import { ForwardTarget } from "../../lib/contracts/forward-target.ts";
import { type TestClient, type TestServer, testServer } from "../core/testing.ts";
import { message } from "../modules/message/module.ts";
import { offline } from "../modules/offline/module.ts";
import { presence } from "../modules/presence/module.ts";
import { pep } from "../modules/pubsub/pep.ts";
import { roster } from "../modules/roster/module.ts";
import { Jid } from "../xmpp/jid.ts";
import { Stanza } from "../xmpp/stanza.ts";
import { forward } from "./module.ts";
import { newDevice } from "./push/device.ts";

const juliet = "juliet@capulet.example";
const romeo = "romeo@montague.example";
const jmi = "xmlns='urn:xmpp:jingle-message:0'";
const everything = ["chat", "normal", "groupchat", "mention", "call", "subscription"];

let server: TestServer;
let sender: TestClient;

beforeEach(async () => {
  server = await testServer({
    modules: [presence, roster, message, pep, forward, offline],
    accounts: [romeo, juliet, "nurse@capulet.example"],
    policy(draft) {
      const url = "https://example.org/hook";
      const targets = {
        hook: ForwardTarget.parse({ url, preset: "json" }),
        app: ForwardTarget.parse({ url, preset: "json" }),
      };
      const rules = [
        { name: "all", classes: everything, targets: ["hook"], cancelOn: "read" },
        { name: "app", classes: ["chat"], targets: ["app"], cancelOn: "online" },
      ];
      draft.forward = { targets, rules: rules.map((rule) => ForwardRule.parse(rule)) };
    },
  });
  sender = await server.connect(`${romeo}/orchard`);
});

afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

/** Class, target and state of all events, oldest first. */
async function events(): Promise<string[]> {
  const { items } = await server.stores.outbox.list({}, { limit: 100 });
  return items.toReversed().map((event) => `${event.class} ${event.target} ${event.state}`);
}

function say(content: string, to = juliet): void {
  sender.send(`<message type='chat' to='${to}' id='m'>${content}</message>`);
}

async function login(resource = "balcony"): Promise<TestClient> {
  const client = await server.connect(`${juliet}/${resource}`);
  client.send("<presence/>");
  await client.sync();
  return client;
}

describe("what makes events", () => {
  test("a message that is stored", async () => {
    say("<body>hi</body>");
    await sender.sync();
    expect(await events()).toEqual(["chat hook queued", "chat app queued"]);
  });

  test("nothing without content, though it is stored", async () => {
    say("<displayed xmlns='urn:xmpp:chat-markers:0' id='1'/><store xmlns='urn:xmpp:hints'/>");
    await sender.sync();
    expect((await server.stores.offline.depth("capulet.example", "juliet")).messages).toBe(1);
    expect(await events()).toEqual([]);
  });

  test("a call that is not stored, in a lane of its own", async () => {
    say(`<propose ${jmi} id='c1'/><no-store xmlns='urn:xmpp:hints'/>`);
    await sender.sync();
    expect((await server.stores.offline.depth("capulet.example", "juliet")).messages).toBe(0);
    const [event] = (await server.stores.outbox.list({}, { limit: 10 })).items;
    expect(event).toMatchObject({ class: "call", lane: `call:${juliet}`, user: juliet });
    const found = await server.stores.outbox.find(event!.id);
    expect(JSON.parse(found!.payload)).toMatchObject({ type: "call.offline", call: { id: "c1", media: [] } });
  });

  test("a call for a client that has lost its connection and waits for it, which gets it as well", async () => {
    const client = await login();
    const written: string[] = [];
    client.session.keeper = {
      unconfirmed: [],
      isSendingAgain: false,
      written: (stanza) => written.push(String(stanza.children[0]?.name)),
      onceConfirmed: (callback) => callback(),
      mayWait: () => true,
    };
    client.die();
    say(`<propose ${jmi} id='c1'/>`);
    await sender.sync();
    expect(await events()).toEqual(["call hook queued"]);
    expect(written).toEqual(["propose"]);
  });

  test("nothing for somebody who is there", async () => {
    await login();
    say("<body>hi</body>");
    say(`<propose ${jmi} id='c1'/>`);
    await sender.sync();
    expect(await events()).toEqual([]);
  });

  test("a subscription request that is kept, once", async () => {
    sender.send("<presence/>");
    for (let n = 0; n < 2; n += 1) sender.send(`<presence type='subscribe' to='${juliet}'/>`);
    await sender.sync();
    expect(await events()).toEqual(["subscription hook queued"]);
    const [event] = (await server.stores.outbox.list({}, { limit: 10 })).items;
    expect(event).toMatchObject({ from: romeo, user: juliet, type: "subscribe", lane: juliet });
    const { payload } = (await server.stores.outbox.find(event!.id))!;
    expect(JSON.parse(payload)).toMatchObject({ type: "subscription.offline", from: romeo, to: juliet });
  });

  test("no subscription request that is shown to somebody", async () => {
    await login();
    sender.send("<presence/>");
    sender.send(`<presence type='subscribe' to='${juliet}'/>`);
    await sender.sync();
    expect(await events()).toEqual([]);
  });

  test("a subscription request to somebody who leaves while it is being kept", async () => {
    const client = await login();
    const { rosters } = server.stores;
    const putRequest = vi.spyOn(rosters, "putRequest");
    putRequest.mockImplementationOnce((...args) => {
      client.die();
      putRequest.mockRestore();
      return rosters.putRequest(...args);
    });
    sender.send("<presence/>");
    sender.send(`<presence type='subscribe' to='${juliet}'/>`);
    await sender.sync();
    expect(await events()).toEqual(["subscription hook queued"]);
  });

  test("what was said in a room, to its absent members", async () => {
    const stanza = Stanza.parse("<message type='groupchat' id='g1'><body>juliet: come</body></message>");
    const from = Jid.parse("ball@muc.capulet.example/Tybalt");
    const recipients = [
      { user: Jid.parse(juliet), isMentioned: true },
      { user: Jid.parse("nurse@capulet.example"), isMentioned: false },
    ];
    await server.core.hosts.get("capulet.example")!.hooks.fire("groupchat/absent", { stanza, from, at: 5, recipients });
    await server.stores.outbox.due();
    expect((await events()).toSorted()).toEqual(["groupchat hook queued", "mention hook queued"]);
    const { items } = await server.stores.outbox.list({ user: juliet }, { limit: 10 });
    const { payload } = (await server.stores.outbox.find(items[0]!.id))!;
    expect(JSON.parse(payload)).toMatchObject({
      from: from.full,
      to: juliet,
      mentioned: true,
      message: { type: "groupchat" },
    });
  });
});

describe("what cancels them", () => {
  const displayed = (to = `${romeo}/orchard`): string =>
    `<message to='${to}' type='chat'><displayed xmlns='urn:xmpp:chat-markers:0' id='m'/></message>`;

  beforeEach(async () => {
    say("<body>hi</body>");
    await sender.sync();
  });

  test("coming online, where the rule says so", async () => {
    await login();
    expect(await events()).toEqual(["chat hook queued", "chat app cancelled"]);
  });

  test("not a resource that takes no messages", async () => {
    const client = await server.connect(`${juliet}/balcony`);
    client.send("<presence><priority>-1</priority></presence>");
    await client.sync();
    expect(await events()).toEqual(["chat hook queued", "chat app queued"]);
  });

  test.for([
    ["a displayed marker", displayed(), "cancelled"],
    ["an answer", `<message to='${romeo}' type='chat'><body>ay me</body></message>`, "cancelled"],
    ["a marker for somebody else", displayed("nurse@capulet.example"), "queued"],
    ["a receipt", `<message to='${romeo}'><received xmlns='urn:xmpp:receipts' id='m'/></message>`, "queued"],
    [
      "a chat state",
      `<message to='${romeo}'><active xmlns='http://jabber.org/protocol/chatstates'/></message>`,
      "queued",
    ],
  ] as const)("%s: %s", async ([, xml, state]) => {
    const client = await login();
    client.send(xml);
    await client.sync();
    expect((await events())[0]).toBe(`chat hook ${state}`);
  });

  test.for([
    ["of the conversation", romeo, "cancelled"],
    ["of another conversation", "nurse@capulet.example", "queued"],
    ["of no conversation", "a@@b", "queued"],
  ] as const)("how far was read (XEP-0490), %s: %s", async ([, id, state]) => {
    const client = await login();
    const displayed =
      "<displayed xmlns='urn:xmpp:mds:displayed:0'><stanza-id xmlns='urn:xmpp:sid:0' id='m'/></displayed>";
    client.send(
      `<iq type='set' id='p'><pubsub xmlns='http://jabber.org/protocol/pubsub'>` +
        `<publish node='urn:xmpp:mds:displayed:0'><item id='${id}'>${displayed}</item></publish></pubsub></iq>`,
    );
    await client.sync();
    await server.stores.outbox.due();
    expect((await events())[0]).toBe(`chat hook ${state}`);
  });

  test("after a restart of the module as well", async () => {
    const name = "capulet.example";
    for (const enabled of [false, true]) {
      await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
        draft.hosts[name]!.modules["forward"] = { enabled, options: {} };
      });
      await server.loader.apply(server.core.policy.document);
    }
    await server.stores.outbox.cancellable();
    const client = await login();
    client.send(displayed());
    await client.sync();
    expect(await events()).toEqual(["chat hook cancelled", "chat app cancelled"]);
  });
});

test.for([
  ["balcony", "cancelled"],
  ["garden", "queued"],
] as const)(
  "a push to the device of %s, when the client at the balcony has the message: %s",
  async ([resource, state]) => {
    await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
      draft.forward.targets["hook"] = ForwardTarget.parse({ kind: "xep0357" });
    });
    const told = {
      isEnabled: true,
      deviceId: null,
      credentials: null,
      name: null,
      appVersion: null,
      via: "api",
    } as const;
    const device = newDevice(Jid.parse(juliet), { kind: "fcm", token: "t" }, { ...told, target: "hook", resource }, 0);
    await server.stores.devices.register(device, 10);
    say("<body>hi</body>");
    await sender.sync();
    const client = await login();
    await client.sync();
    await server.stores.outbox.due();
    expect((await events())[0]).toBe(`chat hook ${state}`);
  },
);

describe("a call stops ringing", () => {
  beforeEach(async () => {
    say(`<propose ${jmi} id='c1'/>`);
    await sender.sync();
    expect(await events()).toEqual(["call hook queued"]);
  });

  test.for([
    ["retract", "cancelled"],
    ["finish", "cancelled"],
    ["ringing", "queued"],
  ])("by the caller's %s: %s", async ([name, state]) => {
    say(`<${name} ${jmi} id='c1'/>`);
    await sender.sync();
    expect(await events()).toEqual([`call hook ${state}`]);
  });

  test.for([
    ["accept", juliet, "cancelled"],
    ["reject", juliet, "cancelled"],
    ["proceed", `${romeo}/orchard`, "cancelled"],
    ["ringing", `${romeo}/orchard`, "queued"],
    ["proceed", "nurse@capulet.example", "queued"],
  ])("by the callee's %s to %s: %s", async ([name, to, state]) => {
    const client = await login();
    client.send(`<message type='chat' to='${to}'><${name} ${jmi} id='c1'/></message>`);
    await client.sync();
    expect(await events()).toEqual([`call hook ${state}`]);
  });
});

test("an expression without an answer is told of once a minute", async () => {
  await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
    draft.forward.rules = [
      ForwardRule.parse({ name: "odd", targets: ["hook"], expression: "message.body > 3" }),
      ForwardRule.parse({ name: "all", targets: ["app"] }),
    ];
  });
  for (let n = 0; n < 3; n += 1) say("<body>hi</body>");
  await sender.sync();
  expect(await events()).toEqual(["chat app queued", "chat app queued", "chat app queued"]);
  server.clock.advance(60_000);
  say("<body>hi</body>");
  await sender.sync();
  const told = server.complaints.splice(0);
  expect(told.map(({ fields }) => [fields?.["rule"], fields?.["times"]])).toEqual([
    ["odd", 1],
    ["odd", 3],
  ]);
});

test("a template that fails for a message leaves an event that says so", async () => {
  await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
    const template = "{{ message.body | append: message.body }}";
    draft.forward.targets["hook"] = ForwardTarget.parse({ url: "https://example.org/", preset: "template", template });
  });
  say(`<body>${"x".repeat(200_000)}</body>`);
  await sender.sync();
  expect(await events()).toEqual(["chat hook dead", "chat app queued"]);
  const { items } = await server.stores.outbox.list({ target: "hook" }, { limit: 1 });
  expect(items[0]!.error).toMatch(/^template failed: line 1, column 1: /);
});
