import type { DeviceRow, DeviceSettings } from "../ports.ts";
import { query, type Connection } from "./connection.ts";

/** A row of `device` as it is read. */
export interface DeviceRecord extends Omit<DeviceRow, "settings" | "isEnabled" | "disabled"> {
  readonly seq: number;
  readonly settings: string;
  readonly enabled: number;
  readonly disabledAt: number | null;
  readonly disabledReason: string | null;
}

export const DEVICE_COLUMNS = `seq, id, host, user, kind, target, token, settings, name, app_version AS appVersion, resource,
  node, secret_hash AS secretHash, via, registered_at AS registeredAt, updated_at AS updatedAt, enabled,
  disabled_at AS disabledAt, disabled_reason AS disabledReason, last_accepted_at AS lastAcceptedAt,
  last_error AS lastError, failures, failing_since AS failingSince`;

export function deviceRow(record: DeviceRecord): DeviceRow {
  const { disabledAt, disabledReason } = record;
  return {
    id: record.id,
    host: record.host,
    user: record.user,
    kind: record.kind,
    target: record.target,
    token: record.token,
    settings: JSON.parse(record.settings) as DeviceSettings,
    name: record.name,
    appVersion: record.appVersion,
    resource: record.resource,
    node: record.node,
    secretHash: record.secretHash,
    via: record.via,
    registeredAt: record.registeredAt,
    updatedAt: record.updatedAt,
    isEnabled: record.enabled === 1,
    disabled: disabledAt === null ? null : { at: disabledAt, reason: disabledReason ?? "" },
    lastAcceptedAt: record.lastAcceptedAt,
    lastError: record.lastError,
    failures: record.failures,
    failingSince: record.failingSince,
  };
}

export function isActive({ enabled, disabledAt }: Pick<DeviceRecord, "enabled" | "disabledAt">): boolean {
  return enabled === 1 && disabledAt === null;
}

export function deviceByIdOn({ db }: Connection): (id: string) => DeviceRow | null {
  const byId = query<DeviceRecord>(db, `SELECT ${DEVICE_COLUMNS} FROM device WHERE id = ?`);
  return (id) => {
    const record = byId.get(id);
    return record === undefined ? null : deviceRow(record);
  };
}
