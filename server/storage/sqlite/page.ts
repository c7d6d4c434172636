import { StoreError } from "../errors.ts";
import type { Page, PageRequest } from "../ports.ts";

/** What a row is ordered by. */
type Key = readonly (string | number)[];

/** A page never has more rows than this, whatever was asked for. */
const maxPage = 1000;

export function pageLimit(page: PageRequest): number {
  return Math.min(Math.max(1, Math.trunc(page.limit)), maxPage);
}

/** A cursor is the key of the last row that was looked at: rows that come or go meanwhile move nothing. */
export function encodeCursor(key: Key): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}

/** The key in a cursor, checked against the types of `shape`; undefined without a cursor. */
export function decodeCursor<Shape extends Key>(
  cursor: string | undefined,
  shape: { readonly [Index in keyof Shape]: Shape[Index] extends string ? "string" : "number" },
): Shape | undefined {
  if (cursor === undefined) return undefined;
  const key = parseKey(cursor);
  const isOfShape = key.length === shape.length && shape.every((type, index) => typeof key[index] === type);
  if (!isOfShape) throw new StoreError("cursor", "the cursor is not one of this store");
  return key as Shape;
}

function parseKey(cursor: string): Key {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    return Array.isArray(key) ? key : [];
  } catch (cause) {
    throw new StoreError("cursor", "the cursor is not one of this store", { cause });
  }
}

/** The page made of one row more than asked for, which tells whether there is a next one. */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => Key,
  total: number | null = null,
): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null, total };
}
