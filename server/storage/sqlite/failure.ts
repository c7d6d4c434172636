import { StoreError, type StoreErrorCode } from "../errors.ts";

/** SQLite's primary result codes (sqlite.org/rescode.html) that are not defects of ours. */
const RESULT_CODES: ReadonlyMap<number, StoreErrorCode> = new Map([
  [3, "readonly"],
  [5, "busy"],
  [6, "busy"],
  [8, "readonly"],
  [10, "io"],
  [11, "corrupt"],
  [13, "full"],
  [14, "missing"],
  [26, "corrupt"],
]);
/** Errors of the file system, met before SQLite opens the file. */
const SYSTEM_CODES: ReadonlyMap<string, StoreErrorCode> = new Map([
  ["ENOENT", "missing"],
  ["ENOTDIR", "missing"],
  ["EISDIR", "corrupt"],
  ["EACCES", "readonly"],
  ["EPERM", "readonly"],
  ["EROFS", "readonly"],
  ["ENOSPC", "full"],
  ["EIO", "io"],
]);
const SENTENCES = new Map<StoreErrorCode, string>([
  ["corrupt", "the store is damaged, or is no store of Nightpost"],
  ["missing", "the store cannot be opened: its directory is missing"],
  ["readonly", "the store may not be written"],
  ["full", "the disk that holds the store is full"],
  ["io", "the disk that holds the store fails"],
  ["busy", "the store is held by another process"],
]);

/** What SQLite or the file system threw, as a StoreError; `path` is named where a person will look for it. */
export function storeError(error: unknown, path?: string): StoreError {
  if (error instanceof StoreError) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  const code = codeOf(cause);
  const place = path === undefined ? "" : ` (${path})`;
  return new StoreError(code, `${SENTENCES.get(code) ?? "the store failed"}${place}: ${cause.message}`, { cause });
}

function codeOf(error: Error): StoreErrorCode {
  // Extended result codes keep the primary one in the low byte.
  if ("errcode" in error && typeof error.errcode === "number")
    return RESULT_CODES.get(error.errcode & 0xff) ?? "internal";
  if ("code" in error && typeof error.code === "string") return SYSTEM_CODES.get(error.code) ?? "internal";
  return "internal";
}

const BREAKS_THE_STORE: ReadonlySet<StoreErrorCode> = new Set(["corrupt", "missing", "readonly", "full", "io"]);

/** After such an error nothing that is still queued can be trusted to reach the disk. */
export function breaksTheStore(error: StoreError): boolean {
  return BREAKS_THE_STORE.has(error.code);
}
