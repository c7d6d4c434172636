import type { Element } from "./element.ts";
import { StanzaError } from "./errors.ts";
import { NS } from "./namespaces.ts";
import { pageElement, parsePageWish } from "./rsm.ts";

/** What one answer holds: a stanza that others take, with room for what is around the entries. */
const maxEntries = 2000;
/** UTF-16 units. */
const maxLength = 160 * 1024;

/**
 * The part of a list that fits into one answer, and the `<set/>` that tells of the rest (XEP-0059), which is left out where all
 * of it fits and no pages were asked for. `request` has the wish; entries are named by `keyOf`. Throws StanzaError.
 */
export function listPage<Entry>(
  request: Element,
  entries: readonly Entry[],
  keyOf: (entry: Entry) => string,
  elementOf: (entry: Entry) => Element,
): Element[] {
  const set = request.child("set", NS.rsm);
  const wish = parsePageWish(set);
  if (wish === undefined) throw StanzaError.of("bad-request", "not a number of entries");
  const { after, before, index, max = maxEntries } = wish;
  if (before !== undefined || index !== undefined)
    throw StanzaError.of("feature-not-implemented", "pages begin after an entry");
  const start = after === undefined ? 0 : entries.findIndex((entry) => keyOf(entry) === after) + 1;
  if (start === 0 && after !== undefined) throw StanzaError.of("item-not-found", "the list has no such entry any more");
  const page: Element[] = [];
  let length = 0;
  for (const entry of entries.slice(start, start + Math.min(max, maxEntries))) {
    const element = elementOf(entry);
    length += element.toString().length;
    if (page.length > 0 && length > maxLength) break;
    page.push(element);
  }
  if (set === undefined && page.length === entries.length) return page;
  const ends = page.length === 0 ? [] : [entries[start]!, entries[start + page.length - 1]!].map(keyOf);
  return [...page, pageElement({ first: ends[0], last: ends[1], count: entries.length })];
}
