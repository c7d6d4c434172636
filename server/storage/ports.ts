/* oxlint-disable max-lines -- the whole contract of a driver, declarations only, to be read in one piece */
/**
 * What the server keeps. Every driver implements these interfaces and passes `conformance.ts`.
 *
 * Times are milliseconds since the epoch, names are prepared (RFC 7622), XML is text. A method that changes something
 * resolves after its commit is on disk (synced); methods called in one order take effect in that order, so a read sees
 * every write that was called before it. A rejected call changed nothing. Calls reject with a `StoreError` (`errors.ts`).
 */

export interface Stores {
  readonly accounts: Accounts;
  readonly rosters: Rosters;
  readonly offline: OfflineStore;
  readonly archive: Archive;
  readonly outbox: Outbox;
  readonly devices: Devices;
  readonly policies: Policies;
  readonly personal: PersonalData;
  readonly nodes: Nodes;
  readonly rooms: Rooms;
  readonly clients: Clients;
  readonly registrations: Registrations;
  readonly invites: Invites;
  readonly files: Files;
  readonly admin: AdminStore;
  /**
   * Rows of the feeds (forward log, registration decisions, audit) as they are committed, in order: those that a read called
   * after this may not show yet. While nobody listens they are not even made.
   */
  onFeed(listener: (rows: readonly FeedRow[]) => void): () => void;
  /** Targets for which events have come to wait, told after the commit. */
  onQueued(listener: (targets: readonly string[]) => void): () => void;
  /** The driver can no longer promise anything (disk full, thread died): the process must stop. */
  onFailure(listener: (error: Error) => void): () => void;
  /** Size of the store on disk, bytes; 0 in memory. */
  size(): Promise<number>;
  close(): Promise<void>;
}

/** A page of rows and the cursor of the next one. Cursors are opaque text made by the driver. */
export interface Page<Row> {
  readonly items: readonly Row[];
  readonly nextCursor: string | null;
  /** null when counting would cost more than a page. */
  readonly total: number | null;
}
export interface PageRequest {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

// --- accounts

export type ScramMechanism = "SCRAM-SHA-1" | "SCRAM-SHA-256" | "SCRAM-SHA-512";
/** RFC 5802 3: base64 of salt, StoredKey, ServerKey. */
export interface ScramKeys {
  readonly salt: string;
  readonly iterations: number;
  readonly storedKey: string;
  readonly serverKey: string;
}
/**
 * Either derived keys, or (right after a bulk import) the password sealed with the key file, until the keys have been
 * derived in the background or at the first login.
 */
export type Credentials =
  | { readonly kind: "scram"; readonly keys: Readonly<Record<ScramMechanism, ScramKeys>> }
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
}
export interface NewAccount {
  readonly host: string;
  readonly local: string;
  readonly credentials: Credentials;
  readonly createdAt: number;
  readonly createdVia: AccountSource;
  readonly createdFrom: string | null;
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
  /** What a login needs, in one read. */
  login(host: string, local: string): Promise<{ credentials: Credentials; suspended: Suspension | null } | null>;
  setCredentials(host: string, local: string, credentials: Credentials): Promise<boolean>;
  /** Accounts whose password is still sealed, at most `limit`. */
  sealed(limit: number): Promise<readonly { host: string; local: string; sealed: string }[]>;
  setSuspension(host: string, local: string, suspension: Suspension | null): Promise<boolean>;
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
    },
  ): Promise<Page<AccountRow>>;
  /** Local parts of a host, ordered, for the command line. */
  names(host: string, after: string, limit: number): Promise<readonly string[]>;
}

// --- rosters (RFC 6121 2)

export type Subscription = "none" | "to" | "from" | "both";
export interface RosterItem {
  readonly jid: string;
  readonly name: string;
  readonly subscription: Subscription;
  /** An outbound request waits for its answer. */
  readonly ask: boolean;
  /** Pre-approved (RFC 6121 3.4). */
  readonly approved: boolean;
  readonly groups: readonly string[];
}
/** An inbound request that waits for the user, with the stanza that brought it (RFC 6121 3.1.3). */
export interface PendingRequest {
  readonly jid: string;
  readonly stanza: string;
}
export interface Roster {
  readonly version: number;
  readonly items: readonly RosterItem[];
  readonly requests: readonly PendingRequest[];
}

export interface Rosters {
  get(host: string, local: string): Promise<Roster>;
  /** Inserts or replaces an item and answers with the roster's new version. Refused as `roster-full` past `maxItems`. */
  put(host: string, local: string, item: RosterItem, maxItems: number): Promise<number>;
  remove(host: string, local: string, jid: string): Promise<number>;
  /** Changes since `version`: the changed items and the JIDs removed; null when the version is unknown or too old. */
  changes(
    host: string,
    local: string,
    version: number,
  ): Promise<{ version: number; items: readonly RosterItem[]; removed: readonly string[] } | null>;
  /** Keeps a request, or what it says by now, and the forwards that tell of it, in one transaction. */
  putRequest(host: string, local: string, request: PendingRequest, forwards: readonly NewOutboxEvent[]): Promise<void>;
  removeRequest(host: string, local: string, jid: string): Promise<void>;
}

// --- messages: those that wait, the archive, and the outbox (one unit of work)

/**
 * Names a kept message for good: its place in the order in which messages came, microseconds since the epoch, and a random
 * number (48 bits) that makes its id unguessable (XEP-0313 3). An account's message is kept once, however many want it.
 */
