import type { Clock } from "../core/clock.ts";
import type { AttemptRecord, PushCredentials, DeviceNews, DeviceRow } from "../storage/ports.ts";
import type { Resolver } from "./http/guard.ts";
import type { Vault } from "./vault.ts";

/** What a transport carries. */
export interface Outgoing {
  readonly id: string;
  readonly contentType: string;
  /** For devices: what the provider gets but for the token, as `push/payload.ts` renders it. */
  readonly payload: string;
  /** When the attempt was due, milliseconds since the epoch. */
  readonly dueAt: number;
  readonly expiresAt: number;
  readonly user: string;
  readonly class: string;
  /** null: the target is a web server. */
  readonly device: DeviceRow | null;
  readonly isTest?: boolean;
  /** Only of a test; `valid` when left out. */
  readonly signature?: TestSignature | undefined;
  /** Not null: the event was dead and is attempted again because somebody asked for it. */
  readonly replayedAfter?: number | null;
}

/** How a test of a web server is signed. A receiver has to refuse all but `valid`: `old` is past the usual five minutes. */
type TestSignature = "valid" | "none" | "tampered" | "old";

export interface TestOptions {
  readonly signature?: TestSignature | undefined;
  /** What an event was sent as; a made-up message when left out. */
  readonly sample?: Pick<Outgoing, "contentType" | "payload" | "class"> | undefined;
}

export interface Attempt {
  readonly record: AttemptRecord;
  /** The other side asks to be left alone so long; null: it does not. */
  readonly retryAfterMs: number | null;
  /** What the attempt showed about the device. */
  readonly device?: DeviceNews | undefined;
  /** The failure is this device's alone (429 for one token): it says nothing about the target, and only its lane waits. */
  readonly isDeviceOnly?: boolean | undefined;
  /** No later attempt would do better: a failure or refusal is the event's end. */
  readonly isFinal?: boolean | undefined;
}

/** The way to one target. Changed settings make a new one; the old one finishes what it has begun. */
export interface Transport {
  /** One attempt; never rejects. `number` counts from 1. */
  attempt(event: Outgoing, number: number): Promise<Attempt>;
  /** Attempts are under way. */
  readonly isBusy: boolean;
  /** Closes what is idle; with `isNow`, ends what is under way, too. */
  close(isNow: boolean): void;
}

/**
 * A publish to an app server (XEP-0357 5.1) as the main thread sends it: from `host`, to `jid`. `payload` is the XML of the
 * iq's `<pubsub/>`.
 */
export interface PublishRequest {
  readonly host: string;
  readonly jid: string;
  readonly payload: string;
}
export type PublishAnswer =
  | { readonly kind: "result" }
  /** `type` and `condition` as in RFC 6120 8.3. */
  | { readonly kind: "error"; readonly type: string; readonly condition: string; readonly text: string }
  /** Nothing came back, in the time that the main thread gives. */
  | { readonly kind: "timeout" };
/** A rejection counts as no answer. */
export type Publish = (request: PublishRequest) => Promise<PublishAnswer>;

export interface TransportOptions {
  readonly version: string;
  readonly clock: Clock;
  /** Asked for the addresses of names; the system when left out. */
  readonly resolve?: Resolver | undefined;
  /** The way to app servers: the streams are the main thread's. Needed by targets of the kind `xep0357`. */
  readonly publish?: Publish | undefined;
  /** Where secrets are kept that a transport makes itself; without one they end with the process. */
  readonly vault?: Vault | undefined;
  /** Where it is kept what attempts have shown of credentials; without it that ends with the transport. */
  readonly credentials?: PushCredentials | undefined;
}
