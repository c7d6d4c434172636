import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { StoreError, type StoreErrorCode } from "../errors.ts";
import type { StoredFile, StoreFacts, Vault } from "../ports.ts";
import { storeFile } from "./client.ts";
import { latestVersion } from "./migrations/index.ts";

/** What each kind of task answers. */
interface Answers {
  readonly facts: StoreFacts;
  readonly files: readonly StoredFile[];
}
export type VaultTask =
  | { readonly kind: "snapshot"; readonly from: string; readonly to: string }
  | { readonly kind: "facts"; readonly path: string }
  | { readonly kind: "files"; readonly path: string }
  | { readonly kind: "try-out"; readonly path: string };
export type VaultAnswer =
  | Partial<Answers>
  | { readonly refused: { readonly code: StoreErrorCode; readonly message: string } };

/** Copies of the store in a data directory. Each task runs in a thread of its own. */
export function vaultOf(directory: string): Vault {
  const path = join(directory, storeFile);
  return {
    version: latestVersion,
    snapshot: (file) => run("facts", { kind: "snapshot", from: path, to: file }),
    facts: () => run("facts", { kind: "facts", path }),
    filesOf: (file) => run("files", { kind: "files", path: file }),
    tryOut: (file) => run("facts", { kind: "try-out", path: file }),
  };
}

async function run<Kind extends keyof Answers>(kind: Kind, task: VaultTask): Promise<Answers[Kind]> {
  const thread = new Worker(new URL("./vault-worker.ts", import.meta.url), { name: "store vault", workerData: task });
  const { promise, resolve, reject } = Promise.withResolvers<VaultAnswer>();
  thread.once("message", resolve);
  thread.once("error", reject);
  thread.once("exit", (code) => reject(new StoreError("internal", `the vault's thread ended with code ${code}`)));
  const answer = await promise;
  if ("refused" in answer) throw new StoreError(answer.refused.code, answer.refused.message);
  const found = answer[kind];
  if (found === undefined) throw new StoreError("internal", `the vault's thread has not answered with ${kind}`);
  return found;
}
