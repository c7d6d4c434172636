/** Clients behind proxies, and web clients, as the configuration has it. */
import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { after, before, test } from "node:test";
import { TestServer } from "../support/server.ts";

let server: TestServer;

before(async () => {
  server = await TestServer.start({
    env: {
      NIGHTPOST_C2S_PROXY_PROTOCOL: "true",
      NIGHTPOST_HTTP_PROXY_PROTOCOL: "true",
      NIGHTPOST_HTTP_PUBLIC_URL: "https://chat.example.org",
      NIGHTPOST_HTTP_BOSH: "false",
    },
  });
});

after(() => server.stop());

/** Sends the text behind a header of the PROXY protocol and returns what comes until the pattern matches, or the end. */
async function through(port: number, address: string, text: string, pattern: RegExp): Promise<string> {
  const socket = net.connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(`PROXY TCP4 ${address} 127.0.0.1 40000 ${port}\r\n${text}`);
  let received = "";
  for await (const chunk of socket.setEncoding("utf8")) {
    received += String(chunk);
    if (pattern.test(received)) break;
  }
  socket.destroy();
  return received;
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: chat.example.org\r\nConnection: close\r\n\r\n`;

test("the client ports want a header of the PROXY protocol from a trusted proxy", async () => {
  const header =
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0'>";
  const features = await through(server.c2sPort, "192.0.2.7", header, /<\/stream:features>/);
  assert.match(features, /<mechanism>SCRAM-SHA-256<\/mechanism>/);
  const socket = net.connect(server.c2sPort, "127.0.0.1");
  socket.write(header);
  socket.resume();
  await once(socket, "close");
});

test("a client behind the proxy is no machine of ours: its unencrypted request is redirected", async () => {
  const answer = await through(server.httpPort, "192.0.2.7", get("/.well-known/host-meta"), /\r\n\r\n/);
  assert.match(answer, /^HTTP\/1.1 308 .*\r\nlocation: https:\/\/chat.example.org\/.well-known\/host-meta\r\n/is);
});

test("host-meta names the public URL and what is switched on", async () => {
  const answer = await through(server.httpPort, "127.0.0.1", get("/.well-known/host-meta.json"), /\}\]\}/);
  assert.deepEqual(JSON.parse(answer.slice(answer.indexOf("\r\n\r\n"))), {
    links: [{ rel: "urn:xmpp:alt-connections:websocket", href: "wss://chat.example.org/xmpp-websocket" }],
  });
  assert.match(await through(server.httpPort, "127.0.0.1", get("/http-bind"), /\r\n\r\n/), /^HTTP\/1.1 404 /);
});
