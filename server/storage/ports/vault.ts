import type { FilePlaceName } from "./files.ts";

/** An uploaded file whose bytes are on the disk of the server. */
export interface StoredFile {
  readonly id: string;
  readonly bytes: number;
}

/** What is in a store, as somebody would compare two of them. */
export interface StoreFacts {
  /** Number of the last migration. */
  readonly version: number;
  readonly hosts: readonly string[];
  /** Of the whole store. */
  readonly bytes: number;
  /** Rows by what they are: `accounts`, `messages` and so on. */
  readonly counts: Readonly<Record<string, number>>;
  /** Uploaded files that are there: on the disk, and in an object store. */
  readonly uploads: Readonly<Record<FilePlaceName, { readonly files: number; readonly bytes: number }>>;
}

/** Copies of the store as a whole. Works beside the store: nobody who writes waits for it. */
export interface Vault {
  /** The last migration that this version knows. */
  readonly version: number;
  /** Writes the store, as it is at one moment, to a new file. */
  snapshot(file: string): Promise<StoreFacts>;
  /** What is in the store that is in use. */
  facts(): Promise<StoreFacts>;
  /** Those that a copy names. */
  filesOf(file: string): Promise<readonly StoredFile[]>;
  /**
   * Opens a copy as the server would at its start, brings it to this version and checks all of it. Rejects with a StoreError:
   * `newer`, `corrupt`.
   */
  tryOut(file: string): Promise<StoreFacts>;
}
