/**
 * The closed set of ways a store says no.
 *
 * - `newer`: written by a later version of Nightpost; nothing was touched.
 * - `corrupt`, `missing`, `readonly`, `full`, `io`: the file, its directory or its disk.
 * - `busy`: another process held the store for too long; the call may be repeated.
 * - `closed`: the store was closed, or its thread is gone.
 * - `cursor`: a page was asked for with a cursor that this driver did not make.
 * - `roster-full`: `rosters.put` past its `maxItems`.
 * - `internal`: a defect in the driver.
 */
export type StoreErrorCode =
  | "newer"
  | "corrupt"
  | "missing"
  | "readonly"
  | "full"
  | "io"
  | "busy"
  | "closed"
  | "cursor"
  | "roster-full"
  | "internal";

/** `message` is one sentence that an operator can act on. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
