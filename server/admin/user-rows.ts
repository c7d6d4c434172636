import type { User, UserFilter } from "../../lib/contracts/users.ts";
import type { Core } from "../core/core.ts";
import type { AccountRow, Accounts, PageRequest, Suspension } from "../storage/ports.ts";
import { Jid } from "../xmpp/jid.ts";
import { hostName } from "./address.ts";
import type { Call } from "./call.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";

const dayMs = 86_400_000;

/** Accounts that a filter finds, on the hosts that the caller may see. */
export function findUsers(
  { stores, sessions, clock }: Core,
  filter: UserFilter,
  page: PageRequest,
  call: Call,
): ReturnType<Accounts["list"]> {
  const { host, search, createdSince, createdBefore, createdDays, idleDays, minMessages, via } = filter;
  const hosts = call.hosts(host === undefined ? undefined : hostName(host));
  const daysAgo = (days: number | undefined) => (days === undefined ? undefined : clock.now() - days * dayMs);
  const isOnline = filter.filter === "online";
  return stores.accounts.list({
    ...page,
    hosts,
    search,
    filter: filter.filter === "online" ? "all" : filter.filter,
    only: isOnline ? onlineOn(sessions.accounts(), hosts) : undefined,
    traits: {
      createdSince: createdSince === undefined ? daysAgo(createdDays) : Date.parse(createdSince),
      createdBefore: createdBefore === undefined ? undefined : Date.parse(createdBefore),
      idleSince: daysAgo(idleDays),
      minMessages,
      via,
    },
  });
}

export function describeUser({ sessions, policy }: Core, row: AccountRow): User {
  const jid = Jid.of(row.local, row.host);
  return {
    jid: jid.bare,
    local: row.local,
    host: row.host,
    createdAt: timestamp(row.createdAt),
    createdVia: row.createdVia,
    createdFrom: row.createdFrom,
    suspended: row.suspended && suspensionOf(row.suspended),
    online: sessions.of(jid).length,
    lastActivity: row.lastActivity && { at: timestamp(row.lastActivity.at), status: row.lastActivity.status },
    offlineMessages: row.offlineMessages,
    isAdmin: policy.allows("configure", { jid, ip: null, host: row.host }),
  };
}

function suspensionOf({ reason, at, until, by }: Suspension): NonNullable<User["suspended"]> {
  return { reason, at: timestamp(at), until: timestampOrNull(until), by };
}

function onlineOn(online: Iterable<string>, hosts: readonly string[] | undefined): string[] {
  const all = [...online];
  return hosts === undefined ? all : all.filter((jid) => hosts.includes(jid.slice(jid.indexOf("@") + 1)));
}
