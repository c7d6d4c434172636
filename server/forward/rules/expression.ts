import { type ASTNode, Environment } from "@marcbachmann/cel-js";
import { RE2JS, RE2JSException } from "re2js";
import { remark, type Remark, remarkText } from "../../../lib/contracts/remarks.ts";
import { CelMessage } from "./subject.ts";
import { type TextProblem, textProblem } from "./text-problem.ts";

/** A condition in CEL that has been parsed and type-checked. */
export interface Expression {
  /** Whether it holds. Throws what CEL throws: the question cannot be answered for this message. */
  test(message: CelMessage): boolean;
}

/** Everything that an expression may call: each of these takes time in proportion to the message. */
const allowed: ReadonlySet<string> = new Set(
  (
    "all bool contains double endsWith exists exists_one filter has indexOf int lastIndexOf lowerAscii matches size " +
    "startsWith string substring trim upperAscii"
  ).split(" "),
);
/** Of these, those that go through a list. */
const loops: ReadonlySet<string> = new Set(["all", "exists", "exists_one", "filter"]);
const limits = { maxAstNodes: 400, maxDepth: 24, maxListElements: 200, maxMapEntries: 100, maxCallArguments: 4 };
/** Of `matches`: so many characters are looked at, with a program of at most so many steps. */
const maxMatched = 4096;
const maxProgram = 1000;

// cel-js has a `matches` on JavaScript's regular expressions, which somebody's message can keep busy for years, and does
// not let it be replaced. Ours has a name of the same length, so that positions stay what they are.
const ownMatches = "RE2find";

const environment = new Environment({ limits })
  .registerType("Message", {
    ctor: CelMessage,
    fields: {
      class: "string",
      type: "string",
      from: "string",
      to: "string",
      fromDomain: "string",
      user: "string",
      host: "string",
      body: "dyn",
      subject: "dyn",
      thread: "dyn",
      lang: "dyn",
      encrypted: "bool",
      hints: "list<string>",
      namespaces: "list<string>",
      size: "int",
    },
  })
  .registerVariable("message", "Message")
  .registerFunction(`string.${ownMatches}(ast): bool`, matchesMacro);

/** Parses and checks a condition; a problem says what people have to change. */
export function compileExpression(text: string): Expression | { readonly problem: TextProblem } {
  try {
    const rewritten = withOwnMatches(text, environment.parse(text).ast);
    const parsed = environment.parse(rewritten);
    const { valid, type, error } = parsed.check();
    if (!valid) return { problem: problemOf(error, text) };
    if (type !== "bool") return { problem: textProblem(remark("expression-type", { type: String(type) })) };
    return { test: (message) => parsed({ message }) === true };
  } catch (error) {
    return { problem: problemOf(error, text) };
  }
}

/** A fault that this file finds, at an offset of the text. */
class Refusal extends Error {
  readonly said: Remark;
  readonly offset: number;

  constructor(said: Remark, offset: number) {
    super(remarkText(said));
    this.said = said;
    this.offset = offset;
  }
}

// Refuses what could take long, and gives `matches` its other name.
function withOwnMatches(text: string, root: ASTNode): string {
  let rewritten = text;
  const visit = (node: ASTNode, isInLoop: boolean): void => {
    if (node.op === "map") throw new Refusal(remark("expression-map"), node.start);
    let loop = isInLoop;
    if (node.op === "call" || node.op === "rcall") {
      const [name] = node.args;
      if (!allowed.has(name)) throw new Refusal(remark("function-missing", { name }), node.pos);
      if (loops.has(name)) {
        if (isInLoop) throw new Refusal(remark("function-nested", { name }), node.pos);
        loop = true;
      }
      if (node.op === "rcall" && name === "matches") {
        const at = text.indexOf("matches", node.args[1].end);
        if (!/^[\s.)]*$/.test(text.slice(node.args[1].end, at))) throw new Refusal(remark("matches-apart"), node.start);
        rewritten = `${rewritten.slice(0, at)}${ownMatches}${rewritten.slice(at + ownMatches.length)}`;
      }
    }
    for (const child of childrenOf(node.args)) visit(child, loop);
  };
  visit(root, false);
  return rewritten;
}

function childrenOf(args: unknown): ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(childrenOf);
  return isNode(args) ? [args] : [];
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === "object" && value !== null && "op" in value && "args" in value;
}

interface Checker {
  check(node: ASTNode, context: unknown): { readonly name: string };
  getType(name: string): unknown;
}
interface Evaluator {
  run(node: ASTNode, context: unknown): unknown;
}
interface Macro {
  readonly receiver: ASTNode;
}

function matchesMacro({ receiver, args }: { receiver: ASTNode; args: readonly ASTNode[] }): object {
  const [pattern] = args;
  if (pattern?.op !== "value" || typeof pattern.args !== "string")
    throw new Refusal(remark("matches-unquoted"), pattern?.start ?? receiver.end);
  const expression = compilePattern(pattern.args, pattern.start);
  return {
    receiver,
    async: false,
    typeCheck(checker: Checker, macro: Macro, context: unknown): unknown {
      const { name } = checker.check(macro.receiver, context);
      if (name !== "string" && name !== "dyn")
        throw new Refusal(remark("matches-type", { type: name }), receiver.start);
      return checker.getType("bool");
    },
    evaluate(evaluator: Evaluator, macro: Macro, context: unknown): boolean {
      const text = evaluator.run(macro.receiver, context);
      if (typeof text !== "string") throw new TypeError(`matches() found ${String(text)}, which is no text`);
      return expression.test(text.slice(0, maxMatched));
    },
  };
}

function compilePattern(pattern: string, offset: number): RE2JS {
  try {
    const compiled = RE2JS.compile(pattern);
    if (compiled.programSize() <= maxProgram) return compiled;
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new Refusal(remark("regexp-wrong", { detail: error.message }), offset);
  }
  throw new Refusal(remark("regexp-too-large"), offset);
}

function problemOf(error: unknown, text: string): TextProblem {
  const { summary, range, message, offset } = error as {
    summary?: string;
    range?: { start: number };
    message: string;
    offset?: number;
  };
  const before = text.slice(0, offset ?? range?.start ?? 0).split("\n");
  const said = error instanceof Refusal ? error.said : asTold(summary ?? message);
  return textProblem(said, before.length, (before.at(-1)?.length ?? 0) + 1);
}

function asTold(text: string): Remark {
  const detail = text.replaceAll(ownMatches, "matches");
  return remark("expression-wrong", { detail: /[.?!]$/.test(detail) ? detail : `${detail}.` });
}
