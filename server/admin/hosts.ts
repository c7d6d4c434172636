import type { contract } from "../../lib/contracts/index.ts";
import { HostPolicy } from "../../lib/contracts/policy.ts";
import { remark } from "../../lib/contracts/remarks.ts";
import { own } from "../core/policy/engine.ts";
import { announcementsOf } from "../features/announcements/announcements.ts";
import { roomServicesOf } from "../features/room-services.ts";
import { hostName, requireHost } from "./address.ts";
import { dropAdminsOf } from "./admins.ts";
import { examineNamesOf } from "./doctor/dns.ts";
import { endSessionsOf } from "./end-sessions.ts";
import { badInput, refused } from "./errors.ts";
import { hostDrains } from "./host-drains.ts";
import { hostSettings } from "./host-settings.ts";
import { hostSummaries, hostSummary } from "./host-summary.ts";
import type { Admin } from "./parts.ts";
import { put } from "./records.ts";
import { revise } from "./revise.ts";
import type { Verbs } from "./verbs.ts";

/** What a host does not take over from the one it begins like. */
const fresh = { enabled: true, drainUntil: null };

export function hosts(admin: Admin): Verbs<typeof contract.hosts> {
  const { core } = admin;
  const { policy, stores } = core;

  const policyOf = (host: string): HostPolicy => {
    requireHost(core, host);
    return own(policy.document.hosts, host)!;
  };

  return {
    list: async (_input, call) => ({ items: await hostSummaries(admin, call.hosts() ?? null) }),

    async get({ host }) {
      const name = hostName(host);
      const services = roomServicesOf(core).of([name]);
      const [summary, ...rooms] = await Promise.all([
        hostSummary(admin, name, policyOf(name)),
        ...services.map((service) => stores.rooms.count(service.name)),
      ]);
      return { ...summary, policy: policyOf(name), rooms: rooms.reduce((sum, count) => sum + count, 0) };
    },

    async names({ host }) {
      const name = hostName(host);
      requireHost(core, name);
      return { findings: await examineNamesOf(name, admin) };
    },

    async add({ host, like }, call) {
      const name = hostName(host);
      if (own(policy.document.hosts, name) !== undefined) throw refused("exists", "host-exists", { host: name });
      call.note(name);
      const begin = like === undefined ? HostPolicy.parse({}) : { ...policyOf(hostName(like)), ...fresh };
      const comment = remark("revision-host-added", { name });
      await revise(admin, call, { comment }, (draft) => put(draft.hosts, name, structuredClone(begin)));
      return hostSummary(admin, name, policyOf(name));
    },

    async update({ host, enabled }, call) {
      const name = hostName(host);
      requireHost(core, name);
      const comment = remark(enabled ? "revision-host-enabled" : "revision-host-disabled", { name });
      await revise(admin, call, { comment }, (draft) => {
        Object.assign(own(draft.hosts, name)!, { enabled, drainUntil: null });
      });
      if (!enabled) await endSessionsOf(core.sessions, name, "host-unknown");
      return hostSummary(admin, name, policyOf(name));
    },

    async remove({ host, confirm }, call) {
      const name = hostName(host);
      requireHost(core, name);
      if (hostName(confirm) !== name) throw badInput("confirm", "not-the-host-name");
      await revise(admin, call, { comment: remark("revision-host-removed", { name }) }, (draft) => {
        put(draft.hosts, name, null);
        dropAdminsOf(draft, name);
      });
      await endSessionsOf(core.sessions, name, "host-gone");
      await stores.accounts.removeHost(name);
      await announcementsOf(core).removeMotd(name);
      return { ok: true };
    },

    ...hostSettings(admin),
    ...hostDrains(admin),
  };
}
