import type { Core } from "../../core/core.ts";
import type { Contacts } from "../../core/hooks.ts";
import type { Host } from "../../core/host.ts";
import type { NodeOwner } from "../../storage/ports.ts";
import type { Jid } from "../../xmpp/jid.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import type { Audience } from "./audience.ts";
import { accountDefaults, accountPresets, accessModels, type ConfigRules } from "./config.ts";
import type { RealmLimits } from "./limits.ts";
import type { Announcement, NodeChange, Realm } from "./realm.ts";

/** The nodes of an account, XEP-0163. */
export class AccountRealm implements Realm {
  readonly owner: NodeOwner;
  readonly address: Jid;
  readonly user: Jid;
  readonly rules: ConfigRules;
  readonly limits: RealmLimits;
  readonly #core: Core;
  readonly #host: Host;
  readonly #audience: Audience;
  readonly #by: string | null;

  constructor(core: Core, host: Host, audience: Audience, user: Jid, limits: RealmLimits, by: string | null) {
    this.#core = core;
    this.#host = host;
    this.#audience = audience;
    this.#by = by;
    this.user = user;
    this.address = user;
    this.owner = { host: host.name, local: user.local };
    this.limits = limits;
    this.rules = {
      defaults: accountDefaults,
      presets: accountPresets,
      accessModels,
      maxItems: limits.maxItems,
      maxItemBytes: limits.maxItemBytes,
    };
  }

  get maxSubscriptions(): number {
    return this.limits.maxSubscriptions;
  }

  mayCreate(jid: Jid): boolean {
    return jid.bare === this.user.bare;
  }

  async isEmptyIfAbsent(node: string): Promise<boolean> {
    return (await this.#host.hooks.fire("pep/absent", { user: this.user, node })) === true;
  }

  async isContact(jid: Jid): Promise<boolean> {
    return (await this.#host.hooks.fire("presence/visible", { user: this.user, from: jid.toBare() })) === true;
  }

  async groupsOf(jid: Jid): Promise<readonly string[]> {
    return (await this.contacts())?.item(jid.bare)?.groups ?? [];
  }

  contacts(): Contacts | undefined | Promise<Contacts | undefined> {
    return this.#host.hooks.fire("roster/contacts", { user: this.user });
  }

  announce(announcement: Announcement): Promise<void> {
    return this.#audience.announce(this, announcement);
  }

  send(message: Stanza): void {
    void this.#core.router.send(message);
  }

  async changed(change: NodeChange): Promise<void> {
    await this.#host.hooks.fire("pep/changed", { user: this.user, by: this.#by, ...change });
  }
}
