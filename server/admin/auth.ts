import { randomBytes } from "node:crypto";
import { isIP } from "node:net";
import { setTimeout } from "node:timers/promises";
import type { contract } from "../../lib/contracts/index.ts";
import type { LoginThrottle } from "../core/throttle.ts";
import { Jid } from "../xmpp/jid.ts";
import { grantOf } from "./configure.ts";
import { AdminError } from "./errors.ts";
import type { Admin } from "./parts.ts";
import { timestamp } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

const sessionMs = 12 * 60 * 60 * 1_000;

export function auth({ core, throttle, callers, events }: Admin): Verbs<typeof contract.auth> {
  const { stores, accounts, policy, clock } = core;

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

  return {
    async verify(input, call) {
      if (call.isFromConsole && isIP(input.address) !== 0) call.comesFrom(input.address);
      const { address } = call;
      const userAgent = call.isFromConsole && input.userAgent !== "" ? input.userAgent : call.userAgent;
      const jid = accountOf(input.jid, Object.keys(policy.document.hosts));
      call.note(jid?.bare ?? input.jid.slice(0, 512));
      const name = jid?.bare ?? "";
      checkThrottle(throttle, address, name);
      // An unknown account costs the same time as a wrong password (security b1, user enumeration).
      const outcome = await accounts.verify(jid ?? nobodyOf(policy.document.hosts), input.password);
      // Tries that ran side by side were all let in before the first one failed.
      checkThrottle(throttle, address, name);
      if (jid === undefined || outcome !== "ok") {
        await setTimeout(throttle.failed(address, name));
        throw new AdminError("bad-credentials");
      }
      throttle.succeeded(address, name);
      call.actsAs(jid);
      const grant = grantOf(policy, jid, address);
      if (grant === null)
        throw new AdminError("not-admin", `The access rule configure does not let ${jid.bare} in.`, {
          rule: "configure",
        });
      const now = clock.now();
      const sessionId = randomBytes(24).toString("base64url");
      await stores.admin.putSession({
        id: sessionId,
        jid: jid.bare,
        createdAt: now,
        lastSeenAt: now,
        expiresAt: now + sessionMs,
        address,
        userAgent,
      });
      await dropExpired(jid);
      events.publish("console-sessions", null, jid.bare);
      return { sessionId, jid: jid.bare, hosts: grant.hosts === null ? null : [...grant.hosts] };
    },

    me(_input, { caller }) {
      if (caller.kind === "nobody") throw new AdminError("unauthenticated");
      return {
        kind: caller.kind,
        name: caller.name,
        hosts: caller.hosts === null ? null : [...caller.hosts],
        permissions: [...caller.permissions],
        version: core.version,
      };
    },

    async logout(_input, { caller }) {
      if (caller.kind === "account" && caller.id !== null) await revoke(caller.id, caller.name);
      return { ok: true };
    },

    async sessions(_input, { caller }) {
      if (caller.kind !== "account") return { items: [] };
      const rows = await stores.admin.sessions(caller.name);
      const live = rows.filter((row) => row.expiresAt > clock.now());
      return {
        items: live.map(({ id, jid, createdAt, lastSeenAt, address, userAgent }) => ({
          id,
          jid,
          createdAt: timestamp(createdAt),
          lastSeenAt: timestamp(lastSeenAt),
          address,
          userAgent,
          current: id === caller.id,
        })),
      };
    },

    async revoke({ id }, { caller }) {
      const row = await stores.admin.session(id);
      if (row === null || row.jid !== caller.name || caller.kind !== "account" || !(await revoke(id, caller.name)))
        throw new AdminError("not-found", "There is no such session of yours.");
      return { ok: true };
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

function checkThrottle(throttle: LoginThrottle, address: string, name: string): void {
  const wait = throttle.check(address, name);
  if (wait === null) return;
  throw new AdminError("throttled", undefined, { retryAfterSeconds: Math.ceil(wait.retryAfterMs / 1_000) });
}

function nobodyOf(hosts: Readonly<Record<string, unknown>>): Jid {
  return Jid.of("nobody", Object.keys(hosts)[0] ?? "localhost", "");
}
