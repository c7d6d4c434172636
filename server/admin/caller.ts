import type { Permission } from "../../lib/contracts/endpoint.ts";
import type { Grant } from "../../lib/contracts/may.ts";
import { permissions } from "../../lib/contracts/permissions.ts";

/** Whoever a request speaks for, and what that allows. */
export interface Caller {
  readonly kind: "account" | "key" | "local" | "nobody";
  /** Bare JID, name of the key, or `control socket`; "" for nobody. */
  readonly name: string;
  /** Id of the console session or of the API key. */
  readonly id: string | null;
  /** Names of the roles of an account. */
  readonly roles: readonly string[];
  readonly grants: readonly Grant[];
  /** Everything granted, wherever; whether it holds on a host is for `hostsFor` to say. */
  readonly permissions: ReadonlySet<Permission>;
  /** Hosts that the caller is held to, whatever is done; null: all. */
  readonly hosts: readonly string[] | null;
  /** The account has to enrol a second factor before its roles count. */
  readonly mustEnrol: boolean;
}

/** Somebody with these grants. */
export function callerWith(
  who: Pick<Caller, "kind" | "name" | "id"> & Partial<Pick<Caller, "roles" | "mustEnrol">>,
  grants: readonly Grant[],
): Caller {
  return {
    roles: [],
    mustEnrol: false,
    ...who,
    grants,
    permissions: new Set(grants.flatMap((grant) => grant.permissions)),
    hosts: grants.some(({ hosts }) => hosts === null)
      ? null
      : [...new Set(grants.flatMap((grant) => grant.hosts ?? []))],
  };
}

export const nobody: Caller = { ...callerWith({ kind: "nobody", name: "", id: null }, []), hosts: null };
/** The control socket: whoever may open it owns the data directory. */
export const local: Caller = callerWith({ kind: "local", name: "control socket", id: null }, [
  { permissions, hosts: null },
]);
