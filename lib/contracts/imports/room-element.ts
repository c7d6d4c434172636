import { xmlElement } from "./xml-text.ts";

/** XEP-0227 has no rooms: in a document they stand where accounts do, below the domain of their service. */
export const NS_ROOMS = "urn:nightpost:rooms";

/** A room: the form that its owner would submit (XEP-0045 10.2), and the lists that its admins would (9.5). */
export function roomElement(name: string, form: string, items: string): string {
  const settings = form === "" ? "" : xmlElement("query", { xmlns: "http://jabber.org/protocol/muc#owner" }, form);
  const lists = items === "" ? "" : xmlElement("query", { xmlns: "http://jabber.org/protocol/muc#admin" }, items);
  return xmlElement("room", { xmlns: NS_ROOMS, name }, settings + lists);
}
