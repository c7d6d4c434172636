import type { DatabaseSync } from "node:sqlite";
import { StoreError } from "../../errors.ts";
import { initial } from "./0001-initial.ts";
import { replays } from "./0002-replays.ts";
import { lanesHeldInMemory } from "./0003-lanes-held-in-memory.ts";
import { outboxForDevices } from "./0004-outbox-for-devices.ts";
import { devices } from "./0005-devices.ts";
import { messages } from "./0006-message.ts";
import { blocked } from "./0007-blocked.ts";
import { rooms } from "./0008-rooms.ts";
import { nodes } from "./0009-nodes.ts";
import { clients } from "./0010-clients.ts";
import { invites } from "./0011-invites.ts";
import { files } from "./0012-files.ts";
import { forwardMemory } from "./0013-forward-memory.ts";
import { announcements } from "./0014-announcements.ts";
import { community } from "./0015-community.ts";
import { roomOverview } from "./0016-room-overview.ts";
import { filePlaces } from "./0017-file-places.ts";
import { secondFactors } from "./0018-second-factors.ts";
import { savedViews } from "./0019-saved-views.ts";
import { metrics } from "./0020-metrics.ts";
import { certificates } from "./0021-certificates.ts";
import { applications } from "./0022-applications.ts";
import { archiveIndex } from "./0023-archive-index.ts";
import { accountTags } from "./0024-account-tags.ts";
import { inviteGifts } from "./0025-invite-gifts.ts";
import { auditMeans } from "./0026-audit-means.ts";
import { revisionRemarks } from "./0027-revision-remarks.ts";
import { forwardOrder } from "./0028-forward-order.ts";
import { applicationLanguage } from "./0029-application-language.ts";
import { lanesByHost } from "./0030-lanes-by-host.ts";
import { images } from "./0031-images.ts";

/** In order, forward only: the number of a migration is its place in this list, kept in `user_version`. */
const MIGRATIONS: readonly string[] = [
  initial,
  replays,
  lanesHeldInMemory,
  outboxForDevices,
  devices,
  messages,
  blocked,
  rooms,
  nodes,
  clients,
  invites,
  files,
  forwardMemory,
  announcements,
  community,
  roomOverview,
  filePlaces,
  secondFactors,
  savedViews,
  metrics,
  certificates,
  applications,
  archiveIndex,
  accountTags,
  inviteGifts,
  auditMeans,
  revisionRemarks,
  forwardOrder,
  applicationLanguage,
  lanesByHost,
  images,
];

/** The number that a store has which this version has opened. */
export const latestVersion = MIGRATIONS.length;

function versionOf(db: DatabaseSync): number {
  return Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
}

/** Refuses a store from a later version; writes nothing. */
export function checkVersion(db: DatabaseSync): void {
  const version = versionOf(db);
  if (version <= MIGRATIONS.length) return;
  throw new StoreError(
    "newer",
    `the store has version ${version}, this Nightpost knows versions up to ${MIGRATIONS.length}: run the later Nightpost that wrote it`,
  );
}

/** Brings the store to this version, in one transaction. */
export function migrate(db: DatabaseSync): void {
  db.exec("BEGIN IMMEDIATE");
  try {
    // Read inside the transaction: another process may just have done it.
    for (const sql of MIGRATIONS.slice(versionOf(db))) db.exec(sql);
    db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
    db.exec("COMMIT");
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}