export interface MessageKey {
  readonly id: number;
  readonly salt: number;
}

export interface OfflineMessage {
  /** Its place in the queue. A message that comes to wait a second time gets a new one. */
  readonly id: number;
  readonly key: MessageKey;
  readonly isArchived: boolean;
  readonly from: string;
  readonly type: string;
  readonly at: number;
  readonly xml: string;
}
export interface OfflineUnit {
  readonly host: string;
  readonly local: string;
  /** The message; null: only forward (nothing to store). */
  readonly message: {
    /** Under which the archive keeps it, or is to keep it; left out: it is not for the archive, and the store finds a key. */
    readonly archiveAs?: MessageKey | undefined;
    readonly from: string;
    readonly type: string;
    readonly at: number;
    readonly expiresAt: number | null;
    readonly xml: string;
  } | null;
  readonly maxMessages: number;
  readonly maxBytes: number;
  readonly forwards: readonly NewOutboxEvent[];
}
/** Messages that wait for a client of their account. */
export interface OfflineStore {
  /**
   * Stores the message and its forwards in one transaction; one that the archive has already comes to wait, and one that
   * waits goes on waiting. `full`: the queue is full, or the account is gone, and nothing was written. A forward whose id is
   * known already is left as it is.
   */
  commit(unit: OfflineUnit): Promise<"stored" | "full">;
  /** Oldest first, at most `limit`, with id > `after`; expired ones are left out. */
  read(host: string, local: string, after: number, limit: number): Promise<readonly OfflineMessage[]>;
  /** The client has all with id <= `upTo`: they wait no more, and those that are not archived are deleted. */
  acknowledge(host: string, local: string, upTo: number): Promise<number>;
  /** Those that wait under these keys, expired ones as well. */
  pick(host: string, local: string, keys: readonly MessageKey[]): Promise<readonly OfflineMessage[]>;
  /** As `acknowledge`, for these only. false: not all of them wait, and nothing was done. */
  remove(host: string, local: string, keys: readonly MessageKey[]): Promise<boolean>;
  depth(host: string, local: string): Promise<{ messages: number; bytes: number }>;
  totals(host?: string): Promise<{ messages: number; oldestAt: number | null }>;
  list(host: string, local: string, page: PageRequest): Promise<Page<OfflineMessage & { readonly bytes: number }>>;
  /** Expired ones wait no more, at most `limit` in a step. Answers how many. */
  removeExpired(now: number, limit: number): Promise<number>;
}

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
}
export interface KeptMessage {
  readonly id: number;
  readonly host: string;
  readonly local: string;
  readonly from: string;
  readonly type: string;
  readonly at: number;
  readonly xml: string;
}

export interface NewOutboxEvent {
  /** The webhook-id: unique, stable over attempts. */
  readonly id: string;
  readonly target: string;
  readonly rule: string;
  /** Events of one lane and target are attempted in order; by default the recipient's bare JID. */
  readonly lane: string;
  readonly host: string;
  readonly user: string;
  readonly from: string;
  readonly type: string;
  readonly contentType: string;
  readonly payload: string;
  /** Where in `payload` the store writes how many messages wait for the user, this one included. */
  readonly unreadAt?: number | undefined;
  readonly class: MessageClass;
  readonly cancelOn: CancelOn;
  /**
   * Instead of one event, the store makes one for each active device that the user has at `target`, with the device in its
   * id (`id_device`) and lane (`lane/device`); none when there is no such device.
   */
  readonly toDevices?: boolean | undefined;
  /** Of these devices only the one of this id. */
  readonly onlyDevice?: string | undefined;
  /** The kept message that it is about; a unit with a message fills it in. */
  readonly message?: number | undefined;
  /**
   * Waiting events past these, at the target and in the lane, make the oldest of the lane that is not under way die as
   * `overflow`; where there is none, the new one. So each device of a recipient has a quota of its own.
   */
  readonly maxWaiting: number;
  readonly maxWaitingPerRecipient: number;
  /** Not undefined: it is recorded dead at once with this error, and no attempt is made unless somebody replays it. */
  readonly failed?: string | undefined;
  readonly createdAt: number;
  readonly dueAt: number;
  readonly expiresAt: number;
  readonly maxAttempts: number;
}
/** As the policy's rules name them (`lib/contracts/forward-policy.ts`). */
export type MessageClass = "chat" | "normal" | "groupchat" | "mention" | "call" | "subscription";
export type CancelOn = "never" | "online" | "read";
export type OutboxState = "queued" | "sending" | "retrying" | "held" | "delivered" | "dead" | "expired" | "cancelled";

export interface OutboxEvent extends Omit<
  NewOutboxEvent,
  "unreadAt" | "toDevices" | "onlyDevice" | "message" | "maxWaiting" | "maxWaitingPerRecipient" | "failed"
> {
  readonly seq: number;
  /** Id of the device it goes to; null: its target is a web server. */
  readonly device: string | null;
  /** What the push provider calls it, once accepted. */
  readonly providerId: string | null;
  /** When a client confirmed the message that the event is about; null: not yet, or nobody can tell. */
  readonly ackedAt: number | null;
  readonly state: OutboxState;
  readonly attempts: number;
  /** Attempts that a dead event had when it was brought back: from there on it has `maxAttempts` again. null: it never was. */
  readonly replayedAfter: number | null;
  readonly updatedAt: number;
  readonly status: number | null;
  readonly ms: number | null;
  readonly error: string | null;
  readonly bytes: number;
}
export type OutboxSummary = Omit<OutboxEvent, "payload">;

