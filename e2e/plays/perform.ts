import { mismatch } from "../../server/core/xml-pattern.ts";
import { Element } from "../../server/xmpp/element.ts";
import { Stanza } from "../../server/xmpp/stanza.ts";
import type { XmlElement } from "../support/xml.ts";
import { conditionOf, XmppClient } from "../support/xmpp-client.ts";
import type { Actor, Play, Step } from "./grammar.ts";
import { plainMessage, tokenAnswer, tokenMessage } from "./login-messages.ts";
import type { Stage } from "./stage.ts";

const waitMs = 5_000;
const streamManagement = "urn:xmpp:sm:3";

/** Performs a play with accounts of its own, marked with `mark`. Rejects with what went wrong and where. */
export async function perform(play: Play, stage: Stage, mark: string): Promise<void> {
  const performance = new Performance(play, stage, mark);
  try {
    await performance.run();
  } finally {
    await performance.end();
  }
}

/** In what is to be received: any value, which has this name from there on. */
const named = /\{as [^{}]+\}/g;

class Performance {
  readonly #play: Play;
  readonly #stage: Stage;
  readonly #mark: string;
  readonly #clients = new Map<string, XmppClient>();
  /** Full JIDs, remembered after the connection is gone. */
  readonly #fullJids = new Map<string, string>();
  /** Ids under which streams can be resumed (XEP-0198 5), the same way. */
  readonly #streamIds = new Map<string, string>();

  /** Values that the play gave a name to. */
  readonly #values = new Map<string, string>();

  /** Ids of what each client received last. */
  readonly #lastIds = new Map<string, string>();

  constructor(play: Play, stage: Stage, mark: string) {
    this.#play = play;
    this.#stage = stage;
    this.#mark = mark;
  }

  async run(): Promise<void> {
    const made = new Set<string>();
    for (const actor of this.#play.actors) {
      const { local, host, bare } = this.#address(actor);
      if (!actor.isRegistered || made.has(bare)) continue;
      made.add(bare);
      await this.#stage.createAccount(local, host, actor.password);
    }
    for (const step of this.#play.steps) {
      try {
        await this.#step(step);
      } catch (error) {
        throw new Error(`line ${step.line}: ${step.actor} ${step.action.kind}: ${this.#plain(message(error))}`, {
          cause: error,
        });
      }
    }
    await this.#settle();
    for (const [name, client] of this.#clients) this.#expectNothing(name, client);
  }

  async end(): Promise<void> {
    for (const client of this.#clients.values()) await client.close();
  }

  async #step({ actor: name, action, xml }: Step): Promise<void> {
    const actor = this.#play.actors.find((one) => one.name === name)!;
    switch (action.kind) {
      case "opens a stream":
        this.#clients.set(name, await this.#open(actor));
        return;
      case "opens an encrypted stream":
        this.#clients.set(name, await this.#open(actor, true));
        return;
      case "connects":
        await this.#connect(actor);
        return;
      case "logs in":
        await this.#logIn(actor);
        return;
      case "cannot connect": {
        const condition = await this.#connect(actor).then(() => "connected", message);
        if (condition !== action.condition) throw new Error(`got ${condition}`);
        return;
      }
      case "sends":
        this.#client(name).send(this.#filled(xml));
        return;
      case "receives": {
        const received = await this.#client(name).receive(isNoRequest, waitMs);
        const difference = this.#difference(xml, received);
        if (difference !== null) throw new Error(`${difference}\n    received: ${toElement(received).toString()}`);
        if (xml.includes("{as ")) this.#remember(Stanza.parse(this.#filled(xml)).element, this.#seen(xml, received));
        const { id } = received.attrs;
        if (received.ns === streamManagement && id !== undefined) this.#streamIds.set(name, id);
        else if (id !== undefined) this.#lastIds.set(name, id);
        return;
      }
      case "may receive": {
        await this.#settle();
        const next = this.#client(name).pending.find(isNoRequest);
        if (next !== undefined && this.#difference(xml, next) === null) await this.#client(name).receive(isNoRequest);
        return;
      }
      case "receives nothing":
        await this.#settle();
        this.#expectNothing(name, this.#client(name));
        return;
      case "disconnects":
        await this.#client(name).close();
        this.#clients.delete(name);
        await this.#settle();
        return;
      case "dies":
        this.#client(name).destroy();
        this.#clients.delete(name);
        return;
      case "is disconnected":
        await this.#client(name).untilClosed(waitMs);
        this.#clients.delete(name);
        return;
    }
  }

  #difference(xml: string, received: XmlElement): string | null {
    return mismatch(Stanza.parse(this.#filled(xml).replace(named, "{any}")).element, this.#seen(xml, received));
  }

  /** What was received, without what counts only in plays that mention it. */
  #seen(xml: string, received: XmlElement): Element {
    return toElement(received, { language: xml.includes("xml:lang"), stanzaId: xml.includes("<stanza-id ") });
  }

  /** Values that the pattern gives a name to. */
  #remember(pattern: Element, actual: Element): void {
    const keep = (wanted: string, found: string | undefined): void => {
      const name = /^\{as (.+)\}$/.exec(wanted.trim())?.[1];
      if (name !== undefined && found !== undefined) this.#values.set(name, found);
    };
    for (const [key, value] of pattern.attrs) keep(value, actual.attr(key));
    keep(pattern.text, actual.text);
    const children = actual.elements();
    for (const [index, child] of pattern.elements().entries()) this.#remember(child, children[index]!);
  }

  async #connect(actor: Actor): Promise<void> {
    const client = await this.#open(actor);
    const { local, resource } = this.#address(actor);
    await client.login(local, actor.password, resource === "" ? {} : { resource });
    this.#clients.set(actor.name, client);
    this.#fullJids.set(actor.name, client.jid);
  }

