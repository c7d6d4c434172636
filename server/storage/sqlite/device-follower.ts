import type { Connection } from "./connection.ts";
import { isActive, type DeviceRecord } from "./device-row.ts";
import { outboxCancellationOn } from "./outbox-cancellation.ts";

/** Told what a device was and is, keeps the count; what waits for one that was active and is no more is cancelled. */
export type DeviceFollower = (before: DeviceRecord, isActiveNow: boolean, now: number) => void;

export function deviceFollowerOn(connection: Connection): DeviceFollower {
  const { activeDevices } = connection;
  const cancellation = outboxCancellationOn(connection);
  return (before, isActiveNow, now) => {
    const was = isActive(before);
    if (was === isActiveNow) return;
    activeDevices.change(before.target, isActiveNow ? 1 : -1);
    if (was) cancellation.ofDevice(before.id, now);
  };
}
