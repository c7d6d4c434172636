import { formatDateTime } from "../xmpp/datetime.ts";
import { escapeAttribute } from "../xmpp/escape.ts";
import { NS } from "../xmpp/namespaces.ts";
import type { Stanza } from "../xmpp/stanza.ts";

/** The stanza with the time at which it came to `by`, a JID (XEP-0203 2). `at`: milliseconds since 1970. */
export function withDelay(stanza: Stanza, by: string, at: number): Stanza {
  const xml = `<delay xmlns='${NS.delay}' from='${escapeAttribute(by)}' stamp='${formatDateTime(at)}'/>`;
  return stanza.appendWritten("delay", NS.delay, xml);
}
