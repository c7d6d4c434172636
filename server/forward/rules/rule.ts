import type { CancelOn, ForwardRule } from "../../../lib/contracts/forward-policy.ts";
import type { MessageClass } from "../../storage/ports.ts";
import type { PreparedTarget } from "../plan/render.ts";
import { compileExpression, type Expression } from "./expression.ts";
import type { Subject } from "./subject.ts";
import { type AclTest, WhoList } from "./who.ts";

/** Where a message goes, and how. */
export interface Choice extends PreparedTarget {
  readonly rule: string;
  readonly cancelOn: CancelOn;
  readonly delayMs: number;
  readonly ttlMs: number;
}

/** What a rule asks, in this order. */
export type Condition = "disabled" | "host" | "class" | "senders" | "recipients" | "encrypted" | "hints" | "expression";

/** A rule, ready to be asked by the accounts of one host. */
export interface CompiledRule {
  readonly rule: ForwardRule;
  readonly classes: ReadonlySet<MessageClass>;
  readonly isForHost: boolean;
  readonly senders: WhoList | null;
  readonly recipients: WhoList | null;
  /** null: none; `broken`: one that cannot be read, which matches nothing. */
  readonly expression: Expression | "broken" | null;
  readonly choices: readonly Choice[];
  readonly inVain: readonly { readonly target: string; readonly reason: string }[];
}

export function compileRule(
  rule: ForwardRule,
  host: string,
  targets: ReadonlyMap<string, PreparedTarget>,
  matchesAcl: AclTest,
): CompiledRule {
  const classes = new Set<MessageClass>(rule.classes);
  // Whoever wants to hear of a room hears of being named in it.
  if (classes.has("groupchat")) classes.add("mention");
  const choices: Choice[] = [];
  const inVain: CompiledRule["inVain"][number][] = [];
  for (const name of rule.targets) {
    const target = targets.get(name);
    if (target === undefined) inVain.push({ target: name, reason: "there is no such target" });
    else if (target.settings.draining) inVain.push({ target: name, reason: "it is being drained" });
    else choices.push(choiceOf(rule, target));
  }
  const compiled = rule.expression.trim() === "" ? null : compileExpression(rule.expression);
  return {
    rule,
    classes,
    isForHost: rule.hosts.length === 0 || rule.hosts.includes(host),
    senders: WhoList.of(rule.senders, matchesAcl),
    recipients: WhoList.of(rule.recipients, matchesAcl),
    expression: compiled !== null && "problem" in compiled ? "broken" : compiled,
    choices,
    inVain,
  };
}

function choiceOf(rule: ForwardRule, target: PreparedTarget): Choice {
  const { kind, ttlSeconds } = target.settings;
  return {
    ...target,
    rule: rule.name,
    cancelOn: rule.cancelOn ?? (kind === "webhook" ? "never" : "read"),
    delayMs: rule.delaySeconds * 1000,
    ttlMs: Math.min(ttlSeconds, rule.ttlSeconds ?? ttlSeconds) * 1000,
  };
}

/**
 * The first condition that does not hold; null: the rule matches. `onFault` is told of an expression that has no answer for
 * the message.
 */
export function firstFailing(
  one: CompiledRule,
  subject: Subject,
  onFault: (rule: string, detail: string) => void,
): Condition | null {
  const { rule } = one;
  const { occasion } = subject;
  if (!rule.enabled) return "disabled";
  if (!one.isForHost) return "host";
  if (!one.classes.has(occasion.class)) return "class";
  if (one.senders !== null && !one.senders.has(occasion.from)) return "senders";
  if (one.recipients !== null && !one.recipients.has(occasion.user)) return "recipients";
  if (rule.encrypted !== "any" && subject.isEncrypted !== (rule.encrypted === "only")) return "encrypted";
  if (rule.hints.length > 0 && !rule.hints.some((hint) => subject.hasHint(hint))) return "hints";
  if (one.expression === null) return null;
  const answer = ask(one.expression, subject);
  if (typeof answer === "boolean") return answer ? null : "expression";
  if (!answer.isMissing) onFault(rule.name, answer.fault);
  return "expression";
}

/** `isMissing`: it asks about a text that the message does not have, which is no fault of the expression. */
interface Unanswered {
  readonly fault: string;
  readonly isMissing: boolean;
}

function ask(expression: Expression | "broken", { message }: Subject): boolean | Unanswered {
  if (expression === "broken") return { fault: "it cannot be read", isMissing: false };
  try {
    return expression.test(message);
  } catch (error) {
    const { summary, message: text } = error as { summary?: string; message: string };
    const fault = (summary ?? text).slice(0, 200);
    return { fault, isMissing: /\bnull\b/.test(fault) };
  }
}

/** Why the condition does not hold, for people. */
export function reasonOf(failed: Condition, { rule, expression }: CompiledRule, subject: Subject): string {
  const { occasion } = subject;
  switch (failed) {
    case "disabled":
      return "it is switched off";
    case "host":
      return `it is not for ${occasion.user.domain}`;
    case "class":
      return `it is not about the class ${occasion.class}`;
    case "senders":
      return `${occasion.from.bare} is none of its senders`;
    case "recipients":
      return `${occasion.user.bare} is none of its recipients`;
    case "encrypted":
      return subject.isEncrypted ? "the message is encrypted" : "the message is not encrypted";
    case "hints":
      return `the message has no hint ${rule.hints.join(" or ")}`;
    default: {
      const answer = ask(expression ?? "broken", subject);
      return typeof answer === "boolean"
        ? "its expression is false for this message"
        : `its expression has no answer for this message: ${answer.fault}`;
    }
  }
}
