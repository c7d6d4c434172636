import type {
  AdminStore,
  Announcements,
  Applications,
  CertificateStore,
  Clients,
  Devices,
  Factors,
  Directory,
  Files,
  Groups,
  Invites,
  Nodes,
  OfflineStore,
  PersonalData,
  Policies,
  PushCredentials,
  Registrations,
  Reports,
  Rooms,
  Rosters,
  Images,
  SavedViews,
  Series,
} from "../ports.ts";
import type { SyncAccounts } from "./accounts.ts";
import type { SyncArchive } from "./archive.ts";
import type { Sync } from "./connection.ts";
import type { SyncOutbox } from "./outbox.ts";

/**
 * Where and how a method runs.
 *
 * - `read`: on the writer, in turn with the writes: logins, delivery, whatever has to be quick and sees every write before it.
 * - `report`: on the reader, so that a long search never delays a commit; held back until the writes before it are committed.
 * - `indexed`: as `report`, of archives, whose index the writer completes first.
 * - `informed`: as `report`, with the events that are being sent as one more argument: only the writer knows them.
 * - `write`: one statement that changes something.
 * - `unit`: several statements, in a savepoint: failing takes back all of them and leaves the rest of the batch alone.
 */
export type Route = "read" | "report" | "indexed" | "informed" | "write" | "unit";

/** The ports as they run beside the database. */
export interface SyncPorts {
  readonly accounts: SyncAccounts;
  readonly rosters: Sync<Rosters>;
  readonly offline: Sync<OfflineStore>;
  readonly archive: SyncArchive;
  readonly outbox: SyncOutbox;
  readonly devices: Sync<Devices>;
  readonly pushCredentials: Sync<PushCredentials>;
  readonly policies: Sync<Policies>;
  readonly personal: Sync<PersonalData>;
  readonly clients: Sync<Clients>;
  readonly rooms: Sync<Rooms>;
  readonly nodes: Sync<Nodes>;
  readonly registrations: Sync<Registrations>;
  readonly applications: Sync<Applications>;
  readonly invites: Sync<Invites>;
  readonly files: Sync<Files>;
  readonly announcements: Sync<Announcements>;
  readonly groups: Sync<Groups>;
  readonly reports: Sync<Reports>;
  readonly directory: Sync<Directory>;
  readonly certificates: Sync<CertificateStore>;
  readonly series: Sync<Series>;
  readonly factors: Sync<Factors>;
  readonly views: Sync<SavedViews>;
  readonly images: Sync<Images>;
  readonly admin: Sync<AdminStore> & {
    /** Bytes on disk. */
    readonly size: () => number;
  };
}
export type PortName = keyof SyncPorts;

