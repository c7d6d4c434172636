import type { KeptMessage, MessageKey } from "./kept-message.ts";

/** A message as it was sent, for the archives of those it concerns. */
export interface ArchiveUnit {
  readonly type: string;
  readonly xml: string;
  readonly copies: readonly {
    readonly host: string;
    readonly local: string;
    readonly key: MessageKey;
    /** Full address of the other side. */
    readonly peer: string;
    /** The account sent it. */
    readonly isOwn: boolean;
  }[];
}

export interface ArchivedMessage {
  readonly key: MessageKey;
  readonly peer: string;
  readonly isOwn: boolean;
  readonly type: string;
  readonly at: number;
  readonly xml: string;
}

export interface ArchiveQuery {
  readonly host: string;
  readonly local: string;
  /** Address of the other side; a bare one stands for all of its resources. */
  readonly with?: string | undefined;
  /** When the message came, both ends included, ms since the epoch. */
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  /** Words of the body or the subject, all of which must occur, whatever their case. */
  readonly text?: string | undefined;
  /** These only. */
  readonly keys?: readonly MessageKey[] | undefined;
  /** Bounds that the messages lie between; all of them must be in the archive. */
  readonly after?: readonly MessageKey[] | undefined;
  readonly before?: readonly MessageKey[] | undefined;
  /** The page is the beginning of what matches, or the end. */
  readonly from: "start" | "end";
  /** Messages of a page; 0: only count. A page ends early at `maxBytes`, but has one message at least. */
  readonly limit: number;
  readonly maxBytes: number;
}

export interface ArchivePage {
  /** In the order in which they came. */
  readonly items: readonly ArchivedMessage[];
  /** Nothing that matches was left out at the end that the page could have gone on to. */
  readonly isComplete: boolean;
  /** How many match, whatever `after` and `before` say; null when it was not counted. */
  readonly count: number | null;
}

/** A message of an account as the store has it, whatever for. */
export interface KeptState {
  readonly host: string;
  readonly local: string;
  readonly key: MessageKey;
  /** The other side. */
  readonly peer: string;
  /** The account sent it. */
  readonly isOwn: boolean;
  readonly type: string;
  readonly at: number;
  /** It waits for a client of the account, and until when. */
  readonly isWaiting: boolean;
  readonly expiresAt: number | null;
  /** Nobody could take it when it came. */
  readonly wasWaiting: boolean;
  readonly isArchived: boolean;
  readonly xml: string;
}

/** The history of accounts (XEP-0313). It shares its rows with the messages that wait. */
export interface Archive {
  /** A copy whose key is known is put into the archive, or left there; one for an account that is gone is left out. */
  keep(units: readonly ArchiveUnit[]): Promise<void>;
  /** null: a key that it names is not in the archive. */
  query(query: ArchiveQuery): Promise<ArchivePage | null>;
  /** The first and the last message; null: there is none. */
  bounds(
    host: string,
    local: string,
  ): Promise<{
    readonly first: { readonly key: MessageKey; readonly at: number };
    readonly last: { readonly key: MessageKey; readonly at: number };
  } | null>;
  /** The message of an id, in the archive or not; null: there is none, or its account is gone. */
  find(id: number): Promise<KeptState | null>;
  /** Greatest id of any message, 0 without one: new ones must be greater. */
  lastId(): Promise<number>;
  /** Puts another text in place of a message that is in the archive. false: it is not. */
  rewrite(host: string, local: string, key: MessageKey, xml: string): Promise<boolean>;
  /** What the user wants archived, as the caller wrote it; null: nothing special. */
  preferences(host: string, local: string): Promise<string | null>;
  setPreferences(host: string, local: string, document: string): Promise<void>;
  /**
   * A step of a walk through the mailboxes of a host with number > `after`: takes out of the archive what came before
   * `before` (ms) and what is more than `maxMessages` (0: no limit), oldest first, at most `limit` messages. `upTo` is where
   * the next step goes on; null: the walk is over.
   */
  prune(
    host: string,
    after: number,
    before: number,
    maxMessages: number,
    limit: number,
  ): Promise<{ removed: number; upTo: number | null }>;
  /** Deletes messages of accounts that are gone, at most `limit` in a step. Answers how many. */
  purge(limit: number): Promise<number>;
  /**
   * Messages that came to accounts of these hosts while their owners were away, in the order in which they came: those that
   * wait, and those that waited and are archived, with id > `after`, at most `limit`. `until` is included.
   */
  since(
    window: { readonly hosts: readonly string[]; readonly since: number; readonly until: number },
    after: number,
    limit: number,
  ): Promise<readonly KeptMessage[]>;
  /**
   * The same of all times, the newest first: those among the last `looked` messages of anybody with id < `before`. `next`:
   * the `before` to go on with; null: there is nothing older.
   */
  latest(
    hosts: readonly string[],
    before: number,
    looked: number,
  ): Promise<{ readonly messages: readonly KeptMessage[]; readonly next: number | null }>;
}
