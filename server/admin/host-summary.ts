import type { HostSummary } from "../../lib/contracts/hosts.ts";
import type { HostPolicy } from "../../lib/contracts/policy.ts";
import { certificateSummary } from "./certificates.ts";
import type { Admin } from "./parts.ts";

/** The hosts by name; `shown`: only those; null: all. */
export function hostSummaries(admin: Admin, shown: readonly string[] | null): Promise<HostSummary[]> {
  const hosts = Object.entries(admin.core.policy.document.hosts)
    .filter(([name]) => shown?.includes(name) ?? true)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Promise.all(hosts.map(([name, settings]) => hostSummary(admin, name, settings)));
}

export async function hostSummary(admin: Admin, host: string, settings: HostPolicy): Promise<HostSummary> {
  const { sessions, policy, stores } = admin.core;
  const [users, offline] = await Promise.all([stores.accounts.count(host), stores.offline.totals(host)]);
  return {
    host,
    enabled: settings.enabled,
    users,
    online: sessions.onHost(host),
    offlineMessages: offline.messages,
    registration: (settings.registration ?? policy.document.registration).mode,
    overrides: overridesOf(settings),
    certificate: certificateSummary(admin.certificates, host),
  };
}

function overridesOf({ acl, accessRules, modules, registration }: HostPolicy): number {
  const named = [acl, accessRules, modules].reduce((sum, record) => sum + Object.keys(record).length, 0);
  return named + (registration === null ? 0 : 1);
}
