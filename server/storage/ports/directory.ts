/** Values of an account by field, as they are shown. */
export type DirectoryFields = Readonly<Record<string, string>>;

export interface DirectoryEntry {
  readonly local: string;
  readonly fields: DirectoryFields;
}

/** What accounts are searched by (XEP-0055), taken from their vCards. */
export interface Directory {
  /** `keys`: what each field is found by; null fields: the account is not to be found, which is remembered, too. */
  put(
    host: string,
    local: string,
    fields: DirectoryFields | null,
    keys: readonly { readonly field: string; readonly key: string }[],
  ): Promise<void>;
  /** Accounts that have in each of these fields a key that begins so, by name, at most `limit`. */
  find(
    host: string,
    terms: readonly { readonly field: string; readonly prefix: string }[],
    limit: number,
  ): Promise<readonly DirectoryEntry[]>;
  /** vCards of accounts that were never put here, in the order of the names, from after one on, at most `limit`. */
  unlisted(host: string, after: string, limit: number): Promise<readonly { local: string; vcard: string }[]>;
  /** Forgets all that is known of a host, at most `limit` accounts in a step. Answers how many. */
  clear(host: string, limit: number): Promise<number>;
}
