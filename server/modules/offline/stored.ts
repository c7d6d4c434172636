import { withStanzaId } from "../../core/stanza-id.ts";
import type { OfflineMessage } from "../../storage/ports.ts";
import { formatDateTime } from "../../xmpp/datetime.ts";
import { el } from "../../xmpp/element.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";

/** A message that waits, as its client gets it: with the id that it has in the archive, if it is there. */
export function storedStanza(stored: OfflineMessage, account: string): Stanza {
  const stanza = Stanza.parse(stored.xml);
  return stored.isArchived ? withStanzaId(stanza, account, stored.key) : stanza;
}

/** The message with the time it came, XEP-0203 and XEP-0160 2. */
export function delayed(stanza: Stanza, at: number, host: string): Stanza {
  return stanza.append(el("delay", NS.delay, { from: host, stamp: formatDateTime(at) }));
}
