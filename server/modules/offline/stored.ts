import { withStanzaId } from "../../core/stanza-id.ts";
import type { OfflineMessage } from "../../storage/ports.ts";
import { Stanza } from "../../xmpp/stanza.ts";

/** A message that waits, as its client gets it: with the id that it has in the archive, if it is there. */
export function storedStanza(stored: OfflineMessage, account: string): Stanza {
  const stanza = Stanza.parse(stored.xml);
  return stored.isArchived ? withStanzaId(stanza, account, stored.key) : stanza;
}
