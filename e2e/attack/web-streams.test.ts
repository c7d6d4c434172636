/** WebSocket and BOSH (RFC 7395, XEP-0124): framing that lies, requests out of turn, sessions of others. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { WebSocket } from "ws";
import { RawClient } from "../../server/net/testing.ts";
import { TestServer } from "../support/server.ts";

let server: TestServer;
before(async () => {
  server = await TestServer.start();
  await server.register("amy", "correct horse");
});
after(() => server.stop());

const framing = "xmlns='urn:ietf:params:xml:ns:xmpp-framing'";
const open = `<open ${framing} to='localhost' version='1.0'/>`;

describe("WebSocket", () => {
  /** Everything the server says until it closes, and the code it closes with. */
  async function said(...messages: (string | Buffer)[]): Promise<{ text: string; code: number }> {
    const socket = new WebSocket(`ws://127.0.0.1:${server.httpPort}/xmpp-websocket`, "xmpp", {
      perMessageDeflate: false,
    });
    let text = "";
    socket.on("message", (data: Buffer) => (text += data.toString("utf8")));
    socket.on("error", () => undefined);
    await once(socket, "open");
    const closed = once(socket, "close", { signal: AbortSignal.timeout(10_000) });
    for (const message of messages) socket.send(message);
    const [code] = (await closed) as [number];
    return { text, code };
  }

  const hostile: [name: string, messages: (string | Buffer)[]][] = [
    ["two elements in one message", [open, "<iq type='get' id='1'/><iq type='get' id='2'/>"]],
    ["half an element", [open, "<iq type='get'"]],
    ["an element in two messages", [open, "<iq type='get' id='1'>", "</iq>"]],
    [
      "a stream tag",
      [
        "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0'>",
      ],
    ],
    ["a stanza before the opening", ["<iq xmlns='jabber:client' type='get' id='1'/>"]],
    ["a document type", [open, "<!DOCTYPE x [<!ENTITY a 'b'>]><iq/>"]],
    ["a processing instruction", [open, "<?x y?>"]],
    ["a comment", [open, "<!-- x -->"]],
    ["white space", [open, "   \n"]],
    ["bytes instead of text", [open, Buffer.from([1, 2, 3])]],
    [
      "300 kB before the login",
      [open, `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${"A".repeat(300_000)}</auth>`],
    ],
    ["an unknown host", [`<open ${framing} to='nowhere.example' version='1.0'/>`]],
    ["another version of the framing", ["<open xmlns='urn:other' to='localhost' version='1.0'/>"]],
  ];
  for (const [name, messages] of hostile)
    test(`${name}: the end, and no answer to what it held`, async () => {
      const { text } = await said(...messages);
      assert.doesNotMatch(text, /<iq/);
    });

  const handshake = (headers: string): string =>
    `GET /xmpp-websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${headers}\r\n`;
  const key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
  const refused: [name: string, headers: string][] = [
    ["no subprotocol", `Sec-WebSocket-Version: 13\r\n${key}`],
    ["another subprotocol", `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n${key}`],
    ["an old version", `Sec-WebSocket-Version: 0\r\nSec-WebSocket-Protocol: xmpp\r\n${key}`],
    ["no key", "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: xmpp\r\n"],
  ];
  for (const [name, headers] of refused)
    test(`a handshake with ${name}: refused`, async () => {
      const client = await RawClient.connect(server.httpPort);
      client.send(handshake(headers));
      assert.match(await client.until("\r\n\r\n"), /^HTTP\/1\.1 4\d\d/);
      client.destroy();
    });

  test("a frame that is not masked: the end (RFC 6455 5.1)", async () => {
    const client = await RawClient.connect(server.httpPort);
    client.send(handshake(`Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: xmpp\r\n${key}`));
    await client.until("\r\n\r\n");
    client.send(Buffer.concat([Buffer.from([0x81, open.length]), Buffer.from(open)]));
    assert.doesNotMatch(await client.ended(), /<open/);
  });
});

describe("BOSH", () => {
  const ns = "xmlns='http://jabber.org/protocol/httpbind'";
  async function post(body: string, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
    const answer = await fetch(`http://127.0.0.1:${server.httpPort}/http-bind`, {
      method: "POST",
      headers: { "content-type": "text/xml", ...headers },
      body,
    });
    return { status: answer.status, text: await answer.text() };
  }
  const begin = async (rid: number): Promise<string> => {
    const { text } = await post(
      `<body ${ns} rid='${rid}' to='localhost' ver='1.11' wait='5' hold='1' xml:lang='en' xmpp:version='1.0' xmlns:xmpp='urn:xmpp:xbosh'/>`,
    );
    return /sid='([^']+)'/.exec(text)?.[1] ?? "";
  };

  const hostile: [name: string, body: string][] = [
    ["no XML", "hello"],
    ["nothing", ""],
    ["a document type", `<!DOCTYPE x [<!ENTITY a 'b'>]><body ${ns} rid='1' to='localhost'/>`],
    ["another element", `<iq ${ns}/>`],
    ["another namespace", "<body xmlns='x' rid='1' to='localhost'/>"],
    ["no request id", `<body ${ns} to='localhost'/>`],
    ["a request id that is too large", `<body ${ns} rid='99999999999999999999' to='localhost'/>`],
    ["a negative request id", `<body ${ns} rid='-5' to='localhost'/>`],
    ["an unknown session", `<body ${ns} rid='2' sid='nobody'/>`],
    ["an unknown host", `<body ${ns} rid='1' to='nowhere.example'/>`],
    ["two bodies", `<body ${ns} rid='1' to='localhost'/><body ${ns} rid='2' to='localhost'/>`],
    ["300 kB", `<body ${ns} rid='1' to='localhost'>${"x".repeat(300_000)}</body>`],
  ];
  for (const [name, body] of hostile)
    test(`${name}: refused, and no session begins`, async () => {
      const { status, text } = await post(body);
      assert.ok(status >= 400 || /type='terminate'/.test(text), `${status} ${text}`);
      assert.doesNotMatch(text, /sid='/);
    });

  test("a request id far ahead of its turn: item-not-found, and the session is over", async () => {
    const sid = await begin(1000);
    assert.notEqual(sid, "");
    assert.match((await post(`<body ${ns} rid='5000' sid='${sid}'/>`)).text, /item-not-found/);
    assert.match((await post(`<body ${ns} rid='1001' sid='${sid}'/>`)).text, /terminate/);
  });

  test("ids of sessions cannot be guessed", async () => {
    const ids = new Set(await Promise.all([1, 2, 3, 4].map((rid) => begin(rid * 1000))));
    assert.equal(ids.size, 4);
    for (const id of ids) assert.ok(id.length >= 22, id);
  });

  test("the answer may be read by pages elsewhere, but has no credentials in it", async () => {
    const answer = await fetch(`http://127.0.0.1:${server.httpPort}/http-bind`, {
      method: "OPTIONS",
      headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
    });
    assert.equal(answer.headers.get("access-control-allow-credentials"), null);
  });
});