export const ROUTES = {
  accounts: {
    create: "unit",
    createMany: "unit",
    find: "read",
    exists: "read",
    login: "read",
    setCredentials: "write",
    sealed: "read",
    setSuspension: "write",
    setLastActivity: "write",
    setTags: "unit",
    tags: "report",
    remove: "unit",
    removeSome: "unit",
    count: "report",
    list: "report",
    names: "report",
  },
  rosters: {
    get: "read",
    put: "unit",
    remove: "unit",
    changes: "read",
    putRequest: "unit",
    removeRequest: "write",
  },
  offline: {
    commit: "unit",
    read: "read",
    acknowledge: "unit",
    pick: "read",
    remove: "unit",
    depth: "read",
    totals: "report",
    list: "report",
    queues: "report",
    matching: "report",
    discard: "unit",
    extend: "unit",
    removeExpired: "unit",
  },
  archive: {
    keepPacked: "unit",
    query: "indexed",
    // Asked for at logins, which should not go through another thread; writes what the index is behind.
    bounds: "write",
    completeIndex: "write",
    find: "report",
    lastId: "read",
    rewrite: "write",
    preferences: "read",
    setPreferences: "write",
    prune: "unit",
    purge: "unit",
    since: "report",
    latest: "report",
  },
  outbox: {
    claim: "unit",
    offer: "read",
    settleWritten: "unit",
    release: "unit",
    reclaim: "unit",
    due: "read",
    sending: "read",
    find: "informed",
    list: "informed",
    neighbours: "informed",
    histogram: "informed",
    facets: "informed",
    retry: "unit",
    countDead: "report",
    replay: "unit",
    failed: "report",
    reroute: "unit",
    cancel: "unit",
    endSome: "unit",
    cancelFor: "unit",
    cancellable: "report",
    add: "unit",
    missing: "report",
    messageOf: "report",
    about: "informed",
    stats: "report",
    latency: "report",
    prune: "unit",
    setGone: "write",
    gone: "read",
  },
  devices: {
    register: "unit",
    find: "read",
    findNode: "read",
    of: "read",
    list: "report",
    count: "read",
    activeOf: "read",
    setEnabled: "unit",
    disable: "unit",
    retryRefused: "unit",
    remove: "unit",
  },
  pushCredentials: { find: "read", put: "write" },
  policies: { current: "read", commit: "unit", list: "report", get: "read" },
  clients: {
    find: "read",
    of: "read",
    login: "unit",
    revoke: "write",
    revokeAll: "unit",
    remove: "write",
    prune: "unit",
  },
  personal: {
    vcard: "read",
    setVcard: "write",
    vcardTexts: "read",
    private: "read",
    privates: "read",
    setPrivate: "write",
    blocked: "read",
    setBlocked: "unit",
  },
  rooms: {
    create: "unit",
    find: "read",
    update: "write",
    used: "write",
    affiliate: "unit",
    vcard: "read",
    setVcard: "write",
    remove: "unit",
    removeTemporary: "unit",
    list: "report",
    count: "report",
    report: "indexed",
    affiliatedWith: "read",
    countWith: "read",
  },
  nodes: {
    find: "read",
    list: "read",
    create: "unit",
    configure: "unit",
    remove: "write",
    publish: "unit",
    items: "read",
    itemIds: "read",
    retract: "unit",
    purge: "write",
    latest: "report",
    affiliations: "read",
    setAffiliations: "unit",
    subscriptions: "read",
    setSubscriptions: "unit",
    removeExpired: "write",
  },
  registrations: {
    lastFrom: "read",
    register: "unit",
    append: "write",
    list: "report",
    hits: "report",
    forget: "write",
    prune: "unit",
  },
  applications: {
    apply: "unit",
    find: "read",
    list: "report",
    waiting: "read",
    approve: "unit",
    deny: "write",
    addPass: "write",
    passes: "read",
    removePass: "write",
  },
  invites: {
    create: "unit",
    find: "read",
    findByHash: "read",
    holderOf: "read",
    waitingOf: "read",
    opened: "write",
    use: "unit",
    revoke: "write",
    revokeResets: "write",
    owed: "read",
    gave: "write",
    uses: "report",
    funnel: "report",
    list: "report",
    prune: "unit",
  },
  files: {
    reserve: "unit",
    find: "read",
    findByHash: "read",
    stored: "write",
    ended: "read",
    end: "unit",
    endOf: "unit",
    remove: "unit",
    totalOf: "read",
    list: "report",
    usageOfHosts: "report",
    usageOfAccounts: "report",
  },
  certificates: {
    install: "unit",
    use: "unit",
    find: "read",
    inUse: "read",
    history: "report",
    putOrder: "write",
    orders: "report",
    prune: "unit",
  },
  series: { append: "write", range: "report", prune: "write", commits: "read" },
  announcements: {
    add: "write",
    addRecipients: "unit",
    recipients: "read",
    advance: "write",
    end: "write",
    find: "read",
    running: "read",
    list: "report",
    prune: "unit",
    motds: "read",
    setMotd: "write",
    tellMotd: "write",
  },
  groups: {
    list: "read",
    find: "read",
    put: "unit",
    remove: "write",
    members: "read",
    change: "unit",
  },
  reports: {
    add: "unit",
    find: "read",
    list: "report",
    resolve: "write",
    reopen: "write",
    open: "report",
    about: "report",
    prune: "write",
  },
  directory: {
    put: "unit",
    find: "report",
    unlisted: "report",
    clear: "unit",
  },
  factors: {
    of: "read",
    byCredential: "read",
    put: "write",
    use: "write",
    remove: "write",
    removeAll: "unit",
    setRecoveryCodes: "unit",
    recoveryCodes: "read",
    useRecoveryCode: "write",
  },
  views: { list: "read", find: "read", put: "unit", remove: "write" },
  images: { put: "unit", find: "read" },
  admin: {
    audit: "write",
    auditList: "report",
    auditBreak: "report",
    pruneAudit: "unit",
    keys: "read",
    keyByHash: "read",
    putKey: "write",
    touchKey: "write",
    removeKey: "write",
    sessions: "read",
    session: "read",
    putSession: "unit",
    touchSession: "write",
    removeSession: "write",
    feed: "report",
    feedRange: "report",
    pruneFeeds: "write",
    secret: "read",
    secrets: "read",
    putSecret: "write",
    removeSecret: "write",
    size: "report",
  },
} as const satisfies { readonly [Port in PortName]: { readonly [Method in keyof SyncPorts[Port]]: Route } };

export interface MethodEntry {
  readonly port: PortName;
  readonly method: string;
  readonly route: Route;
}

/** Every method; between threads a method goes by its place in this list. */
export const METHODS: readonly MethodEntry[] = Object.entries(ROUTES).flatMap(([port, methods]) =>
  Object.entries(methods).map(([method, route]) => ({ port: port as PortName, method, route })),
);

const settleMethod = METHODS.findIndex(({ port, method }) => port === "outbox" && method === "settleWritten");

/** A call that need not be carried out at once (`Outbox.settle`). */
export function canWait(method: number, args: readonly unknown[]): boolean {
  return method === settleMethod && args[1] === true;
}
