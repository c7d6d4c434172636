import { Element, el, type Node } from "../../xmpp/element.ts";
import { parseBoolean } from "../../xmpp/forms.ts";
import { Jid } from "../../xmpp/jid.ts";
import { readStored } from "../../xmpp/stored.ts";

export const NS_STORAGE = "storage:bookmarks";
export const NS_BOOKMARKS = "urn:xmpp:bookmarks:1";

/** A bookmark of a room, by the room's JID, as its item holds it (XEP-0402 2). */
export type Bookmarks = ReadonlyMap<string, Element>;

/** The rooms of a `<storage/>` (XEP-0048); what is none is left out. */
export function bookmarksOf(storage: Element): Bookmarks {
  const found = new Map<string, Element>();
  for (const conference of storage.elements("conference", NS_STORAGE)) {
    const jid = Jid.tryParse(conference.attr("jid") ?? "");
    if (jid === undefined || found.has(jid.full)) continue;
    const attrs: Record<string, string | undefined> = {};
    if (conference.attr("name") !== undefined) attrs["name"] = conference.attr("name");
    if (parseBoolean(conference.attr("autojoin")) === true) attrs["autojoin"] = "true";
    const children = conference
      .elements()
      .map((child) => (child.ns === NS_STORAGE ? moved(child, NS_BOOKMARKS) : child));
    const known = children.filter(({ name, ns }) => ns === NS_BOOKMARKS && isKnown(name));
    // What clients have added of their own goes where XEP-0402 has a place for it.
    const others = children.filter((child) => !known.includes(child) && child.ns !== NS_BOOKMARKS);
    if (others.length > 0) known.push(el("extensions", NS_BOOKMARKS, undefined, ...others));
    found.set(jid.full, el("conference", NS_BOOKMARKS, attrs, ...known));
  }
  return found;
}

function isKnown(name: string): boolean {
  return name === "nick" || name === "password" || name === "extensions";
}

/** A `<storage/>` of these rooms, and of what else was in the one before (addresses of web pages). */
export function storageOf(bookmarks: Bookmarks, before: Element | null): Element {
  const others = (before?.elements() ?? []).filter((child) => !child.is("conference", NS_STORAGE));
  const conferences = Array.from(bookmarks, ([jid, conference]) => {
    const { name, autojoin } = { name: conference.attr("name"), autojoin: conference.attr("autojoin") };
    const children = conference
      .elements()
      .filter((child) => child.ns === NS_BOOKMARKS)
      .map((child) => moved(child, NS_STORAGE));
    return el("conference", NS_STORAGE, { jid, name, autojoin }, ...children);
  });
  return el("storage", NS_STORAGE, undefined, ...conferences, ...others);
}

/** The bookmark in an item; null: it is none. */
export function readBookmark(payload: string): Element | null {
  const element = readStored(payload);
  return element?.is("conference", NS_BOOKMARKS) === true ? element : null;
}

/** Do both say the same of a room? */
export function isSame(one: Element | undefined, other: Element): boolean {
  return one !== undefined && meaning(one) === meaning(other);
}

function meaning(conference: Element): string {
  const autojoin = parseBoolean(conference.attr("autojoin")) === true;
  const children = conference.elements().map(String).toSorted();
  return JSON.stringify([conference.attr("name") ?? "", autojoin, children]);
}

function moved(element: Element, ns: string): Element {
  const children: Node[] = element.children.map((child) =>
    typeof child !== "string" && child.ns === element.ns ? moved(child, ns) : child,
  );
  return new Element(element.name, ns, element.attrs, children);
}
