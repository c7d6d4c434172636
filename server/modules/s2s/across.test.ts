import { afterEach, beforeEach, expect, test } from "vitest";
import { type FederatedServer, federatedServer, type TestWays } from "../../core/remote/testing-federation.ts";
import type { TestClient } from "../../core/testing.ts";
import { archive } from "../archive/module.ts";
import { blocking } from "../blocking/module.ts";
import { message } from "../message/module.ts";
import { multicast } from "../multicast/module.ts";
import { presence } from "../presence/module.ts";
import { reports } from "../reports/module.ts";
import { roster } from "../roster/module.ts";
import { dialback } from "./dialback.ts";
import { s2s } from "./module.ts";

/** Services that clients of other servers, or clients with contacts there, use. */
let montague: FederatedServer;
let capulet: FederatedServer;
let romeo: TestClient;
let benvolio: TestClient;
let juliet: TestClient;

beforeEach(async () => {
  const ways: TestWays = new Map();
  const modules = [roster, blocking, reports, presence, message, archive, multicast, s2s, dialback];
  const accounts = ["romeo@montague.example", "benvolio@montague.example"];
  montague = await federatedServer({
    modules,
    ways,
    accounts,
    policy: (draft) => {
      draft.accessRules["multicasters"] = [{ allow: ["all"] }];
      draft.modules["multicast"] = { enabled: true, options: { access: "multicasters" } };
    },
  });
  capulet = await federatedServer({ modules, ways, accounts: ["juliet@capulet.example"] });
  romeo = await montague.connect("romeo@montague.example/orchard");
  benvolio = await montague.connect("benvolio@montague.example/street");
  juliet = await capulet.connect("juliet@capulet.example/balcony");
});
afterEach(async () => {
  await Promise.all([montague.stop(), capulet.stop()]);
});

const toAll = (...jids: readonly string[]): string =>
  "<message to='multicast.montague.example' id='m'><body>x</body><addresses xmlns='http://jabber.org/protocol/address'>" +
  `${jids.map((jid) => `<address type='to' jid='${jid}'/>`).join("")}</addresses></message>`;

test("one stanza reaches people here and elsewhere, and each sees who got it (XEP-0033)", async () => {
  romeo.send(toAll(juliet.jid, benvolio.jid));
  for (const client of [juliet, benvolio]) {
    const [got] = await client.take(1);
    expect(got!.from).toBe(romeo.jid);
    expect(String(got)).toContain(`jid='${juliet.jid}'`);
    expect(String(got)).toContain(`jid='${benvolio.jid}'`);
  }
});

test("somebody elsewhere reaches people here by it, and nobody else", async () => {
  juliet.send(toAll(romeo.jid, benvolio.jid));
  for (const client of [romeo, benvolio]) expect((await client.take(1))[0]!.from).toBe(juliet.jid);
  juliet.send(toAll(romeo.jid, "tybalt@verona.example"));
  expect(String((await juliet.take(1))[0])).toMatch(/type='error'.*<forbidden /);
  expect(await romeo.sync()).toEqual([]);
});

test("what somebody elsewhere wrote is reported with its text (XEP-0377)", async () => {
  juliet.send("<message to='romeo@montague.example/orchard' type='chat'><body>Buy now</body></message>");
  const id = /<stanza-id [^>]*id='([^']+)'/.exec(String((await romeo.take(1))[0]))![1]!;
  const window = { host: "montague.example", local: "romeo", from: "start", limit: 1, maxBytes: 1e6 } as const;
  await expect.poll(async () => (await montague.stores.archive.query(window))?.items.length).toBe(1);
  romeo.send(
    "<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='juliet@capulet.example'>" +
      "<report xmlns='urn:xmpp:reporting:1' reason='urn:xmpp:reporting:spam'>" +
      `<stanza-id xmlns='urn:xmpp:sid:0' by='romeo@montague.example' id='${id}'/></report></item></block></iq>`,
  );
  await romeo.sync();
  const { items } = await montague.stores.reports.list({ state: "all" }, { limit: 10 });
  expect(items).toMatchObject([{ reporter: "romeo@montague.example", jid: "juliet@capulet.example" }]);
  expect(JSON.stringify(items)).toContain("Buy now");
  // From then on nothing of hers arrives.
  juliet.send("<message to='romeo@montague.example/orchard' type='chat' id='2'><body>More</body></message>");
  expect(String((await juliet.take(1))[0])).toContain("type='error'");
  expect(await romeo.sync()).toEqual([]);
});
