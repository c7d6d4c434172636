import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Bridged, bridged, domain, host } from "./testing.ts";

/** Requests that a component answers in the server's place (XEP-0355). */
const delegation = "xmlns='urn:xmpp:delegation:2'";
const forwarded = "<forwarded xmlns='urn:xmpp:forward:0'>";
const payload = "<query xmlns='urn:example:search' node='a'/>";
let server: Bridged;

const start = async (
  delegations: object[] = [{ namespace: "urn:example:search" }],
  more: object = {},
): Promise<void> => {
  server = await bridged({ delegations, ...more });
};
afterEach(() => server.stop());

/** The next request that is forwarded: the id of the server's, and what was asked. */
async function next(): Promise<{ id: string; inner: string }> {
  const text = await server.bridge.until("</delegation></iq>");
  const [, id = "", inner = ""] =
    /<iq (?=[^>]*type='set')[^>]*id='([^']+)'[^>]*><delegation [^>]*><forwarded [^>]*>(.*)<\/forwarded>/s.exec(text)!;
  return { id, inner };
}

function answer(id: string, inner: string, type = "result"): void {
  const content = type === "error" ? "" : `<delegation ${delegation}>${forwarded}${inner}</forwarded></delegation>`;
  server.bridge.send(`<iq type='${type}' id='${id}' from='${domain}' to='${host}'>${content}</iq>`);
}

const answered = async (): Promise<string> => String((await server.romeo.take(1))[0]);

test("it is told of what is delegated to it, and asked what it offers there", async () => {
  await start([{ namespace: "urn:example:search", attributes: ["node"] }]);
  const told = await server.connectBridge();
  expect(told).toContain(
    `<delegation ${delegation}><delegated namespace='urn:example:search'><attribute name='node'/></delegated></delegation>`,
  );
  const nodes = [
    ...told.matchAll(/id='([^']+)'><query xmlns='http:\/\/jabber\.org\/protocol\/disco#info' node='([^']+)'/g),
  ];
  expect(nodes.map(([, , node]) => node)).toEqual([
    "urn:xmpp:delegation:2::urn:example:search",
    "urn:xmpp:delegation:2:bare:urn:example:search",
  ]);
  for (const [index, [, id]] of nodes.entries())
    server.bridge.send(
      `<iq type='result' id='${id}' from='${domain}' to='${host}'><query xmlns='http://jabber.org/protocol/disco#info'>` +
        `<identity category='example' type='search'/><feature var='urn:example:search:${index}'/></query></iq>`,
    );
  await server.sync();
  const info = async (to: string): Promise<string> => {
    server.romeo.send(`<iq type='get' id='d' to='${to}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`);
    return answered();
  };
  expect(await info(host)).toMatch(
    /<identity category='example' type='search'.*urn:example:search:0.*urn:xmpp:delegation:2/,
  );
  expect(await info(`romeo@${host}`)).toContain("urn:example:search:1");
  server.bridge.destroy();
  await vi.waitFor(async () => expect(await info(host)).not.toContain("urn:example:search:0"));
});

test("what the server itself tells of a delegated namespace is not told meanwhile (7.2)", async () => {
  await start([{ namespace: "http://jabber.org/protocol/pubsub" }]);
  const info = async (): Promise<string> => {
    server.romeo.send(`<iq type='get' id='d'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`);
    return answered();
  };
  expect(await info()).toMatch(/type='pep'.*pubsub#auto-create'.*pubsub#publish'/);
  const told = await server.connectBridge();
  const [, id] = /id='([^']+)'><query xmlns='http:\/\/jabber\.org\/protocol\/disco#info' node='[^']+:bare:[^']+'/.exec(
    told,
  )!;
  const form =
    "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE'><value>urn:example:form</value></field></x>";
  server.bridge.send(
    `<iq type='result' id='${id}' from='${domain}' to='${host}'><query xmlns='http://jabber.org/protocol/disco#info'>` +
      `<identity category='pubsub' type='pep' name='Bridge'/><feature var='http://jabber.org/protocol/pubsub#publish'/>${form}</query></iq>`,
  );
  await server.sync();
  const during = await info();
  expect(during).toContain("pubsub#publish'");
  expect(during).not.toContain("pubsub#auto-create'");
  expect(during.match(/type='pep'[^>/]*/g)).toEqual(["type='pep' name='Bridge'"]);
  expect(during).toContain("urn:example:form");
  server.bridge.destroy();
  await vi.waitFor(async () => expect(await info()).toContain("pubsub#auto-create'"));
});

