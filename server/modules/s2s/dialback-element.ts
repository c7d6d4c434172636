import type { DomainPair } from "../../core/remote/negotiation.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { escapeAttribute, escapeText } from "../../xmpp/escape.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { serialize } from "../../xmpp/serializer.ts";
import type { Stanza } from "../../xmpp/stanza.ts";

/**
 * An element of dialback to the server of `pair.remote`: with a key, or with what was found. The prefix is the one that all servers
 * know (XEP-0220 2.1.1); our stream headers declare it.
 */
export function dialbackElement(
  name: "result" | "verify",
  { local, remote }: DomainPair,
  content: string | StanzaError,
  id?: string,
): string {
  const tag = `db:${name} from='${escapeAttribute(local)}' to='${escapeAttribute(remote)}'`;
  const start = id === undefined ? tag : `${tag} id='${escapeAttribute(id)}'`;
  if (content instanceof StanzaError)
    return `<${start} type='error'>${serialize(content.toElement(), NS.client)}</db:${name}>`;
  if (content === "valid" || content === "invalid") return `<${start} type='${content}'/>`;
  return `<${start}>${escapeText(content)}</db:${name}>`;
}

/** Whom an element of dialback from another server is about; null: its addresses are no domains. */
export function pairIn(element: Stanza): DomainPair | null {
  const local = Jid.tryParse(element.to ?? "");
  const remote = Jid.tryParse(element.from ?? "");
  const areDomains = local?.full === local?.domain && remote?.full === remote?.domain;
  return local === undefined || remote === undefined || !areDomains
    ? null
    : { local: local.domain, remote: remote.domain };
}