export interface AttemptRecord {
  readonly number: number;
  readonly startedAt: number;
  /**
   * `unregistered`: the provider knows the device no more. `misconfigured`: it refuses the target's settings, whatever the
   * event.
   */
  readonly outcome:
    | "delivered"
    | "rejected"
    | "failed"
    | "timeout"
    | "refused"
    | "blocked"
    | "gone"
    | "aborted"
    | "unregistered"
    | "misconfigured";
  readonly status: number | null;
  readonly error: string | null;
  readonly address: string | null;
  readonly timing: {
    readonly queueMs: number;
    readonly dnsMs: number | null;
    /** TCP; null: the connection was there. */
    readonly connectMs: number | null;
    readonly tlsMs: number | null;
    readonly firstByteMs: number | null;
    readonly totalMs: number;
  };
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly (readonly [string, string])[];
  };
  readonly response: {
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string;
    readonly truncated: boolean;
  } | null;
  readonly providerId: string | null;
}

/** A lane that this dispatcher holds until its lease ends. `claim` fences late writers. */
export interface ClaimedLane {
  readonly target: string;
  readonly lane: string;
  readonly claim: string;
  readonly events: readonly OutboxEvent[];
  /** The device that all of them go to, as it is now; null: a web server's lane, or the device is forgotten. */
  readonly device: DeviceRow | null;
}
export interface Settlement {
  readonly seq: number;
  readonly claim: string;
  readonly attempt: AttemptRecord | null;
  readonly next:
    | { readonly state: "delivered" | "dead" | "expired" | "cancelled" }
    | {
        readonly state: "retrying" | "held";
        readonly dueAt: number;
        /**
         * The attempt is in the log, with a number of its own, but does not count: it was not the event's fault, and the
         * event has as many `attempts` as before.
         */
        readonly isFree?: boolean;
      };
  readonly at: number;
  /** Why, where no attempt says it. */
  readonly error?: string | undefined;
  /** What the attempt showed about the device, kept in the same transaction. */
  readonly device?: DeviceNews | undefined;
}
/**
 * `accepted` and `failed` are noted; `failed` is one more in a row. `gone` disables the device and cancels what else waits
 * for it, but only if it was last registered before `since` (milliseconds), where the provider says when it went.
 */
export type DeviceNews =
  | { readonly kind: "accepted" }
  | { readonly kind: "failed"; readonly error: string }
  | { readonly kind: "gone"; readonly reason: string; readonly since: number | null }
  | { readonly kind: "environment"; readonly environment: "production" | "sandbox" };
