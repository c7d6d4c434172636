import type { NodeItem } from "../../core/hooks.ts";
import type { Hosts } from "../../core/hosts.ts";
import { onePerServer } from "../../core/one-per-server.ts";
import type { Element } from "../../xmpp/element.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { readStored } from "../../xmpp/stored.ts";
import { accountNewsOf } from "./account-news.ts";
import { NS_BOOKMARKS, NS_NOTIFICATIONS } from "./namespaces.ts";

/** Which messages of a room somebody wants to hear of while they are away. */
export type Wish = "all" | "mentions" | "none";

/** Members whose wishes are kept in memory. */
const maxUsers = 10_000;
const byName: ReadonlyMap<string, Wish> = new Map([
  ["always", "all"],
  ["on-mention", "mentions"],
  ["never", "none"],
]);

/** What members have chosen for themselves (XEP-0492), in their bookmarks of rooms (XEP-0402). */
export class MemberWishes {
  readonly #hosts: Hosts;
  /** By bare JID, then by room; null: nothing was chosen. Those who were asked for longest ago come first. */
  readonly #byUser = new Map<string, Map<string, Wish | null>>();

  constructor(hosts: Hosts) {
    this.#hosts = hosts;
  }

  /** undefined: it has to be looked up. */
  of(user: Jid, room: Jid): Wish | null | undefined {
    return this.#byUser.get(user.bare)?.get(room.bare);
  }

  /** Looks it up; the promise, if any, resolves when it is known. */
  lookUp(user: Jid, room: Jid): Promise<void> | undefined {
    const rooms = this.#byUser.get(user.bare) ?? new Map<string, Wish | null>();
    this.#byUser.set(user.bare, rooms);
    const [oldest] = this.#byUser.keys();
    if (this.#byUser.size > maxUsers) this.#byUser.delete(oldest!);
    // What changes meanwhile takes these rooms out of memory.
    const note = (found: NodeItem | undefined): void => {
      rooms.set(room.bare, found?.kind === "item" ? wishIn(found.payload) : null);
    };
    const question = { user, node: NS_BOOKMARKS, id: room.bare, reader: user };
    const found = this.#hosts.get(user.domain)?.hooks.fire("pep/item", question);
    if (found instanceof Promise) return found.then(note);
    note(found);
    return undefined;
  }

  /** They may have chosen anew. */
  forget(user: Jid): void {
    this.#byUser.delete(user.bare);
  }
}

/** The wishes of the members of all rooms. */
export const memberWishesOf = onePerServer((core) => {
  const wishes = new MemberWishes(core.hosts);
  accountNewsOf(core).add({ bookmarksChanged: (user) => wishes.forget(user) });
  return wishes;
});

/** The setting for phones, which is where it goes, by XEP-0492 4; null: there is none. */
function wishIn(payload: string): Wish | null {
  const notify = readStored(payload)?.child("extensions", NS_BOOKMARKS)?.child("notify", NS_NOTIFICATIONS);
  const settings = notify?.elements(undefined, NS_NOTIFICATIONS).filter((one) => specificity(one) > 0) ?? [];
  const [first] = settings.toSorted((one, other) => specificity(other) - specificity(one));
  return byName.get(first?.name ?? "") ?? null;
}

/** 0: it is for other applications. */
function specificity(setting: Element): number {
  const [category, type] = [setting.attr("identity-category"), setting.attr("identity-type")];
  if (category === undefined) return type === undefined ? 1 : 0;
  if (category !== "client") return 0;
  return type === undefined ? 2 : type === "phone" ? 3 : 0;
}
