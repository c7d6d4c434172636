import type { SQLInputValue } from "node:sqlite";
import type { AccountRow, Accounts } from "../ports.ts";
import { filterPlan, traitTerms, type AccountListQuery } from "./account-filter.ts";
import { accountsAmongOn } from "./account-only.ts";
import { ACCOUNT_COLUMNS, accountRow, type AccountRecord } from "./account-row.ts";
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
import { LIMIT, query, statementCache, type Connection, type Sync } from "./connection.ts";
import { pageLimit } from "./page.ts";

/** Names looked through for one page of matches inside a name: about 50 ms. The cursor says where to go on. */
const maxScan = 300_000;

/** What one statement looks for: rows behind `from`, up to and including `end`. */
interface Stretch {
  readonly request: AccountListQuery;
  readonly search: AccountSearch | null;
  /** The one host to look at; null: all, or those of `hosts`. */
  readonly host: string | null;
  readonly hosts: readonly string[] | undefined;
  readonly from: AccountPosition;
  readonly end: AccountName | undefined;
}

/**
 * Accounts by (local, host). Without a search, and for names that begin with it, an index leads straight to the page. A
 * match inside a name has to be looked for: at most maxScan names are, then the page ends early with a next cursor.
 * A restriction to hosts is a merge of one indexed page per host.
 */
export function accountListOn(connection: Connection): Sync<Accounts>["list"] {
  const { db, now } = connection;
  const statement = statementCache<AccountRecord>(db);
  const afterScan = query<AccountName>(
    db,
    "SELECT local, host FROM account WHERE (local, host) > (?, ?) ORDER BY local, host LIMIT 1 OFFSET ?",
  );
  const afterScanOfHost = query<AccountName>(
    db,
    "SELECT local, host FROM account WHERE host = ? AND local >= ? ORDER BY local LIMIT 1 OFFSET ?",
  );
  const countOf = query<{ n: number }>(
    db,
    "SELECT coalesce(sum(accounts), 0) AS n FROM account_count WHERE ? IS NULL OR host IN (SELECT value FROM json_each(?))",
  );
  const among = accountsAmongOn(connection);

  const rowsOf = ({ request, search, host, hosts, from, end }: Stretch, limit: number): AccountRecord[] => {
    const plan = filterPlan(request);
    const wanted = traitTerms(request);
    const terms = [plan.condition, ...wanted.terms];
    const values: SQLInputValue[] = [now(), ...wanted.values];
    const add = (term: string, ...termValues: SQLInputValue[]): void => {
      terms.push(term);
      values.push(...termValues);
    };
    let start: AccountName = from;
    if (search !== null && from.phase === "begins") {
      // One lower bound: of two, SQLite may choose the worse.
      if (compareNames(from, { local: search.local, host: "" }) < 0) start = { local: search.local, host: "" };
      add("a.local < ?", endOfPrefix(search.local));
    } else if (search !== null) {
      add("instr(a.local, ?) > 1", search.local);
    }
    if (search !== null && search.host !== "") add("a.host >= ? AND a.host < ?", search.host, endOfPrefix(search.host));
    if (host === null) add("(a.local, a.host) > (?, ?)", start.local, start.host);
    else add(`a.host = ? AND a.local ${host > start.host ? ">=" : ">"} ?`, host, start.local);
    if (request.except !== undefined)
      add("a.local || '@' || a.host NOT IN (SELECT value FROM json_each(?))", JSON.stringify(request.except));
    if (hosts !== undefined) add("a.host IN (SELECT value FROM json_each(?))", JSON.stringify(hosts));
    if (end !== undefined) add("(a.local, a.host) <= (?, ?)", end.local, end.host);
    return statement(
      `SELECT ${ACCOUNT_COLUMNS} FROM ${plan.from} WHERE ${terms.join(" AND ")} ORDER BY a.local, a.host ${LIMIT}`,
    ).all(...values, limit);
  };

  /** The last name that a scan may look at; undefined: it may go to the end. */
  const scanEnd = (scopes: readonly (string | null)[], from: AccountPosition): AccountName | undefined =>
    scopes
      .flatMap((host) =>
        host === null
          ? (afterScan.get(from.local, from.host, maxScan) ?? [])
          : (afterScanOfHost.get(host, from.local, maxScan) ?? []),
      )
      .toSorted(compareNames)[0];

  return (request) => {
    if (request.only !== undefined) return among(request, request.only);
    const limit = pageLimit(request);
    const { filter = "all" } = request;
    const search = accountSearch(request.search);
    const { isSparse } = filterPlan(request);
    const hosts = isSparse ? request.hosts : undefined;
    const scopes = isSparse ? [null] : (request.hosts ?? [null]);
    const counted = request.hosts === undefined ? null : JSON.stringify(request.hosts);
    const isCounted =
      search === null && filter === "all" && request.except === undefined && traitTerms(request).terms.length === 0;
    const total = isCounted ? (countOf.get(counted, counted)?.n ?? 0) : null;
    const items: AccountRow[] = [];
    let position = accountPosition(request.cursor);

    for (;;) {
      const from = position;
      const isScan = from.phase === "contains" && !isSparse;
      const end = isScan ? scanEnd(scopes, from) : undefined;
      const wanted = limit + 1 - items.length;
      const found = scopes
        .flatMap((host) => rowsOf({ request, search, host, hosts, from, end }, wanted))
        .toSorted(compareNames)
        .slice(0, wanted);
      items.push(...found.slice(0, wanted - 1).map(accountRow));
      if (found.length === wanted) {
        // Where the row beyond the page is the first of its phase, the next page begins where this phase did.
        const last = items.at(-1);
        const cursor = wanted === 1 || last === undefined ? from : { ...last, phase: from.phase };
        return { items, nextCursor: accountCursor(cursor), total };
      }
      if (end !== undefined) return { items, nextCursor: accountCursor({ ...end, phase: "contains" }), total };
      if (from.phase === "contains" || search === null) return { items, nextCursor: null, total };
      position = { phase: "contains", local: "", host: "" };
    }
  };
}
