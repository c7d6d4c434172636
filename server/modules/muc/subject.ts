import { el } from "../../xmpp/element.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { delayElement } from "./history.ts";
import type { Room } from "./room.ts";

/** Only a subject, nothing said (XEP-0045 8.1). */
export function isSubject(stanza: Stanza): boolean {
  return stanza.has("subject") && !stanza.has("body") && !stanza.has("thread");
}

/** What whoever enters gets last: the subject, empty where there is none (XEP-0045 7.2.15). */
export function subjectStanza({ jid, subject }: Room): Stanza {
  if (subject !== null) return subject.stanza.append(delayElement(jid.bare, subject.at));
  return Stanza.from(el("message", NS.client, { from: jid.bare, type: "groupchat" }, el("subject", NS.client)));
}
