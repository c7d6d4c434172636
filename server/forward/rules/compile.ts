import type { ForwardPolicy } from "../../../lib/contracts/forward-policy.ts";
import type { MessageClass } from "../../storage/ports.ts";
import { prepare } from "../plan/render.ts";
import { type Choice, type CompiledRule, compileRule, firstFailing, reasonOf } from "./rule.ts";
import { type Occasion, Subject } from "./subject.ts";
import type { AclTest } from "./who.ts";

/** What the rules made of an occasion, for people. */
export interface Trace {
  readonly rules: { readonly name: string; readonly matched: boolean; readonly reason: string }[];
  /** Targets that a rule named in vain. */
  readonly skipped: { readonly target: string; readonly reason: string }[];
}

/** Told when a rule's expression cannot be answered for a message: the rule then does not match. */
export type ExpressionFault = (rule: string, detail: string) => void;

export interface RulesOptions {
  readonly matchesAcl: AclTest;
  readonly onFault: ExpressionFault;
}

/** The rules of a policy as they apply to the accounts of one host. */
export class HostRules {
  readonly host: string;
  readonly #all: readonly CompiledRule[];
  readonly #byClass = new Map<MessageClass, CompiledRule[]>();
  readonly #onFault: ExpressionFault;

  constructor(host: string, { rules, targets }: ForwardPolicy, { matchesAcl, onFault }: RulesOptions) {
    this.host = host;
    this.#onFault = onFault;
    const known = new Map(Object.entries(targets).map(([name, settings]) => [name, prepare(name, settings)]));
    this.#all = rules.map((rule) => compileRule(rule, host, known, matchesAcl));
    for (const one of this.#all) {
      if (!one.rule.enabled || !one.isForHost) continue;
      for (const kind of one.classes) {
        const list = this.#byClass.get(kind);
        if (list === undefined) this.#byClass.set(kind, [one]);
        else list.push(one);
      }
    }
  }

  /** No rule is about anything of this class. */
  ignores(kind: MessageClass): boolean {
    return !this.#byClass.has(kind);
  }

  /** Where it goes: each target once, by the first rule that names it. */
  choose(occasion: Occasion): readonly Choice[] {
    const rules = this.#byClass.get(occasion.class);
    return rules === undefined ? [] : this.#walk(rules, new Subject(occasion), null);
  }

  /** The same, asking every rule why. */
  explain(occasion: Occasion): { readonly choices: readonly Choice[]; readonly trace: Trace } {
    const trace: Trace = { rules: [], skipped: [] };
    return { choices: this.#walk(this.#all, new Subject(occasion), trace), trace };
  }

  #walk(rules: readonly CompiledRule[], subject: Subject, trace: Trace | null): Choice[] {
    const chosen: Choice[] = [];
    let last: string | null = null;
    for (const one of rules) {
      if (last !== null) {
        trace!.rules.push({ name: one.rule.name, matched: false, reason: `${last} matched and is the last` });
        continue;
      }
      const failed = firstFailing(one, subject, trace === null ? this.#onFault : ignored);
      trace?.rules.push({
        name: one.rule.name,
        matched: failed === null,
        reason: failed === null ? "every condition holds" : reasonOf(failed, one, subject),
      });
      if (failed !== null) continue;
      for (const choice of one.choices) if (!chosen.some(({ name }) => name === choice.name)) chosen.push(choice);
      trace?.skipped.push(...one.inVain);
      if (!one.rule.last) continue;
      if (trace === null) break;
      last = one.rule.name;
    }
    return chosen;
  }
}

function ignored(): void {}
