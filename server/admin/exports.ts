import type { contract } from "../../lib/contracts/index.ts";
import { audit } from "./audit.ts";
import { forward } from "./forward.ts";
import type { Admin } from "./parts.ts";
import { users } from "./users.ts";
import type { Verbs } from "./verbs.ts";

const pageSize = 500;

/** Whole lists, page by page from the verbs that list them: what these do not show to the caller is not exported either. */
export function exports(admin: Admin): Verbs<typeof contract.exports> {
  const lists = { users: users(admin).list, forward: forward(admin).list, audit: audit(admin).list };
  return {
    users: ({ format: _format, ...filter }, call) =>
      everyRow(async (cursor) => lists.users({ ...filter, limit: pageSize, cursor }, call)),
    forward: ({ format: _format, ...filter }, call) =>
      everyRow(async (cursor) => lists.forward({ ...filter, limit: pageSize, cursor }, call)),
    audit: ({ format: _format, ...filter }, call) =>
      everyRow(async (cursor) => lists.audit({ ...filter, limit: pageSize, cursor }, call)),
  };
}

async function* everyRow<Row>(
  load: (cursor: string | undefined) => Promise<{ readonly items: readonly Row[]; readonly nextCursor: string | null }>,
): AsyncGenerator<Row, void, void> {
  let cursor: string | undefined;
  do {
    const page = await load(cursor);
    yield* page.items;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}