describe("discovery of what nobody here knows (7.2.4, 7.2.5)", () => {
  const query = (what: string, node = ""): string =>
    `<query xmlns='http://jabber.org/protocol/disco#${what}'${node && ` node='${node}'`}/>`;
  const ask = (to: string, what: string, node = ""): void =>
    server.romeo.send(`<iq type='get' id='q' to='${to}'>${query(what, node)}</iq>`);
  const reply = async (content: string): Promise<string> => {
    const { id, inner } = await next();
    expect(inner).toContain("protocol/disco#");
    answer(id, `<iq xmlns='jabber:client' type='result' id='q' to='${server.romeo.jid}'>${content}</iq>`);
    return answered();
  };
  beforeEach(async () => {
    await start([
      { namespace: "urn:xmpp:delegation:2:bare:disco#info:*" },
      { namespace: "urn:xmpp:delegation:2:bare:disco#items:*" },
    ]);
  });

  test("it is told of them, and not asked what it offers there", async () => {
    const told = await server.connectBridge();
    expect(told).toContain("<delegated namespace='urn:xmpp:delegation:2:bare:disco#info:*'/>");
    expect(told).not.toContain("disco#info' node=");
  });

  test("a node of the own account is what the component says", async () => {
    await server.connectBridge();
    ask(`romeo@${host}`, "info", "urn:xmpp:microblog:0");
    const form = "<x xmlns='jabber:x:data' type='result'/>";
    const told = await reply(
      `<query xmlns='http://jabber.org/protocol/disco#info' node='urn:xmpp:microblog:0'><identity category='pubsub' type='leaf'/>${form}</query>`,
    );
    expect(told).toMatch(/type='result'.*node='urn:xmpp:microblog:0'.*type='leaf'.*jabber:x:data/);
  });

  test.each(["", "urn:xmpp:microblog:0"])("items below %j are what the component says", async (node) => {
    await server.connectBridge();
    ask(`romeo@${host}`, "items", node);
    const told = await reply(
      `<query xmlns='http://jabber.org/protocol/disco#items'><item jid='romeo@${host}' node='theirs'/></query>`,
    );
    expect(told).toMatch(/type='result'.*<item [^>]*node='theirs'/);
  });

  test("not what the server knows, nor what it says of itself", async () => {
    await server.connectBridge();
    ask(`romeo@${host}`, "info");
    expect(await answered()).toContain("type='registered'");
    ask(host, "info", "urn:xmpp:microblog:0");
    expect(await answered()).toContain("<item-not-found ");
    expect(await server.sync()).not.toContain("<delegation");
  });

  test("not for those who may not see the account (XEP-0030 8)", async () => {
    await server.connectBridge();
    ask(`benvolio@${host}`, "info", "urn:xmpp:microblog:0");
    expect(await answered()).toContain("<service-unavailable ");
    expect(await server.sync()).not.toContain("<delegation");
  });

  test("without the component, or with an error of it: service-unavailable", async () => {
    for (const [what, node] of [
      ["info", "urn:example:node"],
      ["items", "urn:example:node"],
      ["items", ""],
    ] as const) {
      ask(`romeo@${host}`, what, node);
      expect(await answered()).toContain("<service-unavailable ");
    }
    await server.connectBridge();
    ask(`romeo@${host}`, "items");
    answer((await next()).id, "", "error");
    expect(await answered()).toContain("<service-unavailable ");
  });
});

