/** Fixed roles: what `configure` for all hosts gives, and what a host's own `configure` gives on that host. */
export const ownerRole = "owner";
export const hostAdminRole = "host-admin";
export const fixedRoles: readonly string[] = [ownerRole, hostAdminRole];
