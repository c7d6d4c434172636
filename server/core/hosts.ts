import type { Host } from "./host.ts";

/** The virtual hosts served here, by prepared domain. */
export class Hosts {
  readonly #byName = new Map<string, Host>();
  readonly #listeners = new Set<(host: Host) => void>();

  get(domain: string): Host | undefined {
    return this.#byName.get(domain);
  }

  add(host: Host): void {
    this.#byName.set(host.name, host);
    for (const listener of this.#listeners) listener(host);
  }

  remove(domain: string): void {
    this.#byName.delete(domain);
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
