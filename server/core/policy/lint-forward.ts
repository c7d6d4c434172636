import type { Policy } from "../../../lib/contracts/policy.ts";
import { documentPath } from "./document-path.ts";
import type { Issues } from "./issues.ts";
import { nearest } from "./nearest.ts";

/** Headers that the server sets itself. */
const RESERVED_HEADER = /^(?:content-type|content-length|host|connection|transfer-encoding|webhook-.*|x-forward-.*)$/i;

export function lintForward({ forward, hosts }: Policy, issues: Issues): void {
  const targets = Object.keys(forward.targets);
  const names = new Set<string>();
  const used = new Set<string>();
  for (const [index, rule] of forward.rules.entries()) {
    const path = ["forward", "rules", index] as const;
    if (names.has(rule.name))
      issues.error("bad-value", documentPath(...path, "name"), `Two forward rules are called ${rule.name}.`);
    names.add(rule.name);
    for (const [position, target] of rule.targets.entries()) {
      used.add(target);
      if (!targets.includes(target))
        issues.unknown("forward target", target, documentPath(...path, "targets", position), targets);
    }
    for (const [position, host] of rule.hosts.entries()) {
      if (Object.hasOwn(hosts, host)) continue;
      const message = `There is no host ${host}, so the rule forwards nothing for it.`;
      issues.warn("unknown-name", documentPath(...path, "hosts", position), message, nearest(host, Object.keys(hosts)));
    }
  }
  for (const [name, target] of Object.entries(forward.targets)) {
    const path = ["forward", "targets", name] as const;
    if (!used.has(name))
      issues.warn("unused-name", documentPath(...path), `No forward rule sends anything to ${name}.`);
    for (const header of Object.keys(target.headers)) {
      if (!RESERVED_HEADER.test(header)) continue;
      issues.error("bad-value", documentPath(...path, "headers", header), `${header} is set by the server.`);
    }
  }
}
