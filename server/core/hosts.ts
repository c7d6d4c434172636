import type { Entity } from "./entity.ts";
import type { Host } from "./host.ts";
import type { Service } from "./service.ts";

/** The domains served here, virtual hosts and the services of their modules, by prepared name. */
export class Hosts {
  readonly #byName = new Map<string, Host>();
  /** What stanzas are routed by: the hosts, and the services beside them. */
  readonly #entities = new Map<string, Entity>();
  readonly #services = new Map<string, Service>();
  readonly #listeners = new Set<(host: Host) => void>();

  /** The virtual host of that name. */
  get(domain: string): Host | undefined {
    return this.#byName.get(domain);
  }

  /** The virtual host or service of that name. */
  entity(domain: string): Entity | undefined {
    return this.#entities.get(domain);
  }

  /** The virtual host that answers for a domain: itself, or that of the service. */
  ownerOf(domain: string): Host | undefined {
    return this.#byName.get(domain) ?? this.#services.get(domain)?.host;
  }

  service(domain: string): Service | undefined {
    return this.#services.get(domain);
  }

  /** Services of a host's modules, in the order they started. */
  servicesOf(host: Host): Service[] {
    return [...this.#services.values()].filter((service) => service.host === host);
  }

  add(host: Host): void {
    this.#byName.set(host.name, host);
    this.#entities.set(host.name, host);
    for (const listener of this.#listeners) listener(host);
  }

  remove(domain: string): void {
    this.#byName.delete(domain);
    this.#entities.delete(domain);
  }

  /** Serves another domain, until the function returned is called. Throws Error when the name is taken. */
  addService(service: Service): () => void {
    const { name } = service;
    const rival = this.#services.get(name);
    if (this.#byName.has(name)) throw new Error(`${name} is a virtual host`);
    if (rival !== undefined) throw new Error(`${name} is served by ${rival.module} of ${rival.host.name}`);
    this.#services.set(name, service);
    this.#entities.set(name, service);
    return () => {
      this.#services.delete(name);
      if (this.#entities.get(name) === service) this.#entities.delete(name);
    };
  }

  /** Hears of each host that is served from now on. */
  onAdded(listener: (host: Host) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  all(): Iterable<Host> {
    return this.#byName.values();
  }

  get size(): number {
    return this.#byName.size;
  }
}
