import type { TestServer } from "../support/server.ts";
import { child, elements, text, type XmlElement } from "../support/xml.ts";
import { conditionOf, XmppClient } from "../support/xmpp-client.ts";

export type Transport = "tcp" | "websocket";
export const domain = "localhost";
/** What the component `echo.localhost` proves to know. */
export const componentSecret = "as long as a secret of a component is";
const password = "a-good-secret";
const roster = "jabber:iq:roster";

/** One row on one transport: a server that runs with its defaults, and clients that end with the row. */
export class Stage {
  readonly server: TestServer;
  readonly transport: Transport;
  readonly #mark: string;
  readonly #clients: XmppClient[] = [];

  constructor(server: TestServer, transport: Transport, mark: string) {
    this.server = server;
    this.transport = transport;
    this.#mark = mark;
  }

  /** A name that no other row uses. */
  name(name: string): string {
    return `${name}-${this.#mark}`;
  }

  bare(name: string): string {
    return `${this.name(name)}@${domain}`;
  }

  /** A stream before the login, encrypted in the way of its transport. */
  async open(): Promise<XmppClient> {
    const { server, transport } = this;
    const port = transport === "tcp" ? server.c2sPort : server.httpPort;
    const tls = transport === "tcp" ? "starttls" : "direct";
    const client = await XmppClient.connect({ port, host: domain, transport, tls });
    this.#clients.push(client);
    return client;
  }

  /** Logs an account in, which is made if there is none, and binds the resource; `isAvailable`: with presence. */
  async login(name: string, resource: string, isAvailable = true): Promise<XmppClient> {
    await this.server.register(this.name(name), password);
    const client = await this.open();
    await client.login(this.name(name), password, { resource });
    if (isAvailable) {
      client.send("<presence/>");
      await client.receive((stanza) => stanza.name === "presence" && stanza.attrs["from"] === client.jid);
    }
    return client;
  }

  get password(): string {
    return password;
  }

  async end(): Promise<void> {
    for (const client of this.#clients.splice(0)) await client.close();
  }
}

/** The payload of the result. Throws Error with the condition otherwise. */
export async function ask(
  client: XmppClient,
  type: "get" | "set",
  to: string,
  payload: string,
): Promise<XmlElement | undefined> {
  const answer = await client.ask(type, to, payload);
  if (answer.attrs["type"] !== "result") {
    const name = /<([\w:-]+)/.exec(payload)?.[1] ?? "";
    throw new Error(`<${name}/> to ${to === "" ? "the own account" : to}: ${conditionOf(answer)}`);
  }
  return elements(answer)[0];
}

/** Features that disco#info tells of an entity. */
export async function featuresOf(client: XmppClient, to: string): Promise<ReadonlySet<string>> {
  const info = await ask(client, "get", to, "<query xmlns='http://jabber.org/protocol/disco#info'/>");
  const features = elements(info!).filter(({ name }) => name === "feature");
  return new Set(features.map(({ attrs }) => attrs["var"] ?? ""));
}

/** Makes two accounts see each other's presence. */
export async function befriend(one: XmppClient, other: XmppClient): Promise<void> {
  for (const client of [one, other]) await ask(client, "get", "", `<query xmlns='${roster}'/>`);
  const isFrom = (from: string, type: string) => (stanza: XmlElement) =>
    stanza.name === "presence" && stanza.attrs["from"] === from && stanza.attrs["type"] === type;
  for (const [asking, asked] of [
    [one, other],
    [other, one],
  ] as const) {
    asking.send(`<presence type='subscribe' to='${bareOf(asked)}'/>`);
    await asked.receive(isFrom(bareOf(asking), "subscribe"));
    asked.send(`<presence type='subscribed' to='${bareOf(asking)}'/>`);
    await asking.receive(isFrom(bareOf(asked), "subscribed"));
  }
}

export function bareOf(client: XmppClient): string {
  return client.jid.split("/")[0]!;
}

/** The next message with this text in its body. */
export function message(client: XmppClient, body: string): Promise<XmlElement> {
  return client.receive((stanza) => stanza.name === "message" && find(stanza, "body") === body);
}

/** Text of the first child of that name. */
export function find(element: XmlElement, name: string): string | undefined {
  const found = child(element, name);
  return found === undefined ? undefined : text(found);
}

/** The first descendant of that name and namespace. */
export function deep(element: XmlElement, name: string, ns: string): XmlElement | undefined {
  if (element.name === name && element.ns === ns) return element;
  for (const one of elements(element)) {
    const found = deep(one, name, ns);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function check(isTrue: boolean, what: string): asserts isTrue {
  if (!isTrue) throw new Error(what);
}
