import { formatCondition, formatLine } from "../../../lib/contracts/policy-text.ts";
import type { AccessLine, Condition, Policy, Verdict } from "../../../lib/contracts/policy.ts";
import { remark, remarkText } from "../../../lib/contracts/remarks.ts";
import { type CompiledCondition, compileCondition, ConditionError, type Scope, type Subject } from "./condition.ts";

/** Conditions joined by AND. */
interface CompiledLine {
  readonly isAllow: boolean;
  readonly text: string;
  readonly conditions: readonly CompiledCondition[];
}
interface CompiledShaperLine {
  readonly value: Policy["shaperRules"][string][number]["value"];
  readonly conditions: readonly CompiledCondition[];
}

/** What an own property of a request-named record is, and nothing that its prototype has. */
export function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function all(conditions: readonly CompiledCondition[], subject: Subject): boolean {
  for (const condition of conditions) if (!condition.matches(subject)) return false;
  return true;
}

/** What people are told of a condition that cannot be compiled: that it never matches, and why. */
function broken(text: string, reason: string): CompiledCondition {
  return { text, matches: () => false, outlook: () => false, detail: () => reason };
}

/** Per-host entries are joined to the global ones, or take their place (`inherit`). */
function inherited<T>(
  global: readonly T[],
  local: { inherit: "append" | "replace"; entries: readonly T[] } | undefined,
) {
  if (local === undefined) return global;
  return local.inherit === "replace" ? local.entries : [...global, ...local.entries];
}

/** The rules as one host sees them, compiled. */
class View {
  readonly rules = new Map<string, readonly CompiledLine[]>();
  readonly shaperRules = new Map<string, readonly CompiledShaperLine[]>();
  readonly #document: Policy;
  readonly #host: Policy["hosts"][string] | undefined;
  readonly #acls = new Map<string, readonly CompiledCondition[]>();
  readonly #underWay = new Set<string>();
  readonly #scope: Scope;

