import type { AccountRow, AccountSource, Suspension } from "../ports.ts";

export interface SuspensionRecord {
  readonly suspendedAt: number | null;
  readonly suspendedUntil: number | null;
  readonly suspendedBy: string | null;
  readonly suspendedReason: string | null;
}
export interface AccountRecord extends SuspensionRecord {
  readonly host: string;
  readonly local: string;
  readonly createdAt: number;
  readonly createdVia: AccountSource;
  readonly createdFrom: string | null;
  readonly lastAt: number | null;
  readonly lastStatus: string | null;
  readonly offlineMessages: number;
  /** A JSON array. */
  readonly tags: string;
}

export const SUSPENSION_COLUMNS = `a.suspended_at AS suspendedAt, a.suspended_until AS suspendedUntil,
  a.suspended_by AS suspendedBy, a.suspended_reason AS suspendedReason`;
/** Columns of an AccountRecord, from ACCOUNT_FROM. */
export const ACCOUNT_COLUMNS = `a.host, a.local, a.created_at AS createdAt, a.created_via AS createdVia,
  a.created_from AS createdFrom, ${SUSPENSION_COLUMNS}, a.last_at AS lastAt, a.last_status AS lastStatus,
  coalesce(q.messages, 0) AS offlineMessages,
  (SELECT json_group_array(t.tag ORDER BY t.tag) FROM account_tag t WHERE t.host = a.host AND t.local = a.local) AS tags`;
export const ACCOUNT_FROM = "account a LEFT JOIN offline_queue q ON q.local = a.local AND q.host = a.host";

export function accountRow(record: AccountRecord): AccountRow {
  return {
    host: record.host,
    local: record.local,
    createdAt: record.createdAt,
    createdVia: record.createdVia,
    createdFrom: record.createdFrom,
    suspended: suspensionOf(record),
    lastActivity: record.lastAt === null ? null : { at: record.lastAt, status: record.lastStatus ?? "" },
    offlineMessages: record.offlineMessages,
    tags: JSON.parse(record.tags) as string[],
  };
}

export function suspensionOf(record: SuspensionRecord): Suspension | null {
  if (record.suspendedAt === null) return null;
  return {
    reason: record.suspendedReason ?? "",
    at: record.suspendedAt,
    until: record.suspendedUntil,
    by: record.suspendedBy ?? "",
  };
}
