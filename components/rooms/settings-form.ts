import type { PolicyChange } from "../../lib/contracts/policy.ts";
import type { RoomChange, RoomDetail, RoomSettings } from "../../lib/contracts/rooms.ts";

/** The settings as they are being edited; a password that is empty is the one that is set. */
export interface SettingsDraft extends RoomSettings {
  hasPassword: boolean;
  password: string;
}

export function draftOf({ settings, hasPassword }: RoomDetail): SettingsDraft {
  return { ...settings, hasPassword, password: "" };
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** What of the draft differs from the room, as the server takes it. */
export function changeOf(room: RoomDetail, { hasPassword, password, ...settings }: SettingsDraft): RoomChange {
  const entries = Object.entries(settings).filter(([name, value]) => !same(value, Reflect.get(room.settings, name)));
  const change: RoomChange = Object.fromEntries(entries);
  if (!hasPassword && room.hasPassword) return { ...change, password: null };
  return hasPassword && password !== "" ? { ...change, password } : change;
}

/** {@link changeOf} as a diff; secrets are masked. */
export function diffOf(room: RoomDetail, change: RoomChange): PolicyChange[] {
  return Object.entries(change).map(([path, after]) =>
    path === "password"
      ? { path, before: room.hasPassword ? "***" : null, after: after === null ? null : "***" }
      : { path, before: Reflect.get(room.settings, path) ?? null, after: after ?? null },
  );
}
