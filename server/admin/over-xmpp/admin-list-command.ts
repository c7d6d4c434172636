import type { Core } from "../../core/core.ts";
import { own } from "../../core/policy/engine.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import { done, type ServiceCommand } from "./service-command.ts";

/** Accounts that lines of the ACL `admin` name outright. */
function admins({ policy }: Core): string[] {
  const lines = own(policy.document.acl, "admin") ?? [];
  return lines.flatMap((line) => (typeof line === "object" && "user" in line ? [line.user] : []));
}

/** XEP-0133 4.29. Whoever is not listed any more is an admin no more; nobody but an owner may do it. */
export const editAdmins: ServiceCommand = {
  node: "edit-admin",
  name: "Edit Admin List",
  permission: "roles:write",
  fields: (core) => [{ var: "adminjids", type: "jid-multi", label: "Admins", values: admins(core) }],
  async run({ core, values, run }) {
    const wanted = new Set<string>();
    for (const text of values.values.get("adminjids") ?? []) {
      const jid = Jid.tryParse(text.trim());
      if (jid === undefined || jid.local === "") throw StanzaError.of("jid-malformed", `${text} is no account's JID.`);
      wanted.add(jid.bare);
    }
    const before = new Set(admins(core));
    const added = [...wanted].filter((jid) => !before.has(jid));
    const removed = [...before].filter((jid) => !wanted.has(jid));
    // In this order there is an admin at every moment.
    for (const jid of added) await run("users", "grantAdmin", { jid });
    for (const jid of removed) await run("users", "revokeAdmin", { jid });
    return done(`${added.length} admins added, ${removed.length} removed.`);
  },
};
