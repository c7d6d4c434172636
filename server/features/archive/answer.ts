import { formatStanzaId } from "../../core/stanza-id.ts";
import type { ArchivedMessage, ArchivePage } from "../../storage/ports.ts";
import { formatDateTime } from "../../xmpp/datetime.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { escapeAttribute } from "../../xmpp/escape.ts";
import { forwardedText } from "../../xmpp/forwarded.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { pageElement } from "../../xmpp/rsm.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { NS_ARCHIVE } from "./query.ts";

/** A message of the archive `from` for a resource, XEP-0313 4.2. */
export function resultStanza(
  { key, at, xml }: ArchivedMessage,
  addresses: { readonly from: string; readonly to: string },
  queryId: string | undefined,
): Stanza {
  const query = queryId === undefined ? "" : ` queryid='${escapeAttribute(queryId)}'`;
  const start = `<result xmlns='${NS_ARCHIVE}'${query} id='${formatStanzaId(key)}'>`;
  return Stanza.from(el("message", NS.client, { ...addresses })).appendWritten(
    "result",
    NS_ARCHIVE,
    `${start}${forwardedText(xml, at)}</result>`,
  );
}

/** What ends a query, XEP-0313 4.3. First and last are those of the page, in whatever order it was sent. */
export function finElement({ items, isComplete, count }: ArchivePage): Element {
  const [first, last] = [items[0], items.at(-1)];
  return el(
    "fin",
    NS_ARCHIVE,
    { complete: isComplete ? "true" : undefined },
    pageElement({
      first: first === undefined ? undefined : formatStanzaId(first.key),
      last: last === undefined ? undefined : formatStanzaId(last.key),
      count,
    }),
  );
}

type End = { readonly key: ArchivedMessage["key"]; readonly at: number };

/** XEP-0313 5; null: there is nothing in the archive. */
export function metadataElement(bounds: { readonly first: End; readonly last: End } | null): Element {
  const end = (name: string, { key, at }: End): Element =>
    el(name, NS_ARCHIVE, { id: formatStanzaId(key), timestamp: formatDateTime(at) });
  if (bounds === null) return el("metadata", NS_ARCHIVE);
  return el("metadata", NS_ARCHIVE, undefined, end("start", bounds.first), end("end", bounds.last));
}
