import { documentPath } from "../../../lib/contracts/policy-path.ts";
import type { Condition, HostPolicy, Policy, PolicyIssue } from "../../../lib/contracts/policy.ts";
import { remark } from "../../../lib/contracts/remarks.ts";
import { Jid } from "../../xmpp/jid.ts";
import { Coverage } from "./coverage.ts";
import { own } from "./engine.ts";
import { Issues } from "./issues.ts";
import { lintConditions } from "./lint-conditions.ts";
import { lintConsole } from "./lint-console.ts";
import { lintJids } from "./lint-jids.ts";
import { lintAcl, lintFamilies, lintLines } from "./lint-lines.ts";
import { lintRegistration } from "./lint-registration.ts";
import { lintTests } from "./lint-tests.ts";
import { lintUnused } from "./lint-unused.ts";

/** What a module says about options that a document gives it; paths begin with `modules`. */
export type OptionCheck = (module: string, options: unknown) => readonly PolicyIssue[];
/** What whoever goes by a section of the document says about it. */
export type SectionCheck = (document: Policy, issues: Issues) => void;

const RESERVED = { acl: ["all", "none"], shapers: ["infinite", "none", "unlimited"] };
const conditionsOf = (line: { allow: Condition[] } | { deny: Condition[] }): Condition[] =>
  "allow" in line ? line.allow : line.deny;
const keyed = (line: { allow: Condition[] } | { deny: Condition[] }): { key: string; conditions: Condition[] } => ({
  key: "allow" in line ? "allow" : "deny",
  conditions: conditionsOf(line),
});
const aclOf = (condition: Condition): string[] =>
  typeof condition === "object" && "acl" in condition ? [condition.acl] : [];

/** Everything that is wrong or doubtful in a well-formed document. Errors keep it from being applied. */
export function lint(
  document: Policy,
  checkOptions: OptionCheck | null,
  checkSections: Iterable<SectionCheck> = [],
  askedRules: Iterable<string> = [],
): PolicyIssue[] {
  const issues = new Issues();
  const coverage = new Coverage(document, null);
  const acls = new Set(Object.keys(document.acl));
  const rules = new Set(Object.keys(document.accessRules));
  lintNames(document, issues);
  for (const [name, entries] of Object.entries(document.acl)) {
    lintConditions(entries, ["acl", name], acls, issues);
    lintAcl(entries, ["acl", name], coverage, issues);
  }
  for (const [name, lines] of Object.entries(document.accessRules)) {
    const path = ["accessRules", name];
    for (const [index, line] of lines.entries())
      lintConditions(conditionsOf(line), [...path, index, ...Object.keys(line)], acls, issues);
    lintLines(lines.map(keyed), path, coverage, issues);
    lintFamilies(lines, path, coverage, issues);
  }
  lintCycles(document, null, [], issues);
  lintShaperRules(document, acls, coverage, issues);
  lintRegistration(document.registration, ["registration"], rules, issues);
  for (const [name, host] of Object.entries(document.hosts)) lintHost(document, name, host, checkOptions, issues);
  for (const [name, setting] of Object.entries(document.modules))
    issues.list.push(...(checkOptions?.(name, setting.options) ?? []));
  for (const check of checkSections) check(document, issues);
  lintConsole(document, issues);
  lintJids(document.operations.alerts.recipients, ["operations", "alerts", "recipients"], issues);
  lintTests(document, rules, issues);
  lintUnused(document, askedRules, issues);
  return issues.list;
}

function lintNames(document: Policy, issues: Issues): void {
  for (const section of ["acl", "accessRules"] as const) {
    for (const name of RESERVED.acl) {
      if (Object.hasOwn(document[section], name))
        issues.error("reserved-name", documentPath(section, name), remark("name-built-in", { name }));
    }
  }
  for (const name of RESERVED.shapers) {
    if (Object.hasOwn(document.shapers, name))
      issues.error("reserved-name", documentPath("shapers", name), remark("name-built-in", { name }));
  }
}

