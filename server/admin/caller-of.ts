import { PermissionSchema } from "../../lib/contracts/endpoint.ts";
import type { PolicyState } from "../core/policy/state.ts";
import type { ApiKeyRow } from "../storage/ports.ts";
import type { Jid } from "../xmpp/jid.ts";
import { callerWith, type Caller } from "./caller.ts";
import { standingOf } from "./configure.ts";

/** Whoever has an API key, with what it grants. */
export function callerOfKey(key: ApiKeyRow): Caller {
  // A permission that a later version no longer knows grants nothing.
  const permissions = key.permissions.flatMap((one) => PermissionSchema.safeParse(one).data ?? []);
  return callerWith({ kind: "key", name: key.name, id: key.id }, [{ permissions, hosts: key.hosts }]);
}

/** An account, with what its roles grant from this address: nothing while one of them waits for a second factor. */
export function callerOfAccount(
  policy: PolicyState,
  account: { readonly jid: Jid; readonly sessionId: string | null; readonly hasSecondFactor: boolean },
  address: string,
): Caller {
  const { jid, sessionId, hasSecondFactor } = account;
  const standing = standingOf(policy, jid, address);
  const mustEnrol = standing !== null && standing.needsSecondFactor && !hasSecondFactor;
  const roles = standing?.roles ?? [];
  return callerWith(
    { kind: "account", name: jid.bare, id: sessionId, roles: roles.map(({ role }) => role), mustEnrol },
    mustEnrol ? [] : roles,
  );
}