  constructor(document: Policy, host: string | null) {
    this.#document = document;
    this.#host = host === null ? undefined : own(document.hosts, host);
    const hosted = new Set(Object.keys(document.hosts));
    this.#scope = { isHosted: (domain) => hosted.has(domain), acl: (name) => this.acl(name) };
    const names = new Set([...Object.keys(document.accessRules), ...Object.keys(this.#host?.accessRules ?? {})]);
    for (const name of names) this.rules.set(name, this.#rule(name));
    for (const [name, lines] of Object.entries(document.shaperRules)) {
      const compiled = lines.map(({ value, to }) => ({ value, conditions: this.conditions(to) }));
      this.shaperRules.set(name, compiled);
    }
  }

  /**
   * The conditions of an ACL; compiled when first asked for. One that leads back to itself is cut there: such a document
   * is refused, and only a draft of it is ever explained.
   */
  acl(name: string): readonly CompiledCondition[] | undefined {
    const known = this.#acls.get(name);
    if (known !== undefined) return known;
    if (this.#underWay.has(name)) throw new ConditionError("unknown-name", `the ACL ${name} leads back to itself`);
    const global = own(this.#document.acl, name);
    const local = own(this.#host?.acl ?? {}, name);
    if (global === undefined && local === undefined) return undefined;
    this.#underWay.add(name);
    const conditions = this.conditions(
      inherited(global ?? [], local && { inherit: local.inherit, entries: local.any }),
    );
    this.#underWay.delete(name);
    this.#acls.set(name, conditions);
    return conditions;
  }

  #rule(name: string): readonly CompiledLine[] {
    const local = own(this.#host?.accessRules ?? {}, name);
    const lines = inherited(
      own(this.#document.accessRules, name) ?? [],
      local && { inherit: local.inherit, entries: local.lines },
    );
    return lines.map((line) => this.#line(line));
  }

  #line(line: AccessLine): CompiledLine {
    const conditions = "allow" in line ? line.allow : line.deny;
    return { isAllow: "allow" in line, text: formatLine(line), conditions: this.conditions(conditions) };
  }

  conditions(conditions: readonly Condition[]): CompiledCondition[] {
    return conditions.map((condition) => {
      try {
        return compileCondition(condition, this.#scope);
      } catch (error) {
        if (error instanceof ConditionError) return broken(formatCondition(condition), error.message);
        throw error;
      }
    });
  }
}

/** The conditions of an ACL and how each of them came out, as `aclTest` shows them. */
export type AclVerdict = { matched: boolean; conditions: Verdict["trace"][number]["conditions"] };

/** A policy document compiled once: every question about it is answered from here. */
export class Engine {
  readonly #document: Policy;
  readonly #global: View;
  /** Hosts that have rules of their own; the others see the global ones. */
  readonly #views = new Map<string, View>();

  /** Never throws: what cannot be compiled matches nothing and says so when it is explained. */
  constructor(document: Policy) {
    this.#document = document;
    this.#global = new View(document, null);
    for (const [name, host] of Object.entries(document.hosts)) {
      const hasOwnRules = Object.keys(host.acl).length > 0 || Object.keys(host.accessRules).length > 0;
      if (hasOwnRules) this.#views.set(name, new View(document, name));
    }
  }

  #view(host: string): View {
    return this.#views.get(host) ?? this.#global;
  }

  /** First line whose conditions all match decides; none, or no such rule: deny. `all` and `none` are built in. */
  allows(rule: string, subject: Subject): boolean {
    const lines = this.#view(subject.host).rules.get(rule);
    if (lines === undefined) return rule === "all";
    for (const line of lines) if (all(line.conditions, subject)) return line.isAllow;
    return false;
  }

  /** Could the rule allow somebody from this address, whoever it turns out to be? `subject.jid` is not looked at. */
  mayAllow(rule: string, subject: Subject): boolean {
    const nobody: Subject = { jid: null, ip: subject.ip, host: subject.host };
    const lines = this.#view(subject.host).rules.get(rule);
    if (lines === undefined) return rule === "all";
    for (const line of lines) {
      const outlooks = line.conditions.map((condition) => condition.outlook(nobody));
      if (outlooks.includes(false)) continue;
      if (line.isAllow) return true;
      if (!outlooks.includes("unknown")) return false;
    }
    return false;
  }

  explain(rule: string, subject: Subject): Verdict {
    const lines = this.#view(subject.host).rules.get(rule);
    if (lines === undefined) {
      const allowed = rule === "all";
      const isBuiltIn = allowed || rule === "none";
      const said = remark(isBuiltIn ? "rule-built-in" : "rule-missing", { rule });
      return { allowed, rule, line: null, text: remarkText(said), ...said, trace: [] };
    }
    const trace: Verdict["trace"] = [];
    for (const [index, line] of lines.entries()) {
      const conditions = line.conditions.map((condition) => traced(condition, subject));
      const matched = conditions.every((condition) => condition.matched);
      trace.push({ index, action: line.isAllow ? "allow" : "deny", matched, conditions });
      if (matched) return { allowed: line.isAllow, rule, line: index, text: `${rule}[${index}]: ${line.text}`, trace };
    }
    const said = remark("no-line-matches", { rule });
    return { allowed: false, rule, line: null, text: remarkText(said), ...said, trace };
  }

  /** Does one condition match, as each subject's host understands it? Throws ConditionError for what nobody understands. */
  condition(condition: Condition): (subject: Subject) => boolean {
    compileCondition(condition, { isHosted: () => true, acl: () => [] });
    const compiled = new Map<View, readonly CompiledCondition[]>();
    return (subject) => {
      const view = this.#view(subject.host);
      const conditions = compiled.get(view) ?? view.conditions([condition]);
      compiled.set(view, conditions);
      return all(conditions, subject);
    };
  }

  matchesAcl(name: string, subject: Subject): boolean {
    const conditions = this.#view(subject.host).acl(name);
    if (conditions === undefined) return name === "all";
    for (const condition of conditions) if (condition.matches(subject)) return true;
    return false;
  }

  explainAcl(name: string, subject: Subject): AclVerdict {
    const conditions = (this.#view(subject.host).acl(name) ?? []).map((condition) => traced(condition, subject));
    return { matched: this.matchesAcl(name, subject), conditions };
  }

  /** A number that a shaper rule gives (`max_user_sessions`); `otherwise` where it says nothing. */
  limit(rule: string, subject: Subject, otherwise = Infinity): number {
    const value = this.#value(rule, subject);
    if (value === undefined) return otherwise;
    return typeof value === "number" ? value : Infinity;
  }

  /** Token bucket that a shaper rule gives, in bytes; a bare number is both its rate and its burst. null: unlimited. */
  shaper(rule: string, subject: Subject): { readonly rate: number; readonly burst: number } | null {
    const value = this.#value(rule, subject);
    if (value === undefined || value === "infinite") return null;
    if (typeof value === "number") return { rate: value, burst: value };
    return own(this.#document.shapers, value) ?? null;
  }

  #value(rule: string, subject: Subject): CompiledShaperLine["value"] | undefined {
    const lines = this.#view(subject.host).shaperRules.get(rule);
    if (lines === undefined) return undefined;
    for (const line of lines) if (all(line.conditions, subject)) return line.value;
    return undefined;
  }
}

function traced(condition: CompiledCondition, subject: Subject): AclVerdict["conditions"][number] {
  return { text: condition.text, matched: condition.matches(subject), detail: condition.detail(subject) };
}
