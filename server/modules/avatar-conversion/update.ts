import { el } from "../../xmpp/element.ts";
import type { Stanza } from "../../xmpp/stanza.ts";

const UPDATE = "vcard-temp:x:update";

/**
 * Presence with the account's picture in it (XEP-0398 4); `hash` is "" for an account without one. It is the same stanza where
 * nothing is to be said: the client says itself that there is no picture, or has named this one, or there is none and nobody
 * has asked.
 */
export function withHash(presence: Stanza, hash: string): Stanza {
  const update = presence.child("x", UPDATE);
  const photo = update?.child("photo");
  const says = photo?.text.trim();
  if (says === "" || (says !== undefined && says === hash)) return presence;
  if (hash === "" && (update === undefined || says !== undefined)) return presence;
  return presence
    .without(({ name, ns }) => name === "x" && ns === UPDATE)
    .append(el("x", UPDATE, undefined, el("photo", UPDATE, undefined, hash)));
}
