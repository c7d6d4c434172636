import type { Jid } from "../xmpp/jid.ts";
import type { Session } from "./session.ts";

const none: readonly Session[] = [];

/** Bound resources of this node, by account. */
export class Sessions {
  readonly #byAccount = new Map<string, Session[]>();
  readonly #onlineByHost = new Map<string, number>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(session: Session): void {
    const bare = session.bare.bare;
    const list = this.#byAccount.get(bare);
    if (list === undefined) this.#byAccount.set(bare, [session]);
    else list.push(session);
    this.#size += 1;
    this.#count(session.host.name, 1);
  }

  /** false: it was not there any more. */
  remove(session: Session): boolean {
    const bare = session.bare.bare;
    const list = this.#byAccount.get(bare);
    const index = list === undefined ? -1 : list.indexOf(session);
    if (list === undefined || index < 0) return false;
    if (list.length === 1) this.#byAccount.delete(bare);
    else list.splice(index, 1);
    this.#size -= 1;
    this.#count(session.host.name, -1);
    return true;
  }

  /** Sessions of an account, oldest first. The array is live: copy it before doing anything that can end a session. */
  of(account: Jid): readonly Session[] {
    return this.#byAccount.get(account.bare) ?? none;
  }

  find(full: Jid): Session | undefined {
    const list = this.#byAccount.get(full.bare);
    if (list === undefined) return undefined;
    for (const session of list) if (session.jid.resource === full.resource) return session;
    return undefined;
  }

  onHost(host: string): number {
    return this.#onlineByHost.get(host) ?? 0;
  }

  *all(): Iterable<Session> {
    for (const list of this.#byAccount.values()) yield* list;
  }

  /** Bare JIDs with at least one session. */
  accounts(): Iterable<string> {
    return this.#byAccount.keys();
  }

  #count(host: string, change: number): void {
    const count = (this.#onlineByHost.get(host) ?? 0) + change;
    if (count === 0) this.#onlineByHost.delete(host);
    else this.#onlineByHost.set(host, count);
  }
}
