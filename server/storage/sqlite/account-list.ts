import type { SQLInputValue } from "node:sqlite";
import type { AccountRow, Accounts, Page } from "../ports.ts";
import {
  accountCursor,
  accountPosition,
  accountSearch,
  compareNames,
  endOfPrefix,
  type AccountName,
  type AccountPosition,
  type AccountSearch,
} from "./account-search.ts";
import { ACCOUNT_COLUMNS, ACCOUNT_FROM, accountRow, type AccountRecord } from "./account-row.ts";
import { LIMIT, query, statementCache, type Connection, type Sync } from "./connection.ts";
import { pageLimit } from "./page.ts";

type ListQuery = Parameters<Accounts["list"]>[0];
type Filter = NonNullable<ListQuery["filter"]>;

/** Names looked through for one page of matches inside a name: about 50 ms. The cursor says where to go on. */
const MAX_SCAN = 300_000;

/** Each with one parameter, the present time. */
const FILTERS: Readonly<Record<Filter, string>> = {
  all: "? IS NOT NULL",
  suspended: "a.suspended_at IS NOT NULL AND coalesce(a.suspended_until > ?, TRUE)",
  never: "? IS NOT NULL AND a.last_at IS NULL",
  queued: "? IS NOT NULL AND q.messages > 0",
};

/**
 * Accounts by (local, host). Without a search, and for names that begin with it, an index leads straight to the page. A
 * match inside a name has to be looked for: at most MAX_SCAN names are, then the page ends early with a next cursor.
 * A restriction to hosts is a merge of one indexed page per host.
 */
export function accountListOn(connection: Connection): Sync<Accounts>["list"] {
  const { db, now } = connection;
  const statement = statementCache<AccountRecord>(db);
  const names = statementCache<AccountName>(db);
  const one = query<AccountRecord>(
    db,
    `SELECT ${ACCOUNT_COLUMNS} FROM ${ACCOUNT_FROM} WHERE a.host = ? AND a.local = ? AND CASE ?
      ${Object.entries(FILTERS)
        .map(([name, condition]) => `WHEN '${name}' THEN ${condition}`)
        .join(" ")} END`,
  );
  const countOf = query<{ n: number }>(
    db,
    "SELECT coalesce(sum(accounts), 0) AS n FROM account_count WHERE ? IS NULL OR host IN (SELECT value FROM json_each(?))",
  );

  /** Rows behind `from`, on one host or (null) all, up to and including `end`. */
  const rowsOf = (
    filter: Filter,
    search: AccountSearch | null,
    host: string | null,
    from: AccountPosition,
    end: AccountName | undefined,
    limit: number,
  ): AccountRecord[] => {
    const terms = [FILTERS[filter]];
    const values: SQLInputValue[] = [now()];
    const add = (term: string, ...termValues: SQLInputValue[]): void => {
      terms.push(term);
      values.push(...termValues);
    };
    if (host === null) add("(a.local, a.host) > (?, ?)", from.local, from.host);
    else add(`a.host = ? AND a.local ${host > from.host ? ">=" : ">"} ?`, host, from.local);
    if (end !== undefined) add("(a.local, a.host) <= (?, ?)", end.local, end.host);
    if (search !== null) {
      if (from.phase === "begins") add("a.local >= ? AND a.local < ?", search.local, endOfPrefix(search.local));
      else add("instr(a.local, ?) > 1", search.local);
      if (search.host !== "") add("a.host >= ? AND a.host < ?", search.host, endOfPrefix(search.host));
    }
    return statement(
      `SELECT ${ACCOUNT_COLUMNS} FROM ${ACCOUNT_FROM} WHERE ${terms.join(" AND ")} ORDER BY a.local, a.host ${LIMIT}`,
    ).all(...values, limit);
  };

  /** The last name that a scan from `from` may look at; undefined: it may go to the end. */
  const scanEnd = (host: string | null, from: AccountPosition): AccountName | undefined =>
    host === null
      ? names("SELECT local, host FROM account WHERE (local, host) > (?, ?) ORDER BY local, host LIMIT 1 OFFSET ?").get(
          from.local,
          from.host,
          MAX_SCAN,
        )
      : names("SELECT local, host FROM account WHERE host = ? AND local >= ? ORDER BY local LIMIT 1 OFFSET ?").get(
          host,
          from.local,
          MAX_SCAN,
        );

  const onlyThese = (request: ListQuery, only: readonly string[], limit: number): Page<AccountRow> => {
    const search = accountSearch(request.search);
    const from = accountPosition(request.cursor);
    const wanted = only
      .map((jid) => ({ local: jid.slice(0, jid.lastIndexOf("@")), host: jid.slice(jid.lastIndexOf("@") + 1) }))
      .filter(({ host }) => request.hosts?.includes(host) ?? true)
      .filter((name) => search === null || (name.local.includes(search.local) && name.host.startsWith(search.host)))
      .filter((name) => compareNames(name, from) > 0)
      .toSorted(compareNames);
    const items: AccountRow[] = [];
    for (const { local, host } of wanted) {
      const record = one.get(host, local, request.filter ?? "all", now(), now(), now(), now());
      if (record === undefined) continue;
      const last = items.at(-1);
      if (items.length === limit && last !== undefined) {
        return { items, nextCursor: accountCursor({ ...last, phase: "begins" }), total: null };
      }
      items.push(accountRow(record));
    }
    return { items, nextCursor: null, total: request.cursor === undefined ? items.length : null };
  };

  return (request) => {
    const limit = pageLimit(request);
    if (request.only !== undefined) return onlyThese(request, request.only, limit);
    const filter = request.filter ?? "all";
    const hosts = request.hosts ?? [null];
    const search = accountSearch(request.search);
    const items: AccountRow[] = [];
    const scope = request.hosts === undefined ? null : JSON.stringify(request.hosts);
    const total = search === null && filter === "all" ? (countOf.get(scope, scope)?.n ?? 0) : null;
    let position = accountPosition(request.cursor);

    for (;;) {
      const from = position;
      const isScan = from.phase === "contains";
      const ends = isScan ? hosts.flatMap((host) => scanEnd(host, from) ?? []) : [];
      const end = ends.toSorted(compareNames)[0];
      const wanted = limit + 1 - items.length;
      const found = hosts
        .flatMap((host) => rowsOf(filter, search, host, from, end, wanted))
        .toSorted(compareNames)
        .slice(0, wanted);
      items.push(...found.slice(0, limit - items.length).map(accountRow));
      if (found.length === wanted) {
        // The row beyond the page may be the first of this phase.
        const last = items.at(-1);
        const cursor = wanted === 1 || last === undefined ? from : { ...last, phase: from.phase };
        return { items, nextCursor: accountCursor(cursor), total };
      }
      if (end !== undefined) return { items, nextCursor: accountCursor({ ...end, phase: "contains" }), total };
      if (isScan || search === null) break;
      position = { phase: "contains", local: "", host: "" };
    }
    return { items, nextCursor: null, total };
  };
}
