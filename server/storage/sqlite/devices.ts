import type { Devices } from "../ports.ts";
import { change, LIMIT, query, type Connection, type Sync } from "./connection.ts";
import { ACTIVE } from "./device-count.ts";
import { deviceFollowerOn } from "./device-follower.ts";
import { deviceListOn } from "./device-list.ts";
import { deviceRegistrationOn } from "./device-registration.ts";
import { deviceByIdOn, deviceRow, DEVICE_COLUMNS, isActive, type DeviceRecord } from "./device-row.ts";

export function devicesOn(connection: Connection): Sync<Devices> {
  const { db, activeDevices } = connection;
  const byId = query<DeviceRecord>(db, `SELECT ${DEVICE_COLUMNS} FROM device WHERE id = ?`);
  const byNode = query<DeviceRecord>(db, `SELECT ${DEVICE_COLUMNS} FROM device WHERE node = ?`);
  const activeOf = query<{ user: string; n: number }>(
    db,
    `SELECT user, count(*) AS n FROM device WHERE user IN (SELECT value FROM json_each(?)) AND ${ACTIVE} GROUP BY user`,
  );
  const ofUser = query<DeviceRecord>(db, `SELECT ${DEVICE_COLUMNS} FROM device WHERE user = ? ORDER BY seq`);
  const setState = change(
    db,
    "UPDATE device SET enabled = ?, disabled_at = ?, disabled_reason = ?, updated_at = ?, retry_at = NULL WHERE seq = ?",
  );
  const toRetry = query<DeviceRecord>(
    db,
    `SELECT ${DEVICE_COLUMNS} FROM device INDEXED BY device_by_retry WHERE retry_at <= ? ORDER BY retry_at ${LIMIT}`,
  );
  const noteRetry = change(db, "UPDATE device SET had_retry = 1 WHERE seq = ?");
  const removeOne = change(db, "DELETE FROM device WHERE seq = ?");
  const find = deviceByIdOn(connection);
  const follow = deviceFollowerOn(connection);

  const restate = (
    device: DeviceRecord,
    to: Pick<DeviceRecord, "enabled" | "disabledAt" | "disabledReason">,
    now: number,
  ) => {
    setState(to.enabled, to.disabledAt, to.disabledReason, now, device.seq);
    follow(device, isActive(to), now);
    return true;
  };

  return {
    register: deviceRegistrationOn(connection),
    find,
    findNode: (node) => {
      const record = byNode.get(node);
      return record === undefined ? null : deviceRow(record);
    },
    of: (user) => ofUser.all(user).map(deviceRow),
    list: deviceListOn(connection),
    count: () => activeDevices.all(),
    activeOf: (users) => new Map(activeOf.all(JSON.stringify(users)).map(({ user, n }) => [user, n])),
    setEnabled: (id, isEnabled, now) => {
      const device = byId.get(id);
      return device !== undefined && restate(device, { ...device, enabled: isEnabled ? 1 : 0 }, now);
    },
    disable: (id, disabled) => {
      const device = byId.get(id);
      if (device === undefined) return false;
      const to = { ...device, disabledAt: disabled?.at ?? null, disabledReason: disabled?.reason ?? null };
      return restate(device, to, disabled?.at ?? connection.now());
    },
    retryRefused: (now, limit) => {
      const refused = toRetry.all(now, limit);
      for (const device of refused) {
        restate(device, { ...device, disabledAt: null, disabledReason: null }, now);
        noteRetry(device.seq);
      }
      return refused.length;
    },
    remove: (id, now) => {
      const device = byId.get(id);
      if (device === undefined) return false;
      removeOne(device.seq);
      follow(device, false, now);
      return true;
    },
  };
}

/** Forgets the devices of an account (bare JID) that is removed; what waits for them is cancelled with what else waits. */
export function devicesOfAccountOn({ db, activeDevices }: Connection): (user: string) => void {
  const active = query<{ target: string }>(db, `SELECT target FROM device WHERE user = ? AND ${ACTIVE}`);
  const remove = change(db, "DELETE FROM device WHERE user = ?");
  return (user) => {
    for (const { target } of active.all(user)) activeDevices.change(target, -1);
    remove(user);
  };
}
