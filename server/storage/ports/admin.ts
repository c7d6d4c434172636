import type { AuditRow, NewAuditRow } from "./audit.ts";
import type { FeedName, FeedRow } from "./feeds.ts";
import type { Page, PageRequest } from "./page.ts";

export interface ApiKeyRow {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the key's text, hex. */
  readonly hash: string;
  readonly permissions: readonly string[];
  readonly hosts: readonly string[] | null;
  /** Addresses and blocks that it may be used from; none: anywhere. */
  readonly addresses: readonly string[];
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly lastUsedFrom: string | null;
}

export interface ConsoleSessionRow {
  readonly id: string;
  readonly jid: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly expiresAt: number;
  readonly address: string;
  readonly userAgent: string;
}

/** Where the chain of audit rows ends: its newest row. Id 0: there is none. */
export interface AuditHead {
  readonly id: number;
  readonly hash: string;
}

export interface AdminStore {
  audit(entry: NewAuditRow): Promise<number>;
  auditList(
    filter: {
      readonly actor?: string | undefined;
      readonly action?: string | undefined;
      readonly result?: AuditRow["result"] | undefined;
      readonly search?: string | undefined;
      /** Rows from this time on, and before that one. */
      readonly since?: number | undefined;
      readonly until?: number | undefined;
      /** Which of these are turned round: rows are wanted that they do not match. */
      readonly not?: readonly ("actor" | "action" | "result")[] | undefined;
    },
    page: PageRequest,
  ): Promise<Page<AuditRow>>;
  /**
   * Is the hash chain over the audit rows unbroken? The id of the first bad row, or null; and the rows that were looked at,
   * with the hash of the last one: who keeps that elsewhere can tell later whether the end was cut off.
   */
  auditBreak(): Promise<{ readonly badId: number | null; readonly rows: number; readonly head: AuditHead }>;
  /** Removes at most `limit` rows older than `before`, from the old end; the chain then begins with what they led to. */
  pruneAudit(before: number, limit: number): Promise<number>;
  keys(): Promise<readonly ApiKeyRow[]>;
  keyByHash(hash: string): Promise<ApiKeyRow | null>;
  putKey(key: ApiKeyRow): Promise<void>;
  touchKey(id: string, at: number, from: string): Promise<void>;
  removeKey(id: string): Promise<boolean>;
  sessions(jid?: string): Promise<readonly ConsoleSessionRow[]>;
  session(id: string): Promise<ConsoleSessionRow | null>;
  putSession(session: ConsoleSessionRow): Promise<void>;
  touchSession(id: string, at: number): Promise<void>;
  removeSession(id: string): Promise<boolean>;
  /** Feed rows with id > `after`, oldest first; and the first and last id kept. */
  feed(name: FeedName, after: number, limit: number): Promise<readonly FeedRow[]>;
  feedRange(name: FeedName): Promise<{ oldest: number; head: number }>;
  pruneFeeds(before: number, limit: number): Promise<number>;
  /** Small sealed values (header secrets of targets): text sealed by the caller. */
  secret(name: string): Promise<string | null>;
  secrets(): Promise<ReadonlyMap<string, string>>;
  putSecret(name: string, sealed: string): Promise<void>;
  removeSecret(name: string): Promise<boolean>;
}
