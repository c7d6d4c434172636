import { randomBytes } from "node:crypto";
import type { Clock } from "../../core/clock.ts";
import { Network, parseAddress } from "../../core/network.ts";
import { onePerServer } from "../../core/one-per-server.ts";
import type { RegistrationPass, Stores } from "../../storage/ports.ts";
import { Jid } from "../../xmpp/jid.ts";

/** One subscriber's line, where addresses have so many that nobody has but one. */
const ipv6Prefix = 64;

/** What an admin lets through once, by name and place. Known without waiting: stream features are offered in one turn. */
export class RegistrationPasses {
  readonly #store: Stores["applications"];
  readonly #clock: Clock;
  readonly #passes = new Map<string, { readonly pass: RegistrationPass; readonly network: Network }>();
  #recalled: Promise<void> | null = null;

  constructor(store: Stores["applications"], clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Takes over from the store what the last process left, once. */
  recall(): Promise<void> {
    return (this.#recalled ??= this.#store.passes().then((passes) => passes.forEach((pass) => this.#keep(pass))));
  }

  /** null: `address` is none. */
  async add(user: Jid, address: string, by: string, lifetimeMs: number): Promise<RegistrationPass | null> {
    const place = parseAddress(address);
    if (place === null) return null;
    const createdAt = this.#clock.now();
    const pass: RegistrationPass = {
      id: randomBytes(9).toString("base64url"),
      host: user.domain,
      local: user.local,
      network: Network.around(place, place.family === 4 ? 32 : ipv6Prefix).text,
      createdAt,
      createdBy: by,
      expiresAt: createdAt + lifetimeMs,
    };
    await this.#store.addPass(pass);
    this.#keep(pass);
    return pass;
  }

  async remove(id: string): Promise<boolean> {
    this.forget(id);
    return this.#store.removePass(id);
  }

  /** It was used. */
  forget(id: string): void {
    this.#passes.delete(id);
  }

  /** What lets this attempt through; with an empty name, whether anything lets somebody from there through. */
  permitFor(attempt: { readonly host: string; readonly local: string; readonly address: string }) {
    if (this.#passes.size === 0) return null;
    const address = parseAddress(attempt.address);
    const name = attempt.local === "" ? "" : Jid.tryParse(`${attempt.local}@${attempt.host}`)?.local;
    if (address === null || name === undefined) return null;
    const now = this.#clock.now();
    for (const { pass, network } of this.#passes.values()) {
      const isFor = pass.host === attempt.host && (name === "" || pass.local === name);
      if (isFor && pass.expiresAt > now && network.has(address)) return { id: pass.id, by: pass.createdBy };
    }
    return null;
  }

  #keep(pass: RegistrationPass): void {
    const network = Network.parse(pass.network);
    if (network !== null) this.#passes.set(pass.id, { pass, network });
  }
}

export const registrationPassesOf = onePerServer(
  (core) => new RegistrationPasses(core.stores.applications, core.clock),
);
