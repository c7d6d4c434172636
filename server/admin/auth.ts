import { randomBytes } from "node:crypto";
import { isIP } from "node:net";
import { ownerRole } from "../../lib/contracts/fixed-roles.ts";
import type { contract } from "../../lib/contracts/index.ts";
import { configureRule, fixedPermissions } from "../core/policy/roles.ts";
import { Jid } from "../xmpp/jid.ts";
import type { Call } from "./call.ts";
import { standingOf } from "./configure.ts";
import { endConsoleSessions } from "./console-sessions.ts";
import { AdminError, badInput, refused } from "./errors.ts";
import type { Admin } from "./parts.ts";
import { membersOf } from "./role-members.ts";
import { timestamp } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

const hourMs = 60 * 60 * 1_000;
const maxOwners = 3;

export function auth(admin: Admin): Verbs<typeof contract.auth> {
  const { core, logins, passkeys, callers, events } = admin;
  const { stores, policy, clock } = core;

  const revoke = async (id: string, by: string): Promise<boolean> => {
    const wasThere = await stores.admin.removeSession(id);
    callers.forget();
    events.publish("console-sessions", id, by);
    return wasThere;
  };

  const dropExpired = async (jid: Jid): Promise<void> => {
    for (const { id, expiresAt } of await stores.admin.sessions(jid.bare))
      if (expiresAt <= clock.now()) await stores.admin.removeSession(id);
  };

  /** Who can be asked for a role. */
  const owners = (): string[] =>
    membersOf(policy.document, configureRule)
      .filter(({ host }) => host === null)
      .map(({ jid }) => jid)
      .slice(0, maxOwners);

  const prove = (
    { jid, password, ticket, code, passkey }: Parameters<Verbs<typeof contract.auth>["verify"]>[0],
    call: Call,
  ): Promise<Jid> => {
    if (passkey !== undefined) return logins.byPasskey(passkey, ticket, call);
    if (ticket !== undefined) return logins.byCode(ticket, code ?? "", call);
    if (password === undefined) throw badInput("password", "code-or-passkey-needed");
    const account = accountOf(jid, Object.keys(policy.document.hosts));
    call.note(account?.bare ?? jid.slice(0, 512));
    return logins.byPassword(account, password, call);
  };

  return {
    async verify(input, call) {
      if (call.isFromConsole && isIP(input.address) !== 0) call.comesFrom(input.address, input.userAgent);
      const { address, userAgent } = call;
      const jid = await prove(input, call);
      call.actsAs(jid);
      if (!policy.isLoginAddress(address)) throw refused("bad-address", "address-denied", { address });
      const standing = standingOf(policy, jid, address);
      if (standing === null)
        throw refused(
          "not-admin",
          "configure-denies",
          { jid: jid.bare },
          {
            rule: configureRule,
            owners: owners(),
          },
        );
      const now = clock.now();
      const sessionId = randomBytes(24).toString("base64url");
      await stores.admin.putSession({
        id: sessionId,
        jid: jid.bare,
        createdAt: now,
        lastSeenAt: now,
        expiresAt: now + policy.document.console.login.sessionHours * hourMs,
        address,
        userAgent,
      });
      await dropExpired(jid);
      events.publish("console-sessions", null, jid.bare);
      return { sessionId, jid: jid.bare };
    },

    passkeyChallenge: (_input, call) => passkeys.ask(call.host),

    me(_input, { caller }) {
      const { kind, name, hosts, permissions, roles, grants, mustEnrol } = caller;
      if (kind === "nobody") throw new AdminError("unauthenticated");
      return {
        kind,
        name,
        hosts: hosts === null ? null : [...hosts],
        permissions: [...permissions],
        roles: [...roles],
        grants: grants.map((grant) => ({
          permissions: [...grant.permissions],
          hosts: grant.hosts === null ? null : [...grant.hosts],
        })),
        mustEnrol,
        version: core.version,
      };
    },

    roles: () => ({
      items: [
        { role: ownerRole, permissions: [...fixedPermissions[ownerRole]!] },
        ...Object.entries(policy.document.console.roles).map(([role, { permissions }]) => ({ role, permissions })),
      ],
      owners: owners(),
    }),

    async logout(_input, { caller }) {
      if (caller.kind === "account" && caller.id !== null) await revoke(caller.id, caller.name);
      return { ok: true };
    },

    async sessions(_input, { caller }) {
      if (caller.kind !== "account") return { items: [] };
      const rows = await stores.admin.sessions(caller.name);
      const live = rows.filter((row) => row.expiresAt > clock.now());
      return {
        items: live.map(({ id, jid, createdAt, lastSeenAt, expiresAt, address, userAgent }) => ({
          id,
          jid,
          createdAt: timestamp(createdAt),
          lastSeenAt: timestamp(lastSeenAt),
          expiresAt: timestamp(expiresAt),
          address,
          userAgent,
          current: id === caller.id,
        })),
      };
    },

    async revoke({ id }, { caller }) {
      const row = await stores.admin.session(id);
      if (row === null || row.jid !== caller.name || caller.kind !== "account" || !(await revoke(id, caller.name)))
        throw refused("not-found", "no-such-session");
      return { ok: true };
    },

    async revokeOthers(_input, { caller }) {
      if (caller.kind !== "account") throw refused("not-found", "sessions-of-accounts");
      return { ended: await endConsoleSessions(admin, Jid.parse(caller.name), caller.id) };
    },
  };
}

/** `user@host`, or a user name alone where only one host is served. */
function accountOf(text: string, hosts: readonly string[]): Jid | undefined {
  const [only] = hosts;
  const full = text.includes("@") || hosts.length !== 1 ? text.trim() : `${text.trim()}@${only}`;
  const jid = Jid.tryParse(full);
  return jid === undefined || jid.local === "" ? undefined : jid.toBare();
}
