import type { ItemPage, ItemQuery, ItemRow, LatestItem, NewItem, Nodes } from "../ports.ts";
import { change, LIMIT, query, type Connection, type Sync } from "./connection.ts";

const COLUMNS = "id, publisher, at, payload";
const ALIVE = "(expires_at IS NULL OR expires_at > ?)";

/** The items of nodes, by the number of the node's row. */
export interface NodeItems {
  put(nodeId: number, item: NewItem): void;
  /** Bytes of the payloads that publishing these ids would replace. */
  replacedBytes(nodeId: number, ids: readonly string[]): number;
  /** Removes the oldest items past `max`; their ids. */
  evict(nodeId: number, max: number): readonly string[];
  page(nodeId: number, total: number, query: ItemQuery): ItemPage | null;
  ids(nodeId: number, now: number): readonly string[];
  retract(nodeId: number, ids: readonly string[]): readonly string[];
  purge(nodeId: number): number;
  latest: Sync<Nodes>["latest"];
  removeExpired(now: number, limit: number): number;
}

export function nodeItemsOn({ db }: Connection): NodeItems {
  const insertOne = change(
    db,
    "INSERT INTO pubsub_item (node_id, id, publisher, at, expires_at, bytes, payload) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const removeOne = change(db, "DELETE FROM pubsub_item WHERE node_id = ? AND id = ?");
  const removeAll = change(db, "DELETE FROM pubsub_item WHERE node_id = ?");
  const placeOf = query<{ seq: number; bytes: number }>(
    db,
    "SELECT seq, bytes FROM pubsub_item WHERE node_id = ? AND id = ?",
  );
  const past = query<{ id: string }>(
    db,
    "SELECT id FROM pubsub_item WHERE node_id = ? ORDER BY seq DESC LIMIT -1 OFFSET 0 + ?",
  );
  const one = query<ItemRow>(db, `SELECT ${COLUMNS} FROM pubsub_item WHERE node_id = ? AND id = ? AND ${ALIVE}`);
  const between = `FROM pubsub_item WHERE node_id = ? AND seq < ? AND seq > ? AND ${ALIVE}`;
  const newestFirst = query<ItemRow>(db, `SELECT ${COLUMNS} ${between} ORDER BY seq DESC ${LIMIT}`);
  const oldestFirst = query<ItemRow>(db, `SELECT ${COLUMNS} ${between} ORDER BY seq ${LIMIT}`);
  const allIds = query<{ id: string }>(
    db,
    `SELECT id FROM pubsub_item WHERE node_id = ? AND ${ALIVE} ORDER BY seq DESC`,
  );
  const counted = query<{ n: number }>(db, `SELECT count(*) AS n FROM pubsub_item WHERE node_id = ? AND ${ALIVE}`);
  const nodesOf = query<{ rowId: number; node: string; config: string }>(
    db,
    `SELECT id AS rowId, node, config FROM pubsub_node
      WHERE host = ? AND local = ? AND items > 0 AND node IN (SELECT value FROM json_each(?)) AND node > ?
      ORDER BY node`,
  );
  const expired = change(
    db,
    `DELETE FROM pubsub_item WHERE seq IN (SELECT seq FROM pubsub_item WHERE expires_at <= ? ORDER BY expires_at ${LIMIT})`,
  );

  const retract = (nodeId: number, ids: readonly string[]): readonly string[] =>
    ids.filter((id) => removeOne(nodeId, id) > 0);

  return {
    put: (nodeId, { id, publisher, at, expiresAt, payload }) => {
      removeOne(nodeId, id);
      insertOne(nodeId, id, publisher, at, expiresAt, Buffer.byteLength(payload), payload);
    },
    replacedBytes: (nodeId, ids) => ids.reduce((sum, id) => sum + (placeOf.get(nodeId, id)?.bytes ?? 0), 0),
    evict: (nodeId, max) =>
      retract(
        nodeId,
        past.all(nodeId, max).map(({ id }) => id),
      ),
    page: (nodeId, total, { now, ids, olderThan, newerThan, fromOldest, limit, maxBytes }) => {
      if (ids !== undefined) {
        const items: ItemRow[] = [];
        let bytes = 0;
        for (const id of ids) {
          const item = one.get(nodeId, id, now);
          if (item === undefined) continue;
          bytes += item.payload.length;
          if (items.length > 0 && bytes > maxBytes) return { items, total, isPartial: true };
          items.push(item);
        }
        return { items, total, isPartial: false };
      }
      const below = olderThan === undefined ? Number.MAX_SAFE_INTEGER : placeOf.get(nodeId, olderThan)?.seq;
      const above = newerThan === undefined ? -1 : placeOf.get(nodeId, newerThan)?.seq;
      if (below === undefined || above === undefined) return null;
      const rows = fromOldest === true ? oldestFirst : newestFirst;
      const items: ItemRow[] = [];
      let bytes = 0;
      let isPartial = false;
      for (const item of rows.iterate(nodeId, below, above, now, limit + 1)) {
        if (items.length === limit || (items.length > 0 && bytes + item.payload.length > maxBytes)) {
          isPartial = true;
          break;
        }
        items.push(item);
        bytes += item.payload.length;
      }
      if (fromOldest === true) items.reverse();
      return { items, total: counted.get(nodeId, now)?.n ?? 0, isPartial };
    },
    ids: (nodeId, now) => allIds.all(nodeId, now).map(({ id }) => id),
    retract,
    purge: (nodeId) => removeAll(nodeId),
    latest: (owners, nodes, { now, behind, maxBytes }) => {
      const names = JSON.stringify(nodes);
      const found: LatestItem[] = [];
      let bytes = 0;
      for (const [index, { host, local }] of owners.entries()) {
        for (const { rowId, node, config } of nodesOf.all(host, local, names, index === 0 ? behind : "")) {
          const item = newestFirst.get(rowId, Number.MAX_SAFE_INTEGER, -1, now, 1);
          if (item === undefined) continue;
          bytes += item.payload.length;
          if (found.length > 0 && bytes > maxBytes) return { items: found, isPartial: true };
          found.push({ host, local, node, config, item });
        }
      }
      return { items: found, isPartial: false };
    },
    removeExpired: (now, limit) => expired(now, limit),
  };
}
