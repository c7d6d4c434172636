import { randomBytes } from "node:crypto";
import { LiquidError } from "liquidjs";
import { attemptError } from "../../../lib/contracts/attempt-errors.ts";
import { remark } from "../../../lib/contracts/remarks.ts";
import type { Payload } from "../plan/payload.ts";
import { type TextProblem, textProblem } from "../rules/text-problem.ts";
import { engine, maxOutput } from "./engine.ts";

/** What a template can use: the members that the preset `json` has, and a few more (docs/forwarding.md, Templates). */
export type TemplateFacts = Readonly<Record<string, unknown>>;

/** A parsed template. */
export interface Template {
  /** The text, and where the number of unread messages belongs in it. Throws TemplateError. */
  render(facts: TemplateFacts): Omit<Payload, "contentType">;
}

/** A template that cannot be rendered for this message. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  readonly problem: TextProblem;

  constructor(problem: TextProblem) {
    super(attemptError("at-place", { line: problem.line, column: problem.column, reason: problem.message }));
    this.problem = problem;
  }
}

// Stands where `{{ unread }}` does until the store writes the number. Nobody can guess it.
const unreadMark = `unread-${randomBytes(12).toString("hex")}`;

export function compileTemplate(text: string): Template | { readonly problem: TextProblem } {
  try {
    const parsed = engine.parse(text);
    return {
      render(facts) {
        let rendered: string;
        try {
          rendered = String(engine.renderSync(parsed, { ...facts, unread: unreadMark }));
        } catch (error) {
          throw new TemplateError(problemOf(error));
        }
        return counted(rendered);
      },
    };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

function counted(rendered: string): Omit<Payload, "contentType"> {
  if (rendered.length > maxOutput)
    throw new TemplateError(textProblem(remark("template-too-long", { most: maxOutput })));
  const unreadAt = rendered.indexOf(unreadMark);
  if (unreadAt < 0) return { text: rendered };
  const text = rendered.slice(0, unreadAt) + rendered.slice(unreadAt + unreadMark.length);
  if (text.includes(unreadMark)) throw new TemplateError(textProblem(remark("template-unread-twice")));
  return { text, unreadAt };
}

function problemOf(error: unknown): TextProblem {
  if (!LiquidError.is(error)) return asTold(error instanceof Error ? error.message : String(error));
  const [line = 1, column = 1] = positionOf(error);
  // The library puts the position behind its message, and the text around it behind that.
  const message = (error.originalError?.message ?? error.message).split("\n")[0]!;
  return asTold(message.replace(/, line:\d+, col:\d+$/, ""), line, column);
}

function asTold(detail: string, line = 1, column = 1): TextProblem {
  return textProblem(remark("template-wrong", { detail: sentence(detail) }), line, column);
}

function positionOf({ token }: LiquidError): readonly number[] {
  return token === undefined ? [] : token.getPosition();
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? "" : "."}`;
}
