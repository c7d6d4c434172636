import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { disco } from "../disco/module.ts";
import { message } from "../message/module.ts";
import { presence } from "../presence/module.ts";
import { roster } from "../roster/module.ts";
import { pubsubService } from "./service.ts";
import { field, outcome, publishing, pubsub, submit } from "./testing.ts";

const ROMEO = "romeo@montague.example";
const JULIET = "juliet@montague.example";
const PARIS = "paris@other.example";
const SERVICE = "pubsub.montague.example";
const entry = "<entry xmlns='http://www.w3.org/2005/Atom'><title>Soliloquy</title></entry>";
const NS_EVENT = "http://jabber.org/protocol/pubsub#event";

/** Small ones, so that tests reach them. */
const limits = { max_account_nodes: 3, max_node_bytes: 3000, max_per_minute: 60 };

let server: TestServer;
let romeo: TestClient;
let juliet: TestClient;

beforeEach(async () => {
  server = await testServer({
    modules: [roster, presence, message, disco, pubsubService],
    accounts: [ROMEO, JULIET, PARIS],
    policy(draft) {
      draft.modules["pubsub"] = {
        enabled: true,
        options: { max_subscriptions: 2, access_create: "makers", ...limits },
      };
      draft.accessRules["makers"] = [{ allow: [{ server: "montague.example" }] }];
    },
  });
  romeo = await server.connect(`${ROMEO}/orchard`);
  juliet = await server.connect(`${JULIET}/balcony`);
  for (const client of [romeo, juliet]) {
    client.send("<presence/>");
    await client.sync();
  }
});

afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

const to = (content: string, type: "get" | "set" = "set", owner = false): string =>
  pubsub(type, content, { to: SERVICE, owner });
const ask = async (client: TestClient, xml: string): Promise<Stanza> => {
  client.send(xml);
  return (await client.sync()).find(({ kind }) => kind === "iq")!;
};
const result = async (client: TestClient, xml: string): Promise<string> => outcome(await ask(client, xml));
const config = (...fields: string[]): string => submit("http://jabber.org/protocol/pubsub#node_config", fields);
const create = (...fields: string[]): string => to(`<create node='n'/><configure>${config(...fields)}</configure>`);
const subscribe = (client: TestClient): string => to(`<subscribe node='n' jid='${client.session.bare.bare}'/>`);

test("says what it is, what is there, and what a node is", async () => {
  await ask(romeo, create(field("pubsub#title", "News"), field("pubsub#access_model", "open")));
  await ask(
    juliet,
    to("<create node='hidden'/><configure>" + config(field("pubsub#access_model", "whitelist")) + "</configure>"),
  );
  const disco = async (client: TestClient, what: string, node = ""): Promise<string> =>
    String(
      (
        await ask(
          client,
          `<iq type='get' id='d' to='${SERVICE}'><query xmlns='http://jabber.org/protocol/disco#${what}'${node}/></iq>`,
        )
      ).payload,
    );
  expect(await disco(romeo, "info")).toContain("<identity category='pubsub' type='service' name='Publish-Subscribe'/>");
  expect(await disco(romeo, "info")).toContain("http://jabber.org/protocol/pubsub#publish-options");
  expect(await disco(romeo, "info")).not.toContain("pubsub#access-presence");
  expect(await disco(romeo, "items")).toBe(
    `<query xmlns='http://jabber.org/protocol/disco#items'><item jid='${SERVICE}' node='n' name='News'/></query>`,
  );
  expect(await disco(juliet, "items")).toContain("node='hidden'");
  expect(await disco(romeo, "info", " node='n'")).toContain("<identity category='pubsub' type='leaf' name='News'/>");
  await ask(romeo, to(publishing("n", "i", entry)));
  expect(await disco(juliet, "items", " node='n'")).toContain(`<item jid='${SERVICE}' name='i'/>`);
});

