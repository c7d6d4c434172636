import { z } from "zod";
import { HostName, PermissionSchema } from "./endpoint.ts";
import { permissions } from "./permissions.ts";

const RoleName = z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/, "small letters, digits, _ - and at most 32 of them");

/** A named set of permissions. Whoever the access rule allows has it; a host's own rule gives it on that host only. */
export const Role = z.strictObject({
  description: z.string().max(200).default(""),
  permissions: z.array(PermissionSchema).max(100),
  hosts: z.array(HostName).max(1000).nullable().default(null).describe("null: all hosts"),
  access: z
    .string()
    .regex(/^(?!__proto__$)[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/)
    .describe("The access rule that says who has the role."),
});
export type Role = z.infer<typeof Role>;

/** How console accounts log in. */
export const LoginPolicy = z.strictObject({
  sessionHours: z.int().min(1).max(720).default(12),
  addresses: z.array(z.string().min(1).max(64)).max(100).default([]).describe("Addresses and blocks; none: anywhere."),
  secondFactor: z.array(RoleName).max(100).default([]).describe("Roles that take a TOTP code or a passkey to use."),
  auditDays: z.int().min(30).max(3650).nullable().default(null).describe("null: audit rows are kept for good"),
});
export type LoginPolicy = z.infer<typeof LoginPolicy>;

const reads = permissions.filter((one) => one.endsWith(":read"));

/** What a new store has, and one from before there were roles. Their access rules are not there yet, so nobody has them. */
const shippedRoles: Record<string, Role> = {
  admin: {
    description: "",
    permissions: permissions.filter(
      (one) => !["roles:write", "keys:write", "bodies:read", "data:export", "stanzas:send"].includes(one),
    ),
    hosts: null,
    access: "console_admin",
  },
  operator: {
    description: "",
    permissions: [
      ...reads.filter((one) => one !== "bodies:read" && one !== "audit:read"),
      "users:write",
      "sessions:write",
      "forward:write",
      "devices:write",
      "offline:write",
      "rooms:write",
    ],
    hosts: null,
    access: "console_operator",
  },
  auditor: {
    description: "",
    permissions: reads.filter((one) => one !== "bodies:read"),
    hosts: null,
    access: "console_auditor",
  },
};

/** Who may do what in the console, and how they log in. */
export const ConsolePolicy = z.strictObject({
  roles: z.record(RoleName, Role).default(() => structuredClone(shippedRoles)),
  login: LoginPolicy.prefault({}),
});
export type ConsolePolicy = z.infer<typeof ConsolePolicy>;