export interface OutboxFilter {
  readonly hosts?: readonly string[] | undefined;
  readonly target?: string | undefined;
  readonly device?: string | undefined;
  readonly user?: string | undefined;
  readonly state?: OutboxState | undefined;
  readonly class?: MessageClass | undefined;
  /** The error of the last attempt, to the letter. */
  readonly reason?: string | undefined;
  readonly search?: string | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/** Values that events have, with how many have each. Reasons are errors of last attempts. */
export interface OutboxFacets {
  readonly targets: readonly { readonly value: string; readonly count: number }[];
  readonly classes: OutboxFacets["targets"];
  readonly states: OutboxFacets["targets"];
  readonly reasons: OutboxFacets["targets"];
  /** false: only the newest events were looked at. */
  readonly isComplete: boolean;
}

/** Dead events by filter, or by their ids. */
export interface DeadFilter extends Omit<OutboxFilter, "state"> {
  readonly ids?: readonly string[] | undefined;
  /** Expired events, too. */
  readonly withExpired?: boolean | undefined;
  /** Those that died later are left alone, so that none is brought back twice. */
  readonly diedUntil: number;
}

export interface Outbox {
  /**
   * Claims up to `maxLanes` lanes of a target that have an event due and are not held by a live lease, with the first
   * `perLane` due events of each (only a prefix of the lane, so order holds). Until they are settled these are `sending`; a
   * claim is no change that the feed tells, and does not outlive the process that holds the store. Urgent lanes come first,
   * then those due longest; a lane is urgent that was opened by an event of class `call`.
   */
  claim(
    target: string,
    now: number,
    leaseMs: number,
    maxLanes: number,
    perLane: number,
    /** Only urgent lanes. */
    isUrgent?: boolean,
  ): Promise<readonly ClaimedLane[]>;
  /**
   * Settles events of claimed lanes in one transaction; a settlement whose claim is no longer valid is ignored. Answers how
   * many were taken. `canWait`: nothing is held up until it is answered, so it may share the commit of a call that comes
   * within some milliseconds.
   */
  settle(settlements: readonly Settlement[], canWait?: boolean): Promise<number>;
  /** Gives lanes back with whatever of their events is unsettled returned to its place. */
  release(claims: readonly string[]): Promise<void>;
  /** Returns every lane whose lease ended before `now` (a crashed dispatcher); called at start with `now` = Infinity-like. */
  reclaim(now: number): Promise<number>;
  /** When the next event of each target is due, for the scheduler's timer. */
  due(): Promise<readonly { target: string; dueAt: number; backlog: number }[]>;
  find(id: string): Promise<(OutboxEvent & { readonly attemptList: readonly AttemptRecord[] }) | null>;
  list(filter: OutboxFilter, page: PageRequest): Promise<Page<OutboxSummary>>;
  histogram(
    filter: OutboxFilter,
    from: number,
    bucketMs: number,
    buckets: number,
  ): Promise<readonly { delivered: number; retrying: number; held: number; dead: number; queued: number }[]>;
  /** How many matching events each value has, the most frequent first; bounded, newest events first. */
  facets(filter: OutboxFilter): Promise<OutboxFacets>;
  /** Makes a waiting, dead or expired event due now, with the same id. false: it is none of these, or is being sent. */
  retry(id: string, now: number): Promise<boolean>;
  countDead(filter: DeadFilter): Promise<number>;
  /**
   * A step of a replay: makes at most `limit` matching dead events due now, with the same ids, going on after the seq
   * `after` in the order of the outbox. `upTo` is where the next step goes on; null: none is left.
   */
  replay(
    filter: DeadFilter,
    after: number,
    now: number,
    limit: number,
  ): Promise<{ replayed: number; targets: readonly string[]; upTo: number | null }>;
  cancel(id: string, now: number): Promise<boolean>;
  cancelTarget(target: string, now: number): Promise<number>;
  /**
   * Cancels what waits for a user: everything with `cancelOn` `online`; what is about messages from `from` (bare JID) with
   * `cancelOn` `read`; or every `call` from there, whatever its `cancelOn`. What is under way is not recalled. Answers how
   * many.
   */
  cancelFor(
    user: string,
    why: { readonly kind: "online" } | { readonly kind: "read" | "call"; readonly from: string },
    now: number,
  ): Promise<number>;
  /** What {@link cancelFor} would cancel if it were called now: once per user, sender (as in the event) and reason. */
  cancellable(): Promise<readonly { readonly user: string; readonly from: string; readonly cancelOn: CancelOn }[]>;
  /** Inserts events whose message is stored already; one whose id is known is left as it is. Answers how many are new. */
  add(events: readonly NewOutboxEvent[]): Promise<number>;
  /** Those of these kept messages, by id, for which their user (bare JID) has no event at the target, whatever its state. */
  missing(
    target: string,
    messages: readonly { readonly id: number; readonly user: string }[],
  ): Promise<readonly number[]>;
  /** The message that an event is about, as it was kept; null: there is none, or it is kept no more. */
  messageOf(id: string): Promise<{ readonly xml: string; readonly from: string; readonly at: number } | null>;
  stats(now: number): Promise<
    readonly {
      target: string;
      backlog: number;
      oldestDueAt: number | null;
      delivered24h: number;
      failed24h: number;
      /** Of those that failed: dead because too much waited. */
      overflow24h: number;
      dead: number;
      lastDeliveredAt: number | null;
      lastError: string | null;
      p95Ms: number | null;
    }[]
  >;
  /** Deletes finished events (delivered, expired, cancelled older than `doneBefore`; dead older than `deadBefore`) in bounded steps. */
  prune(doneBefore: number, deadBefore: number, limit: number): Promise<number>;
}

// --- devices: where pushes go

export type DeviceKind = "apns" | "fcm" | "webpush" | "xep0357";
/** What is known of a device besides its token, by kind. */
export interface DeviceSettings {
  /** APNs: null when the device did not say. */
  readonly environment?: "production" | "sandbox" | null | undefined;
  readonly voipToken?: string | undefined;
  /** Web Push: the subscription's keys, base64url. */
  readonly p256dh?: string | undefined;
  readonly auth?: string | undefined;
  /** What the app calls the phone, whatever token it has just now. */
  readonly deviceId?: string | undefined;
  /** XEP-0357: where publishes go; null: no node was given. */
  readonly appServer?: { readonly jid: string; readonly node: string | null } | undefined;
  /** XEP-0357: the form `pubsub#publish-options` as XML, sent back with each publish. */
  readonly publishOptions?: string | undefined;
}
export interface DeviceRow {
  /** Short, random, without `_` and `.`; never used again. */
  readonly id: string;
  readonly host: string;
  /** Bare JID. */
  readonly user: string;
  readonly kind: DeviceKind;
  readonly target: string;
  /** Token of APNs or FCM; endpoint of Web Push; app server's JID, a blank and the node of XEP-0357. */
  readonly token: string;
  readonly settings: DeviceSettings;
  readonly name: string | null;
  readonly appVersion: string | null;
  /** Of the client that registered it last. */
  readonly resource: string | null;
  /** Under which the embedded app server knows it (XEP-0357), and the SHA-256 of the secret that a publisher shows, hex. */
  readonly node: string | null;
  readonly secretHash: string | null;
  readonly via: "enable" | "command" | "api";
  readonly registeredAt: number;
  readonly updatedAt: number;
  /** false: registered with the embedded app server, not yet enabled by the client. */
  readonly isEnabled: boolean;
  readonly disabled: { readonly at: number; readonly reason: string } | null;
  readonly lastAcceptedAt: number | null;
  readonly lastError: string | null;
  readonly failures: number;
}
export interface DeviceFilter {
  readonly hosts?: readonly string[] | undefined;
  readonly user?: string | undefined;
  readonly kind?: DeviceKind | undefined;
  readonly target?: string | undefined;
  readonly state?: "active" | "registered" | "disabled" | undefined;
  readonly search?: string | undefined;
}
export interface Devices {
  /**
   * A user's token at a target is one device: known already, it keeps its id, first registration and, if it had one, node,
   * takes over the rest (a secret and an environment if there are), stays enabled if it was, and is no longer disabled. Past
   * `maxDevices` the one of the user's that was disabled first gives way. null: the account is gone, or has so many others.
   */
  register(
    device: Omit<DeviceRow, "updatedAt" | "disabled" | "lastAcceptedAt" | "lastError" | "failures">,
    maxDevices: number,
  ): Promise<DeviceRow | null>;
  find(id: string): Promise<DeviceRow | null>;
  findNode(node: string): Promise<DeviceRow | null>;
  of(user: string): Promise<readonly DeviceRow[]>;
  /** Newest first. */
  list(filter: DeviceFilter, page: PageRequest): Promise<Page<DeviceRow>>;
  /** Number of active devices by target. */
  count(): Promise<ReadonlyMap<string, number>>;
  /** What waits for a device that is not enabled any more is cancelled. false: there is none of that id. */
  setEnabled(id: string, isEnabled: boolean, now: number): Promise<boolean>;
  /** What waits for it is cancelled; null takes the disabling back. */
  disable(id: string, disabled: { readonly at: number; readonly reason: string } | null): Promise<boolean>;
  /** What waits for it is cancelled. */
  remove(id: string, now: number): Promise<boolean>;
}

// --- feeds: what live viewers follow, with ids that grow without gaps in commit order

export type FeedRow =
  | { readonly feed: "forward"; readonly id: number; readonly event: OutboxSummary }
  | { readonly feed: "registration"; readonly id: number; readonly decision: RegistrationDecisionRow }
  | { readonly feed: "audit"; readonly id: number; readonly entry: AuditRow };
export type FeedName = FeedRow["feed"];

// --- policy

export interface RevisionRow {
  readonly id: number;
  readonly at: number;
  readonly author: string;
  readonly comment: string;
  readonly rollbackOf: number | null;
}
export interface Policies {
  current(): Promise<{ revision: RevisionRow; document: string } | null>;
  /**
   * Appends a revision if the newest one is still `base` (0: none yet), with the audit row and, at set-up, the first
   * account, in one transaction. null: somebody else was faster.
   */
  commit(change: {
    readonly base: number;
    readonly at: number;
    readonly author: string;
    readonly comment: string;
    readonly rollbackOf: number | null;
    readonly document: string;
    readonly audit: Omit<AuditRow, "id"> | null;
    readonly account?: NewAccount | undefined;
  }): Promise<RevisionRow | null>;
  list(page: PageRequest): Promise<Page<RevisionRow>>;
  get(id: number): Promise<{ revision: RevisionRow; document: string } | null>;
}

// --- vCards, private XML, block lists

export interface PersonalData {
  /** vCard (XEP-0054) as XML; null: none. */
  vcard(host: string, local: string): Promise<string | null>;
  setVcard(host: string, local: string, xml: string): Promise<void>;
  /** Private XML (XEP-0049) by the child's namespace and name. */
  private(host: string, local: string, ns: string, name: string): Promise<string | null>;
  /** false: the account would keep more than `maxBytes` of private XML. */
  setPrivate(host: string, local: string, ns: string, name: string, xml: string, maxBytes: number): Promise<boolean>;
  /** JIDs that the account does not want to hear from (XEP-0191), in order. */
  blocked(host: string, local: string): Promise<readonly string[]>;
  /** Adds and takes out; `remove` null: all. false, and nothing is changed: there would be more than `maxJids`. */
  setBlocked(
    host: string,
    local: string,
    add: readonly string[],
    remove: readonly string[] | null,
    maxJids: number,
  ): Promise<boolean>;
}

// --- rooms (XEP-0045)

export type RoomStanding = "owner" | "admin" | "member" | "outcast";
export interface RoomAffiliation {
  /** Bare JID, or a domain, which stands for all of its accounts. */
  readonly jid: string;
  readonly affiliation: RoomStanding;
  /** Reserved for that user. */
  readonly nick: string | null;
  readonly reason: string | null;
}
export interface RoomRow {
  /** Domain of the service. */
  readonly host: string;
  readonly local: string;
  readonly name: string;
  readonly isPublic: boolean;
  /** false: it lives as long as somebody is in it. */
  readonly isPersistent: boolean;
  readonly createdAt: number;
  /** Configuration, subject and secret, as the caller wrote them. */
  readonly document: string;
}
export interface StoredRoom extends RoomRow {
  readonly affiliations: readonly RoomAffiliation[];
}
export type RoomSummary = Omit<RoomRow, "document">;
export interface Rooms {
  /** false: there is one of that name. */
  create(room: StoredRoom): Promise<boolean>;
  find(host: string, local: string): Promise<StoredRoom | null>;
  /** false: there is no such room. */
  update(
    host: string,
    local: string,
    room: Pick<RoomRow, "name" | "isPublic" | "isPersistent" | "document">,
  ): Promise<boolean>;
  /** An affiliation that is null is taken away. false, and nothing is changed: there is no such room. */
  affiliate(
    host: string,
    local: string,
    changes: readonly (Omit<RoomAffiliation, "affiliation"> & { readonly affiliation: RoomStanding | null })[],
  ): Promise<boolean>;
  /** vCard (XEP-0486) as XML; null: none. */
  vcard(host: string, local: string): Promise<string | null>;
  setVcard(host: string, local: string, xml: string | null): Promise<boolean>;
  /** With its archive. */
  remove(host: string, local: string): Promise<boolean>;
  /** Removes rooms that were to live as long as somebody was in them, at most `limit` in a step. Answers how many. */
  removeTemporary(host: string, limit: number): Promise<number>;
  /** Ordered by local part. */
  list(
    query: PageRequest & {
      readonly host: string;
      readonly search?: string | undefined;
      /** Those that everybody may find. */
      readonly isPublic?: boolean | undefined;
      /** Those that come after this local part, for callers who have no cursor. */
      readonly after?: string | undefined;
    },
  ): Promise<Page<RoomSummary>>;
  count(host: string): Promise<number>;
  /** Rooms of a service that a JID has an affiliation with. */
  affiliatedWith(host: string, jid: string): Promise<readonly { local: string; affiliation: RoomStanding }[]>;
}

// --- publish-subscribe (XEP-0060)

/** Whose nodes: an account's, or with `local` "" those of a service, whose domain is `host`. */
export interface NodeOwner {
  readonly host: string;
  readonly local: string;
}
export type Affiliation = "owner" | "publisher" | "publish-only" | "member" | "outcast";
export type SubscriptionState = "subscribed" | "pending";
export interface NewNode {
  /** The configuration, as text of the caller's. */
  readonly config: string;
  readonly createdAt: number;
  /** Bare JID. */
  readonly creator: string;
}
export interface NodeRow extends NewNode {
  readonly node: string;
  readonly items: number;
  /** Of all payloads. */
  readonly bytes: number;
}
/** A node as one entity finds it. */
export interface FoundNode extends NodeRow {
  /** Of the entity's bare JID; null: none. */
  readonly affiliation: Affiliation | null;
  /** The best of the subscriptions of the bare JID and its resources. */
  readonly subscription: SubscriptionState | null;
}
export interface NewItem {
  readonly id: string;
  /** Full JID. */
  readonly publisher: string;
  readonly at: number;
  /** null: never. */
  readonly expiresAt: number | null;
  /** "": none. */
  readonly payload: string;
}
export type ItemRow = Omit<NewItem, "expiresAt">;
export interface ItemQuery {
  readonly now: number;
  /** These ones only, in any order. */
  readonly ids?: readonly string[] | undefined;
  /** Those published before (older) or after (newer) the item of that id. */
  readonly olderThan?: string | undefined;
  readonly newerThan?: string | undefined;
  /** From the oldest on, instead of from the newest. The answer is newest first all the same. */
  readonly fromOldest?: boolean | undefined;
  readonly limit: number;
  /** No further item is added to a page of so many bytes. */
  readonly maxBytes: number;
}
export interface ItemPage {
  /** Newest first. */
  readonly items: readonly ItemRow[];
  /** Of the node, in all. */
  readonly total: number;
  /** There are more in the direction of the query. */
  readonly isPartial: boolean;
}
export interface PublishLimits {
  readonly maxNodes: number;
  /** Of all payloads of the owner. */
  readonly maxBytes: number;
}
export type PublishOutcome =
  | { readonly kind: "published"; readonly evicted: readonly string[] }
  | { readonly kind: "no-node" | "too-many-nodes" | "too-many-bytes" };
/** The newest item of a node. */
export interface LatestItem extends NodeOwner {
  readonly node: string;
  readonly config: string;
  readonly item: ItemRow;
}
export interface SubscriptionRow {
  readonly node: string;
  /** Bare or full. */
  readonly jid: string;
  readonly state: SubscriptionState;
  readonly subid: string;
}
export interface AffiliationRow {
  readonly node: string;
  readonly jid: string;
  readonly affiliation: Affiliation;
}

export interface Nodes {
  /** `jid`: the bare JID of who asks. */
  find(owner: NodeOwner, node: string, jid: string): Promise<FoundNode | null>;
  /** In order of their names. */
  list(owner: NodeOwner): Promise<readonly NodeRow[]>;
  /** `exists`, `too-many-nodes`: nothing was changed. The creator becomes an owner of a service's node. */
  create(
    owner: NodeOwner,
    node: string,
    row: NewNode,
    maxNodes: number,
  ): Promise<"created" | "exists" | "too-many-nodes">;
  /** Resolves with the ids of items past `maxItems` that are gone with it; null: no such node. */
  configure(owner: NodeOwner, node: string, config: string, maxItems: number): Promise<readonly string[] | null>;
  /** false: no such node. */
  remove(owner: NodeOwner, node: string): Promise<boolean>;
  /**
   * Puts items in, newest last, each in the place of one with its id. Where there are more than `maxItems` then, the oldest
   * go. `create`: what the node is to be if there is none.
   */
  publish(
    owner: NodeOwner,
    node: string,
    items: readonly NewItem[],
    create: NewNode | null,
    maxItems: number,
    limits: PublishLimits,
  ): Promise<PublishOutcome>;
  /** An unknown `olderThan` or `newerThan` gives null; so does an unknown node. */
  items(owner: NodeOwner, node: string, query: ItemQuery): Promise<ItemPage | null>;
  /** Ids of all items, newest first. */
  itemIds(owner: NodeOwner, node: string, now: number): Promise<readonly string[]>;
  /** Resolves with the ids that were there. */
  retract(owner: NodeOwner, node: string, ids: readonly string[]): Promise<readonly string[]>;
  /** Takes all items out. */
  purge(owner: NodeOwner, node: string): Promise<number>;
  /** The newest items of those of these nodes that exist and have any, owner by owner. */
  latest(owners: readonly NodeOwner[], nodes: readonly string[], now: number): Promise<readonly LatestItem[]>;
  /** By node, or (node null) of all nodes; by bare JID, or (jid null) of everybody. */
  affiliations(owner: NodeOwner, node: string | null, jid: string | null): Promise<readonly AffiliationRow[]>;
  /** affiliation null: none any more. */
  setAffiliations(
    owner: NodeOwner,
    node: string,
    changes: readonly { readonly jid: string; readonly affiliation: Affiliation | null }[],
  ): Promise<void>;
  /** As `affiliations`; a bare JID stands for its resources as well. */
  subscriptions(owner: NodeOwner, node: string | null, jid: string | null): Promise<readonly SubscriptionRow[]>;
  /** state null: no subscription any more. false, and nothing is changed: there would be more than `max` at the node. */
  setSubscriptions(
    owner: NodeOwner,
    node: string,
    changes: readonly { readonly jid: string; readonly state: SubscriptionState | null; readonly subid: string }[],
    max: number,
  ): Promise<boolean>;
  /** Removes items whose time is up, at most `limit`; resolves with their number. */
  removeExpired(now: number, limit: number): Promise<number>;
}

// --- registration: throttle and decision log

/** A token of a client (XEP-0484). Its text is not kept: it is made of `nonce` with a key from outside the store. */
export interface ClientToken {
  readonly nonce: string;
  /** The only SASL mechanism it is good for. */
  readonly mechanism: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** The greatest count that came with it; 0: none did (XEP-0484 3.4). */
  readonly count: number;
}
/** An installation that has logged in to an account and told its id (XEP-0388 2.5). */
export interface ClientRow {
  /** Made of that id, which is not kept. */
  readonly id: string;
  readonly software: string | null;
  readonly device: string | null;
  /** Mechanism and address of its last login. */
  readonly mechanism: string;
  readonly address: string;
  /** It has logged in with the password that the account has now. */
  readonly knowsPassword: boolean;
  readonly firstAt: number;
  readonly lastAt: number;
  /** The token in use, and the one that takes its place when it is first used (XEP-0484 5.1). */
  readonly current: ClientToken | null;
  readonly fresh: ClientToken | null;
}
export interface ClientLogin {
  readonly host: string;
  readonly local: string;
  readonly id: string;
  readonly software: string | null;
  readonly device: string | null;
  readonly mechanism: string;
  readonly address: string;
  readonly isPassword: boolean;
  readonly at: number;
  /** The token that it logged in with, and the count it gave. */
  readonly used: { readonly nonce: string; readonly count: number | null } | null;
  /** The used token is not to be used again. */
  readonly isInvalidated: boolean;
  readonly issued: Omit<ClientToken, "count"> | null;
}
export interface Clients {
  find(host: string, local: string, id: string): Promise<ClientRow | null>;
  /** Clients of an account, the one that logged in last first. */
  of(host: string, local: string): Promise<readonly ClientRow[]>;
  /**
   * Notes a login and its tokens. `gone`: the token or the account is there no longer; `replayed`: the count is not greater
   * than the one before; nothing was changed then. Past `maxClients` those that logged in longest ago are forgotten.
   */
  login(login: ClientLogin, maxClients: number): Promise<"noted" | "gone" | "replayed">;
  /** Takes the tokens of one client away. false: there is no such client. */
  revoke(host: string, local: string, id: string): Promise<boolean>;
  /** Takes the tokens of all clients away. With a changed password no client knows the password either. */
  revokeAll(host: string, local: string, isPasswordChanged: boolean): Promise<void>;
  remove(host: string, local: string, id: string): Promise<boolean>;
  /** Forgets clients of a host whose last login was before a time, at most `limit` in a step. Answers how many. */
  prune(host: string, before: number, limit: number): Promise<number>;
}

export interface RegistrationDecisionRow {
  readonly id: number;
  readonly at: number;
  readonly host: string;
  readonly jid: string;
  readonly address: string;
  readonly source: "in-band" | "web";
  readonly allowed: boolean;
  readonly code: string;
  readonly line: string;
  readonly retryAfterSeconds: number | null;
}
export interface Registrations {
  /** When a network (CIDR text) last registered on any host, or null. */
  lastFrom(network: string): Promise<number | null>;
  /**
   * Creates the account, notes the network's time and appends the decision in one transaction. `taken`: the name exists;
   * `throttled`: the network registered after `notBefore`; `held`: an invite keeps the name for somebody else; `spent`:
   * the invite that is redeemed was revoked or used up. Then the decision given is not written.
   */
  register(
    account: NewAccount,
    network: string | null,
    notBefore: number,
    decision: Omit<RegistrationDecisionRow, "id">,
    inviteId?: string | null,
  ): Promise<"created" | "taken" | "throttled" | "held" | "spent">;
  append(decision: Omit<RegistrationDecisionRow, "id">): Promise<number>;
  list(
    filter: { readonly hosts?: readonly string[] | undefined; readonly outcome: "all" | "allowed" | "denied" },
    page: PageRequest,
  ): Promise<Page<RegistrationDecisionRow>>;
  forget(network: string): Promise<void>;
  prune(before: number, limit: number): Promise<number>;
}

// --- invites (XEP-0401, 0445) and links that set a new password

/** `account`: to make one; `contact`: of a user, to become a contact; `reset`: to set a new password. */
export type InviteKind = "account" | "contact" | "reset";
export interface InviteRow {
  /** Names it to admins; it opens nothing. */
  readonly id: string;
  readonly kind: InviteKind;
  readonly host: string;
  /** `account`: the name that is kept for whoever redeems it, or null; `reset`: whose password. */
  readonly local: string | null;
  /** Bare JID that becomes a contact of those who redeem it. */
  readonly inviter: string | null;
  /** An account can be made with it. */
  readonly registers: boolean;
  readonly maxUses: number;
  readonly uses: number;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number;
  /** When its page was first looked at. */
  readonly openedAt: number | null;
  readonly revokedAt: number | null;
  readonly note: string;
}
export interface NewInvite extends Omit<InviteRow, "uses" | "openedAt" | "revokedAt"> {
  /** SHA-256 of its token, hex: the token itself is kept nowhere. */
  readonly hash: string;
}
export interface InviteUse {
  readonly jid: string;
  readonly at: number;
}
export interface InviteFilter {
  readonly hosts?: readonly string[] | undefined;
  readonly kind?: InviteKind | undefined;
  readonly inviter?: string | undefined;
  /** `open`: it can still be redeemed at the time `now`; `done`: it cannot. */
  readonly state: "all" | "open" | "done";
  readonly now: number;
}
export interface Invites {
  /**
   * A reset takes the place of earlier ones of its account. `taken`: there is an account of the name; `held`: another invite
   * keeps the name; `no-account`: there is none whose password could be reset.
   */
  create(invite: NewInvite): Promise<"created" | "taken" | "held" | "no-account">;
  find(id: string): Promise<InviteRow | null>;
  findByHash(hash: string): Promise<InviteRow | null>;
  /** The invite that keeps a name at this time (XEP-0401 5.2), or null. */
  holderOf(host: string, local: string, now: number): Promise<string | null>;
  /** How many invites that somebody made can still be redeemed. */
  waitingOf(creator: string, now: number): Promise<number>;
  opened(id: string, at: number): Promise<void>;
  /** Uses it up once, by this account. false: it is revoked or was used up. */
  use(id: string, jid: string, at: number): Promise<boolean>;
  /** false: there is none, or it is used up or revoked already. */
  revoke(id: string, at: number): Promise<boolean>;
  revokeResets(host: string, local: string, at: number): Promise<void>;
  /** Who redeemed it, oldest first. */
  uses(id: string, limit: number): Promise<readonly InviteUse[]>;
  /** Newest first. */
  list(filter: InviteFilter, page: PageRequest): Promise<Page<InviteRow>>;
  /** Forgets invites that expired before a time, at most `limit` in a step. Answers how many. */
  prune(before: number, limit: number): Promise<number>;
}

// --- files that users upload (XEP-0363); what is in them is beside the store

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
  /** Those whose end has come, longest ago first. */
  ended(now: number, limit: number): Promise<readonly string[]>;
  /** After they were deleted from the disk. */
  remove(ids: readonly string[]): Promise<void>;
  /** Bytes of an account; of a whole host with the name "". */
  totalOf(host: string, local: string): Promise<number>;
}