test("nodes are made by those who may", async () => {
  const paris = await server.connect(`${PARIS}/hall`);
  expect(await result(paris, create())).toBe("forbidden");
  expect(await result(paris, to(publishing("n", "i", entry)))).toBe("item-not-found");
  expect(await result(romeo, create(field("pubsub#access_model", "presence")))).toBe(
    "not-acceptable unsupported-access-model",
  );
  expect(await result(romeo, create())).toBe("result");
  expect(await result(paris, to(publishing("n", "i", entry)))).toBe("forbidden");
});

test("those who have subscribed hear of it, once each", async () => {
  await ask(romeo, create());
  expect(await result(juliet, subscribe(juliet))).toBe("result");
  expect(await result(juliet, subscribe(juliet))).toBe("result");
  expect(await result(romeo, to(publishing("n", "i", entry)))).toBe("result");
  await juliet.expect(
    `<message type='headline' id='{any}' from='${SERVICE}' to='${JULIET}'><event xmlns='${NS_EVENT}'><items node='n'><item id='i'>${entry}</item></items></event></message>`,
  );
  const late = await server.connect(`${PARIS}/hall`);
  late.send("<presence/>");
  await late.sync();
  late.send(subscribe(late));
  expect((await late.sync()).map(({ kind }) => kind)).toEqual(["message", "iq"]);
  expect(await result(romeo, subscribe(romeo))).toBe("policy-violation too-many-subscriptions");
});

test("nobody ends the subscription of somebody else (XEP-0060 6.2.3.4)", async () => {
  await ask(romeo, create());
  await ask(juliet, subscribe(juliet));
  expect(await result(romeo, to(`<unsubscribe node='n' jid='${JULIET}'/>`))).toBe("forbidden");
  const [ended] = (await ask(juliet, to(`<unsubscribe node='n' jid='${JULIET}'/>`))).payload!.elements();
  expect(ended!.attr("subscription")).toBe("none");
  expect(ended!.attr("subid")).toMatch(/./);
});

test("one resource subscribes another of its account, and ends it (XEP-0060 6.1.3.1, 6.2.3.4)", async () => {
  await ask(romeo, create());
  expect(await result(juliet, to(`<subscribe node='n' jid='${JULIET}/phone'/>`))).toBe("result");
  expect(await result(juliet, to(`<unsubscribe node='n' jid='${JULIET}/phone'/>`))).toBe("result");
  expect(await result(juliet, to(`<subscribe node='n' jid='${ROMEO}/phone'/>`))).toBe("bad-request invalid-jid");
});

test("those who have subscribed are told when the node is gone (XEP-0060 8.4.2)", async () => {
  await ask(romeo, create());
  await ask(juliet, subscribe(juliet));
  expect(await result(romeo, to("<delete node='n'/>", "set", true))).toBe("result");
  await juliet.expect(
    `<message type='headline' id='{any}' from='${SERVICE}' to='${JULIET}'><event xmlns='${NS_EVENT}'><delete node='n'/></event></message>`,
  );
});

test("a node is a leaf, and may be asked to be one", async () => {
  const form = (await ask(romeo, to("<default/>", "get", true))).payload!.child("default")!.payload!;
  const type = form.elements("field").find((one) => one.attr("var") === "pubsub#node_type")!;
  expect([type.attr("type"), type.childText("value")]).toEqual(["list-single", "leaf"]);
  expect(await result(romeo, create(field("pubsub#node_type", "collection")))).toBe("not-acceptable");
  expect(await result(romeo, create(field("pubsub#node_type", "leaf")))).toBe("result");
});

