import type { Hosts } from "../../core/hosts.ts";
import type { Packet } from "../../core/router.ts";
import type { Element } from "../../xmpp/element.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import type { Stanza } from "../../xmpp/stanza.ts";

const NS_CARBONS = "urn:xmpp:carbons:2";
const NS_ARCHIVE = "urn:xmpp:mam:2";
/** What versions before call their wrappers: clients of old still read them. */
const OLD_ARCHIVES: ReadonlySet<string> = new Set(["urn:xmpp:mam:tmp", "urn:xmpp:mam:0", "urn:xmpp:mam:1"]);
const NS_OLD_DELAY = "jabber:x:delay";
const NS_OCCUPANT_ID = "urn:xmpp:occupant-id:0";
const NS_MUC_USER = "http://jabber.org/protocol/muc#user";

/**
 * The message without elements that clients believe only because a server adds them: ids and delays in the name of a
 * host served here (XEP-0359 3, XEP-0203 5), wrappers of carbons and archive results (CVE-2017-5589 and kin), and the
 * marks of a group chat. Another domain may send the latter: rooms do. What the server itself sends is left as it is.
 */
export function withoutForgery(packet: Packet, hosts: Hosts): Stanza {
  const { stanza } = packet;
  const isLocal = packet.origin.session !== null;
  if (!isLocal && hosts.entity(packet.from.domain) !== undefined) return stanza;
  for (const child of stanza.children) {
    if (isServerOwned(child.ns)) return stanza.without((element) => isForged(element, hosts, isLocal));
  }
  return stanza;
}

/** A copy for one resource of the account (XEP-0280, XEP-0313): worth nothing to any other. */
export function isCopy({ children }: Stanza): boolean {
  return children.some(({ ns, name }) => (ns === NS_CARBONS && name !== "private") || ns === NS_ARCHIVE);
}

function isServerOwned(ns: string): boolean {
  switch (ns) {
    case NS.stanzaId:
    case NS.delay:
    case NS_OLD_DELAY:
    case NS_CARBONS:
    case NS_ARCHIVE:
    case NS_OCCUPANT_ID:
    case NS_MUC_USER:
      return true;
    default:
      return OLD_ARCHIVES.has(ns);
  }
}

function isForged(element: Element, hosts: Hosts, isLocal: boolean): boolean {
  switch (element.ns) {
    case NS.stanzaId:
      return element.name === "stanza-id" && isServedHere(element.attr("by"), hosts);
    case NS.delay:
    case NS_OLD_DELAY:
      return isServedHere(element.attr("from"), hosts);
    // `<private/>` and `<origin-id/>` belong to clients.
    case NS_CARBONS:
      return element.name !== "private";
    case NS_ARCHIVE:
      return true;
    case NS_OCCUPANT_ID:
    case NS_MUC_USER:
      return isLocal;
    default:
      return OLD_ARCHIVES.has(element.ns);
  }
}

function isServedHere(address: string | undefined, hosts: Hosts): boolean {
  const jid = address === undefined ? undefined : Jid.tryParse(address);
  return jid !== undefined && hosts.entity(jid.domain) !== undefined;
}
