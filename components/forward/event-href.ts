/** What of an address is not the log's filter. */
const others = ["id", "event", "complete"];

/** The log's filter in an address, to be put behind another one; empty: there is none. */
export function filterQuery(search: string): string {
  const params = new URLSearchParams(search);
  for (const name of others) params.delete(name);
  return params.toString();
}

/** The page of an event, with the log's filter: from there one goes on in it. */
export function eventHref(id: string, search: string): string {
  const filter = filterQuery(search);
  return `/forward/event?id=${encodeURIComponent(id)}${filter === "" ? "" : `&${filter}`}`;
}
