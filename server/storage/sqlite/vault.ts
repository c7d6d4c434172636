import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { StoreError, type StoreErrorCode } from "../errors.ts";
import type { StoreFacts, Vault } from "../ports.ts";
import { storeFile } from "./client.ts";
import { latestVersion } from "./migrations/index.ts";

export type VaultTask =
  | { readonly kind: "snapshot"; readonly from: string; readonly to: string }
  | { readonly kind: "facts"; readonly path: string }
  | { readonly kind: "try-out"; readonly path: string };
export type VaultAnswer =
  | { readonly facts: StoreFacts }
  | { readonly refused: { readonly code: StoreErrorCode; readonly message: string } };

/** Copies of the store in a data directory. Each task runs in a thread of its own. */
export function vaultOf(directory: string): Vault {
  const path = join(directory, storeFile);
  return {
    version: latestVersion,
    snapshot: (file) => run({ kind: "snapshot", from: path, to: file }),
    facts: () => run({ kind: "facts", path }),
    tryOut: (file) => run({ kind: "try-out", path: file }),
  };
}

async function run(task: VaultTask): Promise<StoreFacts> {
  const thread = new Worker(new URL("./vault-worker.ts", import.meta.url), { name: "store vault", workerData: task });
  const { promise, resolve, reject } = Promise.withResolvers<VaultAnswer>();
  thread.once("message", resolve);
  thread.once("error", reject);
  thread.once("exit", (code) => reject(new StoreError("internal", `the vault's thread ended with code ${code}`)));
  const answer = await promise;
  if ("refused" in answer) throw new StoreError(answer.refused.code, answer.refused.message);
  return answer.facts;
}
