import { permissions, type Permission } from "../../lib/contracts/endpoint.ts";

/** Whoever a request speaks for, and what that allows. */
export interface Caller {
  readonly kind: "account" | "key" | "local" | "nobody";
  /** Bare JID, name of the key, or `control socket`; "" for nobody. */
  readonly name: string;
  /** Id of the console session or of the API key. */
  readonly id: string | null;
  readonly permissions: ReadonlySet<Permission>;
  /** Hosts that the caller is held to; null: all. */
  readonly hosts: readonly string[] | null;
}

const none: ReadonlySet<Permission> = new Set();
export const every: ReadonlySet<Permission> = new Set(permissions);
/** What `configure` on a host grants: that host's people and policy, never the server. */
export const ofHostAdmin: ReadonlySet<Permission> = new Set<Permission>([
  "hosts:read",
  "users:read",
  "users:write",
  "sessions:read",
  "sessions:write",
  "policy:read",
  "policy:write",
  "forward:read",
  "devices:read",
  "devices:write",
]);

export const nobody: Caller = { kind: "nobody", name: "", id: null, permissions: none, hosts: null };
/** The control socket: whoever may open it owns the data directory. */
export const local: Caller = { kind: "local", name: "control socket", id: null, permissions: every, hosts: null };

export function account(
  jid: string,
  session: string | null,
  granted: { permissions: ReadonlySet<Permission>; hosts: readonly string[] | null } | null,
): Caller {
  return { kind: "account", name: jid, id: session, permissions: none, hosts: null, ...granted };
}
