import { wrapped } from "./enclosed.ts";
import { textElement } from "./form-text.ts";
import { xmlElement } from "./xml-text.ts";

/** XEP-0227 has no rooms: in a document they stand where accounts do, below the domain of their service. */
export const NS_ROOMS = "urn:nightpost:rooms";

/**
 * A room: the form that its owner would submit (XEP-0045 10.2), the lists that its admins would (9.5), and its subject as whoever
 * enters gets it (7.2.15).
 */
export function roomElement(name: string, form: string, items: string, subject = ""): string {
  const settings = form === "" ? "" : xmlElement("query", { xmlns: "http://jabber.org/protocol/muc#owner" }, form);
  const lists = items === "" ? "" : xmlElement("query", { xmlns: "http://jabber.org/protocol/muc#admin" }, items);
  return xmlElement("room", { xmlns: NS_ROOMS, name }, settings + lists + subject);
}

/** What was said in a room that stands before it, piece by piece: XEP-0313 results with messages in which {@link saidBy} may stand. */
export function roomHistory<Item>(
  name: string,
  items: AsyncIterable<Item>,
  written: (item: Item) => string,
): AsyncGenerator<string> {
  return wrapped("history", { xmlns: NS_ROOMS, name }, items, written);
}

/** Who said it: the nickname, where the message's `from` does not have it, and the real address where that is known. */
export function saidBy(nick: string | undefined, jid: string | undefined): string {
  return xmlElement("x", { xmlns: "http://jabber.org/protocol/muc#user" }, xmlElement("item", { nick, jid }));
}

/** What a room is about, and where it is known who said so and when (ms since the epoch); empty: nothing was said. */
export function subjectElement(text: string, from: string | undefined, at?: number): string {
  if (text === "") return "";
  const stamp = at === undefined ? undefined : new Date(at).toISOString();
  const delay = stamp === undefined ? "" : xmlElement("delay", { xmlns: "urn:xmpp:delay", stamp });
  const subject = textElement("subject", text);
  return xmlElement("message", { xmlns: "jabber:client", type: "groupchat", from }, subject + delay);
}