test("a node that has to agree asks its owner", async () => {
  await ask(romeo, create(field("pubsub#access_model", "authorize")));
  const answer = await ask(juliet, subscribe(juliet));
  expect(answer.payload?.child("subscription")?.attr("subscription")).toBe("pending");
  expect(await result(juliet, subscribe(juliet))).toBe("not-authorized pending-subscription");
  expect(await result(juliet, to("<items node='n'/>", "get"))).toBe("not-authorized not-subscribed");
  const [request] = await romeo.sync();
  const subid = request!
    .child("x", "jabber:x:data")!
    .elements("field")
    .find((one) => one.attr("var") === "pubsub#subid")!;
  const decide = (allow: string, id = subid.childText("value")!): string =>
    `<message id='a' to='${SERVICE}'>${submit("http://jabber.org/protocol/pubsub#subscribe_authorization", [
      field("pubsub#subid", id),
      field("pubsub#node", "n"),
      field("pubsub#subscriber_jid", JULIET),
      field("pubsub#allow", allow),
    ])}</message>`;
  juliet.send(decide("true"));
  expect(outcome((await juliet.sync())[0])).toBe("forbidden");
  romeo.send(decide("true", "other"));
  expect(outcome((await romeo.sync())[0])).toBe("not-acceptable invalid-subid");
  romeo.send(decide("true"));
  expect(await romeo.sync()).toEqual([]);
  expect(String((await juliet.sync())[0]?.payload?.payload)).toContain("subscription='subscribed'");
  expect(await result(juliet, to("<items node='n'/>", "get"))).toBe("result");
  romeo.send(decide("false"));
  await romeo.sync();
  expect(String((await juliet.sync())[0]?.payload?.payload)).toContain("subscription='none'");
});

test("owners see and change subscriptions and affiliations; one owner stays", async () => {
  await ask(romeo, create(field("pubsub#notify_sub", "true")));
  await ask(juliet, subscribe(juliet));
  expect((await romeo.sync()).map((one) => String(one.payload?.payload))).toEqual([
    expect.stringContaining(`jid='${JULIET}' subscription='subscribed'`),
  ]);
  const listed = await ask(romeo, to("<subscriptions node='n'/>", "get", true));
  expect(String(listed.payload)).toContain(`<subscription jid='${JULIET}' subscription='subscribed' subid='`);
  const affiliate = (jid: string, affiliation: string): string =>
    to(`<affiliations node='n'><affiliation jid='${jid}' affiliation='${affiliation}'/></affiliations>`, "set", true);
  expect(await result(romeo, affiliate(ROMEO, "none"))).toBe("not-acceptable");
  expect(await result(romeo, affiliate(JULIET, "king"))).toBe("not-acceptable");
  expect(await result(romeo, affiliate("@", "member"))).toBe("bad-request invalid-jid");
  expect(await result(romeo, affiliate(JULIET, "outcast"))).toBe("result");
  expect(await result(juliet, subscribe(juliet))).toBe("forbidden");
  const left = await ask(romeo, to("<subscriptions node='n'/>", "get", true));
  expect(String(left.payload)).not.toContain(JULIET);
  expect(await result(romeo, affiliate(JULIET, "owner"))).toBe("result");
  expect(await result(romeo, affiliate(ROMEO, "none"))).toBe("result");
  expect(await result(romeo, to("<delete node='n'/>", "set", true))).toBe("forbidden");
  expect(await result(juliet, to("<delete node='n'/>", "set", true))).toBe("result");
});

test("a node that keeps nothing and delivers no payload only tells", async () => {
  await ask(romeo, create(field("pubsub#persist_items", "0"), field("pubsub#deliver_payloads", "0")));
  await ask(juliet, subscribe(juliet));
  expect(await result(romeo, to("<publish node='n'><item/></publish>"))).toBe("bad-request item-forbidden");
  expect(await result(romeo, to("<publish node='n'/>"))).toBe("result");
  expect((await juliet.sync()).length).toBe(1);
  expect(await result(juliet, to("<items node='n'/>", "get"))).toBe("feature-not-implemented unsupported");
});

