import type { Core } from "../../core/core.ts";
import type { NodeOwner } from "../../storage/ports.ts";
import { Jid } from "../../xmpp/jid.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { type ConfigRules, type NodeConfig, serviceDefaults } from "./config.ts";
import { notification } from "./event.ts";
import type { RealmLimits } from "./limits.ts";
import type { Announcement, Realm } from "./realm.ts";

/** The nodes of a service such as `pubsub.example.org`: whoever made one owns it, and those who subscribe hear of it. */
export class ServiceRealm implements Realm {
  readonly owner: NodeOwner;
  readonly address: Jid;
  readonly user = null;
  readonly rules: ConfigRules;
  readonly limits: RealmLimits;
  readonly mayCreate: (jid: Jid) => boolean;
  readonly #core: Core;

  constructor(core: Core, domain: string, limits: RealmLimits, mayCreate: (jid: Jid) => boolean) {
    this.#core = core;
    this.address = Jid.parse(domain);
    this.owner = { host: this.address.domain, local: "" };
    this.limits = limits;
    this.mayCreate = mayCreate;
    this.rules = {
      defaults: serviceDefaults,
      presets: new Map(),
      accessModels: ["open", "authorize", "whitelist"],
      maxItems: limits.maxItems,
      maxItemBytes: limits.maxItemBytes,
    };
  }

  get maxSubscriptions(): number {
    return this.limits.maxSubscriptions;
  }

  isEmptyIfAbsent(): boolean {
    return false;
  }

  isContact(): boolean {
    return false;
  }

  groupsOf(): readonly string[] {
    return [];
  }

  async announce({ config, event, node, publisher }: Announcement): Promise<void> {
    if (!config.deliverNotifications) return;
    const { stores } = this.#core;
    const [subscriptions, affiliations] = await Promise.all([
      stores.nodes.subscriptions(this.owner, node, null),
      stores.nodes.affiliations(this.owner, node, null),
    ]);
    const standing = new Map(affiliations.map(({ affiliation, jid }) => [jid, affiliation]));
    const replyTo = replyAddress(config, publisher, [...standing].find(([, one]) => one === "owner")?.[0] ?? null);
    const stanza = notification(this.address.full, node, config, event, { replyTo });
    for (const { jid: text, state } of subscriptions) {
      const jid = Jid.parse(text);
      const affiliation = standing.get(jid.bare);
      // Those who were let in by the list and are on it no more (XEP-0060 4.5, 8.9.2).
      const isOut = config.accessModel === "whitelist" && affiliation === undefined;
      if (state !== "subscribed" || isOut || affiliation === "outcast" || affiliation === "publish-only") continue;
      void this.#core.router.send(stanza.with({ to: jid.full }));
    }
  }

  send(message: Stanza): void {
    void this.#core.router.send(message);
  }

  changed(): Promise<void> {
    return Promise.resolve();
  }
}

function replyAddress(config: NodeConfig, publisher: string | null, owner: string | null): string | null {
  switch (config.itemReply) {
    case "publisher":
      return publisher;
    case "owner":
      return owner;
    default:
      return null;
  }
}
