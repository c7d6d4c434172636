/** A client written by others (@xmpp/client) over WebSocket, found with host-meta as a web client finds it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { xml, type Client } from "@xmpp/client";
import { Cuttable } from "../support/cuttable.ts";
import { TestServer } from "../support/server.ts";
import { trustCertificateOf } from "../support/trust.ts";
import { client } from "../support/xmpp-js.ts";

type Element = ReturnType<typeof xml>;

let server: TestServer;
const open: Client[] = [];

before(async () => {
  server = await TestServer.start({ env: { NIGHTPOST_STARTTLS: "required", NIGHTPOST_PLAIN_WITHOUT_TLS: "false" } });
  trustCertificateOf(server);
  for (const name of ["romeo", "juliet"]) await server.register(name, "a long password");
});

after(async () => {
  for (const one of open) await one.stop();
  await server.stop();
});

function make(service: string, username: string, resource: string): Client {
  const one = client({ service, domain: "localhost", username, password: "a long password", resource });
  one.on("error", () => undefined);
  open.push(one);
  return one;
}

async function connect(service: string, username: string, resource: string): Promise<Client> {
  const one = make(service, username, resource);
  await one.start();
  return one;
}

function next(one: Client, name: string): Promise<Element> {
  return new Promise((resolve) => {
    const check = (stanza: Element): void => {
      if (!stanza.is(name)) return;
      one.off("stanza", check);
      resolve(stanza);
    };
    one.on("stanza", check);
  });
}

async function endpoint(origin: string): Promise<string> {
  const response = await fetch(`${origin}/.well-known/host-meta.json`);
  const { links } = (await response.json()) as { links: { rel: string; href: string }[] };
  return links.find(({ rel }) => rel === "urn:xmpp:alt-connections:websocket")?.href ?? "";
}

test("over ws on loopback and over wss, chatting with each other", async () => {
  const plain = await endpoint(`http://localhost:${server.httpPort}`);
  assert.equal(plain, `ws://localhost:${server.httpPort}/xmpp-websocket`);
  const secure = `wss://localhost:${server.httpPort}/ws`;
  const [romeo, juliet] = [await connect(plain, "romeo", "web"), await connect(secure, "juliet", "web")];
  await juliet.send(xml("presence"));
  await next(juliet, "presence");
  const got = next(juliet, "message");
  await romeo.send(xml("message", { type: "chat", to: "juliet@localhost" }, xml("body", {}, "a <b> & 'c'")));
  const message = await got;
  assert.equal(message.getChildText("body"), "a <b> & 'c'");
  assert.equal(message.attrs["from"], romeo.jid?.toString());
  const { items } = await server.api.sessions.list({});
  assert.deepEqual(
    items.map(({ jid, transport, tls }) => [jid, transport, tls?.protocol ?? null]),
    [
      [juliet.jid?.toString(), "websocket", "TLSv1.3"],
      [romeo.jid?.toString(), "websocket", null],
    ],
  );
});

test("a client whose connection breaks goes on where it was", async () => {
  const network = new Cuttable(server.httpPort);
  await network.start();
  const romeo = make(`ws://localhost:${network.port}/ws`, "romeo", "resumes");
  await romeo.start();
  await romeo.send(xml("presence"));
  await next(romeo, "presence");
  const before = romeo.jid?.toString();
  network.cut();
  const juliet = await connect(`ws://localhost:${server.httpPort}/ws`, "juliet", "sender");
  const got = next(romeo, "message");
  await juliet.send(xml("message", { type: "chat", to: "romeo@localhost" }, xml("body", {}, "still there?")));
  network.mend();
  assert.equal((await got).getChildText("body"), "still there?");
  const { items } = await server.api.sessions.list({ search: "resumes" });
  assert.deepEqual(
    items.map(({ jid, hibernating }) => [jid, hibernating]),
    [[before, false]],
  );
  await romeo.stop();
  await network.stop();
});
