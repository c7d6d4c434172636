import type { Accounts } from "./ports/accounts.ts";
import type { AdminStore } from "./ports/admin.ts";
import type { Announcements } from "./ports/announcements.ts";
import type { Applications } from "./ports/applications.ts";
import type { Archive } from "./ports/archive.ts";
import type { CertificateStore } from "./ports/certificates.ts";
import type { Clients } from "./ports/clients.ts";
import type { Devices } from "./ports/devices.ts";
import type { Directory } from "./ports/directory.ts";
import type { Factors } from "./ports/factors.ts";
import type { FeedRow } from "./ports/feeds.ts";
import type { Files } from "./ports/files.ts";
import type { Groups } from "./ports/groups.ts";
import type { Images } from "./ports/images.ts";
import type { Invites } from "./ports/invites.ts";
import type { Nodes } from "./ports/nodes.ts";
import type { OfflineStore } from "./ports/offline.ts";
import type { ClaimedLane, Outbox } from "./ports/outbox.ts";
import type { PersonalData } from "./ports/personal.ts";
import type { Policies } from "./ports/policies.ts";
import type { PushCredentials } from "./ports/push-credentials.ts";
import type { Registrations } from "./ports/registrations.ts";
import type { Reports } from "./ports/reports.ts";
import type { Rooms } from "./ports/rooms.ts";
import type { Rosters } from "./ports/rosters.ts";
import type { Series } from "./ports/series.ts";
import type { SavedViews } from "./ports/views.ts";

export type * from "./ports/accounts.ts";
export type * from "./ports/admin.ts";
export type * from "./ports/announcements.ts";
export type * from "./ports/applications.ts";
export type * from "./ports/archive.ts";
export type * from "./ports/audit.ts";
export type * from "./ports/certificates.ts";
export type * from "./ports/clients.ts";
export type * from "./ports/devices.ts";
export type * from "./ports/directory.ts";
export type * from "./ports/factors.ts";
export type * from "./ports/feeds.ts";
export type * from "./ports/files.ts";
export type * from "./ports/groups.ts";
export type * from "./ports/invites.ts";
export type * from "./ports/kept-message.ts";
export type * from "./ports/nodes.ts";
export type * from "./ports/offline.ts";
export type * from "./ports/outbox.ts";
export type * from "./ports/outbox-event.ts";
export type * from "./ports/page.ts";
export type * from "./ports/personal.ts";
export type * from "./ports/policies.ts";
export type * from "./ports/push-credentials.ts";
export type * from "./ports/registrations.ts";
export type * from "./ports/reports.ts";
export type * from "./ports/rooms.ts";
export type * from "./ports/rosters.ts";
export type * from "./ports/images.ts";
export type * from "./ports/views.ts";
export type * from "./ports/series.ts";
export type * from "./ports/vault.ts";

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
  readonly pushCredentials: PushCredentials;
  readonly policies: Policies;
  readonly personal: PersonalData;
  readonly nodes: Nodes;
  readonly groups: Groups;
  readonly directory: Directory;
  readonly rooms: Rooms;
  readonly clients: Clients;
  readonly registrations: Registrations;
  readonly applications: Applications;
  readonly invites: Invites;
  readonly files: Files;
  readonly announcements: Announcements;
  readonly reports: Reports;
  readonly certificates: CertificateStore;
  readonly series: Series;
  readonly admin: AdminStore;
  readonly factors: Factors;
  readonly views: SavedViews;
  readonly images: Images;
  /**
   * Rows of the feeds (forward log, registration decisions, audit) as they are committed, in order: those that a read called
   * after this may not show yet. While nobody listens they are not even made.
   */
  onFeed(listener: (rows: readonly FeedRow[]) => void): () => void;
  /** Targets for which events have come to wait, told after the commit. */
  onQueued(listener: (targets: readonly string[]) => void): () => void;
  /** Lanes that were claimed as somebody had offered to (`Outbox.offer`), told after the commit; `onQueued` tells the rest. */
  onClaimed(listener: (lanes: readonly ClaimedLane[]) => void): () => void;
  /** The driver can no longer promise anything (disk full, thread died): the process must stop. */
  onFailure(listener: (error: Error) => void): () => void;
  /** Size of the store on disk, bytes; 0 in memory. */
  size(): Promise<number>;
  close(): Promise<void>;
}
