import type { MessageKey } from "./kept-message.ts";
import type { NewOutboxEvent } from "./outbox-event.ts";
import type { Page, PageRequest } from "./page.ts";

export interface OfflineMessage {
  /** Its place in the queue. A message that comes to wait a second time gets a new one. */
  readonly id: number;
  readonly key: MessageKey;
  readonly isArchived: boolean;
  readonly from: string;
  readonly type: string;
  readonly at: number;
  readonly xml: string;
}

export interface OfflineUnit {
  readonly host: string;
  readonly local: string;
  /** The message; null: only forward (nothing to store). */
  readonly message: {
    /** Under which the archive keeps it, or is to keep it; left out: it is not for the archive, and the store finds a key. */
    readonly archiveAs?: MessageKey | undefined;
    readonly from: string;
    readonly type: string;
    readonly at: number;
    readonly expiresAt: number | null;
    readonly xml: string;
  } | null;
  readonly maxMessages: number;
  readonly maxBytes: number;
  readonly forwards: readonly NewOutboxEvent[];
}

/** An account for which messages wait. */
export interface OfflineQueue {
  readonly host: string;
  readonly local: string;
  readonly messages: number;
  readonly bytes: number;
  readonly oldestAt: number;
  readonly newestAt: number;
  /** Events about the account's messages that are not settled yet. */
  readonly pendingForwards: number;
}

/** Which messages that wait are meant: those that all of these say. */
export interface OfflineFilter {
  readonly hosts?: readonly string[] | undefined;
  readonly user?: { readonly host: string; readonly local: string } | undefined;
  /** Places in the queue. */
  readonly ids?: readonly number[] | undefined;
  /** Address of the sender; a bare one stands for all of its resources. */
  readonly from?: string | undefined;
  /** They came before, ms since the epoch. */
  readonly before?: number | undefined;
}

/** What a step of a walk through the queues has found. `upTo` is where the next one goes on; null: the walk is over. */
export interface OfflineStep {
  readonly messages: number;
  readonly bytes: number;
  readonly upTo: number | null;
}

/** Messages that wait for a client of their account. */
export interface OfflineStore {
  /**
   * Stores the message and its forwards in one transaction; one that the archive has already comes to wait, and one that
   * waits goes on waiting. `full`: the queue is full, or the account is gone, and nothing was written. A forward whose id is
   * known already is left as it is.
   */
  commit(unit: OfflineUnit): Promise<"stored" | "full">;
  /** Oldest first, at most `limit`, with id > `after`; expired ones are left out. */
  read(host: string, local: string, after: number, limit: number): Promise<readonly OfflineMessage[]>;
  /**
   * The client has all with id <= `upTo`: they wait no more, and those that are not archived are deleted. `resource` is the
   * client's: pushes about them that still wait for the device it registered are cancelled.
   */
  acknowledge(host: string, local: string, upTo: number, resource?: string): Promise<number>;
  /** Those that wait under these keys, expired ones as well. */
  pick(host: string, local: string, keys: readonly MessageKey[]): Promise<readonly OfflineMessage[]>;
  /** As `acknowledge`, for these only. false: not all of them wait, and nothing was done. */
  remove(host: string, local: string, keys: readonly MessageKey[]): Promise<boolean>;
  depth(host: string, local: string): Promise<{ messages: number; bytes: number }>;
  totals(host?: string): Promise<{ accounts: number; messages: number; bytes: number; oldestAt: number | null }>;
  list(
    host: string,
    local: string,
    page: PageRequest,
  ): Promise<Page<OfflineMessage & { readonly bytes: number; readonly expiresAt: number | null }>>;
  /** Those for which most waits first, or by JID. */
  queues(
    filter: {
      readonly hosts?: readonly string[] | undefined;
      readonly search?: string | undefined;
      readonly order: "messages" | "jid";
    },
    page: PageRequest,
  ): Promise<Page<OfflineQueue>>;
  /** A step of a walk: counts those that match among at most `limit` messages with id > `after`. */
  matching(filter: OfflineFilter, after: number, limit: number): Promise<OfflineStep>;
  /** The same step, in which they are deleted, or wait no more where the archive has them. No client is said to have them. */
  discard(filter: OfflineFilter, after: number, limit: number): Promise<OfflineStep>;
  /** The same step, in which those that would expire before `until` (null: all that would expire) do so then, or never. */
  extend(filter: OfflineFilter, until: number | null, after: number, limit: number): Promise<OfflineStep>;
  /** Expired ones wait no more, at most `limit` in a step. Answers how many. */
  removeExpired(now: number, limit: number): Promise<number>;
}
