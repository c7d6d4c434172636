import type { Core } from "../../core/core.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { BlockList } from "./block-list.ts";

/** Lists of accounts without a session that are kept in memory; past that, they are read anew. */
const defaultMaxIdle = 50_000;

/** The block lists of a host. A change shows once it is on disk. */
export class BlockBook {
  readonly #core: Core;
  readonly #host: string;
  readonly #maxJids: number;
  readonly #maxIdle: number;
  readonly #lists = new Map<string, BlockList>();
  readonly #loading = new Map<string, Promise<BlockList>>();

  constructor(core: Core, host: string, maxJids: number, maxIdle = defaultMaxIdle) {
    this.#core = core;
    this.#host = host;
    this.#maxJids = maxJids;
    this.#maxIdle = maxIdle;
  }

  /** At once when it is in memory. An account that does not exist blocks nobody. */
  of(user: Jid): BlockList | Promise<BlockList> {
    return this.#lists.get(user.bare) ?? this.#loading.get(user.bare) ?? this.#load(user);
  }

  /** Of an account with a session, whose list was read when that began; else empty. */
  inMemory(user: Jid): BlockList {
    return this.#lists.get(user.bare) ?? BlockList.empty;
  }

  /** Throws StanzaError `resource-constraint` when the list would grow too long. Resolves when it is on disk. */
  async add(user: Jid, jids: readonly string[]): Promise<void> {
    const isKept = await this.#write(user, jids, []);
    if (!isKept)
      throw StanzaError.of("resource-constraint", `no more than ${this.#maxJids} entries`, { type: "cancel" });
    this.#lists.set(user.bare, (await this.of(user)).with(jids));
  }

  /** `jids` null: all. Answers with the entries that were there. */
  async remove(user: Jid, jids: readonly string[] | null): Promise<string[]> {
    await this.of(user);
    await this.#write(user, [], jids);
    // As it is now: another resource may have changed it meanwhile, and changes end in the order in which they began.
    const before = await this.of(user);
    const gone = jids === null ? [...before.jids] : jids.filter((jid) => before.jids.has(jid));
    this.#lists.set(user.bare, before.without(gone));
    return gone;
  }

  forget(user: Jid): void {
    this.#lists.delete(user.bare);
    this.#loading.delete(user.bare);
  }

  #write(user: Jid, add: readonly string[], remove: readonly string[] | null): Promise<boolean> {
    return this.#core.stores.personal.setBlocked(this.#host, user.local, add, remove, this.#maxJids);
  }

  #load(user: Jid): Promise<BlockList> {
    const loading: Promise<BlockList> = this.#core.stores.personal
      .blocked(this.#host, user.local)
      .then((jids) => {
        const list = BlockList.of(jids);
        if (this.#loading.get(user.bare) === loading) this.#lists.set(user.bare, list);
        // Those who are online are beside the count: they are not swept, and would have it done each time.
        if (this.#lists.size > this.#core.sessions.onHost(this.#host) + this.#maxIdle) this.#sweep();
        return list;
      })
      .finally(() => {
        if (this.#loading.get(user.bare) === loading) this.#loading.delete(user.bare);
      });
    this.#loading.set(user.bare, loading);
    return loading;
  }

  #sweep(): void {
    const online = new Set<string>();
    for (const { bare } of this.#core.sessions.all()) online.add(bare.bare);
    for (const user of this.#lists.keys()) if (!online.has(user)) this.#lists.delete(user);
  }
}
