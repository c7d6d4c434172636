import type { EndpointMeta, Permission } from "./endpoint.ts";

/** Permissions that hold on some hosts. */
export interface Grant {
  readonly permissions: readonly Permission[];
  /** null: all hosts. */
  readonly hosts: readonly string[] | null;
}

/** Hosts on which grants give a permission; null: on all, and for what concerns no host. Empty: on none. */
export function hostsFor(grants: readonly Grant[], permission: Permission): readonly string[] | null {
  const hosts = new Set<string>();
  for (const grant of grants) {
    if (!grant.permissions.includes(permission)) continue;
    if (grant.hosts === null) return null;
    for (const host of grant.hosts) hosts.add(host);
  }
  return [...hosts];
}

/**
 * Do these grants let somebody call an entry of the contract? `host` is the one that the input names; left out: is there
 * any for which they do. The server asks this at its door, the console before it shows a button.
 */
export function mayCall(meta: EndpointMeta, grants: readonly Grant[], host?: string): boolean {
  const { permission } = meta;
  if (permission === "public" || permission === "self") return true;
  const hosts = hostsFor(grants, permission);
  if (hosts === null) return true;
  if (hosts.length === 0) return false;
  if (meta.host === undefined && meta.filtered !== true) return false;
  return host === undefined || hosts.includes(host);
}