test("a configuration is asked for, changed, told, and given up", async () => {
  await ask(romeo, create(field("pubsub#notify_config", "1")));
  await ask(juliet, subscribe(juliet));
  const form = String((await ask(romeo, to("<configure node='n'/>", "get", true))).payload);
  expect(form).toContain("<field var='pubsub#max_items' type='text-single'");
  expect(form).toMatch(/<field var='pubsub#max_payload_size'[^>]*><value>131072<\/value>/);
  expect(String((await ask(romeo, to("<default/>", "get", true))).payload)).toContain("<default>");
  const set = (content: string): Promise<string> =>
    result(romeo, to(`<configure node='n'>${content}</configure>`, "set", true));
  expect(await set(config(field("pubsub#title", "New"), field("pubsub#unheard_of", "x")))).toBe("result");
  expect(String((await juliet.sync())[0]?.payload)).toContain("<value>New</value>");
  expect(await set("<x xmlns='jabber:x:data' type='cancel'/>")).toBe("result");
  expect(await set(config(field("pubsub#max_items", "many")))).toBe("not-acceptable");
  expect(await set(config(field("pubsub#persist_items", "perhaps")))).toBe("not-acceptable");
  expect(await set(submit("urn:other", []))).toBe("bad-request");
  expect(await juliet.sync()).toEqual([]);
});

test("replies go where the node says", async () => {
  await ask(romeo, create(field("pubsub#itemreply", "publisher"), field("pubsub#notification_type", "normal")));
  await ask(juliet, subscribe(juliet));
  await ask(romeo, to(publishing("n", "i", entry)));
  const [event] = await juliet.sync();
  expect(event!.type).toBeUndefined();
  expect(String(event!.child("addresses", "http://jabber.org/protocol/address"))).toContain(
    `<address type='replyto' jid='${romeo.jid}'/>`,
  );
});

test("items say who published them where the node says so (XEP-0060 7.1.2.3)", async () => {
  const item = `<item id='i' publisher='${ROMEO}'>${entry}</item>`;
  const items = async (): Promise<string> => String((await ask(juliet, to("<items node='n'/>", "get"))).payload);
  await ask(romeo, create(field("pubsub#itemreply", "publisher")));
  await ask(juliet, subscribe(juliet));
  await ask(romeo, to(publishing("n", "i", entry)));
  expect(String((await juliet.sync())[0]?.payload)).toContain(item);
  expect(await items()).toContain(item);
  const form = config(field("pubsub#itemreply", "none"));
  expect(await result(romeo, to(`<configure node='n'>${form}</configure>`, "set", true))).toBe("result");
  expect(await items()).toContain(`<item id='i'>${entry}</item>`);
});

test("one account makes so many nodes, and leaves room for others", async () => {
  const made = async (client: TestClient, node: string): Promise<string> =>
    result(client, to(`<create node='${node}'/>`));
  for (const node of ["a", "b", "c"]) expect(await made(romeo, node)).toBe("result");
  expect(await made(romeo, "d")).toBe("policy-violation max-nodes-exceeded");
  expect(await result(romeo, to(publishing("d", "i", entry)))).toBe("policy-violation max-nodes-exceeded");
  expect(await made(juliet, "d")).toBe("result");
  expect(await result(romeo, to("<delete node='a'/>", "set", true))).toBe("result");
  expect(await made(romeo, "e")).toBe("result");
});

test("one node holds so many bytes, another one as many", async () => {
  const long = `<entry xmlns='http://www.w3.org/2005/Atom'>${"x".repeat(1400)}</entry>`;
  for (const id of ["1", "2"]) expect(await result(romeo, to(publishing("n", id, long)))).toBe("result");
  expect(await result(romeo, to(publishing("n", "3", long)))).toBe("resource-constraint");
  expect(await result(romeo, to(publishing("n", "2", long)))).toBe("result");
  expect(await result(romeo, to(publishing("m", "3", long)))).toBe("result");
});

test("one account changes so much in a minute; others and questions go on", async () => {
  for (let n = 0; n < limits.max_per_minute; n += 1)
    expect(await result(romeo, to(publishing("n", "i", entry)))).toBe("result");
  expect(await result(romeo, to(publishing("n", "i", entry)))).toBe("resource-constraint");
  expect(await result(romeo, to("<purge node='n'/>", "set", true))).toBe("resource-constraint");
  expect(await result(romeo, to("<items node='n'/>", "get"))).toBe("result");
  expect(await result(juliet, to("<create node='j'/>"))).toBe("result");
  server.clock.advance(60_000 / limits.max_per_minute);
  expect(await result(romeo, to(publishing("n", "i", entry)))).toBe("result");
});