test.each([
  ["the host", host],
  ["the own account", `romeo@${host}`],
  ["an account", `benvolio@${host}`],
])("a request for %s is forwarded and answered", async (_, to) => {
  await start();
  await server.connectBridge();
  server.romeo.send(`<iq type='get' id='q' to='${to}'>${payload}</iq>`);
  const { id, inner } = await next();
  expect(inner).toMatch(/^<iq xmlns='jabber:client'/);
  expect(inner).toContain(payload);
  expect(inner).toContain(`from='${server.romeo.jid}'`);
  answer(
    id,
    `<iq xmlns='jabber:client' type='result' id='q' to='${server.romeo.jid}'><found xmlns='urn:example:search'/></iq>`,
  );
  expect(await answered()).toMatch(new RegExp(`(?=.*id='q')(?=.*from='${to}')(?=.*type='result').*<found `));
});

test.each([
  ["for somebody else", `<iq xmlns='jabber:client' type='result' id='q' to='benvolio@${host}/street'/>`],
  ["from somebody else", `<iq xmlns='jabber:client' type='result' id='q' to='ROMEO' from='benvolio@${host}'/>`],
  ["with another id", "<iq xmlns='jabber:client' type='result' id='r' to='ROMEO'/>"],
  ["that is a request", "<iq xmlns='jabber:client' type='set' id='q' to='ROMEO'/>"],
  ["that is no iq", "<message xmlns='jabber:client' id='q' to='ROMEO'/>"],
])("an answer %s is worth nothing", async (_, inner) => {
  await start();
  await server.connectBridge();
  server.romeo.send(`<iq type='get' id='q' to='${host}'>${payload}</iq>`);
  answer((await next()).id, inner.replace("ROMEO", server.romeo.jid));
  expect(await answered()).toMatch(/type='error'.*<service-unavailable /);
  expect(await server.benvolio.sync()).toEqual([]);
});

test("an error, and a component that is not there, are service-unavailable", async () => {
  await start();
  server.romeo.send(`<iq type='get' id='q' to='${host}'>${payload}</iq>`);
  expect(await answered()).toContain("<service-unavailable ");
  await server.connectBridge();
  server.romeo.send(`<iq type='get' id='q' to='${host}'>${payload}</iq>`);
  answer((await next()).id, "", "error");
  expect(await answered()).toContain("<service-unavailable ");
});

test("what waits for it is limited", async () => {
  await start();
  await server.connectBridge();
  for (let index = 0; index <= 1000; index += 1)
    server.romeo.send(`<iq type='get' id='${index}' to='${host}'>${payload}</iq>`);
  expect(await answered()).toMatch(/id='1000'.*<service-unavailable /);
});

test("what lacks an attribute that is asked for is answered as ever", async () => {
  await start([{ namespace: "urn:xmpp:ping", attributes: ["node"] }]);
  await server.connectBridge();
  server.romeo.send(`<iq type='get' id='q' to='${host}'><ping xmlns='urn:xmpp:ping'/></iq>`);
  expect(await answered()).toContain("type='result'");
});

test("what the component asks for, itself or in the name of somebody, is the server's to answer", async () => {
  const roster = "<query xmlns='jabber:iq:roster'/>";
  await start([{ namespace: "jabber:iq:roster" }], {
    privileges: { roster: "get", iq: { "jabber:iq:roster": "get" } },
  });
  await server.connectBridge();
  expect(await server.ask("get", `romeo@${host}`, roster)).toContain("<query xmlns='jabber:iq:roster' ver='0'");
  const inside = `<privileged_iq xmlns='urn:xmpp:privilege:2'><iq xmlns='jabber:client' type='get' id='i'>${roster}</iq></privileged_iq>`;
  expect(await server.ask("get", `romeo@${host}`, inside)).toContain("<query xmlns='jabber:iq:roster' ver='0'");
  server.romeo.send(`<iq type='get' id='q'>${roster}</iq>`);
  expect((await next()).inner).toContain("jabber:iq:roster");
});
