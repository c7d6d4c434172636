import { fixedRoles } from "../../../lib/contracts/fixed-roles.ts";
import { documentPath } from "../../../lib/contracts/policy-path.ts";
import type { Policy } from "../../../lib/contracts/policy.ts";
import { remark } from "../../../lib/contracts/remarks.ts";
import { Network } from "../network.ts";
import { Coverage } from "./coverage.ts";
import { defaultPolicy } from "./default.ts";
import { own } from "./engine.ts";
import type { Issues } from "./issues.ts";
import { roleRules } from "./roles.ts";

const shipped = defaultPolicy().console.roles;
const everyAccount = [{ user_regexp: "" }];

/** Roles that nobody can have or that mean something else, and addresses that are none. */
export function lintConsole(document: Policy, issues: Issues): void {
  const { accessRules, hosts } = document;
  const { roles, login } = document.console;
  lintAuthority(document, issues);
  const rules = new Set([
    ...Object.keys(accessRules),
    ...Object.values(hosts).flatMap((host) => Object.keys(host.accessRules)),
    "all",
    "none",
  ]);
  for (const [name, role] of Object.entries(roles)) {
    const path = ["console", "roles", name];
    if (fixedRoles.includes(name))
      issues.error("reserved-name", documentPath(...path), remark("name-built-in", { name }));
    if (role.access === "all") issues.error("bad-value", documentPath(...path, "access"), remark("role-for-everybody"));
    // Rules of shipped roles come with the first account that is given one.
    if (!rules.has(role.access) && own(shipped, name)?.access !== role.access)
      issues.warn("unknown-name", documentPath(...path, "access"), remark("role-rule-missing", { name: role.access }));
    for (const [index, host] of (role.hosts ?? []).entries()) {
      if (own(hosts, host) === undefined)
        issues.unknown("host", host, documentPath(...path, "hosts", index), Object.keys(hosts));
    }
  }
  const known = [...fixedRoles, ...Object.keys(roles)];
  for (const [index, role] of login.secondFactor.entries()) {
    if (!known.includes(role))
      issues.unknown("role", role, documentPath("console", "login", "secondFactor", index), known);
  }
  for (const [index, block] of login.addresses.entries()) {
    if (Network.parse(block) === null)
      issues.error(
        "bad-cidr",
        documentPath("console", "login", "addresses", index),
        remark("network-wrong", { text: block }),
      );
  }
}

/** A line that gives a role to everybody who has an account. */
function lintAuthority(document: Policy, issues: Issues): void {
  const coverage = new Coverage(document, null);
  for (const name of roleRules(document)) {
    for (const [index, line] of (own(document.accessRules, name) ?? []).entries()) {
      if ("deny" in line || !coverage.line(line.allow, everyAccount)) continue;
      issues.warn("role-for-all", documentPath("accessRules", name, index), remark("rule-gives-roles"));
    }
  }
}
