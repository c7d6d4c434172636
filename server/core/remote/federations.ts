import type { Rate } from "../../net/shaper.ts";
import { Jid } from "../../xmpp/jid.ts";
import type { Host } from "../host.ts";
import type { Hosts } from "../hosts.ts";
import type { PolicyState } from "../policy/state.ts";
import { Federation } from "./federation.ts";
import type { DomainPair, LinkSettings, ServerFeature } from "./negotiation.ts";

const accessRule = "s2s_access";
const shaperRule = "s2s_shaper";

/** The virtual hosts that may talk to other servers, and to which (RFC 6120 13.12: it is the operator's to say). */
export class Federations {
  readonly #hosts: Hosts;
  readonly #policy: PolicyState;
  readonly #byHost = new Map<string, Federation>();
  readonly #listeners = new Set<() => void>();

  constructor(hosts: Hosts, policy: PolicyState) {
    this.#hosts = hosts;
    this.#policy = policy;
  }

  /** Lets a host talk to those that the access rule `s2s_access` allows, until the function returned is called. */
  serve(host: Host, settings: LinkSettings): () => void {
    const federation = new Federation(host, settings);
    this.#byHost.set(host.name, federation);
    this.#tell();
    return () => {
      if (this.#byHost.get(host.name) === federation) this.#byHost.delete(host.name);
      this.#tell();
    };
  }

  /** Hears of each host that begins to talk to other servers, or ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Adds to what a host negotiates with other servers. Throws Error for a host that talks to none. */
  add(host: Host, feature: ServerFeature): () => void {
    const federation = this.#byHost.get(host.name);
    if (federation === undefined) throw new Error(`${host.name} does not talk to other servers`);
    return federation.add(feature);
  }

  /** That of the virtual host that answers for a domain, its own or a service's. */
  of(domain: string): Federation | undefined {
    const owner = this.#hosts.ownerOf(domain);
    return owner === undefined ? undefined : this.#byHost.get(owner.name);
  }

  mayTalk({ local, remote }: DomainPair): boolean {
    const host = this.of(local)?.host;
    return host?.enabled === true && this.#policy.allows(accessRule, this.#subject(remote, host));
  }

  shaperFor({ local, remote }: DomainPair): Rate | null {
    const host = this.of(local)?.host;
    return host === undefined ? null : this.#policy.shaper(shaperRule, this.#subject(remote, host));
  }

  /** Whether there is a host that may talk to anybody at all. */
  get isOpen(): boolean {
    for (const { host } of this.#byHost.values()) {
      const anybody = { jid: null, ip: null, host: host.name };
      if (host.enabled && this.#policy.mayAllow(accessRule, anybody)) return true;
    }
    return false;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #subject(remote: string, host: Host): { jid: Jid; ip: null; host: string } {
    return { jid: Jid.of("", remote), ip: null, host: host.name };
  }
}
