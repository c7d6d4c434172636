import { createHash } from "node:crypto";
import { once } from "node:events";
import tls from "node:tls";
import { Component } from "../support/component.ts";
import { child, elements, text, type XmlElement } from "../support/xml.ts";
import { conditionOf, XmppClient } from "../support/xmpp-client.ts";
import { ask, bareOf, befriend, check, componentSecret, deep, domain, featuresOf, message } from "./stage.ts";
import type { Category } from "./suite.ts";

const NS_INFO = "http://jabber.org/protocol/disco#info";
const NS_ITEMS = "http://jabber.org/protocol/disco#items";
const NS_CAPS = "http://jabber.org/protocol/caps";
const NS_EVENT = "http://jabber.org/protocol/pubsub#event";
const NS_NICK = "http://jabber.org/protocol/nick";

export const core: Category = {
  name: "Core",
  rows: [
    {
      feature: "Core features",
      level: "server",
      specifications: "RFC 6120",
      behaviour:
        "SCRAM and two resources of one account; from is stamped; an unknown iq is answered; a forged from ends the stream",
      async show(stage) {
        const one = await stage.login("romeo", "one");
        const two = await stage.login("romeo", "two");
        check(one.jid === `${stage.bare("romeo")}/one` && two.jid !== one.jid, "the resources were not bound");
        one.send(`<message type='chat' to='${two.jid}'><body>core</body></message>`);
        const received = await message(two, "core");
        check(received.attrs["from"] === one.jid, "from was not stamped");
        const unknown = await one.ask("get", domain, "<query xmlns='urn:example:nobody-knows'/>");
        check(conditionOf(unknown) === "service-unavailable", "an unknown iq was not answered");
        one.send(`<message from='tybalt@${domain}' to='${two.jid}'><body>forged</body></message>`);
        await one.untilClosed();
        check(one.streamError !== null && conditionOf(one.streamError) === "invalid-from", "a forged from passed");
      },
    },
    {
      feature: "TLS",
      level: "server",
      specifications: "RFC 7590",
      behaviour: "TLS 1.2 or newer before the login, which is not offered without; TLS 1.1 is refused",
      async show(stage) {
        await stage.login("romeo", "secure");
        const { server, transport } = stage;
        if (transport === "tcp") {
          const plain = await XmppClient.connect({ port: server.c2sPort, host: domain });
          const offered = elements(plain.features!);
          await plain.close();
          check(
            offered.length === 1 && deep(offered[0]!, "required", "urn:ietf:params:xml:ns:xmpp-tls") !== undefined,
            `before TLS it offers ${offered.map(({ name }) => name).join(", ")}`,
          );
        }
        const port = transport === "tcp" ? server.tlsPort : server.httpPort;
        const old = tls.connect({
          port,
          host: "127.0.0.1",
          servername: domain,
          rejectUnauthorized: false,
          minVersion: "TLSv1.1",
          maxVersion: "TLSv1.1",
          ciphers: "DEFAULT@SECLEVEL=0",
        });
        const outcome = await Promise.race([
          once(old, "secureConnect").then(() => "accepted"),
          once(old, "error").then(() => "refused"),
        ]).catch(() => "refused");
        old.destroy();
        check(outcome === "refused", "TLS 1.1 was accepted");
      },
    },
    {
      feature: "Direct TLS",
      level: "advanced",
      specifications: "XEP-0368",
      behaviour: "TLS from the first byte on a port of its own, ALPN xmpp-client answered, login inside",
      isOnce: true,
      async show(stage) {
        const { tlsPort } = stage.server;
        const socket = tls.connect({
          port: tlsPort,
          host: "127.0.0.1",
          servername: domain,
          rejectUnauthorized: false,
          ALPNProtocols: ["xmpp-client"],
        });
        await once(socket, "secureConnect");
        const { alpnProtocol } = socket;
        socket.destroy();
        check(alpnProtocol === "xmpp-client", `ALPN answered ${String(alpnProtocol)}`);
        await stage.server.register(stage.name("direct"), stage.password);
        const client = await XmppClient.connect({ port: tlsPort, host: domain, tls: "direct" });
        await client.login(stage.name("direct"), stage.password);
        await client.close();
      },
    },
    {
      feature: "Feature discovery",
      level: "server",
      specifications: "XEP-0030",
      behaviour:
        "the server, its services and the own account tell identities, features and items; a stranger learns nothing",
      async show(stage) {
        const romeo = await stage.login("romeo", "disco");
        const juliet = await stage.login("juliet", "disco");
        check((await featuresOf(romeo, domain)).has(NS_INFO), "the server has no features");
        const account = await ask(romeo, "get", bareOf(romeo), `<query xmlns='${NS_INFO}'/>`);
        const identities = elements(account!).filter(({ name }) => name === "identity");
        check(
          identities.some(({ attrs }) => attrs["category"] === "account" && attrs["type"] === "registered"),
          "the account is no account",
        );
        const items = elements((await ask(romeo, "get", domain, `<query xmlns='${NS_ITEMS}'/>`))!);
        check(items.length > 0, "there are no services");
        // The component answers for itself, and is not connected here.
        const own = items.map(({ attrs }) => attrs["jid"] ?? "").filter((jid) => jid !== `echo.${domain}`);
        for (const jid of own) await featuresOf(romeo, jid);
        const stranger = await juliet.ask("get", bareOf(romeo), `<query xmlns='${NS_INFO}'/>`);
        check(stranger.attrs["type"] === "error", "a stranger is told of an account");
      },
    },
    {
      feature: "Feature broadcasts",
      level: "advanced",
      specifications: "XEP-0115",
      behaviour: "the hash in the stream features is that of the disco#info under its node, and of the server itself",
      async show(stage) {
        const romeo = await stage.login("romeo", "caps");
        const caps = child(romeo.features!, "c", NS_CAPS);
        check(caps !== undefined, "no <c/> in the stream features");
        check(caps.attrs["hash"] === "sha-1", `hash ${caps.attrs["hash"] ?? ""}`);
        const node = `${caps.attrs["node"] ?? ""}#${caps.attrs["ver"] ?? ""}`;
        for (const suffix of ["", ` node='${node}'`]) {
          const info = await ask(romeo, "get", domain, `<query xmlns='${NS_INFO}'${suffix}/>`);
          const ver = verificationString(info!);
          check(ver === caps.attrs["ver"], `the features hash to ${ver}, ${caps.attrs["ver"] ?? ""} is announced`);
        }
      },
    },
    {
      feature: "Server Extensibility",
      level: "server",
      specifications: "XEP-0114",
      behaviour: "a component connects, proves its secret and gets what is sent to its domain",
      isOnce: true,
      async show(stage) {
        const { items } = await stage.server.api.server.listeners();
        const listener = items.find(({ name }) => name === "component");
        check(listener !== undefined, "there is no listener for components");
        const to = `echo.${domain}`;
        const liar = await Component.open(listener.port, to);
        liar.prove("another secret, not that one");
        await liar.until("<not-authorized ");
        const echo = await Component.connect(listener.port, to, componentSecret);
        const romeo = await stage.login("romeo", "component");
        romeo.send(`<message to='wall@${to}' id='shout'><body>who is there</body></message>`);
        const heard = await echo.until("</message>");
        check(heard.includes(` from='${romeo.jid}'`) && heard.includes("<body>who is there</body>"), heard);
        echo.send(`<message from='wall@${to}' to='${romeo.jid}'><body>is there</body></message>`);
        check((await message(romeo, "is there")).attrs["from"] === `wall@${to}`, "the answer has another sender");
        const listed = await ask(romeo, "get", domain, `<query xmlns='${NS_ITEMS}'/>`);
        check(
          elements(listed!).some(({ attrs }) => attrs["jid"] === to),
          "the host does not list the component",
        );
        echo.send(`<message from='juliet@${domain}' to='${romeo.jid}'><body>forged</body></message>`);
        await echo.until("<invalid-from ");
      },
    },
    {
      feature: "Event publishing",
      level: "advanced",
      specifications: "XEP-0163",
      behaviour: "a contact whose caps say nick+notify gets the event at once, and the last one when it comes online",
      async show(stage) {
        const romeo = await stage.login("romeo", "pep");
        const juliet = await stage.login("juliet", "pep");
        await befriend(romeo, juliet);
        announce(juliet);
        await answerCaps(juliet);
        await publishNick(romeo, "Romeo");
        await nickFrom(juliet, bareOf(romeo), "Romeo");
        const late = await stage.login("juliet", "late", false);
        announce(late);
        await answerCaps(late);
        await nickFrom(late, bareOf(romeo), "Romeo");
        const items = await ask(
          juliet,
          "get",
          bareOf(romeo),
          `<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='${NS_NICK}'/></pubsub>`,
        );
        check(deep(items!, "nick", NS_NICK) !== undefined, "the item cannot be fetched");
      },
    },
  ],
};

