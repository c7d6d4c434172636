import type { Accounts, Credentials, NewAccount } from "../ports.ts";
import { accountListOn } from "./account-list.ts";
import {
  ACCOUNT_COLUMNS,
  ACCOUNT_FROM,
  accountRow,
  SUSPENSION_COLUMNS,
  suspensionOf,
  type AccountRecord,
  type SuspensionRecord,
} from "./account-row.ts";
import { accountTagsOn } from "./account-tags.ts";
import { change, LIMIT, query, type Connection, type Sync } from "./connection.ts";
import { devicesOfAccountOn } from "./devices.ts";
import { filesOfAccountOn } from "./files.ts";
import { outboxCancellationOn } from "./outbox-cancellation.ts";

const INSERT = `INSERT INTO account
  (host, local, credentials, sealed, created_at, created_via, created_from) VALUES (?, ?, ?, ?, ?, ?, ?)`;
const KEY = "host = ? AND local = ?";

/** Tables whose rows belong to an account; its queue of offline messages is among them. */
const OWNED = [
  "roster",
  "roster_item",
  "roster_removed",
  "roster_request",
  "offline_queue",
  "archive_preferences",
  "vcard",
  "blocked",
  "client",
  "pubsub_node",
  "roster_group_member",
  "motd_seen",
  "directory_entry",
  "directory_key",
  "account_tag",
];

export type SyncAccounts = Sync<Omit<Accounts, "removeHost">> & {
  /** Removes at most `limit` accounts of a host; the driver repeats it until none is left. */
  readonly removeSome: (host: string, limit: number) => number;
};

