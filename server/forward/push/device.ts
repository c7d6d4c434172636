import { createHash, randomBytes } from "node:crypto";
import type { DeviceRegistration } from "../../../lib/contracts/devices.ts";
import type { ForwardTarget } from "../../../lib/contracts/forward-target.ts";
import type { DeviceRow, Devices } from "../../storage/ports.ts";
import type { Jid } from "../../xmpp/jid.ts";

type NewDevice = Parameters<Devices["register"]>[0];

/** What somebody says of a device besides its token. */
export interface DeviceFacts {
  readonly target: string;
  readonly name: string | null;
  readonly appVersion: string | null;
  readonly resource: string | null;
  readonly via: DeviceRow["via"];
  readonly isEnabled: boolean;
  /** What the app calls the phone; null: nothing. */
  readonly deviceId: string | null;
  /** With the embedded app server; null: not registered there. */
  readonly credentials: { readonly node: string; readonly secret: string } | null;
}

/** A device of `user` as it goes into the store. */
export function newDevice(user: Jid, registration: DeviceRegistration, facts: DeviceFacts, now: number): NewDevice {
  const { deviceId, credentials, ...rest } = facts;
  return {
    // No `_` and no `.`: it becomes a part of event ids.
    id: randomBytes(8).toString("hex"),
    host: user.domain,
    user: user.bare,
    kind: registration.kind,
    token: tokenOf(registration),
    settings: { ...settingsOf(registration), ...(deviceId !== null && { deviceId }) },
    node: credentials?.node ?? null,
    secretHash: credentials === null ? null : hashOf(credentials.secret),
    registeredAt: now,
    ...rest,
  };
}

export function tokenOf(registration: DeviceRegistration): string {
  return registration.kind === "webpush" ? registration.endpoint : registration.token;
}

/** SHA-256, hex: secrets are random, so that a hash gives nothing away. */
export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Targets for devices of a kind, in the order of the policy; with `wanted`, those of that name or app. */
export function targetsFor(
  targets: Readonly<Record<string, ForwardTarget>>,
  kind: DeviceRegistration["kind"],
  wanted?: string,
): string[] {
  return Object.entries(targets)
    .filter(([, target]) => target.kind === kind)
    .filter(([name, target]) => wanted === undefined || name === wanted || isApp(target, wanted))
    .map(([name]) => name);
}

function isApp(target: ForwardTarget, wanted: string): boolean {
  return target.kind === "apns" && target.topic === wanted;
}

function settingsOf(registration: DeviceRegistration): DeviceRow["settings"] {
  if (registration.kind === "fcm") return {};
  if (registration.kind === "webpush") return { p256dh: registration.p256dh, auth: registration.auth };
  const { environment, voipToken } = registration;
  return { environment: environment ?? null, ...(voipToken !== undefined && { voipToken }) };
}