// --- administration: audit, API keys, console sessions, feeds, small secrets

export interface AuditRow {
  readonly id: number;
  readonly at: number;
  readonly actor: string;
  readonly address: string;
  readonly action: string;
  readonly object: string;
  readonly result: "done" | "refused" | "failed";
  readonly detail: string | null;
  readonly requestId: string;
}
export interface ApiKeyRow {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the key's text, hex. */
  readonly hash: string;
  readonly permissions: readonly string[];
  readonly hosts: readonly string[] | null;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly lastUsedFrom: string | null;
}
export interface ConsoleSessionRow {
  readonly id: string;
  readonly jid: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly expiresAt: number;
  readonly address: string;
  readonly userAgent: string;
}
export interface AdminStore {
  audit(entry: Omit<AuditRow, "id">): Promise<number>;
  auditList(
    filter: {
      readonly actor?: string | undefined;
      readonly action?: string | undefined;
      readonly search?: string | undefined;
    },
    page: PageRequest,
  ): Promise<Page<AuditRow>>;
  /** Is the hash chain over the audit rows unbroken? The id of the first bad row, or null. */
  auditBreak(): Promise<number | null>;
  keys(): Promise<readonly ApiKeyRow[]>;
  keyByHash(hash: string): Promise<ApiKeyRow | null>;
  putKey(key: ApiKeyRow): Promise<void>;
  touchKey(id: string, at: number, from: string): Promise<void>;
  removeKey(id: string): Promise<boolean>;
  sessions(jid?: string): Promise<readonly ConsoleSessionRow[]>;
  session(id: string): Promise<ConsoleSessionRow | null>;
  putSession(session: ConsoleSessionRow): Promise<void>;
  touchSession(id: string, at: number): Promise<void>;
  removeSession(id: string): Promise<boolean>;
  /** Feed rows with id > `after`, oldest first; and the first and last id kept. */
  feed(name: FeedName, after: number, limit: number): Promise<readonly FeedRow[]>;
  feedRange(name: FeedName): Promise<{ oldest: number; head: number }>;
  pruneFeeds(before: number, limit: number): Promise<number>;
  /** Small sealed values (header secrets of targets): text sealed by the caller. */
  secret(name: string): Promise<string | null>;
  secrets(): Promise<ReadonlyMap<string, string>>;
  putSecret(name: string, sealed: string): Promise<void>;
  removeSecret(name: string): Promise<boolean>;
}
