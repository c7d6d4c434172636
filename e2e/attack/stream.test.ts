/** Hostile streams over real sockets: each gets the RFC's error and the end of its connection, and nobody else notices. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { RawClient } from "../../server/net/testing.ts";
import { TestServer } from "../support/server.ts";
import { Bystanders } from "./bystander.ts";
import { header, loggedIn, plain } from "./raw-login.ts";

const numbered = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(" ");

let server: TestServer;
let bystanders: Bystanders;
before(async () => {
  server = await TestServer.start();
  bystanders = await Bystanders.meet(server);
});
after(async () => {
  await bystanders.part();
  await server.stop();
});

async function conditionFor(input: string | Buffer): Promise<string> {
  const client = await RawClient.connect(server.c2sPort);
  client.send(input);
  const answer = await client.ended();
  return /<stream:error><([a-z-]+)/.exec(answer)?.[1] ?? "no error";
}

describe("before the login", () => {
  const cases: [name: string, input: string | Buffer, condition: string][] = [
    ["a document type", `<!DOCTYPE x [<!ENTITY a "b">]>${header()}`, "restricted-xml"],
    ["a comment", `${header()}<!-- x -->`, "restricted-xml"],
    ["a processing instruction", `${header()}<?x y?>`, "restricted-xml"],
    ["an entity", `${header()}<iq id='&lol;'/>`, "restricted-xml"],
    ["a second header", header() + header(), "restricted-xml"],
    ["UTF-16", Buffer.from(header(), "utf16le"), "not-well-formed"],
    ["another encoding", header().replace("?>", " encoding='iso-8859-1'?>"), "unsupported-encoding"],
    ["overlong UTF-8", Buffer.from(`${header()}<a b='\xc0\xaf'/>`, "latin1"), "unsupported-encoding"],
    ["half an attribute twice", `${header()}<a b='1' b='2'/>`, "not-well-formed"],
    ["a prefix without a namespace", `${header()}<x:a/>`, "bad-namespace-prefix"],
    ["the namespace of servers", header().replace("jabber:client", "jabber:server"), "invalid-namespace"],
    ["another stream namespace", header().replace("etherx", "example"), "invalid-namespace"],
    ["no host", header("").replace(" to=''", ""), "improper-addressing"],
    ["an unknown host", header("nowhere.example"), "host-unknown"],
    ["HTTP", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "not-well-formed"],
    ["a stanza", `${header()}<message to='ben@localhost'><body>x</body></message>`, "not-authorized"],
    ["deep nesting", header() + "<a>".repeat(9), "policy-violation"],
    ["many elements", `${header()}<iq>${"<a/>".repeat(33)}`, "policy-violation"],
    ["many attributes", `${header()}<a ${numbered(33, (index) => `a${index}=''`)}/>`, "policy-violation"],
    ["many namespaces", `${header()}<a ${numbered(9, (index) => `xmlns:a${index}='u'`)}/>`, "policy-violation"],
    ["a large element that never ends", `${header()}<a b='${"x".repeat(9000)}`, "policy-violation"],
    ["white space without end", header() + " ".repeat(70_000), "policy-violation"],
    ["two logins in one go", header() + plain("", "amy", "correct horse") + plain("", "ben", "x"), "invalid-namespace"],
  ];
  for (const [name, input, condition] of cases)
    test(`${name}: ${condition}`, async () => assert.equal(await conditionFor(input), condition));

  test("encrypted and unencrypted bytes in one segment: the end (CVE-2011-0411)", async () => {
    const client = await RawClient.connect(server.c2sPort);
    client.send(header());
    await client.until("</stream:features>");
    client.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><iq type='get' id='x'/>");
    assert.doesNotMatch(await client.ended(), /<iq/);
  });

  test("somebody else as authzid: nobody is logged in", async () => {
    const client = await RawClient.connect(server.c2sPort);
    client.send(header() + plain("ben@localhost", "amy", "correct horse"));
    assert.match(await client.until("</failure>"), /<invalid-authzid\/>/);
    client.destroy();
  });

  test("another host after the login: host-unknown (CVE-2018-10847)", async () => {
    await server.api.hosts.add({ host: "other.example" });
    const client = await RawClient.connect(server.c2sPort);
    client.send(header() + plain("", "amy", "correct horse"));
    await client.until("<success");
    client.send(header("other.example"));
    assert.match(await client.ended(), /<host-unknown/);
  });
});

describe("after the login", () => {
  const message = (content: string): string => `<message to='ben@localhost/desk'>${content}</message>`;
  const cases: [name: string, input: string, condition: string][] = [
    ["8,000 levels", message("<a>".repeat(8000) + "</a>".repeat(8000)), "policy-violation"],
    ["5,001 elements", message("<a/>".repeat(5000)), "policy-violation"],
    ["1,001 attributes", message(`<a ${numbered(1001, (index) => `a${index}=''`)}/>`), "policy-violation"],
    ["101 namespaces", message(`<a ${numbered(101, (index) => `xmlns:a${index}='u'`)}/>`), "policy-violation"],
    ["300 kB", message(`<body>${"x".repeat(300_000)}</body>`), "policy-violation"],
    ["the sender's name forged", "<message from='ben@localhost' to='ben@localhost'/>", "invalid-from"],
    ["the server's name forged", "<presence from='localhost'/>", "invalid-from"],
    [
      "what belongs into an iq, without the iq",
      "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>",
      "unsupported-stanza-type",
    ],
    ["an element of nobody", "<foo xmlns='bar'/>", "unsupported-stanza-type"],
  ];
  for (const [name, input, condition] of cases) {
    test(`${name}: ${condition}`, async () => {
      const client = await loggedIn(server.c2sPort, "amy", "correct horse");
      client.send(input);
      assert.match(await client.ended(), new RegExp(`<stream:error><${condition} `));
    });
  }
});

test("those who were not attacked have noticed nothing", async () => {
  assert.ok((await bystanders.exchange()) < 1000);
});
