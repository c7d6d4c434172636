import type { AccountRow, Page } from "../ports.ts";
import { ANY_ACCOUNT_FILTER, traitTerms, type AccountListQuery } from "./account-filter.ts";
import { ACCOUNT_COLUMNS, ACCOUNT_FROM, accountRow, type AccountRecord } from "./account-row.ts";
import { accountCursor, accountPosition, accountSearch, compareNames } from "./account-search.ts";
import { statementCache, type Connection } from "./connection.ts";
import { pageLimit } from "./page.ts";
import { unless } from "./term.ts";

/** A page of the accounts among these bare JIDs (users who are online): the caller's list is ordered, then looked up. */
export function accountsAmongOn({ db, now }: Connection) {
  const statement = statementCache<AccountRecord>(db);

  return (request: AccountListQuery, jids: readonly string[]): Page<AccountRow> => {
    const limit = pageLimit(request);
    const at = now();
    const wanted = traitTerms(request);
    const terms = [
      "a.host = ?",
      "a.local = ?",
      unless(request.not?.includes("filter"), ANY_ACCOUNT_FILTER),
      ...wanted.terms,
    ].join(" AND ");
    const one = statement(`SELECT ${ACCOUNT_COLUMNS} FROM ${ACCOUNT_FROM} WHERE ${terms}`);
    const search = accountSearch(request.search);
    const from = accountPosition(request.cursor);
    const names = jids
      .map((jid) => ({ local: jid.slice(0, jid.lastIndexOf("@")), host: jid.slice(jid.lastIndexOf("@") + 1) }))
      .filter(({ host }) => request.hosts?.includes(host) ?? true)
      .filter((name) => search === null || (name.local.includes(search.local) && name.host.startsWith(search.host)))
      .filter((name) => compareNames(name, from) > 0)
      .toSorted(compareNames);
    const items: AccountRow[] = [];
    for (const { local, host } of names) {
      const record = one.get(host, local, request.filter ?? "all", at, at, at, at, ...wanted.values);
      if (record === undefined) continue;
      const last = items.at(-1);
      if (items.length === limit && last !== undefined) {
        return { items, nextCursor: accountCursor({ ...last, phase: "begins" }), total: null };
      }
      items.push(accountRow(record));
    }
    return { items, nextCursor: null, total: request.cursor === undefined ? items.length : null };
  };
}
