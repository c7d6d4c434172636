import { negated } from "../../lib/contracts/negation.ts";
import type { User, UserFilter, UserSelection } from "../../lib/contracts/users.ts";
import type { Core } from "../core/core.ts";
import type { Session } from "../core/session.ts";
import type { AccountRow, Accounts, PageRequest, Suspension } from "../storage/ports.ts";
import { Jid } from "../xmpp/jid.ts";
import { hostName } from "./address.ts";
import type { Call } from "./call.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";

const dayMs = 86_400_000;

type StoreQuery = Parameters<Accounts["list"]>[0];

/** Fields of a filter that can be turned round, and what they are in the store. */
const turnable = new Map<string, NonNullable<StoreQuery["not"]>[number]>([
  ["filter", "filter"],
  ["createdSince", "createdSince"],
  ["createdBefore", "createdBefore"],
  ["createdDays", "createdSince"],
  ["idleDays", "idleSince"],
  ["minMessages", "minMessages"],
  ["via", "via"],
  ["tag", "tag"],
]);

/** Accounts that a filter finds, on the hosts that the caller may see; with `only`, of these. */
export function findUsers(
  { stores, sessions, clock }: Core,
  { only, ...filter }: UserFilter & Pick<UserSelection, "only">,
  page: PageRequest,
  call: Call,
): ReturnType<Accounts["list"]> {
  const { host, search, createdSince, createdBefore, createdDays, idleDays, minMessages, via, tag } = filter;
  const hosts = call.hosts(host === undefined ? undefined : hostName(host));
  const daysAgo = (days: number | undefined) => (days === undefined ? undefined : clock.now() - days * dayMs);
  const not = negated(filter);
  const named = only?.flatMap((text) => Jid.tryParse(text)?.bare ?? []);
  return stores.accounts.list({
    ...page,
    ...(filter.filter === "online"
      ? presence(new Set(onlineOn(sessions.accounts(), hosts)), not.has("filter"), named)
      : { filter: filter.filter, only: named }),
    hosts,
    search,
    traits: {
      createdSince: createdSince === undefined ? daysAgo(createdDays) : Date.parse(createdSince),
      createdBefore: createdBefore === undefined ? undefined : Date.parse(createdBefore),
      idleSince: daysAgo(idleDays),
      minMessages,
      via,
      tag,
    },
    not: [...not]
      .filter((field) => field !== "filter" || filter.filter !== "online")
      .flatMap((field) => turnable.get(field) ?? []),
  });
}

/** Who is online is not in the store: they are named to it. */
function presence(
  online: ReadonlySet<string>,
  isOffline: boolean,
  named: readonly string[] | undefined,
): Pick<StoreQuery, "only" | "except"> {
  if (named !== undefined) return { only: named.filter((jid) => online.has(jid) !== isOffline) };
  return isOffline ? { except: [...online] } : { only: [...online] };
}

export function describeUser({ sessions, policy }: Core, row: AccountRow): User {
  const jid = Jid.of(row.local, row.host);
  const there = sessions.of(jid);
  return {
    jid: jid.bare,
    local: row.local,
    host: row.host,
    createdAt: timestamp(row.createdAt),
    createdVia: row.createdVia,
    createdFrom: row.createdFrom,
    suspended: row.suspended && suspensionOf(row.suspended),
    online: there.length,
    isAway: isAway(there),
    lastActivity: row.lastActivity && { at: timestamp(row.lastActivity.at), status: row.lastActivity.status },
    offlineMessages: row.offlineMessages,
    isAdmin: policy.allows("configure", { jid, ip: null, host: row.host }),
    tags: [...row.tags],
  };
}

function isAway(there: readonly Session[]): boolean {
  const shows = there.flatMap(({ presence }) => (presence === null ? [] : [presence.childText("show")]));
  return shows.length > 0 && shows.every((show) => show === "away" || show === "xa");
}

function suspensionOf({ reason, at, until, by }: Suspension): NonNullable<User["suspended"]> {
  return { reason, at: timestamp(at), until: timestampOrNull(until), by };
}

function onlineOn(online: Iterable<string>, hosts: readonly string[] | undefined): string[] {
  const all = [...online];
  return hosts === undefined ? all : all.filter((jid) => hosts.includes(jid.slice(jid.indexOf("@") + 1)));
}
