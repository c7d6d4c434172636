import type { Core } from "../../core/core.ts";
import type { KeySet } from "../../core/credentials.ts";
import { parseStanzaId } from "../../core/stanza-id.ts";
import type { ArchiveUnit } from "../../storage/ports.ts";
import { parseDateTime } from "../../xmpp/datetime.ts";
import type { Element } from "../../xmpp/element.ts";
import { StanzaError, StreamError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { readBlocked, readContact, readKeys, readNodeConfig } from "./account-import.ts";
import { ArchiveReader } from "./archive-reader.ts";
import type { Tally } from "./tally.ts";

/** An import may bring more than users may make. */
const maxItems = 100_000;
const maxBytes = 64 * 1024 * 1024;
const archiveStep = 50;
/** Contacts that the store is given at once. */
const rosterStep = 500;
const maxStatus = 1000;

/** Writes what a document holds of one account. Nothing is written in a dry run, but all is counted. */
export class AccountWriter {
  readonly user: Jid;
  readonly #core: Core;
  readonly #tally: Tally;
  readonly #isDry: boolean;
  readonly #mode: "new" | "known";
  readonly #password: string | null;
  readonly #renamed: (jid: Jid) => Jid;
  #keys: KeySet = {};
  /** The keys that the account was made with. */
  #stored: KeySet = this.#keys;
  #isThere: boolean;
  readonly #archiveReader = new ArchiveReader();
  readonly #nodes = new Map<string, Record<string, string>>();
  #archive: ArchiveUnit[] = [];

  /** `mode`: is there an account of the name? `renamed`: what an address of the document is here. */
  constructor(
    core: Core,
    tally: Tally,
    user: Jid,
    password: string | null,
    mode: "new" | "known",
    isDry: boolean,
    renamed: (jid: Jid) => Jid,
  ) {
    this.#core = core;
    this.#tally = tally;
    this.user = user;
    this.#password = password;
    this.#mode = mode;
    this.#isDry = isDry;
    this.#renamed = renamed;
    this.#isThere = mode === "known";
  }

  keys(element: Element): void {
    const found = readKeys(element);
    if (found === undefined) this.#tally.unknown(element);
    else this.#keys = { ...this.#keys, [found[0]]: found[1] };
  }

  async roster(query: Element): Promise<void> {
    const { domain, local } = this.user;
    const contacts = query.elements("item").flatMap((item) => readContact(item, this.user, this.#renamed) ?? []);
    this.#tally.items.contacts += contacts.length;
    for (let at = 0; at < contacts.length; at += rosterStep) {
      const step = contacts.slice(at, at + rosterStep);
      await this.#write(({ stores }) =>
        Promise.all(step.map((contact) => stores.rosters.put(domain, local, contact, maxItems))),
      );
    }
  }

  async request(presence: Element): Promise<void> {
    const from = this.#address(presence.attr("from"))?.toBare();
    if (from === undefined || presence.attr("type") !== "subscribe") return;
    this.#tally.items.requests += 1;
    const stanza = String(Stanza.from(presence).with({ from: from.bare, to: this.user.bare }));
    const { domain, local } = this.user;
    await this.#write(({ stores }) => stores.rosters.putRequest(domain, local, { jid: from.bare, stanza }, []));
  }

  async vcard(card: Element): Promise<void> {
    this.#tally.items.vcards += 1;
    const { domain, local } = this.user;
    await this.#write(async ({ stores, hosts }) => {
      await stores.personal.setVcard(domain, local, String(card));
      await hosts.get(domain)?.hooks.fire("vcard/changed", { user: this.user, card });
    });
  }

  async privateXml(query: Element): Promise<void> {
    const { domain, local } = this.user;
    for (const node of query.children) {
      if (typeof node === "string" || node.ns === "" || node.ns === query.ns) continue;
      this.#tally.items.privateXml += 1;
      const { ns, name } = node;
      await this.#write(({ stores }) => stores.personal.setPrivate(domain, local, ns, name, String(node), maxBytes));
    }
  }

  /** XEP-0012. */
  async lastActivity(query: Element): Promise<void> {
    const seconds = query.attr("seconds") ?? "";
    if (!/^\d{1,10}$/.test(seconds)) return this.#tally.unknown(query);
    const { domain, local } = this.user;
    const at = this.#core.clock.now() - Number(seconds) * 1000;
    await this.#write(({ stores }) =>
      stores.accounts.setLastActivity(domain, local, at, query.text.slice(0, maxStatus)),
    );
  }

  async blocked(element: Element): Promise<void> {
    const jids = readBlocked(element, this.#renamed);
    this.#tally.items.blocked += jids.length;
    const { domain, local } = this.user;
    if (jids.length > 0)
      await this.#write(({ stores }) => stores.personal.setBlocked(domain, local, jids, [], maxItems));
  }

  node(configure: Element): void {
    const config = readNodeConfig(configure);
    if (config === undefined) this.#tally.unknown(configure);
    else this.#nodes.set(config.node, config.options);
  }

  async nodeItems(element: Element): Promise<void> {
    const node = element.attr("node") ?? "";
    const items = element.elements("item").flatMap((item) => {
      const [id, payload] = [item.attr("id"), item.payload];
      return id === undefined || payload === undefined ? [] : [{ id, payload: String(payload) }];
    });
    if (node === "" || items.length === 0) return;
    this.#tally.items.nodeItems += items.length;
    const options = this.#nodes.get(node) ?? {};
    await this.#write(async ({ hosts }) => {
      const wish = { user: this.user, node, items, retract: [], options, required: {}, by: "import" };
      const outcome = await hosts.get(this.user.domain)?.hooks.fire("pep/publish", wish);
      if (outcome === undefined) this.#tally.problem(this.user.bare, `nothing keeps nodes here: ${node}`);
      if (outcome instanceof StanzaError) this.#tally.problem(this.user.bare, `${node}: ${outcome.condition}`);
    });
  }

  async offline(element: Element): Promise<void> {
    const { domain, local, bare } = this.user;
    const from = this.#address(element.attr("from"));
    if (from === undefined || !element.is("message", NS.client)) return;
    this.#tally.items.offlineMessages += 1;
    const now = this.#core.clock.now();
    const delay = element.elements("delay", NS.delay).find((one) => this.#address(one.attr("from"))?.full === domain);
    const at = parseDateTime(delay?.attr("stamp") ?? "") ?? now;
    const ownId = element.elements("stanza-id", NS.stanzaId).find((one) => one.attr("by") === bare);
    const key = parseStanzaId(ownId?.attr("id") ?? "");
    const stanza = Stanza.from(element).without((child) => child === delay || child === ownId);
    const message = {
      from: from.full,
      type: stanza.type ?? "normal",
      at,
      expiresAt: null,
      xml: String(stanza.with({ from: from.full, to: this.#address(stanza.to)?.full ?? bare })),
      ...(key === undefined ? {} : { archiveAs: key }),
    };
    await this.#write(({ stores }) =>
      stores.offline.commit({ host: domain, local, message, maxMessages: maxItems, maxBytes: Infinity, forwards: [] }),
    );
  }

  async archived(result: Element): Promise<void> {
    const read = this.#archiveReader.read(result);
    if (read === undefined) return;
    const { key, message } = read;
    const { domain: host, local } = this.user;
    const from = this.#address(message.attr("from") ?? this.user.bare);
    const to = this.#address(message.attr("to") ?? this.user.bare);
    if (from === undefined || to === undefined) return;
    this.#tally.items.archivedMessages += 1;
    const isOwn = from.bare === this.user.bare;
    const given = Stanza.from(message);
    const stanza = given.with({
      ...(given.from === undefined ? {} : { from: from.full }),
      ...(given.to === undefined ? {} : { to: to.full }),
    });
    const copy = { host, local, key, peer: (isOwn ? to : from).full, isOwn };
    this.#archive.push({ type: stanza.type ?? "normal", xml: String(stanza), copies: [copy] });
    if (this.#archive.length >= archiveStep) await this.#flush();
  }

  /** The account is complete. */
  async end(): Promise<void> {
    await this.#flush();
    await this.#require();
    if (this.#mode === "new" && !this.#canLogIn) this.#tally.withoutPassword += 1;
    if (this.#isDry) return;
    const core = this.#core;
    const { user } = this;
    // Keys may come after all else.
    if ((this.#mode === "known" && this.#canLogIn) || this.#keys !== this.#stored)
      await core.accounts.restorePassword(user, { password: this.#password, keys: this.#keys });
    await core.hosts.get(user.domain)?.hooks.fire("account/imported", { user });
    for (const session of [...core.sessions.of(user)])
      session.close(new StreamError("reset", "The account was imported anew."));
  }

  #address(text: string | undefined): Jid | undefined {
    const jid = Jid.tryParse(text ?? "");
    return jid === undefined ? undefined : this.#renamed(jid);
  }

  get #canLogIn(): boolean {
    return this.#password !== null || Object.keys(this.#keys).length > 0;
  }

  /** Does this to the store, once the account is there. */
  async #write(change: (core: Core) => Promise<unknown>): Promise<void> {
    await this.#require();
    if (!this.#isDry) await change(this.#core);
  }

  async #require(): Promise<void> {
    if (this.#isThere) return;
    this.#isThere = true;
    this.#stored = this.#keys;
    if (!this.#isDry) await this.#core.accounts.restore(this.user, { password: this.#password, keys: this.#keys });
  }

  async #flush(): Promise<void> {
    const units = this.#archive;
    this.#archive = [];
    if (units.length > 0) await this.#write(({ stores }) => stores.archive.keep(units));
  }
}
