import type { MessagePort } from "node:worker_threads";
import type { LogRecord } from "../core/log.ts";
import type { DeviceRow } from "../storage/ports.ts";
import type { ForwardAlert, ResolvedTarget, TargetState, TestResult } from "./service.ts";
import type { PublishAnswer, TestOptions } from "./transport.ts";

/** What the forward thread is started with; `store` is a port of the store thread. */
export interface ForwardThreadOptions {
  readonly store: MessagePort;
  readonly version: string;
  readonly retryMs: readonly number[];
}

/** To the forward thread. `call` numbers what is answered. */
export type Command =
  | { readonly kind: "configure"; readonly targets: ReadonlyMap<string, ResolvedTarget> }
  | { readonly kind: "wake"; readonly targets: ReadonlySet<string> | null }
  | {
      readonly kind: "test";
      readonly call: number;
      readonly name: string;
      readonly target: ResolvedTarget;
      readonly device: DeviceRow | null;
      readonly options: TestOptions;
    }
  | { readonly kind: "release"; readonly target: string }
  | { readonly kind: "health"; readonly call: number }
  /** The answer to a `publish`. */
  | { readonly kind: "published"; readonly call: number; readonly answer: PublishAnswer }
  /** The answer to a `recall`, or to a `keep`: then null. */
  | { readonly kind: "kept"; readonly call: number; readonly text: string | null }
  | { readonly kind: "close" };

/** From the forward thread. */
export type Notice =
  | { readonly kind: "tested"; readonly call: number; readonly result: TestResult }
  | { readonly kind: "health"; readonly call: number; readonly states: ReadonlyMap<string, TargetState> }
  | { readonly kind: "refused"; readonly call: number; readonly message: string }
  | { readonly kind: "alert"; readonly alert: ForwardAlert }
  /** An iq to be sent from `host` to `jid`; `payload` is the XML of its child. `call` numbers the answer that is wanted. */
  | {
      readonly kind: "publish";
      readonly call: number;
      readonly host: string;
      readonly jid: string;
      readonly payload: string;
    }
  /** What the vault has under this name is wanted, or goes there. `call` numbers the answer. */
  | { readonly kind: "recall"; readonly call: number; readonly name: string }
  | {
      readonly kind: "keep";
      readonly call: number;
      readonly name: string;
      readonly text: string;
      readonly until: number;
    }
  | { readonly kind: "log"; readonly record: Pick<LogRecord, "level" | "message" | "fields"> };
