import type { Core } from "../../core/core.ts";

type Registrations = Core["stores"]["registrations"];

/** After this time the store is asked again: another host or node may have registered somebody from there. */
const freshMs = 5_000;
const maxNetworks = 10_000;
const maxRecalled = 500;

/**
 * When networks last registered, as far as it is known without waiting: stream features are offered in one turn. A network
 * that was never seen is looked up for the next time; on a stream, that is the offer after STARTTLS.
 */
export class RecentNetworks {
  readonly #registrations: Registrations;
  readonly #known = new Map<string, { lastAt: number | null; readAt: number }>();

  constructor(registrations: Registrations) {
    this.#registrations = registrations;
  }

  /** Takes over from the decision log what a restart forgot; `networkOf` an address, null where there is no throttle. */
  async recall(networkOf: (address: string) => string | null, now: number): Promise<void> {
    const { items } = await this.#registrations.list({ outcome: "allowed" }, { limit: maxRecalled });
    for (const { address, at } of items.toReversed()) {
      const network = networkOf(address);
      if (network !== null) this.#known.set(network, { lastAt: at, readAt: now });
    }
  }

  lastAt(network: string, now: number): number | null {
    const known = this.#known.get(network);
    if (known === undefined || now - known.readAt > freshMs) this.#lookUp(network, known?.lastAt ?? null, now);
    return known?.lastAt ?? null;
  }

  note(network: string, at: number): void {
    if (this.#known.size >= maxNetworks) this.#known.clear();
    this.#known.set(network, { lastAt: at, readAt: at });
  }

  #lookUp(network: string, lastAt: number | null, now: number): void {
    if (this.#known.size >= maxNetworks) this.#known.clear();
    const entry = { lastAt, readAt: now };
    this.#known.set(network, entry);
    void this.#read(network, entry);
  }

  async #read(network: string, entry: { lastAt: number | null }): Promise<void> {
    try {
      entry.lastAt = await this.#registrations.lastFrom(network);
    } catch {
      // A store that fails stops the process on its own; an offer is only a hint.
    }
  }
}
