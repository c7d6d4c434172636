import type { Permission } from "@/lib/contracts/endpoint.ts";
import type { Policy } from "@/lib/contracts/policy.ts";
import type { RoleInfo } from "@/lib/contracts/roles.ts";

/** A role as the matrix shows it. */
export interface ShownRole {
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly Permission[];
  readonly hosts: readonly string[] | null;
  readonly isFixed: boolean;
  readonly needsSecondFactor: boolean;
}

/** The roles in force, or as the draft would have them. */
export function rolesWithDraft(roles: readonly RoleInfo[], draft: Policy | undefined): ShownRole[] {
  if (draft === undefined) return [...roles];
  const fixed = roles.filter(({ isFixed }) => isFixed);
  const { secondFactor } = draft.console.login;
  const own = Object.entries(draft.console.roles).map(([name, role]) => ({
    ...role,
    name,
    isFixed: false,
    needsSecondFactor: secondFactor.includes(name),
  }));
  return [...fixed.slice(0, 1), ...own, ...fixed.slice(1)];
}

/** Permissions by what they are about, in the order of the contract: `users` with `read` and `write`. */
export function permissionAreas(permissions: readonly Permission[]): { area: string; verbs: string[] }[] {
  const areas = new Map<string, string[]>();
  for (const permission of permissions) {
    const [area = "", verb = ""] = permission.split(":");
    areas.set(area, [...(areas.get(area) ?? []), verb]);
  }
  return [...areas].map(([area, verbs]) => ({ area, verbs }));
}
