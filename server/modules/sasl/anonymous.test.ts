import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RawClient } from "../../net/testing.ts";
import {
  addressOf,
  ask,
  authenticate,
  conditionOf,
  host,
  juliet,
  phone,
  plain,
  server,
  start,
  stop,
  stream,
  sync,
  userAgent,
} from "./testing.ts";

beforeEach(() =>
  start((draft) => {
    draft.modules["anonymous"] = { enabled: true, options: { max_guests: 2 } };
  }),
);
afterEach(stop);

const bind = "<bind xmlns='urn:xmpp:bind:0'/>";
const guest = (inside = bind): string => authenticate("ANONYMOUS", "trace@example.org", inside);

it("is offered where the module runs, and nowhere else", async () => {
  expect((await stream()).features).toContain("<mechanism>ANONYMOUS</mechanism>");
  await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
    delete draft.modules["anonymous"];
  });
  await server.loader.apply(server.core.policy.document);
  expect((await stream()).features).not.toContain("ANONYMOUS");
  expect(conditionOf((await ask(guest())).answer)).toBe("invalid-mechanism");
});

it("gives everybody an address of their own, that says nothing of the trace and leads to no account", async () => {
  const one = addressOf((await ask(guest(userAgent(phone) + bind))).answer);
  const two = addressOf((await ask(guest(userAgent(phone) + bind))).answer);
  expect(one).toMatch(/^[0-9a-f-]{36}@capulet\.example\/[\w-]+$/);
  expect(one.split("@")[0]).not.toBe(two.split("@")[0]);
  expect(await server.stores.accounts.exists(host, one.split("@")[0]!)).toBe(false);
});

it("takes no more guests than it is told, and again when one has gone", async () => {
  const { client } = await ask(guest());
  await ask(guest());
  expect(conditionOf((await ask(guest())).answer)).toBe("temporary-auth-failure");
  client.send("</stream:stream>");
  await client.ended();
  expect(conditionOf((await ask(guest())).answer)).toBe("success");
});

it("is subject to the access rule c2s", async () => {
  await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
    draft.accessRules["c2s"] = [{ allow: [{ user: juliet.bare }] }];
  });
  expect(conditionOf((await ask(guest())).answer)).toBe("not-authorized");
});

describe("a guest", () => {
  let client: RawClient;
  let address: string;
  beforeEach(async () => {
    const answer = await ask(guest());
    client = answer.client;
    address = addressOf(answer.answer);
  });

  it("talks to people of the host, and they to it", async () => {
    const other = (await ask(plain(bind))).client;
    other.send("<presence/>");
    await sync(other);
    client.send(`<presence/><message type='chat' to='${juliet.bare}'><body>hello</body></message>`);
    await other.until("hello</body>");
    other.send(`<message type='chat' to='${address}'><body>welcome</body></message>`);
    await client.until("welcome</body>");
  });

  it.each([
    ["write to another server", "<message id='x' to='a@elsewhere.example'><body>x</body></message>"],
    ["ask another server", "<iq type='get' id='x' to='elsewhere.example'><ping xmlns='urn:xmpp:ping'/></iq>"],
    ["subscribe", `<presence id='x' type='subscribe' to='juliet@${host}'/>`],
    [
      "keep a contact",
      `<iq type='set' id='x'><query xmlns='jabber:iq:roster'><item jid='juliet@${host}'/></query></iq>`,
    ],
    ["keep a card", "<iq type='set' id='x'><vCard xmlns='vcard-temp'/></iq>"],
    ["keep data", "<iq type='set' id='x'><query xmlns='jabber:iq:private'><a xmlns='b'/></query></iq>"],
    [
      "set a password",
      `<iq type='set' id='x' to='${host}'><query xmlns='jabber:iq:register'><username>a</username><password>b</password></query></iq>`,
    ],
  ])("cannot %s", async (_what, xml) => {
    client.send(xml);
    expect(await client.until(/id='x'.*<\/error>/s)).toContain("<not-allowed");
  });

  it("can have its session as it wants it", async () => {
    client.send("<iq type='set' id='x'><enable xmlns='urn:xmpp:carbons:2'/></iq>");
    await client.until(/<iq [^>]*type='result'[^>]*id='x'|<iq [^>]*id='x'[^>]*type='result'/);
  });

  it("leaves nothing behind", async () => {
    client.send(`<message type='chat' to='${juliet.bare}'><body>kept by her</body></message>`);
    await sync(client);
    client.send("</stream:stream>");
    await client.ended();
    const local = address.split("@")[0]!;
    expect(await server.stores.archive.bounds(host, local)).toBeNull();
    expect((await server.stores.rosters.get(host, local)).items).toEqual([]);
    expect(await server.stores.clients.of(host, local)).toEqual([]);
    expect(await server.stores.archive.bounds(host, "juliet")).not.toBeNull();
  });
});
