import type { OnlineSession } from "@/lib/contracts/sessions.ts";

interface SessionPage {
  readonly items: readonly OnlineSession[];
  readonly nextCursor: string | null;
}

export interface FrozenRows {
  /** The rows that were held, in their order, as they are now. */
  readonly rows: readonly OnlineSession[];
  /** JIDs of those that are gone. */
  readonly ended: ReadonlySet<string>;
  readonly fresh: number;
}

/**
 * What stands still while somebody reads in it, brought up to date row by row. Only the stretch of JIDs that both pages show
 * is compared: what was pushed off the end of a page has not ended, and what was pulled onto it is not new.
 */
export function frozenRows(held: SessionPage, latest: SessionPage): FrozenRows {
  const end = commonEnd(held, latest);
  const now = new Map(latest.items.map((session) => [session.jid, session]));
  const before = new Set(held.items.map(({ jid }) => jid));
  const isShared = (jid: string) => end === null || jid <= end;
  return {
    rows: held.items.map((session) => now.get(session.jid) ?? session),
    ended: new Set(held.items.flatMap(({ jid }) => (!now.has(jid) && isShared(jid) ? [jid] : []))),
    fresh: latest.items.filter(({ jid }) => !before.has(jid) && isShared(jid)).length,
  };
}

/** The last JID that both pages reach; null: to the end of the list. */
function commonEnd(one: SessionPage, other: SessionPage): string | null {
  const ends = [one, other].flatMap(({ items, nextCursor }) => (nextCursor === null ? [] : (items.at(-1)?.jid ?? [])));
  return ends.toSorted((a, b) => (a < b ? -1 : 1))[0] ?? null;
}
