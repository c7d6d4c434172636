import { NS } from "../xmpp/namespaces.ts";
import { serialize } from "../xmpp/serializer.ts";
import type { Stanza } from "../xmpp/stanza.ts";

/**
 * A stanza for a stream with a content namespace other than `jabber:client` (RFC 6120 4.8.2, XEP-0114 3): what declares the client
 * namespace and takes the stanza's own for granted would not be in the stream's.
 */
export function inStreamNamespace(stanza: Stanza): string {
  const text = stanza.toString();
  return text.includes(NS.client) ? serialize(stanza.element, NS.client) : text;
}
