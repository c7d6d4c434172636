import type { Affiliation, FoundNode, NodeOwner, PublishLimits } from "../../storage/ports.ts";
import type { Jid } from "../../xmpp/jid.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import type { ConfigRules, NodeConfig } from "./config.ts";
import type { PubsubEvent } from "./event.ts";

/** What happened at a node, for its subscribers. */
export interface Announcement {
  readonly node: string;
  readonly config: NodeConfig;
  readonly event: PubsubEvent;
  /** Full JID of who published. */
  readonly publisher: string | null;
}

/** What changed at a node, once it is on disk. */
export interface NodeChange {
  readonly node: string;
  readonly published: readonly { readonly id: string; readonly payload: string }[];
  readonly retracted: readonly string[];
  /** Nothing is left of it: it was purged or deleted. */
  readonly isEmptied: boolean;
}

/** A set of nodes under one address: those of an account (XEP-0163), or those of a service. */
export interface Realm {
  readonly owner: NodeOwner;
  /** Notifications come from here. */
  readonly address: Jid;
  readonly rules: ConfigRules;
  readonly limits: PublishLimits;
  readonly maxSubscriptions: number;
  /** Owns every node, whatever the affiliations say; null: nobody does. */
  readonly user: Jid | null;
  mayCreate(jid: Jid): boolean;
  /** Does the realm's owner find a node that is not there empty? */
  isEmptyIfAbsent(node: string): boolean | Promise<boolean>;
  /** Does that entity get the account's presence? */
  isContact(jid: Jid): boolean | Promise<boolean>;
  /** Roster groups of the entity, if it gets the account's presence. */
  groupsOf(jid: Jid): readonly string[] | Promise<readonly string[]>;
  /** Tells subscribers; resolves when the notifications are under way. */
  announce(announcement: Announcement): Promise<void>;
  /** Sends a message of the realm to whom it says. */
  send(message: Stanza): void;
  /** Tells other modules. */
  changed(change: NodeChange): Promise<void>;
}

/** A node as somebody finds it. */
export interface Visit {
  readonly jid: Jid;
  readonly found: FoundNode;
  readonly config: NodeConfig;
  readonly affiliation: Affiliation | null;
}
