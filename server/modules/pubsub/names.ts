import { NS } from "../../xmpp/namespaces.ts";

export const NS_OWNER = `${NS.pubsub}#owner`;
export const NS_EVENT = `${NS.pubsub}#event`;
export const NS_ERRORS = `${NS.pubsub}#errors`;
export const NS_NODE_CONFIG = `${NS.pubsub}#node_config`;
export const NS_PUBLISH_OPTIONS = `${NS.pubsub}#publish-options`;
export const NS_META_DATA = `${NS.pubsub}#meta-data`;
export const NS_AUTHORIZATION = `${NS.pubsub}#subscribe_authorization`;

/** What every service of ours does (XEP-0060 10), each after `http://jabber.org/protocol/pubsub#`. */
export const FEATURES = [
  "access-authorize",
  "access-open",
  "access-whitelist",
  "auto-create",
  "config-node",
  "config-node-max",
  "create-and-configure",
  "create-nodes",
  "delete-items",
  "delete-nodes",
  "instant-nodes",
  "item-ids",
  "last-published",
  "manage-subscriptions",
  "member-affiliation",
  "meta-data",
  "modify-affiliations",
  "multi-items",
  "outcast-affiliation",
  "persistent-items",
  "publish",
  "publish-only-affiliation",
  "publish-options",
  "publisher-affiliation",
  "purge-nodes",
  "retract-items",
  "retrieve-affiliations",
  "retrieve-default",
  "retrieve-items",
  "retrieve-subscriptions",
  "rsm",
  "subscribe",
  "subscription-notifications",
].map((feature) => `${NS.pubsub}#${feature}`);

/** What comes with presence and contacts, so for accounts only. */
export const ACCOUNT_FEATURES = [
  "access-presence",
  "access-roster",
  "auto-subscribe",
  "filtered-notifications",
  "presence-notifications",
].map((feature) => `${NS.pubsub}#${feature}`);
