import type { Page, PageRequest } from "./page.ts";

/** Where the bytes of a file are. */
export type FilePlaceName = "disk" | "s3";

export interface FileRow {
  /** Whoever knows it may read the file: 128 bits of chance, lower-case hex. */
  readonly id: string;
  readonly host: string;
  readonly local: string;
  readonly name: string;
  /** `image/png`: without parameters, lower-case. */
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  readonly createdAt: number;
  /** Until when it is kept once it is there. */
  readonly keepUntil: number;
  /** Until when it has to be there, then `keepUntil`; 0: its account is gone. */
  readonly endsAt: number;
  /** null: it is not there yet. */
  readonly storedAt: number | null;
  readonly place: FilePlaceName;
}

export interface FileFilter {
  /** Left out: all. */
  readonly hosts?: readonly string[] | undefined;
  readonly local?: string | undefined;
  /** Part of the name or the media type. */
  readonly search?: string | undefined;
  /** Whether its upload is still to come, it is there, or its end has come. */
  readonly state?: "waiting" | "stored" | "ended" | undefined;
  readonly now: number;
  /** Files are wanted that `state` does not match. */
  readonly isNotState?: boolean | undefined;
}

/** What the files of an account or a host take, with what its slots reserve. */
export interface FileUsage {
  readonly host: string;
  /** Empty for a host. */
  readonly local: string;
  readonly bytes: number;
  readonly files: number;
  readonly newestAt: number;
}

export interface NewFile extends Omit<FileRow, "storedAt"> {
  /** SHA-256 of the token that uploads it, hex: the token itself is kept nowhere. */
  readonly hash: string;
}

/** Bytes, and slots of one account that wait for their files. What a slot reserves counts as if it were there. */
export interface FileLimits {
  readonly maxSlots: number;
  readonly maxBytes: number;
  readonly maxBytesADay: number;
  readonly maxBytesOfHost: number;
}

export interface FileRefusal {
  /** The limit that would be exceeded. */
  readonly outcome: "slots" | "day" | "account" | "host";
  /** When some room comes free again; null: nobody knows. */
  readonly retryAt: number | null;
}

export interface Files {
  /** Checks the limits and adds the file, in one step. */
  reserve(file: NewFile, limits: FileLimits): Promise<{ readonly outcome: "reserved" } | FileRefusal>;
  find(id: string): Promise<FileRow | null>;
  findByHash(hash: string): Promise<FileRow | null>;
  /** It is on disk. false: it was already, or its row or its account is gone. */
  stored(id: string, at: number): Promise<boolean>;
  /** Those whose end has come, longest ago first. `except`: not those of these places and hosts, such as `s3 example.org`. */
  ended(
    now: number,
    limit: number,
    except?: readonly string[],
  ): Promise<readonly Pick<FileRow, "id" | "host" | "place">[]>;
  /** Their end has come. Answers how many there were, with their bytes. */
  end(ids: readonly string[]): Promise<{ readonly files: number; readonly bytes: number }>;
  /** As {@link end}, for all files of an account. */
  endOf(host: string, local: string): Promise<{ readonly files: number; readonly bytes: number }>;
  /** After they were deleted from the disk. */
  remove(ids: readonly string[]): Promise<void>;
  /** Bytes of an account; of a whole host with the name "". */
  totalOf(host: string, local: string): Promise<number>;
  /** Newest first, with the number of all that match. */
  list(filter: FileFilter, page: PageRequest): Promise<Page<FileRow>>;
  usageOfHosts(): Promise<readonly FileUsage[]>;
  /** Those that take most first. `hosts` left out: all. */
  usageOfAccounts(hosts: readonly string[] | undefined, page: PageRequest): Promise<Page<FileUsage>>;
}
