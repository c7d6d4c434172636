import { type Element, el } from "../../xmpp/element.ts";
import { PROPERTIES, VCARD4, VCARD_TEMP } from "./properties.ts";

/** A card of XEP-0054 as one of RFC 6351; what only the one before had stays (XEP-0292). */
export function toVcard4(card: Element, before: Element | null): Element {
  const converted = PROPERTIES.flatMap((property) =>
    card
      .elements(property.temp)
      .map((one) => el(property.name, VCARD4, undefined, ...property.toVcard4(one)))
      .filter(({ children }) => children.length > 0),
  );
  return el("vcard", VCARD4, undefined, ...converted, ...others(before, VCARD4, (one) => one.name));
}

/** The other way round. */
export function toTemp(vcard: Element, before: Element | null): Element {
  const converted = PROPERTIES.flatMap((property) =>
    vcard
      .elements(property.name)
      .map((one) => el(property.temp, VCARD_TEMP, undefined, ...property.toTemp(one)))
      .filter(({ children }) => children.length > 0),
  );
  return el("vCard", VCARD_TEMP, undefined, ...converted, ...others(before, VCARD_TEMP, (one) => one.temp));
}

function others(
  card: Element | null,
  ns: string,
  nameIn: (property: (typeof PROPERTIES)[number]) => string,
): Element[] {
  const known = new Set(PROPERTIES.map(nameIn));
  return (card?.elements() ?? []).filter((child) => child.ns !== ns || !known.has(child.name));
}
