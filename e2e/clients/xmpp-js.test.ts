/** A client written by others (@xmpp/client over TCP): registers, logs in, chats, receives what it missed. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { xml, type Client } from "@xmpp/client";
import { TestServer } from "../support/server.ts";
import { Sink } from "../support/sink.ts";
import { trustCertificateOf } from "../support/trust.ts";
import { client } from "../support/xmpp-js.ts";

type Element = ReturnType<typeof xml>;

let server: TestServer;
const sink = new Sink();
const open: Client[] = [];

before(async () => {
  await sink.start();
  server = await TestServer.start({ env: { NIGHTPOST_STARTTLS: "required", NIGHTPOST_PLAIN_WITHOUT_TLS: "false" } });
  trustCertificateOf(server);
  await server.api.registration.set({
    policy: { ...(await server.api.registration.get({})).policy, mode: "open", timeout: "infinity" },
  });
  await server.api.forward.setTarget({
    name: "web",
    withRule: true,
    target: { url: sink.url, jid: "bare", allowPrivate: true, maxAttempts: 5 },
  });
});

after(async () => {
  for (const one of open) await one.stop();
  await server.stop();
  await sink.stop();
});

async function connect(username: string, resource = "test"): Promise<Client> {
  const one = client({
    service: `xmpp://127.0.0.1:${server.c2sPort}`,
    domain: "localhost",
    username,
    password: "a long password",
    resource,
  });
  one.on("error", () => undefined);
  open.push(one);
  await one.start();
  return one;
}

function next(one: Client, matches: (stanza: Element) => boolean): Promise<Element> {
  return new Promise((resolve) => {
    const check = (stanza: Element): void => {
      if (!matches(stanza)) return;
      one.off("stanza", check);
      resolve(stanza);
    };
    one.on("stanza", check);
  });
}

const bodyOf = (stanza: Element): string => stanza.getChildText("body") ?? "";

test("an account is registered in-band and logs in", async () => {
  const { XmppClient } = await import("../support/xmpp-client.ts");
  for (const name of ["romeo", "juliet"]) {
    const stream = await XmppClient.connect({ port: server.tlsPort, host: "localhost", tls: "direct" });
    const answer = await stream.ask(
      "set",
      "",
      `<query xmlns='jabber:iq:register'><username>${name}</username><password>a long password</password></query>`,
    );
    assert.equal(answer.attrs["type"], "result");
    await stream.close();
  }
  const romeo = await connect("romeo");
  // What it asked for, and what the server adds (XEP-0386 3.2.1).
  assert.match(String(romeo.jid), /^romeo@localhost\/test\/[\w-]+$/);
});

test("two clients chat", async () => {
  const juliet = await connect("juliet", "balcony");
  await juliet.send(xml("presence"));
  const romeo = await connect("romeo", "orchard");
  await romeo.send(xml("presence"));
  const got = next(juliet, (stanza) => stanza.is("message"));
  await romeo.send(xml("message", { type: "chat", to: "juliet@localhost" }, xml("body", {}, "Neither, fair saint")));
  const message = await got;
  assert.equal(bodyOf(message), "Neither, fair saint");
  assert.equal(message.attrs["from"], romeo.jid?.toString());
  await juliet.stop();
});

test("messages for somebody away are forwarded, and delivered at the next login in order with a delay stamp", async () => {
  const romeo = await connect("romeo", "garden");
  const texts = ["eins & zwei=drei+vier%", "二", "three"];
  for (const value of texts)
    await romeo.send(xml("message", { type: "chat", to: "juliet@localhost" }, xml("body", {}, value)));
  await sink.until(() => sink.requests.length >= 3);
  assert.deepEqual(
    sink.requests.map(({ body }) => Object.fromEntries(new URLSearchParams(body))),
    texts.map((body) => ({ from: "romeo@localhost", to: "juliet@localhost", body })),
  );
  const juliet = client({
    service: `xmpp://127.0.0.1:${server.c2sPort}`,
    domain: "localhost",
    username: "juliet",
    password: "a long password",
  });
  open.push(juliet);
  const received: Element[] = [];
  const complete = new Promise<void>((resolve) => {
    juliet.on("stanza", (stanza: Element) => {
      if (stanza.is("message")) received.push(stanza);
      if (received.length === texts.length) resolve();
    });
  });
  juliet.on("online", () => void juliet.send(xml("presence")));
  await juliet.start();
  await complete;
  assert.deepEqual(received.map(bodyOf), texts);
  for (const stanza of received)
    assert.match(String(stanza.getChild("delay", "urn:xmpp:delay")?.attrs["stamp"]), /^\d{4}-\d\d-\d\dT/);
});