const clientFeatures = [NS_INFO, `${NS_NICK}+notify`];
const clientInfo =
  `<identity category='client' type='pc'/>` + clientFeatures.map((feature) => `<feature var='${feature}'/>`).join("");
const clientVer = createHash("sha1")
  .update(
    `client/pc//<${clientFeatures
      .toSorted()
      .map((feature) => `${feature}<`)
      .join("")}`,
  )
  .digest("base64");
const clientNode = "urn:nightpost:compliance";

function announce(client: XmppClient): void {
  client.send(`<presence><c xmlns='${NS_CAPS}' hash='sha-1' node='${clientNode}' ver='${clientVer}'/></presence>`);
}

/** Answers the server's question for its features, if it has to ask: it may know them from another client. */
async function answerCaps(client: XmppClient): Promise<void> {
  await client.ping();
  const question = client.pending.find(
    (stanza) => stanza.name === "iq" && deep(stanza, "query", NS_INFO) !== undefined,
  );
  if (question === undefined) return;
  const { id = "", from } = question.attrs;
  const to = from === undefined ? "" : ` to='${from}'`;
  client.send(
    `<iq type='result' id='${id}'${to}><query xmlns='${NS_INFO}' node='${clientNode}#${clientVer}'>${clientInfo}</query></iq>`,
  );
  await client.ping();
}

