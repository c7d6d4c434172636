import type { Devices, DeviceSettings } from "../ports.ts";
import { change, LIMIT, query, type Connection, type Sync } from "./connection.ts";
import { deviceFollowerOn } from "./device-follower.ts";
import { deviceByIdOn, DEVICE_COLUMNS, type DeviceRecord } from "./device-row.ts";

/** Columns that a device tells anew each time it registers. */
const TOLD = ["kind", "settings", "name", "app_version", "resource", "via"] as const;

export function deviceRegistrationOn(connection: Connection): Sync<Devices>["register"] {
  const { db, activeDevices } = connection;
  const hasAccount = query<object>(db, "SELECT 1 FROM account WHERE host = ? AND local = ?");
  const known = query<DeviceRecord>(
    db,
    `SELECT ${DEVICE_COLUMNS} FROM device WHERE user = ? AND target = ? AND token = ?`,
  );
  const countOthers = query<{ n: number; disabled: number }>(
    db,
    "SELECT count(*) AS n, count(disabled_at) AS disabled FROM device WHERE user = ? AND seq IS NOT ?",
  );
  // Those that are gone must not keep somebody from registering a new phone.
  const dropDisabled = change(
    db,
    `DELETE FROM device WHERE seq IN (SELECT seq FROM device
      WHERE user = ? AND disabled_at IS NOT NULL AND seq IS NOT ? ORDER BY disabled_at ${LIMIT})`,
  );
  const insert = change(
    db,
    `INSERT INTO device (${TOLD.join(", ")}, id, host, user, target, token, node, secret_hash, registered_at, renewed_at,
        updated_at, enabled)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const renew = change(
    db,
    `UPDATE device SET ${TOLD.map((column) => `${column} = ?`).join(", ")}, renewed_at = ?, updated_at = ?,
        node = coalesce(node, ?), secret_hash = coalesce(?, secret_hash),
        enabled = max(enabled, ?), disabled_at = NULL, disabled_reason = NULL, last_error = NULL, failures = 0,
        failing_since = NULL, retry_at = NULL, had_retry = 0
      WHERE seq = ?`,
  );
  const find = deviceByIdOn(connection);
  const follow = deviceFollowerOn(connection);

  return (device, maxDevices) => {
    const { id, host, user, target, token, node, secretHash, registeredAt } = device;
    if (hasAccount.get(host, user.slice(0, user.indexOf("@"))) === undefined) return null;
    const before = known.get(user, target, token);
    const self = before?.seq ?? null;
    const others = countOthers.get(user, self) ?? { n: 0, disabled: 0 };
    const tooMany = others.n + 1 - maxDevices;
    if (tooMany > others.disabled) return null;
    if (tooMany > 0) dropDisabled(user, self, tooMany);
    const settings = before === undefined ? device.settings : settingsAfter(before, device.settings);
    const told = [
      device.kind,
      JSON.stringify(settings),
      device.name,
      device.appVersion,
      device.resource,
      device.via,
    ] as const;
    const enabled = device.isEnabled ? 1 : 0;
    if (before === undefined) {
      const times = [registeredAt, registeredAt, registeredAt] as const;
      insert(...told, id, host, user, target, token, node, secretHash, ...times, enabled);
      if (device.isEnabled) activeDevices.change(target, 1);
      return find(id);
    }
    renew(...told, registeredAt, registeredAt, node, secretHash, enabled, before.seq);
    follow(before, before.enabled === 1 || device.isEnabled, registeredAt);
    return find(before.id);
  };
}

/** What attempts have shown of the environment belongs to the token: it stays until the device says something else. */
function settingsAfter(before: DeviceRecord, told: DeviceSettings): DeviceSettings {
  const { environment } = JSON.parse(before.settings) as DeviceSettings;
  return environment === undefined || environment === null
    ? told
    : { ...told, environment: told.environment ?? environment };
}
