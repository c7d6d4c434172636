import type { Host } from "../../core/host.ts";
import type { Archive } from "../../storage/ports.ts";
import type { Jid } from "../../xmpp/jid.ts";
import {
  type ArchivePolicy,
  type ArchivePreferences,
  isWished,
  preferencesDocument,
  storedPreferences,
} from "./preferences.ts";

const maxKnown = 100_000;

/** Remembers what users want archived, so that a message does not cost a read. */
export class Wishes {
  readonly #archive: Archive;
  readonly #host: Host;
  /** For the many who have said nothing. */
  readonly #usual: ArchivePreferences;
  readonly #known = new Map<string, ArchivePreferences>();

  constructor(archive: Archive, host: Host, policy: ArchivePolicy) {
    this.#archive = archive;
    this.#host = host;
    this.#usual = { policy, always: new Set(), never: new Set() };
  }

  /** Does `user` want messages from or to `peer` archived? Nearly always answered at once. */
  isWanted(user: Jid, peer: Jid): boolean | Promise<boolean> {
    const known = this.#known.get(user.bare);
    if (known === undefined) return this.of(user).then((read) => this.#decide(read, user, peer));
    return this.#decide(known, user, peer);
  }

  async of(user: Jid): Promise<ArchivePreferences> {
    const known = this.#known.get(user.bare);
    if (known !== undefined) return known;
    const document = await this.#archive.preferences(this.#host.name, user.local);
    const read = document === null ? this.#usual : storedPreferences(document);
    // What was set meanwhile is newer.
    return this.#known.get(user.bare) ?? this.#remember(user, read);
  }

  async set(user: Jid, preferences: ArchivePreferences): Promise<void> {
    await this.#archive.setPreferences(this.#host.name, user.local, preferencesDocument(preferences));
    this.#remember(user, preferences);
  }

  forget(user: Jid): void {
    this.#known.delete(user.bare);
  }

  #remember(user: Jid, preferences: ArchivePreferences): ArchivePreferences {
    if (this.#known.size >= maxKnown) this.#known.clear();
    this.#known.set(user.bare, preferences);
    return preferences;
  }

  #decide(preferences: ArchivePreferences, user: Jid, peer: Jid): boolean | Promise<boolean> {
    const wish = isWished(preferences, peer);
    if (wish !== null) return wish;
    const contacts = this.#host.hooks.fire("roster/contacts", { user: user.toBare() });
    if (contacts instanceof Promise) return contacts.then((found) => found?.item(peer.bare) !== undefined);
    return contacts?.item(peer.bare) !== undefined;
  }
}
