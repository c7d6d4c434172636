import type { Page, PageRequest } from "./page.ts";

export type DeviceKind = "apns" | "fcm" | "webpush" | "xep0357";

/** What is known of a device besides its token, by kind. */
export interface DeviceSettings {
  /** APNs: null when the device did not say. */
  readonly environment?: "production" | "sandbox" | null | undefined;
  readonly voipToken?: string | undefined;
  /** Web Push: the subscription's keys, base64url. */
  readonly p256dh?: string | undefined;
  readonly auth?: string | undefined;
  /** What the app calls the phone, whatever token it has just now. */
  readonly deviceId?: string | undefined;
  /** XEP-0357: where publishes go; null: no node was given. */
  readonly appServer?: { readonly jid: string; readonly node: string | null } | undefined;
  /** XEP-0357: the form `pubsub#publish-options` as XML, sent back with each publish. */
  readonly publishOptions?: string | undefined;
}

export interface DeviceRow {
  /** Short, random, without `_` and `.`; never used again. */
  readonly id: string;
  readonly host: string;
  /** Bare JID. */
  readonly user: string;
  readonly kind: DeviceKind;
  readonly target: string;
  /** Token of APNs or FCM; endpoint of Web Push; app server's JID, a blank and the node of XEP-0357. */
  readonly token: string;
  readonly settings: DeviceSettings;
  readonly name: string | null;
  readonly appVersion: string | null;
  /** Of the client that registered it last. */
  readonly resource: string | null;
  /** Under which the embedded app server knows it (XEP-0357), and the SHA-256 of the secret that a publisher shows, hex. */
  readonly node: string | null;
  readonly secretHash: string | null;
  readonly via: "enable" | "command" | "api";
  readonly registeredAt: number;
  readonly updatedAt: number;
  /** false: registered with the embedded app server, not yet enabled by the client. */
  readonly isEnabled: boolean;
  readonly disabled: { readonly at: number; readonly reason: string } | null;
  readonly lastAcceptedAt: number | null;
  readonly lastError: string | null;
  readonly failures: number;
  /** When the first of these failures in a row was. */
  readonly failingSince: number | null;
}

export interface DeviceFilter {
  readonly hosts?: readonly string[] | undefined;
  readonly user?: string | undefined;
  readonly kind?: DeviceKind | undefined;
  readonly target?: string | undefined;
  readonly state?: "active" | "registered" | "disabled" | undefined;
  readonly search?: string | undefined;
  /** Which of these are turned round: devices are wanted that they do not match. */
  readonly not?: readonly ("user" | "kind" | "target" | "state")[] | undefined;
}

export interface Devices {
  /**
   * A user's token at a target is one device: known already, it keeps its id, first registration and, if it had one, node,
   * takes over the rest (a secret and an environment if there are), stays enabled if it was, and is no longer disabled. Past
   * `maxDevices` the one of the user's that was disabled first gives way. null: the account is gone, or has so many others.
   */
  register(
    device: Omit<DeviceRow, "updatedAt" | "disabled" | "lastAcceptedAt" | "lastError" | "failures" | "failingSince">,
    maxDevices: number,
  ): Promise<DeviceRow | null>;
  find(id: string): Promise<DeviceRow | null>;
  findNode(node: string): Promise<DeviceRow | null>;
  of(user: string): Promise<readonly DeviceRow[]>;
  /** Newest first. */
  list(filter: DeviceFilter, page: PageRequest): Promise<Page<DeviceRow>>;
  /** Number of active devices by target. */
  count(): Promise<ReadonlyMap<string, number>>;
  /** Number of active devices of each of these users (bare JIDs); those without any are left out. */
  activeOf(users: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** What waits for a device that is not enabled any more is cancelled. false: there is none of that id. */
  setEnabled(id: string, isEnabled: boolean, now: number): Promise<boolean>;
  /** What waits for it is cancelled; null takes the disabling back. */
  disable(id: string, disabled: { readonly at: number; readonly reason: string } | null): Promise<boolean>;
  /**
   * Takes the disabling of at most `limit` devices back that are to be tried once more by now (`DeviceNews`). Answers how many
   * there were.
   */
  retryRefused(now: number, limit: number): Promise<number>;
  /** What waits for it is cancelled. */
  remove(id: string, now: number): Promise<boolean>;
}
