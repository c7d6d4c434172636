/** Whose nodes: an account's, or with `local` "" those of a service, whose domain is `host`. */
export interface NodeOwner {
  readonly host: string;
  readonly local: string;
}

export type Affiliation = "owner" | "publisher" | "publish-only" | "member" | "outcast";

export type SubscriptionState = "subscribed" | "pending";

export interface NewNode {
  /** The configuration, as text of the caller's. */
  readonly config: string;
  readonly createdAt: number;
  /** Bare JID. */
  readonly creator: string;
}

export interface NodeRow extends NewNode {
  readonly node: string;
  readonly items: number;
  /** Of all payloads. */
  readonly bytes: number;
}

/** A node as one entity finds it. */
export interface FoundNode extends NodeRow {
  /** Of the entity's bare JID; null: none. */
  readonly affiliation: Affiliation | null;
  /** The best of the subscriptions of the bare JID and its resources. */
  readonly subscription: SubscriptionState | null;
}

export interface NewItem {
  readonly id: string;
  /** Full JID. */
  readonly publisher: string;
  readonly at: number;
  /** null: never. */
  readonly expiresAt: number | null;
  /** "": none. */
  readonly payload: string;
}

export type ItemRow = Omit<NewItem, "expiresAt">;

export interface ItemQuery {
  readonly now: number;
  /** These ones only, in any order; as many as `maxBytes` allows. */
  readonly ids?: readonly string[] | undefined;
  /** Those published before (older) or after (newer) the item of that id. */
  readonly olderThan?: string | undefined;
  readonly newerThan?: string | undefined;
  /** From the oldest on, instead of from the newest. The answer is newest first all the same. */
  readonly fromOldest?: boolean | undefined;
  readonly limit: number;
  /** No further item is added to a page of so many bytes. */
  readonly maxBytes: number;
}

export interface ItemPage {
  /** Newest first. */
  readonly items: readonly ItemRow[];
  /** Of the node, in all. */
  readonly total: number;
  /** There are more in the direction of the query. */
  readonly isPartial: boolean;
}

export interface NodeLimits {
  readonly maxNodes: number;
  /** Made by one account; left out: no limit of its own. */
  readonly maxNodesOfCreator?: number | undefined;
}

export interface PublishLimits extends NodeLimits {
  /** Of all payloads of the owner. */
  readonly maxBytes: number;
  /** Of all payloads of the node; left out: no limit of its own. */
  readonly maxBytesOfNode?: number | undefined;
}

export type PublishOutcome =
  | { readonly kind: "published"; readonly evicted: readonly string[] }
  | {
      readonly kind: "no-node" | "too-many-nodes" | "too-many-of-creator" | "too-many-bytes" | "too-many-bytes-in-node";
    };

/** The newest item of a node. */
export interface LatestItem extends NodeOwner {
  readonly node: string;
  readonly config: string;
  readonly item: ItemRow;
}

export interface LatestPage {
  readonly items: readonly LatestItem[];
  /** There was no room for more bytes: further ones are behind the last. */
  readonly isPartial: boolean;
}

export interface SubscriptionRow {
  readonly node: string;
  /** Bare or full. */
  readonly jid: string;
  readonly state: SubscriptionState;
  readonly subid: string;
}

export interface AffiliationRow {
  readonly node: string;
  readonly jid: string;
  readonly affiliation: Affiliation;
}

export interface Nodes {
  /** `jid`: the bare JID of who asks. */
  find(owner: NodeOwner, node: string, jid: string): Promise<FoundNode | null>;
  /** In order of their names. */
  list(owner: NodeOwner): Promise<readonly NodeRow[]>;
  /** `exists`, `too-many-…`: nothing was changed. The creator becomes an owner of a service's node. */
  create(
    owner: NodeOwner,
    node: string,
    row: NewNode,
    limits: NodeLimits,
  ): Promise<"created" | "exists" | "too-many-nodes" | "too-many-of-creator">;
  /** Resolves with the ids of items past `maxItems` that are gone with it; null: no such node. */
  configure(owner: NodeOwner, node: string, config: string, maxItems: number): Promise<readonly string[] | null>;
  /** false: no such node. */
  remove(owner: NodeOwner, node: string): Promise<boolean>;
  /**
   * Puts items in, newest last, each in the place of one with its id. Where there are more than `maxItems` then, the oldest
   * go. `create`: what the node is to be if there is none.
   */
  publish(
    owner: NodeOwner,
    node: string,
    items: readonly NewItem[],
    create: NewNode | null,
    maxItems: number,
    limits: PublishLimits,
  ): Promise<PublishOutcome>;
  /** An unknown `olderThan` or `newerThan` gives null; so does an unknown node. */
  items(owner: NodeOwner, node: string, query: ItemQuery): Promise<ItemPage | null>;
  /** Ids of all items, newest first. */
  itemIds(owner: NodeOwner, node: string, now: number): Promise<readonly string[]>;
  /** Resolves with the ids that were there. */
  retract(owner: NodeOwner, node: string, ids: readonly string[]): Promise<readonly string[]>;
  /** Takes all items out. */
  purge(owner: NodeOwner, node: string): Promise<number>;
  /**
   * The newest items of those of these nodes that exist and have any, owner by owner, and of one by the nodes' names.
   * `behind`: of the first owner only nodes with a later name.
   */
  latest(
    owners: readonly NodeOwner[],
    nodes: readonly string[],
    query: { readonly now: number; readonly behind: string; readonly maxBytes: number },
  ): Promise<LatestPage>;
  /** By node, or (node null) of all nodes; by bare JID, or (jid null) of everybody. */
  affiliations(owner: NodeOwner, node: string | null, jid: string | null): Promise<readonly AffiliationRow[]>;
  /** affiliation null: none any more. */
  setAffiliations(
    owner: NodeOwner,
    node: string,
    changes: readonly { readonly jid: string; readonly affiliation: Affiliation | null }[],
  ): Promise<void>;
  /** As `affiliations`; a bare JID stands for its resources as well. */
  subscriptions(owner: NodeOwner, node: string | null, jid: string | null): Promise<readonly SubscriptionRow[]>;
  /** state null: no subscription any more. false, and nothing is changed: there would be more than `max` at the node. */
  setSubscriptions(
    owner: NodeOwner,
    node: string,
    changes: readonly { readonly jid: string; readonly state: SubscriptionState | null; readonly subid: string }[],
    max: number,
  ): Promise<boolean>;
  /** Removes items whose time is up, at most `limit`; resolves with their number. */
  removeExpired(now: number, limit: number): Promise<number>;
}
