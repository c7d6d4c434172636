import type { MessagePort } from "node:worker_threads";
import type { LogRecord } from "../core/log.ts";
import type { ForwardAlert, ResolvedTarget, TargetState, TestResult } from "./service.ts";

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
  | { readonly kind: "test"; readonly call: number; readonly name: string; readonly target: ResolvedTarget }
  | { readonly kind: "health"; readonly call: number }
  | { readonly kind: "close" };

/** From the forward thread. */
export type Notice =
  | { readonly kind: "tested"; readonly call: number; readonly result: TestResult }
  | { readonly kind: "health"; readonly call: number; readonly states: ReadonlyMap<string, TargetState> }
  | { readonly kind: "refused"; readonly call: number; readonly message: string }
  | { readonly kind: "alert"; readonly alert: ForwardAlert }
  | { readonly kind: "log"; readonly record: Pick<LogRecord, "level" | "message" | "fields"> };
