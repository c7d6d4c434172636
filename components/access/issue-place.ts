import { documentPath } from "@/lib/contracts/policy-path.ts";
import type { Policy, PolicyIssue } from "@/lib/contracts/policy.ts";

type Section = "acl" | "accessRules";

const isWithin = (path: string, place: string): boolean =>
  path === place || (path.startsWith(place) && (path[place.length] === "." || path[place.length] === "["));

/** Issues of one entry that are about none of its lines or conditions. */
export function issuesOfEntry(issues: readonly PolicyIssue[], section: Section, name: string): PolicyIssue[] {
  const place = documentPath(section, name);
  return issues.filter((issue) => issue.path === place);
}

/** Issues of one line of an access rule, or one condition of an ACL, and of what is in it. */
export function issuesAt(
  issues: readonly PolicyIssue[],
  section: Section,
  name: string,
  ...place: readonly (string | number)[]
): PolicyIssue[] {
  const path = documentPath(section, name, ...place);
  return issues.filter((issue) => isWithin(issue.path, path));
}

/** Issues that no line on the page of rules shows. */
export function issuesElsewhere(issues: readonly PolicyIssue[], { acl, accessRules }: Policy): PolicyIssue[] {
  const places = [
    ...Object.keys(acl).map((name) => documentPath("acl", name)),
    ...Object.keys(accessRules).map((name) => documentPath("accessRules", name)),
  ];
  return issues.filter((issue) => !places.some((place) => isWithin(issue.path, place)));
}

/** The index of the line or condition that an issue of an entry is about. */
export function indexIn(issue: PolicyIssue, section: Section, name: string): number {
  return Number.parseInt(issue.path.slice(documentPath(section, name).length + 1), 10);
}
