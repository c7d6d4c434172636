/** A page of a list in memory, ordered by key; the cursor is the key of the last item before. */
export function pageBy<Item>(
  all: readonly Item[],
  keyOf: (item: Item) => string,
  { cursor = "", limit }: { readonly cursor?: string | undefined; readonly limit: number },
): { items: Item[]; nextCursor: string | null; total: number } {
  const after = Buffer.from(cursor, "base64url").toString();
  const rest = all
    .filter((item) => cursor === "" || keyOf(item) > after)
    .toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  const nextCursor = rest.length > limit && last !== undefined ? Buffer.from(keyOf(last)).toString("base64url") : null;
  return { items, nextCursor, total: all.length };
}
