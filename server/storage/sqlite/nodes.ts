import { Jid } from "../../xmpp/jid.ts";
import type {
  Affiliation,
  AffiliationRow,
  FoundNode,
  NodeLimits,
  NodeOwner,
  NodeRow,
  Nodes,
  SubscriptionRow,
  SubscriptionState,
} from "../ports.ts";
import { change, insert, query, type Connection, type Sync } from "./connection.ts";
import { nodeItemsOn } from "./node-items.ts";

const OWNER = "host = ? AND local = ?";
const COLUMNS = "id AS rowId, node, config, created_at AS createdAt, creator, items, bytes";

interface NodeRecord extends NodeRow {
  readonly rowId: number;
}

export function nodesOn(connection: Connection): Sync<Nodes> {
  const { db } = connection;
  const items = nodeItemsOn(connection);
  const find = query<NodeRecord>(db, `SELECT ${COLUMNS} FROM pubsub_node WHERE ${OWNER} AND node = ?`);
  const all = query<NodeRecord>(db, `SELECT ${COLUMNS} FROM pubsub_node WHERE ${OWNER} ORDER BY node`);
  const sums = query<{ nodes: number; bytes: number }>(
    db,
    `SELECT count(*) AS nodes, coalesce(sum(bytes), 0) AS bytes FROM pubsub_node WHERE ${OWNER}`,
  );
  const ofCreator = query<{ nodes: number }>(
    db,
    `SELECT count(*) AS nodes FROM pubsub_node WHERE ${OWNER} AND creator = ?`,
  );
  const add = insert(
    db,
    "INSERT INTO pubsub_node (host, local, node, config, created_at, creator) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const setConfig = change(db, "UPDATE pubsub_node SET config = ? WHERE id = ?");
  const removeNode = change(db, `DELETE FROM pubsub_node WHERE ${OWNER} AND node = ?`);
  const affiliationOf = query<{ affiliation: Affiliation }>(
    db,
    "SELECT affiliation FROM pubsub_affiliation WHERE node_id = ? AND jid = ?",
  );
  const putAffiliation = change(
    db,
    "INSERT OR REPLACE INTO pubsub_affiliation (node_id, jid, affiliation) VALUES (?, ?, ?)",
  );
  const removeAffiliation = change(db, "DELETE FROM pubsub_affiliation WHERE node_id = ? AND jid = ?");
  // Parameters: node or null twice, JID or null twice.
  const affiliations = query<AffiliationRow>(
    db,
    `SELECT n.node, a.jid, a.affiliation FROM pubsub_node n JOIN pubsub_affiliation a ON a.node_id = n.id
      WHERE n.host = ? AND n.local = ? AND (? IS NULL OR n.node = ?) AND (? IS NULL OR a.jid = ?) ORDER BY n.node, a.jid`,
  );
  const subscriptionOf = query<{ state: SubscriptionState }>(
    db,
    "SELECT state FROM pubsub_subscription WHERE node_id = ? AND bare = ? ORDER BY state DESC LIMIT 1",
  );
  const putSubscription = change(
    db,
    "INSERT OR REPLACE INTO pubsub_subscription (node_id, bare, jid, state, subid) VALUES (?, ?, ?, ?, ?)",
  );
  const removeSubscription = change(db, "DELETE FROM pubsub_subscription WHERE node_id = ? AND bare = ? AND jid = ?");
  const subscribers = query<{ n: number }>(db, "SELECT count(*) AS n FROM pubsub_subscription WHERE node_id = ?");
  const subscriptions = query<SubscriptionRow>(
    db,
    `SELECT n.node, s.jid, s.state, s.subid FROM pubsub_node n JOIN pubsub_subscription s ON s.node_id = n.id
      WHERE n.host = ? AND n.local = ? AND (? IS NULL OR n.node = ?) AND (? IS NULL OR s.bare = ?) ORDER BY n.node, s.jid`,
  );

  /** What speaks against another node; undefined: nothing. */
  const refusalOf = (
    { host, local }: NodeOwner,
    creator: string,
    { maxNodes, maxNodesOfCreator }: NodeLimits,
  ): "too-many-nodes" | "too-many-of-creator" | undefined => {
    if ((sums.get(host, local)?.nodes ?? 0) >= maxNodes) return "too-many-nodes";
    if (maxNodesOfCreator === undefined) return undefined;
    return (ofCreator.get(host, local, creator)?.nodes ?? 0) >= maxNodesOfCreator ? "too-many-of-creator" : undefined;
  };

  return {
    find: ({ host, local }, node, jid) => {
      const row = find.get(host, local, node);
      if (row === undefined) return null;
      const found: FoundNode = {
        ...rowOf(row),
        affiliation: affiliationOf.get(row.rowId, jid)?.affiliation ?? null,
        subscription: subscriptionOf.get(row.rowId, jid)?.state ?? null,
      };
      return found;
    },
    list: ({ host, local }) => all.all(host, local).map(rowOf),
    create: (owner, node, row, limits) => {
      const { host, local } = owner;
      if (find.get(host, local, node) !== undefined) return "exists";
      const refusal = refusalOf(owner, row.creator, limits);
      if (refusal !== undefined) return refusal;
      const id = add(host, local, node, row.config, row.createdAt, row.creator);
      if (local === "") putAffiliation(id, row.creator, "owner");
      return "created";
    },
    configure: ({ host, local }, node, config, maxItems) => {
      const row = find.get(host, local, node);
      if (row === undefined) return null;
      setConfig(config, row.rowId);
      return items.evict(row.rowId, maxItems);
    },
    remove: ({ host, local }, node) => removeNode(host, local, node) > 0,
    publish: (owner, node, published, create, maxItems, limits) => {
      const { host, local } = owner;
      const found = find.get(host, local, node);
      if (found === undefined && create === null) return { kind: "no-node" };
      const refusal = found === undefined ? refusalOf(owner, create!.creator, limits) : undefined;
      if (refusal !== undefined) return { kind: refusal };
      const added = published.reduce((sum, { payload }) => sum + Buffer.byteLength(payload), 0);
      const ids = published.map(({ id }) => id);
      const freed = found === undefined ? 0 : items.replacedBytes(found.rowId, ids);
      if ((sums.get(host, local)?.bytes ?? 0) + added - freed > limits.maxBytes) return { kind: "too-many-bytes" };
      const bytesOfNode = (found?.bytes ?? 0) + added - freed;
      if (bytesOfNode > (limits.maxBytesOfNode ?? Infinity)) return { kind: "too-many-bytes-in-node" };
      const rowId = found?.rowId ?? add(host, local, node, create!.config, create!.createdAt, create!.creator);
      if (found === undefined && local === "") putAffiliation(rowId, create!.creator, "owner");
      for (const item of published) items.put(rowId, item);
      return { kind: "published", evicted: items.evict(rowId, maxItems) };
    },
    items: ({ host, local }, node, request) => {
      const row = find.get(host, local, node);
      return row === undefined ? null : items.page(row.rowId, row.items, request);
    },
    itemIds: ({ host, local }, node, now) => {
      const row = find.get(host, local, node);
      return row === undefined ? [] : items.ids(row.rowId, now);
    },
    retract: ({ host, local }, node, ids) => {
      const row = find.get(host, local, node);
      return row === undefined ? [] : items.retract(row.rowId, ids);
    },
    purge: ({ host, local }, node) => {
      const row = find.get(host, local, node);
      return row === undefined ? 0 : items.purge(row.rowId);
    },
    latest: (owners, nodes, wanted) => items.latest(owners, nodes, wanted),
    affiliations: ({ host, local }, node, jid) => affiliations.all(host, local, node, node, jid, jid),
    setAffiliations: ({ host, local }, node, changes) => {
      const row = find.get(host, local, node);
      if (row === undefined) return;
      for (const { jid, affiliation } of changes) {
        if (affiliation === null) removeAffiliation(row.rowId, jid);
        else putAffiliation(row.rowId, jid, affiliation);
      }
    },
    subscriptions: ({ host, local }, node, jid) => subscriptions.all(host, local, node, node, jid, jid),
    setSubscriptions: ({ host, local }, node, changes, max) => {
      const row = find.get(host, local, node);
      if (row === undefined) return true;
      const known = new Set(subscriptions.all(host, local, node, node, null, null).map(({ jid }) => jid));
      for (const { jid, state } of changes) {
        if (state === null) known.delete(jid);
        else known.add(jid);
      }
      const isMore = known.size > (subscribers.get(row.rowId)?.n ?? 0);
      if (isMore && known.size > max) return false;
      for (const { jid, state, subid } of changes) {
        const { bare } = Jid.parse(jid);
        if (state === null) removeSubscription(row.rowId, bare, jid);
        else putSubscription(row.rowId, bare, jid, state, subid);
      }
      return true;
    },
    removeExpired: (now, limit) => items.removeExpired(now, limit),
  };
}

function rowOf({ node, config, createdAt, creator, items, bytes }: NodeRecord): NodeRow {
  return { node, config, createdAt, creator, items, bytes };
}
