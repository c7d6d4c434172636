import type { Core } from "../../core/core.ts";
import type { Contacts } from "../../core/hooks.ts";
import type { Host } from "../../core/host.ts";
import type { Packet } from "../../core/router.ts";
import { serverOrigin } from "../../core/router.ts";
import type { Session } from "../../core/session.ts";
import { el } from "../../xmpp/element.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";

/** Available resources elsewhere that are remembered for one host, each for everybody here who was told of it. */
const maxRemembered = 50_000;

/**
 * Who elsewhere was said to be available, to whom here. When their server is gone nobody else can say that they no longer are, so
 * this server does; when it is back, their presence is asked for again (RFC 6121 4.3).
 */
export class RemotePresence {
  readonly #core: Core;
  readonly #host: Host;
  /** By the address here, bare or full, then by domain: full JIDs there. */
  readonly #seen = new Map<string, Map<string, Set<string>>>();
  #count = 0;
  /** Accounts here that were told, by domain that is gone: the bare JIDs they were told of. */
  readonly #told = new Map<string, Map<string, Set<string>>>();

  constructor(core: Core, host: Host) {
    this.#core = core;
    this.#host = host;
  }

  /** Presence for an account here, or for a resource of it. */
  note({ stanza, from, to, origin }: Packet): undefined {
    if (origin.session !== null || this.#core.hosts.entity(from.domain) !== undefined) return;
    if (stanza.type === undefined) this.#add(to, from);
    else if (stanza.type === "unavailable" || stanza.type === "error") this.#delete(to, from);
  }

  /** A session is over; what its account knows goes with the last one. */
  forget({ jid, bare }: Pick<Session, "jid" | "bare">): undefined {
    this.#drop(jid.full);
    const isLast = !this.#core.sessions.of(bare).some((other) => other.isAvailable && !other.jid.equals(jid));
    if (isLast) this.#drop(bare.bare);
  }

  /** Does anybody here take somebody of the domain for available? */
  isWatching(domain: string): boolean {
    for (const domains of this.#seen.values()) if (domains.has(domain)) return true;
    return false;
  }

  /** The server of the domain cannot be reached: whoever took somebody there for available hears otherwise. */
  gone(domain: string): undefined {
    for (const session of this.#core.sessions.all()) {
      if (session.host !== this.#host || session.directed === null) continue;
      for (const [name, to] of session.directed) if (to.domain === domain) session.directed.delete(name);
    }
    const told = new Map<string, Set<string>>();
    for (const [local, domains] of [...this.#seen]) {
      const to = Jid.parse(local);
      for (const remote of domains.get(domain) ?? []) {
        const from = Jid.parse(remote);
        const known = told.get(to.bare) ?? new Set();
        told.set(to.bare, known.add(from.bare));
        // What it does with that takes it out of the list, too.
        this.#send("unavailable", from, to);
      }
    }
    if (told.size > 0) this.#told.set(domain, told);
  }

  /** The server of the domain is back: those who are still here ask again for the presence of their contacts there. */
  async back(domain: string): Promise<undefined> {
    const told = this.#told.get(domain);
    this.#told.delete(domain);
    for (const [local, contacts] of told ?? []) {
      const user = Jid.parse(local);
      if (!this.#core.sessions.of(user).some(({ isAvailable }) => isAvailable)) continue;
      const roster: Contacts | undefined = await this.#host.hooks.fire("roster/contacts", { user });
      for (const contact of contacts) {
        const subscription = roster?.item(contact)?.subscription;
        if (subscription === "to" || subscription === "both") this.#send("probe", user, Jid.parse(contact));
      }
    }
  }

  #add(to: Jid, from: Jid): void {
    if (this.#count >= maxRemembered) return;
    const domains = this.#seen.get(to.full) ?? new Map<string, Set<string>>();
    const known = domains.get(from.domain) ?? new Set();
    if (known.has(from.full)) return;
    this.#seen.set(to.full, domains.set(from.domain, known.add(from.full)));
    this.#count += 1;
  }

  #delete(to: Jid, from: Jid): void {
    // What goes for the account goes for its resources.
    const names = to.resource === "" ? [to.full, ...this.#core.sessions.of(to).map(({ jid }) => jid.full)] : [to.full];
    for (const name of names) {
      const domains = this.#seen.get(name);
      const known = domains?.get(from.domain);
      if (domains === undefined || known?.delete(from.full) !== true) continue;
      this.#count -= 1;
      if (known.size === 0) domains.delete(from.domain);
      if (domains.size === 0) this.#seen.delete(name);
    }
  }

  #drop(local: string): void {
    for (const known of this.#seen.get(local)?.values() ?? []) this.#count -= known.size;
    this.#seen.delete(local);
  }

  #send(type: "unavailable" | "probe", from: Jid, to: Jid): void {
    const stanza = Stanza.from(el("presence", NS.client, { from: from.full, to: to.full, type }));
    void this.#core.router.route({ stanza, from, to, origin: serverOrigin, host: this.#core.hosts.entity(to.domain) });
  }
}
