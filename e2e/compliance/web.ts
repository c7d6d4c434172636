import { XmppClient } from "../support/xmpp-client.ts";
import { ask, check, domain, type Stage } from "./stage.ts";
import type { Category } from "./suite.ts";

const NS_BOSH = "http://jabber.org/protocol/httpbind";

export const web: Category = {
  name: "Web",
  rows: [
    {
      feature: "Web Connection Mechanisms: WebSocket",
      level: "server",
      specifications: "RFC 7395",
      behaviour: "a client logs in over wss, and an iq is answered",
      isOnce: true,
      async show(stage) {
        await stage.server.register(stage.name("romeo"), stage.password);
        const client = await XmppClient.connect({
          port: stage.server.httpPort,
          host: domain,
          transport: "websocket",
          tls: "direct",
        });
        await client.login(stage.name("romeo"), stage.password, { resource: "web" });
        await ask(client, "get", domain, "<ping xmlns='urn:xmpp:ping'/>");
        await client.close();
      },
    },
    {
      feature: "Web Connection Mechanisms: BOSH",
      level: "server",
      specifications: "XEP-0206, XEP-0124",
      behaviour: "a session is created over HTTP, SASL is offered in its answer, and the session ends when told to",
      isOnce: true,
      async show(stage) {
        const rid = 1_000_000;
        const created = await post(
          stage,
          `<body xmlns='${NS_BOSH}' xmlns:xmpp='urn:xmpp:xbosh' content='text/xml; charset=utf-8' hold='1' wait='5' ver='1.11' rid='${rid}' to='${domain}' xmpp:version='1.0'/>`,
        );
        const sid = /\ssid=['"]([^'"]+)['"]/.exec(created)?.[1];
        check(sid !== undefined, "no session was created");
        const features = created.includes("mechanisms")
          ? created
          : await post(stage, `<body xmlns='${NS_BOSH}' rid='${rid + 1}' sid='${sid}'/>`);
        check(features.includes("SCRAM-SHA-1"), "no SASL is offered");
        const next = created.includes("mechanisms") ? rid + 1 : rid + 2;
        const ended = await post(stage, `<body xmlns='${NS_BOSH}' rid='${next}' sid='${sid}' type='terminate'/>`);
        check(/type=['"]terminate['"]/.test(ended), "the session did not end");
      },
    },
    {
      feature: "Connection Mechanism Discovery",
      level: "noted",
      specifications: "XEP-0156",
      behaviour: "host-meta as XML and as JSON names the WebSocket and the BOSH address",
      isOnce: true,
      async show(stage) {
        for (const suffix of ["", ".json"]) {
          const response = await fetch(`http://127.0.0.1:${stage.server.httpPort}/.well-known/host-meta${suffix}`);
          const text = await response.text();
          check(response.status === 200, `host-meta${suffix}: ${response.status}`);
          check(text.includes("urn:xmpp:alt-connections:websocket"), `host-meta${suffix} names no WebSocket`);
          check(text.includes("urn:xmpp:alt-connections:xbosh"), `host-meta${suffix} names no BOSH`);
        }
      },
    },
  ],
};

async function post(stage: Stage, body: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${stage.server.httpPort}/http-bind`, {
    method: "POST",
    headers: { "content-type": "text/xml; charset=utf-8" },
    body,
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  check(response.status === 200, `/http-bind: ${response.status}`);
  return text;
}
