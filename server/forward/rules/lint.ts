import type { ForwardRule } from "../../../lib/contracts/forward-policy.ts";
import { documentPath } from "../../../lib/contracts/policy-path.ts";
import type { Policy } from "../../../lib/contracts/policy.ts";
import { remark } from "../../../lib/contracts/remarks.ts";
import type { Issues } from "../../core/policy/issues.ts";
import { nearest } from "../../core/policy/nearest.ts";
import { Jid } from "../../xmpp/jid.ts";

/** Headers that the server sets itself. */
export const reservedHeader =
  /^(?:content-type|content-length|host|connection|transfer-encoding|webhook-.*|x-forward-.*)$/i;

/** Names in rules and targets that lead nowhere, or are not used. */
export function lintForward({ forward, hosts, acl }: Policy, issues: Issues): void {
  const targets = Object.keys(forward.targets);
  const known = new Set([
    ...Object.keys(acl),
    ...Object.values(hosts).flatMap((host) => Object.keys(host.acl)),
    "all",
    "none",
  ]);
  const names = new Set<string>();
  const used = new Set<string>();
  for (const [index, rule] of forward.rules.entries()) {
    const path = ["forward", "rules", index] as const;
    if (names.has(rule.name))
      issues.error("bad-value", documentPath(...path, "name"), remark("forward-rule-twice", { name: rule.name }));
    names.add(rule.name);
    for (const [position, target] of rule.targets.entries()) {
      used.add(target);
      if (!targets.includes(target))
        issues.unknown("forward target", target, documentPath(...path, "targets", position), targets);
    }
    for (const [position, host] of rule.hosts.entries()) {
      if (Object.hasOwn(hosts, host)) continue;
      const said = remark("forward-rule-host", { host });
      issues.warn("unknown-name", documentPath(...path, "hosts", position), said, nearest(host, Object.keys(hosts)));
    }
    lintWho(rule, index, known, issues);
    if (rule.targets.length === 0 && !rule.last)
      issues.warn("unused-name", documentPath(...path), remark("forward-rule-idle", { name: rule.name }));
  }
  for (const [name, target] of Object.entries(forward.targets)) {
    const path = ["forward", "targets", name] as const;
    if (!used.has(name)) issues.warn("unused-name", documentPath(...path), remark("target-unused", { name }));
    if (target.kind !== "webhook") continue;
    for (const header of Object.keys(target.headers)) {
      if (!reservedHeader.test(header)) continue;
      issues.error("bad-value", documentPath(...path, "headers", header), remark("header-reserved", { header }));
    }
  }
}

function lintWho(rule: ForwardRule, index: number, acls: ReadonlySet<string>, issues: Issues): void {
  for (const list of ["senders", "recipients"] as const) {
    for (const [position, who] of rule[list].entries()) {
      const path = documentPath("forward", "rules", index, list, position);
      if (who.startsWith("acl:")) {
        const name = who.slice("acl:".length);
        if (!acls.has(name)) issues.unknown("ACL", name, path, acls);
        continue;
      }
      const isAnybody = who.startsWith("*@");
      const jid = Jid.tryParse(isAnybody ? who.slice(2) : who);
      if (jid === undefined || jid.resource !== "" || (isAnybody && jid.local !== ""))
        issues.error("bad-value", path, remark("forward-rule-who", { who }));
    }
  }
}
