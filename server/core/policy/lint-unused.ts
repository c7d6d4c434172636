import { documentPath } from "../../../lib/contracts/policy-path.ts";
import type { AccessLine, Condition, Policy } from "../../../lib/contracts/policy.ts";
import { remark } from "../../../lib/contracts/remarks.ts";
import { defaultPolicy } from "./default.ts";
import type { Issues } from "./issues.ts";
import { roleRules } from "./roles.ts";

/** Every installation has these; nobody is told that they are unused. */
const shipped = defaultPolicy();

const unused = { acl: "acl-unused", accessRules: "access-rule-unused", shapers: "shaper-unused" } as const;

const conditionsOf = (line: AccessLine): Condition[] => ("allow" in line ? line.allow : line.deny);
const aclOf = (condition: Condition): string[] =>
  typeof condition === "object" && "acl" in condition ? [condition.acl] : [];

/** Names that nothing refers to. `askedRules`: access rules that the server asks by a name of its own. */
export function lintUnused(document: Policy, askedRules: Iterable<string>, issues: Issues): void {
  const hosts = Object.values(document.hosts);
  const conditions = [
    ...Object.values(document.acl).flat(),
    ...Object.values(document.accessRules).flat().flatMap(conditionsOf),
    ...Object.values(document.shaperRules).flatMap((lines) => lines.flatMap((line) => line.to)),
    ...hosts.flatMap((host) => Object.values(host.acl).flatMap((acl) => acl.any)),
    ...hosts.flatMap((host) => Object.values(host.accessRules).flatMap((rule) => rule.lines.flatMap(conditionsOf))),
  ];
  const people = document.forward.rules.flatMap((rule) => [...rule.senders, ...rule.recipients]);
  const named = people.flatMap((who) => (who.startsWith("acl:") ? [who.slice("acl:".length)] : []));
  const warn = (section: keyof typeof unused, used: ReadonlySet<unknown>): void => {
    for (const name of Object.keys(document[section])) {
      if (!used.has(name) && !Object.hasOwn(shipped[section], name))
        issues.warn("unused-name", documentPath(section, name), remark(unused[section], { name }));
    }
  };
  warn("acl", new Set([...conditions.flatMap(aclOf), ...named]));
  warn("accessRules", new Set([...askedRules, ...rulesIn(document)]));
  warn("shapers", new Set(Object.values(document.shaperRules).flatMap((lines) => lines.map((line) => line.value))));
}

/** Access rules that the document names: for roles, for registration and in the options of modules. */
function rulesIn(document: Policy): Set<string> {
  const hosts = Object.values(document.hosts);
  const names = roleRules(document);
  for (const policy of [document.registration, ...hosts.map((host) => host.registration)])
    if (policy !== null) names.add(policy.accessRule);
  for (const modules of [document.modules, ...hosts.map((host) => host.modules)]) {
    // Which option names a rule only its module knows; a text that is the same as the name is taken for one.
    for (const { options } of Object.values(modules)) collectTexts(options, names);
  }
  return names;
}

function collectTexts(value: unknown, found: Set<string>): void {
  if (typeof value === "string") found.add(value);
  else if (typeof value === "object" && value !== null)
    for (const part of Object.values(value)) collectTexts(part, found);
}
