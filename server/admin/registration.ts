import { isIP } from "node:net";
import type { contract } from "../../lib/contracts/index.ts";
import { documentPath } from "../../lib/contracts/policy-path.ts";
import { own } from "../core/policy/engine.ts";
import { anyInvite, decideRegistration } from "../features/registration/registration.ts";
import { hostName, requireHost } from "./address.ts";
import { applications } from "./applications.ts";
import { badInput } from "./errors.ts";
import type { Admin } from "./parts.ts";
import { registrationDecision } from "./registration-decision.ts";
import { revise, revisionOf } from "./revise.ts";
import type { Verbs } from "./verbs.ts";

const dayMs = 86_400_000;

export function registration(admin: Admin): Verbs<typeof contract.registration> {
  const { core } = admin;
  const state = core.policy;
  return {
    get({ host }) {
      const { document } = state;
      const name = host === undefined ? undefined : hostName(host);
      if (name !== undefined) requireHost(core, name);
      const override = name === undefined ? null : own(document.hosts, name)!.registration;
      const path = override === null ? "registration" : documentPath("hosts", name!, "registration");
      return {
        inherited: name !== undefined && override === null,
        policy: override ?? document.registration,
        revision: revisionOf(state.revision),
        issues: state.check(document).issues.filter((issue) => issue.path.startsWith(path)),
      };
    },

    async set({ host, policy, comment }, call) {
      const name = host === undefined ? undefined : hostName(host);
      if (name !== undefined) requireHost(core, name);
      if (name === undefined && policy === null) throw badInput("policy", "default-needed");
      call.note(name ?? "all hosts");
      return revise(admin, call, { comment }, (draft) => {
        if (name !== undefined) own(draft.hosts, name)!.registration = policy;
        else if (policy !== null) draft.registration = policy;
      });
    },

    test({ host, address, local, password, secure, invited, draft }) {
      if (isIP(address) === 0) throw badInput("address", "no-ip-address");
      const invite = invited ? anyInvite : null;
      const attempt = { host: hostName(host), address, local, password, isSecure: secure, invite };
      return decideRegistration(core, attempt, draft);
    },

    async log({ host, jid, outcome, cursor, limit }, call) {
      const hosts = call.hosts(host === undefined ? undefined : hostName(host));
      const page = await core.stores.registrations.list({ hosts, jid, outcome }, { cursor, limit });
      return { ...page, items: page.items.map(registrationDecision) };
    },

    async hits({ host }, call) {
      const hosts = call.hosts(host === undefined ? undefined : hostName(host));
      const lines = await core.stores.registrations.hits(hosts, core.clock.now() - dayMs);
      const sum = (isAllowed: boolean) =>
        lines.reduce((total, { allowed, count }) => total + (allowed === isAllowed ? count : 0), 0);
      return { allowed: sum(true), denied: sum(false), lines: [...lines] };
    },

    ...applications(admin),
  };
}
