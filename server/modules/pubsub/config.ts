import { z } from "zod";
import { StanzaError } from "../../xmpp/errors.ts";
import { refusal } from "./refusal.ts";

export const accessModels = ["open", "presence", "roster", "authorize", "whitelist"] as const;
export type AccessModel = (typeof accessModels)[number];
export const publishModels = ["publishers", "subscribers", "open"] as const;
export const sendLastModels = ["never", "on_sub", "on_sub_and_presence"] as const;
export const notificationTypes = ["headline", "normal"] as const;
export const itemReplies = ["owner", "publisher"] as const;

const text = z.string().max(1000);

/** What a node's owner sets (XEP-0060 16.4.4). `max` items: as many as the service allows. Seconds for `itemExpire`. */
export const nodeConfigSchema = z.object({
  title: text,
  description: text,
  type: text,
  language: text,
  accessModel: z.enum(accessModels),
  rosterGroupsAllowed: z.array(text).max(100),
  publishModel: z.enum(publishModels),
  persistItems: z.boolean(),
  maxItems: z.union([z.int().min(0), z.literal("max")]),
  itemExpire: z.union([z.int().min(1), z.null()]),
  maxPayloadSize: z.union([z.int().min(1), z.null()]),
  deliverNotifications: z.boolean(),
  deliverPayloads: z.boolean(),
  notificationType: z.enum(notificationTypes),
  notifyConfig: z.boolean(),
  notifyDelete: z.boolean(),
  notifyRetract: z.boolean(),
  notifySub: z.boolean(),
  sendLastPublishedItem: z.enum(sendLastModels),
  itemReply: z.union([z.enum(itemReplies), z.null()]),
});
export type NodeConfig = z.infer<typeof nodeConfigSchema>;

/** What differs between an account and a service. */
export interface ConfigRules {
  readonly defaults: NodeConfig;
  /** Differences from the defaults for nodes of these names. */
  readonly presets: ReadonlyMap<string, Partial<NodeConfig>>;
  readonly accessModels: readonly AccessModel[];
  /** Of one node. */
  readonly maxItems: number;
  readonly maxItemBytes: number;
}

const common: NodeConfig = {
  title: "",
  description: "",
  type: "",
  language: "",
  accessModel: "open",
  rosterGroupsAllowed: [],
  publishModel: "publishers",
  persistItems: true,
  maxItems: "max",
  itemExpire: null,
  maxPayloadSize: null,
  deliverNotifications: true,
  deliverPayloads: true,
  notificationType: "headline",
  notifyConfig: false,
  notifyDelete: true,
  notifyRetract: true,
  notifySub: false,
  sendLastPublishedItem: "on_sub",
  itemReply: null,
};

/** XEP-0163 6: presence access, the last item with presence; a node has one item unless it is asked for more. */
export const accountDefaults: NodeConfig = {
  ...common,
  accessModel: "presence",
  maxItems: 1,
  sendLastPublishedItem: "on_sub_and_presence",
};

const privateItems: Partial<NodeConfig> = {
  accessModel: "whitelist",
  maxItems: "max",
  sendLastPublishedItem: "never",
};

/** Nodes that are for nobody but the account (XEP-0223 3), also where its client forgets to say so. */
export const accountPresets: ConfigRules["presets"] = new Map([
  ["storage:bookmarks", { accessModel: "whitelist" }],
  ["urn:xmpp:bookmarks:1", privateItems],
  ["urn:xmpp:mds:displayed:0", privateItems],
]);

export const serviceDefaults: NodeConfig = common;

/** A stored configuration; what it does not have is as by default. */
export function readConfig(stored: string, defaults: NodeConfig): NodeConfig {
  const parsed: unknown = JSON.parse(stored);
  return nodeConfigSchema.parse({ ...defaults, ...(typeof parsed === "object" ? parsed : null) });
}

export function writeConfig(config: NodeConfig): string {
  return JSON.stringify(config);
}

/** How many items a node keeps. */
export function itemLimit(config: NodeConfig, rules: ConfigRules): number {
  if (!config.persistItems) return 0;
  return config.maxItems === "max" ? rules.maxItems : Math.min(config.maxItems, rules.maxItems);
}

export function payloadLimit(config: NodeConfig, rules: ConfigRules): number {
  return Math.min(config.maxPayloadSize ?? rules.maxItemBytes, rules.maxItemBytes);
}

/** What a new node of that name is. Throws StanzaError as {@link changedConfig} does. */
export function newConfig(node: string, wanted: Partial<NodeConfig>, rules: ConfigRules): NodeConfig {
  return changedConfig({ ...rules.defaults, ...rules.presets.get(node) }, wanted, rules);
}

/** `config` with changes, or why not: a value that is no value of its field (`not-acceptable`). */
export function changedConfig(config: NodeConfig, changes: Partial<NodeConfig>, rules: ConfigRules): NodeConfig {
  const parsed = nodeConfigSchema.safeParse({ ...config, ...changes });
  if (!parsed.success) throw StanzaError.of("not-acceptable", "a field has a value that it cannot have");
  const { data } = parsed;
  if (!rules.accessModels.includes(data.accessModel)) throw refusal("not-acceptable", "unsupported-access-model");
  // A limit past ours is ours; it is not refused, for clients ask for more than anybody gives.
  const maxItems = data.maxItems !== "max" && data.maxItems > rules.maxItems ? "max" : data.maxItems;
  const maxPayloadSize = (data.maxPayloadSize ?? Infinity) >= rules.maxItemBytes ? null : data.maxPayloadSize;
  return { ...data, maxItems, maxPayloadSize };
}

/** Are these fields as the node has them (XEP-0060 7.1.5)? */
export function isAsConfigured(config: NodeConfig, wanted: Partial<NodeConfig>, rules: ConfigRules): boolean {
  const asked = changedConfig(config, wanted, rules);
  const limit = (one: NodeConfig): number => (one.maxItems === "max" ? rules.maxItems : one.maxItems);
  if (limit(asked) !== limit(config)) return false;
  const { maxItems } = config;
  const have = changedConfig(config, {}, rules);
  return JSON.stringify({ ...asked, maxItems }) === JSON.stringify({ ...have, maxItems });
}
