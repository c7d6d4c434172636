/** What comes over a WebSocket (RFC 6455, RFC 7395): frames that are none, and elements in frames that are. */
import { header, plainAuth } from "../../server/core/testing-streams.ts";
import { webTestServer } from "../../server/core/testing-web.ts";
import { modules } from "../../server/modules/index.ts";
import { RawClient } from "../../server/net/testing.ts";
import { assertQuiet, type Target } from "./target.ts";

const host = "capulet.example";
const upgrade = [
  "GET /xmpp-websocket HTTP/1.1",
  "Host: localhost",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Protocol: xmpp",
  "\r\n",
].join("\r\n");

/** A frame as a client masks it (RFC 6455 5.2), with a key that changes nothing. */
function frame(head: number, text: string): Buffer {
  const length = Buffer.byteLength(text);
  const size = length < 126 ? [0x80 | length] : [0xfe, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(head, ...size, 0, 0, 0, 0), Buffer.from(text)]);
}

const opened = frame(0x81, `<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='${host}' version='1.0'/>`);

export async function webSockets(): Promise<Target> {
  const server = await webTestServer({
    modules,
    passwords: { [`juliet@${host}`]: "secret" },
    settings: { starttls: "optional", plainWithoutTls: true },
  });
  const connectedMs = 50;
  return {
    name: "websocket",
    words: [
      opened,
      frame(0x81, plainAuth("", "juliet", "secret")),
      frame(0x81, "<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"),
      frame(0x81, "<message xmlns='jabber:client' to='juliet@capulet.example'><body>x</body></message>"),
      frame(0x81, "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>"),
      frame(0x81, "<a/><b/>"),
      frame(0x81, header(host)),
      frame(0x01, "<message xmlns='jabber:client'>"),
      frame(0x80, "</message>"),
      frame(0x82, "binary"),
      frame(0x88, "\u0003\u0000"),
      frame(0x89, "ping"),
      frame(0xc1, "packed"),
    ],
    async run(input) {
      // Connections of one address in a second are counted by this clock.
      server.clock.advance(connectedMs);
      const client = await RawClient.connect(server.httpPort);
      client.send(upgrade);
      await client.until(/^HTTP\/1\.1 101 [^]*\r\n\r\n/);
      client.send(input);
      client.socket.end();
      await client.ended().catch(() => client.destroy());
      assertQuiet(server.complaints);
    },
    async check() {
      server.clock.advance(60_000);
      const client = await RawClient.connect(server.httpPort);
      client.send(upgrade);
      client.send(opened);
      await client.until("<stream:features");
      client.destroy();
    },
    stop: () => server.stop(),
  };
}
