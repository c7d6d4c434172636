import type { Readable, Writable } from "node:stream";
import type { FilePlaceName } from "../../storage/ports.ts";

export type { FilePlaceName };

/**
 * How taking a file's bytes ended.
 *
 * - `stored`: all of them are safe.
 * - `cut`: they ended early, or there were too many.
 * - `full`: the place has no room.
 * - `unavailable`: the place cannot be reached, or does not take it; the log says why.
 */
export type PutOutcome = "stored" | "cut" | "full" | "unavailable";

/** A place that is out of reach: whoever wants a file may try again later. */
export class PlaceUnavailableError extends Error {
  override readonly name = "PlaceUnavailableError";
}

/** A file that is being read. */
export interface OpenFile {
  /** Writes its bytes, and keeps no more than a piece of them in memory. Rejects when either side goes away. */
  sendTo(out: Writable): Promise<void>;
  close(): Promise<void>;
}

/** Where the bytes of uploaded files are: a directory, or an object store. Every one passes `conformance-file-place.ts`. */
export interface FilePlace {
  readonly name: FilePlaceName;
  /** As far as it knows. */
  hasRoomFor(bytes: number): boolean;
  /** Takes `size` bytes, no more and no less. Nothing of them can be read before all are safe; a try that fails leaves nothing. */
  put(id: string, size: number, bytes: Readable): Promise<PutOutcome>;
  /** The bytes from `start` to `end`, both included; null: there is no such file. Throws PlaceUnavailableError. */
  open(id: string, start: number, end: number): Promise<OpenFile | null>;
  /** Also what a broken-off upload has left. Throws PlaceUnavailableError. */
  remove(id: string): Promise<void>;
}
