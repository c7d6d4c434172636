import { z } from "zod";
import type { PublishLimits } from "../../storage/ports.ts";

/** What a realm may hold. */
export interface RealmLimits extends PublishLimits {
  /** Of one node. */
  readonly maxItems: number;
  readonly maxItemBytes: number;
  readonly maxSubscriptions: number;
}

/** The options that accounts and services have alike. */
export const itemOptions = {
  max_items: z.int().min(1).max(100_000).default(1000).describe("Items of one node."),
  max_item_bytes: z
    .int()
    .min(1024)
    .max(256 * 1024)
    .default(128 * 1024)
    .describe("Size of one item."),
};

export function limitsOf(options: {
  readonly max_nodes: number;
  readonly max_items: number;
  readonly max_item_bytes: number;
  readonly max_bytes: number;
  readonly max_subscriptions: number;
  readonly max_account_nodes?: number;
  readonly max_node_bytes?: number;
}): RealmLimits {
  return {
    maxNodes: options.max_nodes,
    maxNodesOfCreator: options.max_account_nodes,
    maxBytesOfNode: options.max_node_bytes,
    maxItems: options.max_items,
    maxItemBytes: options.max_item_bytes,
    maxBytes: options.max_bytes,
    maxSubscriptions: options.max_subscriptions,
  };
}
