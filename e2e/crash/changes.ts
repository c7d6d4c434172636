import type { TestServer } from "../support/server.ts";
import { child, elements, text, type XmlElement } from "../support/xml.ts";
import { XmppClient } from "../support/xmpp-client.ts";

const password = "correct horse";
const user = "changer";

/** Below the limits of docs/limits.md: past them the oldest would leave in an orderly way. */
const most = 900;

/** Without it a node keeps its newest item only (XEP-0163 3). */
const keepAll =
  "<publish-options><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/pubsub#publish-options</value></field>" +
  "<field var='pubsub#max_items'><value>max</value></field></x></publish-options>";

/** What was confirmed, other than messages: the names of what must be there, by kind. */
type Kind = "contacts" | "notes" | "items" | "blocked addresses" | "accounts" | "ACLs";
const kinds: readonly Kind[] = ["contacts", "notes", "items", "blocked addresses", "accounts", "ACLs"];

const isResult = (answer: XmlElement): boolean => answer.attrs["type"] === "result";

/** Changes of everything a server confirms, one after the other until the connection dies, and whether they are there later. */
export class Changes {
  readonly #server: TestServer;
  readonly #confirmed = new Map<Kind, string[]>(kinds.map((kind) => [kind, []]));
  #number = 0;

  private constructor(server: TestServer) {
    this.#server = server;
  }

  static async prepare(server: TestServer): Promise<Changes> {
    await server.register(user, password);
    const { policy } = await server.api.policy.get();
    await server.api.registration.set({
      policy: { ...policy.registration, mode: "open", timeout: "infinity" },
    });
    return new Changes(server);
  }

  get count(): number {
    return [...this.#confirmed.values()].reduce((sum, names) => sum + names.length, 0);
  }

  /** Changes until the server is gone. */
  async untilKilled(): Promise<void> {
    try {
      const client = await XmppClient.connect({ port: this.#server.c2sPort, host: "localhost" });
      await client.login(user, password);
      while (this.#number < most) await this.#once(client);
    } catch {
      // The server was killed, as it was meant to be; what was not confirmed does not count.
    }
  }

  async #once(client: XmppClient): Promise<void> {
    this.#number += 1;
    const name = `n${this.#number}`;
    const change = async (kind: Kind, payload: string): Promise<void> => {
      if (isResult(await client.ask("set", "", payload))) this.#confirmed.get(kind)!.push(name);
    };
    await change("contacts", `<query xmlns='jabber:iq:roster'><item jid='${name}@example.org'/></query>`);
    await change("notes", `<query xmlns='jabber:iq:private'><note xmlns='urn:note:${name}'>${name}</note></query>`);
    await change(
      "items",
      `<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:nodes'><item id='${name}'><a xmlns='b'/></item></publish>${keepAll}</pubsub>`,
    );
    await change("blocked addresses", `<block xmlns='urn:xmpp:blocking'><item jid='${name}@example.org'/></block>`);
    const stranger = await XmppClient.connect({ port: this.#server.c2sPort, host: "localhost" });
    const registered = await stranger.ask(
      "set",
      "",
      `<query xmlns='jabber:iq:register'><username>${name}</username><password>${password}</password></query>`,
    );
    stranger.destroy();
    if (isResult(registered)) this.#confirmed.get("accounts")!.push(name);
    await this.#server.api.policy.setAcl({ name, any: [{ user: `${name}@localhost` }] });
    this.#confirmed.get("ACLs")!.push(name);
  }

  /** Names that were confirmed and are not there, with their kind. */
  async missing(): Promise<string[]> {
    const client = await XmppClient.connect({ port: this.#server.c2sPort, host: "localhost" });
    await client.login(user, password);
    const listed = async (payload: string): Promise<XmlElement[]> =>
      elements((await client.ask("get", "", payload)).children[0] as XmlElement);
    const localOf = ({ attrs }: XmlElement): string => attrs["jid"]?.split("@")[0] ?? "";
    const { policy } = await this.#server.api.policy.get();
    const there = new Map<Kind, Set<string>>([
      ["contacts", new Set((await listed("<query xmlns='jabber:iq:roster'/>")).map(localOf))],
      ["blocked addresses", new Set((await listed("<blocklist xmlns='urn:xmpp:blocking'/>")).map(localOf))],
      ["ACLs", new Set(Object.keys(policy.acl))],
    ]);
    const has = async (kind: Kind, name: string): Promise<boolean> => {
      switch (kind) {
        case "notes": {
          const [note] = await listed(`<query xmlns='jabber:iq:private'><note xmlns='urn:note:${name}'/></query>`);
          return text(note) === name;
        }
        case "items": {
          const question = `<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:nodes'><item id='${name}'/></items></pubsub>`;
          const [items] = await listed(question);
          return items !== undefined && child(items, "item")?.attrs["id"] === name;
        }
        case "accounts": {
          const owner = await XmppClient.connect({ port: this.#server.c2sPort, host: "localhost" });
          const condition = await owner.authenticate(name, password, "SCRAM-SHA-1");
          owner.destroy();
          return condition === null;
        }
        default:
          return there.get(kind)?.has(name) === true;
      }
    };
    const missing: string[] = [];
    for (const [kind, names] of this.#confirmed)
      for (const name of names) if (!(await has(kind, name))) missing.push(`${kind}: ${name}`);
    await client.close();
    return missing;
  }
}
