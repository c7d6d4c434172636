import { createHash } from "node:crypto";
import type { RosterItem, SharedContacts } from "../../core/hooks.ts";
import { Jid } from "../../xmpp/jid.ts";
import type { GroupBook } from "./book.ts";

/** What groups add to the roster of an account; undefined: nothing, and nobody sees it because of one. */
export function contactsOf(book: GroupBook, { local, domain }: Jid): SharedContacts | undefined {
  if (book.isEmpty) return undefined;
  const items = new Map<string, RosterItem>();
  for (const [member, groups] of book.seenBy(local)) {
    const jid = Jid.of(member, domain).bare;
    const subscription = book.sees(member, local) ? "both" : "to";
    items.set(jid, { jid, name: member, subscription, ask: false, approved: false, groups });
  }
  return {
    version: items.size === 0 ? "" : versionOf(items),
    items,
    isSeenBy(other) {
      const viewer = Jid.tryParse(other);
      return viewer?.domain === domain && book.sees(viewer.local, local);
    },
    *watchers() {
      for (const member of book.watchersOf(local)) yield Jid.of(member, domain);
    },
  };
}

function versionOf(items: ReadonlyMap<string, RosterItem>): string {
  const hash = createHash("sha256");
  for (const { jid, subscription, groups } of items.values()) hash.update(JSON.stringify([jid, subscription, groups]));
  return hash.digest("base64url").slice(0, 12);
}
