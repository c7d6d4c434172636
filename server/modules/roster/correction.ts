import type { RosterItem } from "../../core/hooks.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { Jid } from "../../xmpp/jid.ts";
import type { RosterBook } from "./book.ts";

/**
 * Sets a contact as an admin wants it and tells the account's resources (RFC 6121 2.1.6). No subscription stanza is sent:
 * this is for rosters of two sides that do not agree. `unknown`: there is nothing to take out.
 */
export async function correct(
  book: RosterBook,
  user: Jid,
  contact: Jid,
  wanted: Pick<RosterItem, "name" | "groups" | "subscription"> | null,
): Promise<"done" | "full" | "unknown"> {
  const jid = contact.bare;
  const roster = await book.of(user);
  const own = roster.own(jid);
  if (wanted === null) {
    if (own === undefined) return "unknown";
    await book.remove(roster, jid);
  } else {
    const ask = (own?.ask ?? false) && (wanted.subscription === "none" || wanted.subscription === "from");
    try {
      await book.put(roster, { jid, approved: own?.approved ?? false, ...wanted, ask });
    } catch (error) {
      if (error instanceof StanzaError) return "full";
      throw error;
    }
  }
  book.push(roster, jid);
  return "done";
}
