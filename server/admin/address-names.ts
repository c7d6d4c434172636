import type { Clock } from "../core/clock.ts";
import { reachOf } from "../core/public-address.ts";
import type { DnsResolver } from "./doctor/parts.ts";

/** How long an answer is believed, whatever it was, and of how many addresses one is remembered. */
const keptMs = 60 * 60_000;
const maxKept = 5_000;
/** Questions under way at the same time: a full page of addresses. */
const maxAsked = 100;

/** Names of addresses (PTR), for people who look at them: nothing is decided by one. Networks of one's own are not asked about. */
export class AddressNames {
  readonly #dns: DnsResolver;
  readonly #clock: Clock;
  readonly #kept = new Map<string, { readonly name: Promise<string | null>; readonly until: number }>();
  #asked = 0;

  constructor(dns: DnsResolver, clock: Clock) {
    this.#dns = dns;
    this.#clock = clock;
  }

  /** null: it has none, it is nobody's business outside, or too many others are being asked about; then it is tried again later. */
  of(address: string): Promise<string | null> {
    const known = this.#kept.get(address);
    if (known !== undefined && known.until > this.#clock.now()) return known.name;
    if (reachOf(address)?.kind !== "public" || this.#asked >= maxAsked) return Promise.resolve(null);
    this.#asked += 1;
    const name = this.#ask(address);
    this.#kept.delete(address);
    this.#kept.set(address, { name, until: this.#clock.now() + keptMs });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= maxKept) break;
      this.#kept.delete(oldest);
    }
    return name;
  }

  async #ask(address: string): Promise<string | null> {
    try {
      const [name] = await this.#dns.reverse(address);
      return name ?? null;
    } catch {
      return null;
    } finally {
      this.#asked -= 1;
    }
  }
}
