import { isDeepStrictEqual } from "node:util";
import type { PolicyImpact } from "../../../lib/contracts/policy-impact.ts";
import type { Condition, Policy } from "../../../lib/contracts/policy.ts";
import type { Jid } from "../../xmpp/jid.ts";
import type { Subject } from "./condition.ts";
import { own } from "./engine.ts";
import type { Compiled } from "./roles.ts";

const maxSamples = 5;

type Affected = PolicyImpact["rules"][number]["gain"];
type RuleImpact = PolicyImpact["rules"][number];

/** Adds up for whom the rules that a draft changes come out otherwise than in the policy in force. */
export class Impact {
  readonly #before: Compiled;
  readonly #after: Compiled;
  readonly #rules: readonly RuleImpact[];

  constructor(before: Compiled, after: Compiled) {
    this.#before = before;
    this.#after = after;
    this.#rules = changedRules(before.document, after.document).map((rule) => ({
      rule,
      gain: nobody(),
      lose: nobody(),
      online: { gain: nobody(), lose: nobody() },
    }));
  }

  /** No rule can come out otherwise: nobody has to be asked about. */
  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  /** Asks about an account, of which no address is known. */
  account(jid: Jid): void {
    const subject: Subject = { jid, ip: null, host: jid.domain };
    for (const impact of this.#rules) this.#ask(impact.rule, subject, impact);
  }

  session(subject: Subject): void {
    for (const { rule, online } of this.#rules) this.#ask(rule, subject, online);
  }

  /** What was added up: rules that change for somebody first, in the order of the document. */
  result(): RuleImpact[] {
    const size = ({ gain, lose, online }: RuleImpact): number =>
      gain.count + lose.count + online.gain.count + online.lose.count;
    return [...this.#rules.filter((one) => size(one) > 0), ...this.#rules.filter((one) => size(one) === 0)];
  }

  #ask(rule: string, subject: Subject, into: { readonly gain: Affected; readonly lose: Affected }): void {
    const now = this.#before.engine.allows(rule, subject);
    if (now === this.#after.engine.allows(rule, subject)) return;
    const affected = now ? into.lose : into.gain;
    affected.count += 1;
    if (subject.jid !== null && affected.samples.length < maxSamples) affected.samples.push(subject.jid.full);
  }
}

const nobody = (): Affected => ({ count: 0, samples: [] });

/** Access rules whose lines, or an ACL behind them, are not the same in both documents. */
function changedRules(before: Policy, after: Policy): string[] {
  const names = new Set([before, after].flatMap((document) => scopesOf(document).flatMap(ruleNames)));
  // `user x` is x on any host served here.
  const isHostsSame = isDeepStrictEqual(Object.keys(before.hosts).toSorted(), Object.keys(after.hosts).toSorted());
  if (!isHostsSame) return [...names];
  return [...names].filter((name) => !isDeepStrictEqual(meaning(before, name), meaning(after, name)));
}

type Scope = Pick<Policy, "acl" | "accessRules"> | Pick<Policy["hosts"][string], "acl" | "accessRules">;

const scopesOf = (document: Policy): Scope[] => [document, ...Object.values(document.hosts)];
const ruleNames = ({ accessRules }: Scope): string[] => Object.keys(accessRules);

/** All that a rule's answers come from: its lines and the ACLs that they lead to, everywhere. */
function meaning(document: Policy, rule: string): unknown {
  const scopes: readonly (readonly [string, Scope])[] = [["", document], ...Object.entries(document.hosts)];
  const found = new Map<string, unknown>();
  const open: string[] = [];
  const take = (key: string, part: unknown): void => {
    if (part === undefined) return;
    found.set(key, part);
    open.push(...aclsIn(part));
  };
  const seen = new Set<string>();
  for (const [host, scope] of scopes) take(`${host} rule`, own<unknown>(scope.accessRules, rule));
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    for (const [host, scope] of scopes) take(`${host} acl ${name}`, own<unknown>(scope.acl, name));
  }
  return found;
}

/** ACLs that lines or conditions name, however they are wrapped. */
function aclsIn(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(aclsIn);
  if (typeof part !== "object" || part === null) return [];
  if (isAclCondition(part)) return [part.acl];
  return Object.values(part).flatMap(aclsIn);
}

const isAclCondition = (part: object): part is Extract<Condition, { acl: string }> =>
  "acl" in part && typeof part.acl === "string";
