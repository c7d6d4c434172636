import type { AccessLine, Condition, Policy } from "../../lib/contracts/policy.ts";
import { own } from "../core/policy/engine.ts";
import { roleRules } from "../core/policy/roles.ts";
import { put } from "./records.ts";

/** An account that a condition behind a role's access rule names outright; `host`: only as that host sees it. */
export interface Member {
  readonly jid: string;
  readonly host: string | null;
}

/** Makes an account match the access rule: it joins the ACL that the rule lets in, which is made where there is none. */
export function join(draft: Policy, access: string, jid: string, host: string | null): void {
  const lines = own(draft.accessRules, access) ?? [];
  const acl = admitted(lines) ?? access;
  const scope = host === null ? undefined : own(draft.hosts, host);
  if (scope === undefined) {
    if (admitted(lines) === undefined) put(draft.accessRules, access, [...lines, { allow: [{ acl }] }]);
    put(draft.acl, acl, withUser(own(draft.acl, acl) ?? [], jid));
    return;
  }
  const local = own(scope.accessRules, access);
  const mine = (local && admitted(local.lines)) ?? acl;
  if (admitted(lines) === undefined && (local === undefined || admitted(local.lines) === undefined))
    put(scope.accessRules, access, {
      inherit: local?.inherit ?? "append",
      lines: [...(local?.lines ?? []), { allow: [{ acl: mine }] }],
    });
  const any = own(scope.acl, mine);
  put(scope.acl, mine, { inherit: any?.inherit ?? "append", any: withUser(any?.any ?? [], jid) });
}

/** Takes accounts out of what the access rule leads to, everywhere or on one host. Answers whether any was there. */
export function leave(
  draft: Policy,
  access: string,
  isLeaving: (jid: string) => boolean,
  host?: string | null,
): boolean {
  let count = 0;
  const stays = (condition: Condition): boolean => {
    const jid = userOf(condition);
    const goes = jid !== undefined && isLeaving(jid);
    if (goes) count += 1;
    return !goes;
  };
  const linesOf = (lines: readonly AccessLine[]): AccessLine[] =>
    lines.filter((line) => !("allow" in line) || line.allow.length > 1 || stays(line.allow[0]!));
  const acls = aclsBehind(draft, access);
  if (host === undefined || host === null) {
    const rule = own(draft.accessRules, access);
    if (rule !== undefined) put(draft.accessRules, access, linesOf(rule));
    for (const name of acls) {
      const any = own(draft.acl, name);
      if (any !== undefined) put(draft.acl, name, any.filter(stays));
    }
  }
  for (const [name, scope] of Object.entries(draft.hosts)) {
    if (host !== undefined && host !== name) continue;
    const rule = own(scope.accessRules, access);
    if (rule !== undefined) put(scope.accessRules, access, { ...rule, lines: linesOf(rule.lines) });
    for (const acl of acls) {
      const any = own(scope.acl, acl);
      if (any !== undefined) put(scope.acl, acl, { ...any, any: any.any.filter(stays) });
    }
  }
  return count > 0;
}

/** The same for every role: of accounts that are no more, whoever registers the name next must not be one of them. */
export function leaveAll(draft: Policy, isGone: (jid: string) => boolean): boolean {
  const left = [...roleRules(draft)].map((access) => leave(draft, access, isGone));
  return left.includes(true);
}

export function membersOf(document: Policy, access: string): Member[] {
  const acls = aclsBehind(document, access);
  const of = (lines: readonly AccessLine[], acl: (name: string) => readonly Condition[], host: string | null) => {
    const direct = lines.flatMap((line) => ("allow" in line && line.allow.length === 1 ? line.allow : []));
    const jids = [...direct, ...[...acls].flatMap(acl)].flatMap((condition) => userOf(condition) ?? []);
    return [...new Set(jids)].map((jid) => ({ jid, host }));
  };
  return [
    ...of(own(document.accessRules, access) ?? [], (name) => own(document.acl, name) ?? [], null),
    ...Object.entries(document.hosts).flatMap(([host, scope]) =>
      of(own(scope.accessRules, access)?.lines ?? [], (name) => own(scope.acl, name)?.any ?? [], host),
    ),
  ];
}

/** ACLs that the lines of a rule name, for all hosts or for one, and those that these name in turn. */
export function aclsBehind(document: Policy, access: string): Set<string> {
  const hosts = Object.values(document.hosts);
  const lines = [document, ...hosts].flatMap((scope) => {
    const rule = own<AccessLine[] | { lines: AccessLine[] }>(scope.accessRules, access) ?? [];
    return Array.isArray(rule) ? rule : rule.lines;
  });
  const found = new Set<string>();
  const open = lines.flatMap((line) => ("allow" in line ? line.allow : line.deny)).flatMap(aclNameOf);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const conditions = [own(document.acl, name) ?? [], ...hosts.map((host) => own(host.acl, name)?.any ?? [])];
    open.push(...conditions.flat().flatMap(aclNameOf));
  }
  return found;
}

/** The ACL that a line allows without asking for more. */
function admitted(lines: readonly AccessLine[]): string | undefined {
  return lines.flatMap((line) => ("allow" in line && line.allow.length === 1 ? aclNameOf(line.allow[0]!) : []))[0];
}

function withUser(any: readonly Condition[], jid: string): Condition[] {
  return any.some((condition) => userOf(condition) === jid) ? [...any] : [...any, { user: jid }];
}

function userOf(condition: Condition): string | undefined {
  return typeof condition === "object" && "user" in condition ? condition.user : undefined;
}

function aclNameOf(condition: Condition): string[] {
  return typeof condition === "object" && "acl" in condition ? [condition.acl] : [];
}
