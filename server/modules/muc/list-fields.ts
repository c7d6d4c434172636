import type { Element } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { type FormField, parseForm } from "../../xmpp/forms.ts";
import { Jid } from "../../xmpp/jid.ts";
import type { StandingChange } from "./affiliate.ts";
import type { Room } from "./room.ts";

/** Addresses of one list in a form. */
const maxListed = 1000;

const lists = [
  { var: "muc#roomconfig_roomowners", standing: "owner", label: "Owners" },
  { var: "muc#roomconfig_roomadmins", standing: "admin", label: "Admins" },
] as const;

const listed = (room: Room, standing: "owner" | "admin"): string[] =>
  [...room.affiliations.values()].filter(({ affiliation }) => affiliation === standing).map(({ jid }) => jid);

/** The room's owners and admins as fields of its configuration, XEP-0045 10.2, 16.5.3. */
export function listFields(room: Room): FormField[] {
  return lists.map(({ var: name, standing, label }) => ({
    var: name,
    type: "jid-multi",
    label,
    values: listed(room, standing),
  }));
}

/** What a submitted form changes in these lists; whoever is in none of them any more is nothing to the room. Throws StanzaError. */
export function listChanges(element: Element, room: Room): StandingChange[] {
  const values = parseForm(element)?.values;
  const changes = new Map<string, StandingChange>();
  for (const { var: name, standing } of lists.toReversed()) {
    const given = values?.get(name);
    if (given === undefined) continue;
    if (given.length > maxListed) throw StanzaError.of("not-acceptable", `${name}: ${maxListed} addresses at most`);
    const before = new Set(listed(room, standing));
    for (const text of given) {
      const jid = Jid.tryParse(text)?.toBare();
      if (jid === undefined) throw StanzaError.of("jid-malformed", `${name}: ${text} is not an address`);
      if (!before.delete(jid.bare)) changes.set(jid.bare, { jid, to: standing });
    }
    for (const bare of before) if (!changes.has(bare)) changes.set(bare, { jid: Jid.parse(bare), to: "none" });
  }
  return [...changes.values()];
}
