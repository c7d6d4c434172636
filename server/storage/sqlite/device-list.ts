import type { SQLInputValue } from "node:sqlite";
import type { DeviceFilter, Devices } from "../ports.ts";
import { LIMIT, query, statementCache, type Connection, type Sync } from "./connection.ts";
import { ACTIVE } from "./device-count.ts";
import { deviceRow, DEVICE_COLUMNS, type DeviceRecord } from "./device-row.ts";
import { decodeCursor, pageLimit, pageOf } from "./page.ts";
import { unless } from "./term.ts";

const STATES: Readonly<Record<NonNullable<DeviceFilter["state"]>, string>> = {
  active: ACTIVE,
  registered: "enabled = 0 AND disabled_at IS NULL",
  disabled: "disabled_at IS NOT NULL",
};

/** Newest first. Counted only when nothing has to be looked through for it. */
export function deviceListOn({ db }: Connection): Sync<Devices>["list"] {
  const statement = statementCache<DeviceRecord>(db);
  const countAll = query<{ n: number }>(db, "SELECT count(*) AS n FROM device");
  const countOfUser = query<{ n: number }>(db, "SELECT count(*) AS n FROM device WHERE user = ?");

  return (filter, request) => {
    const limit = pageLimit(request);
    const [before] = decodeCursor<[number]>(request.cursor, ["number"]) ?? [Number.MAX_SAFE_INTEGER];
    const { terms, values } = conditionOf(filter);
    const where = ["seq < ?", ...terms].join(" AND ");
    const rows = statement(`SELECT ${DEVICE_COLUMNS} FROM device WHERE ${where} ORDER BY seq DESC ${LIMIT}`).all(
      before,
      ...values,
      limit + 1,
    );
    const { user } = filter;
    const isOfUser = user !== undefined && !filter.not?.includes("user") && terms.length === 1;
    const count = terms.length === 0 ? countAll.get() : isOfUser ? countOfUser.get(user) : undefined;
    const page = pageOf(rows, limit, (row) => [row.seq], count?.n ?? null);
    return { ...page, items: page.items.map(deviceRow) };
  };
}

function conditionOf(filter: DeviceFilter): { terms: string[]; values: SQLInputValue[] } {
  const { not } = filter;
  const terms: string[] = [];
  const values: SQLInputValue[] = [];
  const add = (term: string, ...termValues: SQLInputValue[]): void => {
    terms.push(term);
    values.push(...termValues);
  };
  if (filter.hosts !== undefined) add("host IN (SELECT value FROM json_each(?))", JSON.stringify(filter.hosts));
  if (filter.user !== undefined) add(unless(not?.includes("user"), "user = ?"), filter.user);
  if (filter.kind !== undefined) add(unless(not?.includes("kind"), "kind = ?"), filter.kind);
  if (filter.target !== undefined) add(unless(not?.includes("target"), "target = ?"), filter.target);
  if (filter.state !== undefined) add(unless(not?.includes("state"), STATES[filter.state]));
  if (filter.search !== undefined && filter.search !== "") {
    add("(instr(user, ?) OR instr(lower(name), lower(?)))", filter.search, filter.search);
  }
  return { terms, values };
}