async function publishNick(client: XmppClient, nick: string): Promise<void> {
  await ask(
    client,
    "set",
    "",
    `<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='${NS_NICK}'><item id='current'><nick xmlns='${NS_NICK}'>${nick}</nick></item></publish></pubsub>`,
  );
}

function nickFrom(client: XmppClient, from: string, nick: string): Promise<XmlElement> {
  return client.receive((stanza) => {
    if (stanza.name !== "message" || stanza.attrs["from"] !== from) return false;
    const event = child(stanza, "event", NS_EVENT);
    const found = event === undefined ? undefined : deep(event, "nick", NS_NICK);
    return found !== undefined && text(found) === nick;
  });
}

/** XEP-0115 5.1, from the answer alone. */
function verificationString(info: XmlElement): string {
  const identities: string[] = [];
  const features: string[] = [];
  const forms: string[] = [];
  for (const one of elements(info)) {
    const { category = "", type = "", name = "" } = one.attrs;
    if (one.name === "identity") identities.push(`${category}/${type}/${one.attrs["xml:lang"] ?? ""}/${name}`);
    else if (one.name === "feature") features.push(one.attrs["var"] ?? "");
    else if (one.ns === "jabber:x:data") forms.push(formString(one));
  }
  // What ends each of them plays no part in their order.
  const parts = [identities, features].map((list) => list.toSorted(byOctets).map((part) => `${part}<`));
  const all = [...parts.flat(), ...forms.toSorted(byOctets)].join("");
  return createHash("sha1").update(all).digest("base64");
}

function formString(form: XmlElement): string {
  let type = "";
  const fields: string[] = [];
  for (const field of elements(form)) {
    const values = elements(field)
      .filter(({ name }) => name === "value")
      .map(text);
    if (field.attrs["var"] === "FORM_TYPE") type = `${values.join("")}<`;
    else
      fields.push(
        `${field.attrs["var"] ?? ""}<${values
          .toSorted(byOctets)
          .map((value) => `${value}<`)
          .join("")}`,
      );
  }
  return type + fields.toSorted(byOctets).join("");
}

function byOctets(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
