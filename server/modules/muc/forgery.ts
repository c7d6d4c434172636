import type { Element } from "../../xmpp/element.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { NS_MUC, NS_OCCUPANT_ID } from "./namespaces.ts";

const NS_ADDRESSES = "http://jabber.org/protocol/address";
const NS_CARBONS = "urn:xmpp:carbons:2";
const NS_ARCHIVE = "urn:xmpp:mam:2";

/**
 * The stanza without elements that occupants believe only because a room adds them: `muc#user` and its kin, occupant ids, ids
 * and delays in the name of the service, real addresses (XEP-0045 6.5), and copies for one client.
 */
export function withoutForgery(stanza: Stanza, service: string): Stanza {
  for (const { ns } of stanza.children) {
    if (isRoomOwned(ns)) return stanza.without((child) => isForged(child, service));
  }
  return stanza;
}

function isRoomOwned(ns: string): boolean {
  switch (ns) {
    case NS_OCCUPANT_ID:
    case NS.stanzaId:
    case NS.delay:
    case NS_ADDRESSES:
    case NS_CARBONS:
    case NS_ARCHIVE:
      return true;
    default:
      return ns.startsWith(NS_MUC);
  }
}

function isForged(child: Element, service: string): boolean {
  switch (child.ns) {
    case NS.stanzaId:
      return child.name === "stanza-id" && isOf(child.attr("by"), service);
    case NS.delay:
      return isOf(child.attr("from"), service);
    case NS_CARBONS:
      return child.name !== "private";
    default:
      return isRoomOwned(child.ns);
  }
}

function isOf(address: string | undefined, service: string): boolean {
  return address === undefined || (Jid.tryParse(address)?.domain ?? service) === service;
}
