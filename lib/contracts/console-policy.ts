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

/** Pixels of a side of a logo. */
export const logoSides = { least: 16, most: 1024 };
export const maxLogoBytes = 256 * 1024;

const ImageId = z
  .string()
  .regex(/^([0-9a-f]{64})?$/, "the id of an uploaded image")
  .default("");

/** What whoever comes to the console is told before they log in. */
export const Brand = z.strictObject({
  name: z
    .string()
    .max(40)
    .regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, "one line of text")
    .default("")
    .describe("Stands in the place of the product's name; empty: that one."),
  notice: z.string().max(1000).default("").describe("Text above the log-in, such as who may use it; empty: none."),
  support: z
    .string()
    .max(500)
    .regex(/^$|^(mailto:\S+@\S+|https:\/\/\S+)$/, "mailto:… or https://…")
    .default("")
    .describe("Where whoever cannot log in finds help; empty: nowhere."),
  accent: z
    .string()
    .regex(/^(#[0-9a-f]{6})?$/, "#rrggbb")
    .default("")
    .describe("Colour of links and buttons, made darker or lighter where it could not be read; empty: the product's."),
  logo: z
    .strictObject({ light: ImageId, dark: ImageId })
    .prefault({})
    .describe(
      "Stands in the place of the product's mark; empty `dark`: the same in the dark theme. Both empty: the mark.",
    ),
});
export type Brand = z.infer<typeof Brand>;

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

/** Who may do what in the console, how they log in, and what it calls itself. */
export const ConsolePolicy = z.strictObject({
  roles: z.record(RoleName, Role).default(() => structuredClone(shippedRoles)),
  login: LoginPolicy.prefault({}),
  brand: Brand.prefault({}),
});
export type ConsolePolicy = z.infer<typeof ConsolePolicy>;