  /** Authenticates and opens the stream that a resource would be bound on. */
  async #logIn(actor: Actor): Promise<void> {
    const client = await this.#open(actor);
    const condition = await client.authenticate(this.#address(actor).local, actor.password, "SCRAM-SHA-1");
    if (condition !== null) throw new Error(condition);
    await client.openStream();
    this.#clients.set(actor.name, client);
  }

  async #open(actor: Actor, isEncrypted = false): Promise<XmppClient> {
    const { host } = this.#address(actor);
    const { port, transport } = this.#stage;
    // A WebSocket has no STARTTLS.
    const tls = !isEncrypted ? "none" : transport === "tcp" ? "starttls" : "direct";
    const client = await XmppClient.connect({ port, transport, host, tls });
    if (client.streamError !== null) throw new Error(conditionOf(client.streamError));
    return client;
  }

  #client(name: string): XmppClient {
    const client = this.#clients.get(name);
    if (client === undefined) throw new Error(`${name} is not connected`);
    return client;
  }

  /** Twice round, so that what one client's stanza made the server send to another has arrived. */
  async #settle(): Promise<void> {
    for (let round = 0; round < 2; round += 1) {
      for (const client of this.#clients.values()) if (client.jid !== "") await client.ping(waitMs);
    }
  }

  #expectNothing(name: string, client: XmppClient): void {
    const extra = client.pending.find(isNoRequest);
    if (extra !== undefined) throw new Error(this.#plain(`${name} received more: ${toElement(extra).toString()}`));
  }

  /** The actor's address in this performance: the local part bears its mark. */
  #address(actor: Actor): { local: string; host: string; bare: string; resource: string } {
    const [, name = "", host = "", resource = ""] = /^([^@]+)@([^/]+)(?:\/(.+))?$/.exec(actor.jid) ?? [];
    const local = `${name}.${this.#mark}`;
    return { local, host, bare: `${local}@${host}`, resource };
  }

  #filled(xml: string): string {
    let filled = xml;
    for (const actor of this.#play.actors) {
      const { bare, local } = this.#address(actor);
      const full = this.#fullJids.get(actor.name);
      if (full !== undefined) filled = filled.replaceAll(`\${${actor.name}'s full JID}`, full);
      const streamId = this.#streamIds.get(actor.name);
      if (streamId !== undefined) filled = filled.replaceAll(`\${${actor.name}'s stream id}`, streamId);
      const lastId = this.#lastIds.get(actor.name);
      if (lastId !== undefined) filled = filled.replaceAll(`\${${actor.name}'s last id}`, lastId);
      filled = filled.replaceAll(`\${${actor.name}'s bare JID}`, bare).replaceAll(`\${${actor.name}'s name}`, local);
    }
    for (const [name, value] of this.#values) {
      filled = filled.replaceAll(`\${${name}}`, value);
      const token = /;preauth=(\w+)/.exec(value)?.[1];
      if (token !== undefined) filled = filled.replaceAll(`\${the token of ${name}}`, token);
    }
    filled = this.#withMessages(filled);
    const left = /\$\{[^}]*\}/.exec(filled);
    if (left !== null) throw new Error(`nothing is known of ${left[0]}`);
    return filled;
  }

  /** Fills in what logins are made of, which takes the password or a token that the play gave a name to. */
  #withMessages(xml: string): string {
    let filled = xml;
    for (const actor of this.#play.actors) {
      const { local } = this.#address(actor);
      filled = filled.replaceAll(`\${${actor.name}'s PLAIN message}`, plainMessage(local, actor.password));
      for (const [name, value] of this.#values)
        filled = filled.replaceAll(`\${${actor.name}'s message with ${name}}`, tokenMessage(local, value));
    }
    for (const [name, value] of this.#values)
      filled = filled.replaceAll(`\${the server's answer with ${name}}`, tokenAnswer(value));
    return filled;
  }

  /** A message without the marks. */
  #plain(text: string): string {
    return text.replaceAll(`.${this.#mark}@`, "@");
  }
}

/** A server may ask for an acknowledgement whenever it likes (XEP-0198 4), so that does not count. */
function isNoRequest({ ns, name }: XmlElement): boolean {
  return ns !== streamManagement || name !== "r";
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

// A server may put the stream's language on a stanza (RFC 6120 8.1.5) and the id that it keeps it under (XEP-0359): they count
// only in plays that speak of them.
function toElement(
  { name, ns, attrs, children }: XmlElement,
  counts: { readonly language: boolean; readonly stanzaId: boolean } = { language: false, stanzaId: true },
): Element {
  const counting = children.filter((node) => typeof node === "string" || counts.stanzaId || node.name !== "stanza-id");
  return new Element(
    name,
    ns,
    new Map(Object.entries(attrs).filter(([key]) => counts.language || key !== "xml:lang")),
    counting.map((node) => (typeof node === "string" ? node : toElement(node, counts))),
  );
}
