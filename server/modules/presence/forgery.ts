import type { Hosts } from "../../core/hosts.ts";
import type { Element } from "../../xmpp/element.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import type { Stanza } from "../../xmpp/stanza.ts";

const NS_OLD_DELAY = "jabber:x:delay";
const NS_MUC_USER = "http://jabber.org/protocol/muc#user";
const NS_OCCUPANT_ID = "urn:xmpp:occupant-id:0";

/**
 * Presence of a local client without what its readers believe only because a server or a room adds it: delays and ids in the
 * name of a host served here (XEP-0203 5, XEP-0359 3), and the marks of an occupant (XEP-0045, XEP-0421).
 */
export function withoutForgery(stanza: Stanza, hosts: Hosts): Stanza {
  for (const { ns } of stanza.children) {
    if (isServerOwned(ns)) return stanza.without((child) => isForged(child, hosts));
  }
  return stanza;
}

function isServerOwned(ns: string): boolean {
  switch (ns) {
    case NS.delay:
    case NS_OLD_DELAY:
    case NS.stanzaId:
    case NS_MUC_USER:
    case NS_OCCUPANT_ID:
      return true;
    default:
      return false;
  }
}

function isForged(child: Element, hosts: Hosts): boolean {
  switch (child.ns) {
    case NS.delay:
    case NS_OLD_DELAY:
      return isServedHere(child.attr("from"), hosts);
    case NS.stanzaId:
      return child.name === "stanza-id" && isServedHere(child.attr("by"), hosts);
    default:
      return isServerOwned(child.ns);
  }
}

function isServedHere(address: string | undefined, hosts: Hosts): boolean {
  const jid = address === undefined ? undefined : Jid.tryParse(address);
  return jid !== undefined && hosts.entity(jid.domain) !== undefined;
}
