import { z } from "zod";
import { Brand, LoginPolicy, maxLogoBytes, Role } from "./console-policy.ts";
import { endpoint, HostName, JidText, PermissionSchema } from "./endpoint.ts";
import { AccessLine, Name, PolicyIssue, Revision } from "./policy.ts";

export const RoleInfo = Role.extend({
  name: Name,
  isFixed: z.boolean().describe("It cannot be changed: `owner` and `host-admin`."),
  needsSecondFactor: z.boolean(),
  lines: z.array(AccessLine).describe("The lines of its access rule for all hosts."),
  members: z.array(
    z.object({
      jid: JidText.describe("An account that a condition names outright."),
      host: HostName.nullable().describe("The host whose own rule or ACL names it; null: for all."),
    }),
  ),
});
export type RoleInfo = z.infer<typeof RoleInfo>;

const read = { permission: "policy:read" } as const;
const write = (audit: string) => ({ permission: "roles:write", audit }) as const;
const Comment = z.string().max(1000).default("");
const Revised = z.object({ revision: Revision, issues: z.array(PolicyIssue) });

export const roles = {
  list: endpoint("GET", "/roles", read, "Roles of the console, who has them, and how one logs in").output(
    z.object({ items: z.array(RoleInfo), login: LoginPolicy, permissions: z.array(PermissionSchema) }),
  ),
  of: endpoint("GET", "/roles/of/{jid}", read, "Roles of an account, and what they let it do")
    .input(z.object({ jid: JidText, ip: z.string().max(64).optional() }))
    .output(
      z.object({
        items: z.array(
          z.object({ role: Name, permissions: z.array(PermissionSchema), hosts: z.array(HostName).nullable() }),
        ),
      }),
    ),
  set: endpoint("PUT", "/roles/{name}", write("role.set"), "Define a role (null removes it)")
    .input(z.object({ name: Name, role: Role.nullable(), comment: Comment }))
    .output(Revised),
  grant: endpoint(
    "POST",
    "/roles/{name}/members",
    write("role.grant"),
    "Give a role to an account: it joins the ACL that the role's access rule allows",
  )
    .input(z.object({ name: Name, jid: JidText, host: HostName.optional() }))
    .output(Revised),
  revoke: endpoint(
    "DELETE",
    "/roles/{name}/members/{jid}",
    write("role.revoke"),
    "Take a role from an account that is named outright",
  )
    .input(z.object({ name: Name, jid: JidText, host: HostName.optional() }))
    .output(Revised),
  setLogin: endpoint(
    "PUT",
    "/login-policy",
    write("login-policy.set"),
    "How long sessions last, from where, second factor",
  )
    .input(z.object({ login: LoginPolicy, comment: Comment }))
    .output(Revised),
  addLogo: endpoint("POST", "/brand/logos", write("brand-logo.add"), "Upload a logo, for the brand to name")
    .input(
      z.object({
        data: z
          .base64()
          .max(4 * Math.ceil(maxLogoBytes / 3))
          .describe("A PNG or WebP file, base64."),
      }),
    )
    .output(z.object({ id: z.string(), width: z.int(), height: z.int() })),
  setBrand: endpoint("PUT", "/brand", write("brand.set"), "What the console calls itself, and tells before the log-in")
    .input(z.object({ brand: Brand, comment: Comment }))
    .output(Revised),
};
