import type { AuditRow } from "./audit.ts";
import type { FeedName, FeedRow } from "./feeds.ts";
import type { Page, PageRequest } from "./page.ts";

export interface ApiKeyRow {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the key's text, hex. */
  readonly hash: string;
  readonly permissions: readonly string[];
  readonly hosts: readonly string[] | null;
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

export interface AdminStore {
  audit(entry: Omit<AuditRow, "id">): Promise<number>;
  auditList(
    filter: {
      readonly actor?: string | undefined;
      readonly action?: string | undefined;
      readonly search?: string | undefined;
    },
    page: PageRequest,
  ): Promise<Page<AuditRow>>;
  /** Is the hash chain over the audit rows unbroken? The id of the first bad row, or null. */
  auditBreak(): Promise<number | null>;
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
