import type { OfflineMessage } from "../storage/ports.ts";
import { formatDateTime } from "../xmpp/datetime.ts";
import { el } from "../xmpp/element.ts";
import type { Jid } from "../xmpp/jid.ts";
import { NS } from "../xmpp/namespaces.ts";
import { Stanza } from "../xmpp/stanza.ts";

const NS_PIE = "urn:xmpp:pie:0";

/**
 * Messages that wait as XEP-0227 4.4 writes them: in `offline-messages` of the user, each with the time it came (XEP-0203)
 * and all else that was in it, hints (XEP-0334) included.
 */
export function offlineXml({ local, domain }: Jid, messages: readonly OfflineMessage[]): string {
  const stamped = messages.map(
    ({ xml, at }) =>
      Stanza.parse(xml).append(el("delay", NS.delay, { from: domain, stamp: formatDateTime(at) })).element,
  );
  const user = el("user", NS_PIE, { name: local }, el("offline-messages", NS_PIE, undefined, ...stamped));
  return el("server-data", NS_PIE, undefined, el("host", NS_PIE, { jid: domain }, user)).toString();
}
