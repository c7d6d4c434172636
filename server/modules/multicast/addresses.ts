import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";

export const NS_ADDRESS = "http://jabber.org/protocol/address";

/** XEP-0033 4.6. `ofrom` is for services to say. */
const recipientTypes: ReadonlySet<string> = new Set(["to", "cc", "bcc"]);
const replyTypes: ReadonlySet<string> = new Set(["replyto", "replyroom", "noreply"]);

export interface Addressee {
  readonly jid: Jid;
  /** Nobody else is told of it. */
  readonly isBlind: boolean;
  readonly element: Element;
}

export interface AddressHeader {
  /** Whom it is to be sent to, each once. */
  readonly addressees: readonly Addressee[];
  /** What everybody is shown: all but the blind ones, marked as delivered (XEP-0033 4.5). */
  readonly shown: readonly Element[];
}

/**
 * Reads the addresses of a stanza for the service. `mayBeDelivered`: the sender is a service itself, which may have delivered
 * it to some already; nobody else may say so, nor who a message is from. Throws StanzaError.
 */
export function readAddresses(addresses: Element, maxRecipients: number, mayBeDelivered: boolean): AddressHeader {
  const addressees = new Map<string, Addressee>();
  const shown: Element[] = [];
  const all = addresses.elements("address");
  if (all.length > maxRecipients * 2) throw tooMany(maxRecipients);
  for (const address of all) {
    const type = address.attr("type") ?? "";
    const isRecipient = recipientTypes.has(type);
    if (!isRecipient && !replyTypes.has(type))
      throw StanzaError.of("bad-request", type === "" ? "an address has no type" : `an address is of type ${type}`);
    const isDelivered = address.attr("delivered") !== undefined;
    if (isDelivered && !mayBeDelivered) throw StanzaError.of("bad-request", "an address says that it was delivered");
    if (address.attr("uri") !== undefined)
      throw StanzaError.of("jid-malformed", "addresses of other networks cannot be reached");
    const text = address.attr("jid");
    const jid = text === undefined ? undefined : Jid.tryParse(text);
    if (jid === undefined && (text !== undefined || type !== "noreply")) throw StanzaError.of("jid-malformed", text);
    if (!isRecipient || isDelivered || jid === undefined) {
      if (type !== "bcc") shown.push(address);
      continue;
    }
    const isBlind = type === "bcc";
    if (!isBlind) shown.push(delivered(address));
    // Somebody who is named twice is told once, and openly if that is how they are named once.
    const before = addressees.get(jid.full);
    if (before === undefined || (before.isBlind && !isBlind))
      addressees.set(jid.full, { jid, isBlind, element: address });
  }
  if (addressees.size > maxRecipients) throw tooMany(maxRecipients);
  if (addressees.size === 0) throw StanzaError.of("item-not-found", "it is addressed to nobody");
  return { addressees: [...addressees.values()], shown };
}

function tooMany(maxRecipients: number): StanzaError {
  return StanzaError.of("not-acceptable", `no more than ${maxRecipients} recipients`);
}

/** The address with what it may carry and the mark. */
function delivered(address: Element): Element {
  const { attrs } = address;
  const kept = ["type", "jid", "node", "desc", "xml:lang"].map((name) => [name, attrs.get(name)] as const);
  return el("address", NS_ADDRESS, { ...Object.fromEntries(kept), delivered: "true" }, ...address.elements());
}
