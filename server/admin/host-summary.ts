import type { HostSummary } from "../../lib/contracts/hosts.ts";
import type { HostPolicy } from "../../lib/contracts/policy.ts";
import type { Core } from "../core/core.ts";
import { certificateSummary } from "./certificates.ts";
import type { Admin } from "./parts.ts";

/** The hosts by name; `shown`: only those; null: all. */
export function hostSummaries(admin: Admin, shown: readonly string[] | null): Promise<HostSummary[]> {
  const hosts = Object.entries(admin.core.policy.document.hosts)
    .filter(([name]) => shown?.includes(name) ?? true)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  const links = linksByHost(admin.core);
  return Promise.all(hosts.map(([name, settings]) => hostSummary(admin, name, settings, links)));
}

export async function hostSummary(
  admin: Admin,
  host: string,
  settings: HostPolicy,
  links = linksByHost(admin.core),
): Promise<HostSummary> {
  const { sessions, policy, stores } = admin.core;
  const [users, offline] = await Promise.all([stores.accounts.count(host), stores.offline.totals(host)]);
  return {
    host,
    enabled: settings.enabled,
    drainUntil: settings.drainUntil,
    users,
    online: sessions.onHost(host),
    links: links.get(host) ?? 0,
    offlineMessages: offline.messages,
    registration: (settings.registration ?? policy.document.registration).mode,
    overrides: overridesOf(settings),
    certificate: certificateSummary(admin.certificates, host),
  };
}

/** Links with other servers, of each host with those of its services. */
function linksByHost({ links }: Core): Map<string, number> {
  const counts = new Map<string, number>();
  const count = (host: string) => counts.set(host, (counts.get(host) ?? 0) + 1);
  for (const { federation } of links.outgoing()) count(federation.host.name);
  for (const [stream] of links.incoming()) if (stream.local !== "") count(stream.host.name);
  return counts;
}

function overridesOf({ acl, accessRules, modules, registration }: HostPolicy): number {
  const named = [acl, accessRules, modules].reduce((sum, record) => sum + Object.keys(record).length, 0);
  return named + (registration === null ? 0 : 1);
}
