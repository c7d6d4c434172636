import { NS } from "../xmpp/namespaces.ts";
import { Stanza } from "../xmpp/stanza.ts";

/** The text of a stored message: its first body; null when it has none. */
export function bodyOf(xml: string): string | null {
  return Stanza.parse(xml).child("body", NS.client)?.text ?? null;
}