export function accountsOn(connection: Connection): SyncAccounts {
  const { db } = connection;
  const insertNew = change(db, `${INSERT} ON CONFLICT DO NOTHING`);
  const update = change(db, `UPDATE account SET credentials = ?, sealed = ? WHERE ${KEY}`);
  const countMore = change(
    db,
    "INSERT INTO account_count VALUES (?, ?) ON CONFLICT DO UPDATE SET accounts = accounts + excluded.accounts",
  );
  const counted = query<{ n: number }>(db, "SELECT accounts AS n FROM account_count WHERE host = ?");
  const countedAll = query<{ n: number }>(db, "SELECT coalesce(sum(accounts), 0) AS n FROM account_count");
  const known = query<object>(db, `SELECT 1 FROM account WHERE ${KEY}`);
  const findOne = query<AccountRecord>(
    db,
    `SELECT ${ACCOUNT_COLUMNS} FROM ${ACCOUNT_FROM} WHERE a.host = ? AND a.local = ?`,
  );
  const loginOf = query<SuspensionRecord & { credentials: string }>(
    db,
    `SELECT a.credentials, ${SUSPENSION_COLUMNS} FROM account a WHERE ${KEY}`,
  );
  const applicantOf = query<SuspensionRecord & { credentials: string }>(
    db,
    `SELECT credentials, at AS suspendedAt, NULL AS suspendedUntil, NULL AS suspendedBy, NULL AS suspendedReason
      FROM registration_application WHERE host = ? AND local = ? AND expires_at > ?`,
  );
  const stillSealed = query<{ host: string; local: string; credentials: string }>(
    db,
    `SELECT host, local, credentials FROM account WHERE sealed = 1 ${LIMIT}`,
  );
  const suspend = change(
    db,
    `UPDATE account SET suspended_at = ?, suspended_until = ?, suspended_by = ?, suspended_reason = ? WHERE ${KEY}`,
  );
  const touch = change(db, `UPDATE account SET last_at = ?, last_status = ? WHERE ${KEY}`);
  const endAccess = change(db, `UPDATE client SET current = NULL, fresh = NULL, knows_password = 0 WHERE ${KEY}`);
  const removeOne = change(db, `DELETE FROM account WHERE ${KEY}`);
  const removeOwned = [...OWNED, "private_xml"].map((table) => change(db, `DELETE FROM ${table} WHERE ${KEY}`));
  const namesOf = query<{ local: string }>(
    db,
    `SELECT local FROM account WHERE host = ? AND local > ? ORDER BY local ${LIMIT}`,
  );
  const leaveRooms = change(db, "DELETE FROM room_affiliation WHERE jid = ? AND affiliation <> 'outcast'");
  const endInvites = change(db, "DELETE FROM invite WHERE inviter = ? OR (kind = 'reset' AND host = ? AND local = ?)");
  const endInvitesOfHost = change(db, "DELETE FROM invite WHERE host = ?");
  const endGroupsOfHost = change(db, "DELETE FROM roster_group WHERE host = ?");
  const endApplicationsOfHost = change(db, "DELETE FROM registration_application WHERE host = ?");
  const endMotdOfHost = change(db, "DELETE FROM motd WHERE host = ?");
  const cancellation = outboxCancellationOn(connection);
  const forgetDevices = devicesOfAccountOn(connection);
  const endFiles = filesOfAccountOn(connection);

  const add = (account: NewAccount): boolean =>
    insertNew(
      account.host,
      account.local,
      JSON.stringify(account.credentials),
      account.credentials.kind === "sealed" ? 1 : 0,
      account.createdAt,
      account.createdVia,
      account.createdFrom,
    ) === 1;

  const setCredentials = (host: string, local: string, credentials: Credentials): boolean =>
    update(JSON.stringify(credentials), credentials.kind === "sealed" ? 1 : 0, host, local) === 1;

  const create = (account: NewAccount): boolean => {
    if (!add(account)) return false;
    countMore(account.host, 1);
    return true;
  };

  const remove = (host: string, local: string): boolean => {
    if (removeOne(host, local) === 0) return false;
    countMore(host, -1);
    for (const removeRows of removeOwned) removeRows(host, local);
    connection.mailboxes.remove(host, local);
    cancellation.ofAccount(host, local, connection.now());
    forgetDevices(`${local}@${host}`);
    leaveRooms(`${local}@${host}`);
    endInvites(`${local}@${host}`, host, local);
    endFiles(host, local);
    return true;
  };

  return {
    create,
    createMany: (accounts, onConflict) => {
      const createdOn = new Map<string, number>();
      let created = 0;
      let updated = 0;
      for (const account of accounts) {
        if (add(account)) {
          created++;
          createdOn.set(account.host, (createdOn.get(account.host) ?? 0) + 1);
        } else if (onConflict === "update") {
          setCredentials(account.host, account.local, account.credentials);
          endAccess(account.host, account.local);
          updated++;
        }
      }
      for (const [host, accountsOfHost] of createdOn) countMore(host, accountsOfHost);
      return { created, updated, skipped: accounts.length - created - updated };
    },
    find: (host, local) => {
      const record = findOne.get(host, local);
      return record === undefined ? null : accountRow(record);
    },
    exists: (host, local) => known.get(host, local) !== undefined,
    login: (host, local) => {
      const record = loginOf.get(host, local) ?? applicantOf.get(host, local, connection.now());
      if (record === undefined) return null;
      return { credentials: JSON.parse(record.credentials) as Credentials, suspended: suspensionOf(record) };
    },
    setCredentials,
    sealed: (limit) =>
      stillSealed.all(limit).map(({ host, local, credentials }) => {
        const parsed = JSON.parse(credentials) as Extract<Credentials, { kind: "sealed" }>;
        return { host, local, sealed: parsed.sealed };
      }),
    setSuspension: (host, local, suspension) =>
      suspend(
        suspension?.at ?? null,
        suspension?.until ?? null,
        suspension?.by ?? null,
        suspension?.reason ?? null,
        host,
        local,
      ) === 1,
    setLastActivity: (host, local, at, status) => {
      touch(at, status, host, local);
    },
    remove,
    removeSome: (host, limit) => {
      const names = namesOf.all(host, "", limit);
      for (const { local } of names) remove(host, local);
      endInvitesOfHost(host);
      endGroupsOfHost(host);
      endApplicationsOfHost(host);
      endMotdOfHost(host);
      return names.length;
    },
    count: (host) => (host === undefined ? countedAll.get() : counted.get(host))?.n ?? 0,
    ...accountTagsOn(connection),
    list: accountListOn(connection),
    names: (host, after, limit) => namesOf.all(host, after, limit).map(({ local }) => local),
  };
}
