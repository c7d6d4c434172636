import type { contract } from "../../lib/contracts/index.ts";
import { HostPolicy } from "../../lib/contracts/policy.ts";
import { remark } from "../../lib/contracts/remarks.ts";
import { own } from "../core/policy/engine.ts";
import type { NewAuditRow } from "../storage/ports.ts";
import { Jid } from "../xmpp/jid.ts";
import { hostName } from "./address.ts";
import { admit } from "./admins.ts";
import { examineNamesOf } from "./doctor/dns.ts";
import { AdminError, badInput, refused } from "./errors.ts";
import type { Admin } from "./parts.ts";
import { put } from "./records.ts";
import type { Verbs } from "./verbs.ts";

export interface FirstAdmin {
  readonly host: string;
  readonly admin: string;
  readonly password: string;
  readonly registration: "closed" | "open";
}

/**
 * Creates the first host and the first admin in one transaction: host, account, ACL line `admin: user JID`, access rule
 * `configure`. An account that is there already becomes the admin if the password is its own. Throws `setup-done` when
 * somebody is admin, `exists` when the password is another one.
 */
export async function completeSetup(
  { core, loader, setup }: Pick<Admin, "core" | "loader" | "setup">,
  { host, admin, password, registration }: FirstAdmin,
  audit: NewAuditRow | null,
): Promise<Jid> {
  const { policy, accounts, stores } = core;
  if (policy.hasAdmin()) throw refused("setup-done", "admin-exists");
  const name = hostName(host);
  const jid = Jid.tryParse(admin.includes("@") ? admin : `${admin}@${name}`)?.toBare();
  if (jid === undefined || jid.local === "" || jid.domain !== name)
    throw badInput("admin", "no-account-address-there", { host: name });
  const isThere = await stores.accounts.exists(jid.domain, jid.local);
  if (isThere && (await accounts.verify(jid, password)) !== "ok")
    throw refused("exists", "account-exists-otherwise", { jid: jid.bare });
  const account = isThere ? null : await accounts.draft({ user: jid, password, via: "setup" });
  const by = { author: jid.bare, comment: remark("revision-set-up"), audit, ...(account === null ? {} : { account }) };
  await policy.change(by, (draft) => {
    // Changes wait for each other: somebody may have been faster with the same link.
    if (policy.hasAdmin()) throw refused("setup-done", "admin-exists");
    if (own(draft.hosts, name) === undefined) put(draft.hosts, name, HostPolicy.parse({}));
    draft.registration.mode = registration;
    admit(draft, jid);
  });
  await loader.apply(policy.document);
  if (account !== null) await accounts.created(account, jid);
  setup.revoke();
  return jid;
}

export function setup(admin: Admin): Verbs<typeof contract.setup> {
  const { core, throttle } = admin;

  const checkToken = (token: string, address: string): void => {
    const wait = throttle.check(address, "");
    if (wait !== null)
      throw new AdminError("throttled", undefined, { retryAfterSeconds: Math.ceil(wait.retryAfterMs / 1_000) });
    if (admin.setup.matches(token)) return;
    throttle.failed(address, "");
    throw new AdminError("bad-token");
  };

  return {
    async complete({ token, ...first }, call) {
      if (core.policy.hasAdmin()) throw refused("setup-done", "admin-exists");
      if (call.caller.kind !== "local") checkToken(token, call.address);
      const jid = Jid.tryParse(first.admin);
      if (jid !== undefined) call.actsAs(jid);
      call.note(first.admin);
      return { jid: (await completeSetup(admin, first, call.takeAudit())).bare };
    },

    async names({ token, host }, call) {
      if (core.policy.hasAdmin()) throw refused("setup-done", "admin-exists");
      checkToken(token, call.address);
      return { findings: await examineNamesOf(hostName(host), admin) };
    },

    state: ({ token }) => ({
      open: !core.policy.hasAdmin(),
      tokenValid: token !== undefined && admin.setup.matches(token),
      suggestedHost: Object.keys(core.policy.document.hosts)[0] ?? "localhost",
    }),
  };
}
