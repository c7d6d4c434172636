import { documentPath } from "../../../lib/contracts/policy-path.ts";
import type { RegistrationPolicy } from "../../../lib/contracts/registration-policy.ts";
import { remark } from "../../../lib/contracts/remarks.ts";
import { Network } from "../network.ts";
import type { Issues } from "./issues.ts";
import { lintJids } from "./lint-jids.ts";

type Path = readonly (string | number)[];

export function lintRegistration(
  policy: RegistrationPolicy,
  path: Path,
  accessRules: ReadonlySet<string>,
  issues: Issues,
): void {
  if (policy.mode === "access" && !accessRules.has(policy.accessRule))
    issues.unknown("access rule", policy.accessRule, documentPath(...path, "accessRule"), accessRules);
  lintNetworks(policy, path, issues);
  lintTemplates(policy, path, issues);
  lintJids(policy.watchers, [...path, "watchers"], issues);
}

/** Whoever decides on an application chooses by the name. */
function lintTemplates(policy: RegistrationPolicy, path: Path, issues: Issues): void {
  const names = new Set<string>();
  for (const [index, { name }] of policy.templates.entries()) {
    if (names.has(name)) {
      const place = documentPath(...path, "templates", index, "name");
      issues.error("bad-value", place, remark("template-name-twice", { name }));
    }
    names.add(name);
  }
}

function lintNetworks(policy: RegistrationPolicy, path: Path, issues: Issues): void {
  const seen: Network[] = [];
  for (const [index, line] of policy.networks.entries()) {
    const place = documentPath(...path, "networks", index);
    const network = Network.parse(line.cidr);
    if (network === null) {
      issues.error("bad-cidr", place, remark("network-wrong", { text: line.cidr }));
      continue;
    }
    const shadow = seen.find((earlier) => earlier.contains(network));
    if (shadow !== undefined)
      issues.warn("shadowed-line", place, remark("network-covered", { wider: shadow.text, network: network.text }));
    seen.push(network);
  }
  const deniesAll = (text: string): boolean =>
    policy.networks.some((line) => line.action === "deny" && Network.parse(line.cidr)?.text === text);
  // The list that ejabberd shipped for ten years (mission S6): no IPv6 address matches any line of it.
  if (deniesAll("0.0.0.0/0") && !deniesAll("::/0") && policy.defaultIpv6 === "allow") {
    issues.warn("ipv4-only-deny", documentPath(...path, "networks"), remark("ipv6-still-let-in"), "deny ::/0");
  }
}
