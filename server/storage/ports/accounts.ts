import type { Page, PageRequest } from "./page.ts";

export type ScramMechanism = "SCRAM-SHA-1" | "SCRAM-SHA-256" | "SCRAM-SHA-512";

/** RFC 5802 3: base64 of salt, StoredKey, ServerKey. */
export interface ScramKeys {
  readonly salt: string;
  readonly iterations: number;
  readonly storedKey: string;
  readonly serverKey: string;
}

/** Keys by mechanism. One that is missing is not known: another server has derived the rest. */
export type KeySet = Readonly<Partial<Record<ScramMechanism, ScramKeys>>>;

/**
 * Either derived keys, or (right after a bulk import) the password sealed with the key file, until the keys have been
 * derived in the background or at the first login.
 */
export type Credentials =
  | { readonly kind: "scram"; readonly keys: KeySet }
  | { readonly kind: "sealed"; readonly sealed: string };

export interface Suspension {
  readonly reason: string;
  readonly at: number;
  readonly until: number | null;
  readonly by: string;
}

export type AccountSource = "setup" | "admin" | "cli" | "in-band" | "web" | "import";

export interface AccountRow {
  readonly host: string;
  readonly local: string;
  readonly createdAt: number;
  readonly createdVia: AccountSource;
  readonly createdFrom: string | null;
  readonly suspended: Suspension | null;
  /** Last time the account went offline and the status it left (XEP-0012); null: never. */
  readonly lastActivity: { readonly at: number; readonly status: string } | null;
  readonly offlineMessages: number;
  /** In order of their code points. */
  readonly tags: readonly string[];
}

export interface NewAccount {
  readonly host: string;
  readonly local: string;
  readonly credentials: Credentials;
  readonly createdAt: number;
  readonly createdVia: AccountSource;
  readonly createdFrom: string | null;
}

/** What accounts have in common; what is left out does not matter. Times in milliseconds since the epoch. */
export interface AccountTraits {
  readonly createdSince?: number | undefined;
  readonly createdBefore?: number | undefined;
  /** Made before, and nobody was there since. */
  readonly idleSince?: number | undefined;
  /** At least so many messages wait. */
  readonly minMessages?: number | undefined;
  readonly via?: AccountSource | undefined;
  readonly tag?: string | undefined;
}

export interface Accounts {
  /** false: the name is taken. */
  create(account: NewAccount): Promise<boolean>;
  createMany(
    accounts: readonly NewAccount[],
    onConflict: "skip" | "update",
  ): Promise<{ created: number; updated: number; skipped: number }>;
  find(host: string, local: string): Promise<AccountRow | null>;
  exists(host: string, local: string): Promise<boolean>;
  /** What a login needs, in one read. Whoever has applied for the name, or was refused it, is like a suspended account. */
  login(host: string, local: string): Promise<{ credentials: Credentials; suspended: Suspension | null } | null>;
  setCredentials(host: string, local: string, credentials: Credentials): Promise<boolean>;
  /** Accounts whose password is still sealed, at most `limit`. */
  sealed(limit: number): Promise<readonly { host: string; local: string; sealed: string }[]>;
  setSuspension(host: string, local: string, suspension: Suspension | null): Promise<boolean>;
  /** `full`: it would have more than `most`, and nothing is changed. */
  setTags(
    host: string,
    local: string,
    change: { readonly add: readonly string[]; readonly remove: readonly string[] },
    most: number,
  ): Promise<"done" | "full" | "unknown">;
  /** Those that accounts have, in order, each with how many have it. */
  tags(hosts: readonly string[] | undefined): Promise<readonly { readonly tag: string; readonly accounts: number }[]>;
  setLastActivity(host: string, local: string, at: number, status: string): Promise<void>;
  /** Deletes the account with everything it owns: roster, messages, devices, vCard, private data, waiting forwards. */
  remove(host: string, local: string): Promise<boolean>;
  /** Deletes all accounts of a host in bounded steps; resolves with their number. */
  removeHost(host: string): Promise<number>;
  count(host?: string): Promise<number>;
  /**
   * Ordered by (local, host). `only` restricts to these bare JIDs (online users), given by the caller. With a `search` (part
   * of the local part, or `part@beginning-of-host`), names that begin with it come first, then those that contain it; a page
   * of such matches may be short, even empty, and still have a next cursor.
   */
  list(
    query: PageRequest & {
      readonly hosts?: readonly string[] | undefined;
      readonly search?: string | undefined;
      readonly filter?: "all" | "suspended" | "never" | "queued" | undefined;
      readonly only?: readonly string[] | undefined;
      /** Bare JIDs that are left out; without `only`. */
      readonly except?: readonly string[] | undefined;
      readonly traits?: AccountTraits | undefined;
      /** Which of these are turned round: accounts are wanted that they do not match. */
      readonly not?: readonly ("filter" | keyof AccountTraits)[] | undefined;
    },
  ): Promise<Page<AccountRow>>;
  /** Local parts of a host, ordered, for the command line. */
  names(host: string, after: string, limit: number): Promise<readonly string[]>;
}
