import type { MessagePort } from "node:worker_threads";
import type { StoreErrorCode } from "../errors.ts";
import type { ClaimedLane, FeedRow } from "../ports.ts";

/** What the threads say to each other. Arrays, not objects, where there is one for each call: they clone faster. */

export type CallMessage = readonly [id: number, method: number, args: readonly unknown[]];
export type ReplyMessage = readonly [id: number, value: unknown];
export type RefusalMessage = readonly [id: number, code: StoreErrorCode, message: string];

/** What a client has listeners for. */
export interface Hears {
  readonly feed: boolean;
  readonly queued: boolean;
  readonly claimed: boolean;
}

/** From a client, on its own port: the calls of one turn. */
export interface Request {
  readonly calls: readonly CallMessage[];
  /** Present when it has changed, and answered under this id when it is in force. */
  readonly hears?: Hears & { readonly id: number };
}
/** To a client: what was committed, in order, then the answers; never an answer before its rows of the feed. */
export interface Response {
  readonly feed: readonly FeedRow[];
  readonly queued: readonly string[];
  readonly claimed: readonly ClaimedLane[];
  readonly replies: readonly ReplyMessage[];
  readonly refusals: readonly RefusalMessage[];
}

export interface OpenOptions {
  readonly path: string;
  readonly role: "writer" | "reader";
}
/** From the thread that opened the store: `open` comes first, `close` last. */
export type Command = { readonly open: OpenOptions } | { readonly connect: MessagePort } | { readonly close: true };
/** To the thread that opened the store. `failed`: could not be opened, or cannot go on. */
export type Notice = { readonly ready: true } | { readonly failed: { code: StoreErrorCode; message: string } };
