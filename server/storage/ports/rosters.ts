import type { NewOutboxEvent } from "./outbox-event.ts";

export type Subscription = "none" | "to" | "from" | "both";

export interface RosterItem {
  readonly jid: string;
  readonly name: string;
  readonly subscription: Subscription;
  /** An outbound request waits for its answer. */
  readonly ask: boolean;
  /** Pre-approved (RFC 6121 3.4). */
  readonly approved: boolean;
  readonly groups: readonly string[];
}

/** An inbound request that waits for the user, with the stanza that brought it (RFC 6121 3.1.3). */
export interface PendingRequest {
  readonly jid: string;
  readonly stanza: string;
}

export interface Roster {
  readonly version: number;
  readonly items: readonly RosterItem[];
  readonly requests: readonly PendingRequest[];
}

/** An item was put or removed, for the last time so far with `version`. */
export interface RosterItemChange {
  readonly jid: string;
  readonly version: number;
}

export interface Rosters {
  get(host: string, local: string): Promise<Roster>;
  /** Inserts or replaces an item and answers with the roster's new version. Refused as `roster-full` past `maxItems`. */
  put(host: string, local: string, item: RosterItem, maxItems: number): Promise<number>;
  remove(host: string, local: string, jid: string): Promise<number>;
  /** What became of items since `version`, in the order of the last change to each; null when it is unknown or too old. */
  changes(host: string, local: string, version: number): Promise<readonly RosterItemChange[] | null>;
  /** Keeps a request, or what it says by now, and the forwards that tell of it, in one transaction. */
  putRequest(host: string, local: string, request: PendingRequest, forwards: readonly NewOutboxEvent[]): Promise<void>;
  removeRequest(host: string, local: string, jid: string): Promise<void>;
}