function lintShaperRules(document: Policy, acls: ReadonlySet<string>, coverage: Coverage, issues: Issues): void {
  const shapers = Object.keys(document.shapers);
  for (const [name, lines] of Object.entries(document.shaperRules)) {
    const path = ["shaperRules", name];
    for (const [index, { value, to }] of lines.entries()) {
      lintConditions(to, [...path, index, "to"], acls, issues);
      if (typeof value === "string" && value !== "infinite" && !shapers.includes(value))
        issues.unknown("shaper", value, documentPath(...path, index, "value"), [...shapers, "infinite"]);
    }
    lintLines(
      lines.map(({ to }) => ({ key: "to", conditions: to })),
      path,
      coverage,
      issues,
    );
  }
}

function lintHost(
  document: Policy,
  name: string,
  host: HostPolicy,
  checkOptions: OptionCheck | null,
  issues: Issues,
): void {
  const path = ["hosts", name];
  const coverage = new Coverage(document, host);
  const jid = Jid.tryParse(name);
  if (jid === undefined || jid.full !== jid.domain)
    issues.error("bad-value", documentPath(...path), remark("host-name-wrong", { name }));
  else if (jid.domain !== name)
    issues.error(
      "bad-value",
      documentPath(...path),
      remark("host-name-form", { name, domain: jid.domain }),
      jid.domain,
    );
  const acls = new Set([...Object.keys(document.acl), ...Object.keys(host.acl)]);
  const rules = new Set([...Object.keys(document.accessRules), ...Object.keys(host.accessRules)]);
  for (const [acl, { any }] of Object.entries(host.acl)) {
    const place = [...path, "acl", acl];
    if (RESERVED.acl.includes(acl))
      issues.error("reserved-name", documentPath(...place), remark("name-built-in", { name: acl }));
    lintConditions(any, [...place, "any"], acls, issues);
    lintAcl(any, [...place, "any"], coverage, issues);
  }
  for (const [rule, { inherit, lines }] of Object.entries(host.accessRules)) {
    const place = [...path, "accessRules", rule];
    if (RESERVED.acl.includes(rule))
      issues.error("reserved-name", documentPath(...place), remark("name-built-in", { name: rule }));
    for (const [index, line] of lines.entries())
      lintConditions(conditionsOf(line), [...place, "lines", index, ...Object.keys(line)], acls, issues);
    const before = inherit === "append" ? (own(document.accessRules, rule) ?? []) : [];
    lintLines(lines.map(keyed), [...place, "lines"], coverage, issues, before.map(conditionsOf));
    lintFamilies(lines, [...place, "lines"], coverage, issues);
  }
  if (Object.keys(host.acl).length > 0) lintCycles(document, host, path, issues);
  if (host.registration !== null) lintRegistration(host.registration, [...path, "registration"], rules, issues);
  for (const [module, { options }] of Object.entries(host.modules)) {
    for (const issue of checkOptions?.(module, options) ?? [])
      issues.list.push({ ...issue, path: `${documentPath(...path)}.${issue.path}` });
  }
}

/** An ACL that leads back to itself through `acl` conditions, as seen from one host or from all. */
function lintCycles(document: Policy, host: HostPolicy | null, path: readonly string[], issues: Issues): void {
  const names = new Set([...Object.keys(document.acl), ...Object.keys(host?.acl ?? {})]);
  const next = (name: string): string[] => {
    const local = host === null ? undefined : own(host.acl, name);
    const global = local?.inherit === "replace" ? [] : (own(document.acl, name) ?? []);
    return [...global, ...(local?.any ?? [])].flatMap(aclOf);
  };
  for (const name of names) {
    const seen = new Set<string>();
    const open = next(name);
    for (let step = open.pop(); step !== undefined && !seen.has(name); step = open.pop()) {
      if (seen.has(step)) continue;
      seen.add(step);
      open.push(...next(step));
    }
    if (seen.has(name))
      issues.error("acl-cycle", documentPath(...path, "acl", name), remark("acl-of-itself", { name }));
  }
}
