import { randomBytes } from "node:crypto";
import { maxTags } from "../../lib/contracts/users.ts";
import type { Accounts, Suspension } from "../storage/ports.ts";
import { StreamError } from "../xmpp/errors.ts";
import type { Jid } from "../xmpp/jid.ts";
import { guardAdmins, requireOtherAdmin } from "./admins.ts";
import type { Call } from "./call.ts";
import { endConsoleSessions } from "./console-sessions.ts";
import { type AdminError, badInput, refused } from "./errors.ts";
import type { Admin } from "./parts.ts";

type TagChange = Parameters<Accounts["setTags"]>[2];

/** What is done to an account, one or many. Each throws an AdminError where it may not be done. */
export function userActs(admin: Admin) {
  const { core, events } = admin;
  const { accounts, policy, sessions, stores } = core;

  return {
    /** null lifts the suspension. */
    async suspend(jid: Jid, suspension: Suspension | null, call: Call): Promise<void> {
      if (suspension !== null) requireOther(jid, call);
      guardAdmins(policy, jid, call);
      if (suspension !== null) requireOtherAdmin(policy, jid);
      if (!(await accounts.suspend(jid, suspension))) throw noAccount(jid);
      if (suspension !== null) await endConsoleSessions(admin, jid, null);
      events.publish("users", jid.bare, call.author);
    },

    async remove(jid: Jid, call: Call): Promise<void> {
      requireOther(jid, call);
      guardAdmins(policy, jid, call);
      requireOtherAdmin(policy, jid);
      if (!(await accounts.remove(jid))) throw noAccount(jid);
      await endConsoleSessions(admin, jid, null);
    },

    /** Nobody knows the new password: whoever has the account comes back by a link for a new one. */
    async expirePassword(jid: Jid, call: Call): Promise<void> {
      requireOther(jid, call);
      guardAdmins(policy, jid, call);
      requireOtherAdmin(policy, jid);
      if (!(await accounts.changePassword(jid, randomBytes(24).toString("base64url")))) throw noAccount(jid);
      await endConsoleSessions(admin, jid, null);
    },

    async setTags(jid: Jid, change: TagChange, call: Call): Promise<void> {
      const outcome = await stores.accounts.setTags(jid.domain, jid.local, change, maxTags);
      if (outcome === "unknown") throw noAccount(jid);
      if (outcome === "full") throw refused("conflict", "too-many-tags", { most: maxTags });
      events.publish("users", jid.bare, call.author);
    },

    /** RFC 6120 4.9.3.16: the server ends the streams for a reason of its own, and the clients may come back. */
    endSessions(jid: Jid, reason: string): number {
      const ended = [...sessions.of(jid)];
      for (const session of ended) session.close(new StreamError("reset", reason === "" ? undefined : reason));
      return ended.length;
    },
  };
}

export function noAccount(jid: Jid): AdminError {
  return refused("not-found", "account-missing", { jid: jid.bare });
}

function requireOther(jid: Jid, { caller }: Call): void {
  if (jid.bare === caller.name) throw badInput("jid", "own-account");
}
