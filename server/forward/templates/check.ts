import type { WebhookTarget } from "../../../lib/contracts/forward-target.ts";
import { remark } from "../../../lib/contracts/remarks.ts";
import { renderPayload } from "../plan/payload.ts";
import { encryptedSample, sampleMessage } from "../plan/sample.ts";
import { type TextProblem, textProblem } from "../rules/text-problem.ts";
import { engine } from "./engine.ts";
import { compileTemplate, TemplateError, type Template } from "./template.ts";

/** What a template may ask for; of `message`, these members. */
const variables: ReadonlySet<string> = new Set(
  "id type timestamp host from to user class message mentioned call encrypted unread".split(" "),
);
const ofMessage: ReadonlySet<string> = new Set("id type body subject thread lang stanzaId".split(" "));

/** What is wrong with a target's template, tried out on made-up messages; null: nothing that shows. */
export function checkTemplate(target: WebhookTarget): TextProblem | null {
  if (target.template.trim() === "") return textProblem(remark("template-empty"));
  const compiled = compileTemplate(target.template);
  if ("problem" in compiled) return compiled.problem;
  return unknownVariable(target.template) ?? failure(target, compiled);
}

// A name that nothing has is rendered as nothing, which nobody means.
function unknownVariable(text: string): TextProblem | null {
  const { globals } = engine.parseAndAnalyzeSync(text);
  for (const [name, uses] of Object.entries(globals)) {
    for (const { segments, location } of uses) {
      const member = name === "message" ? segments[1] : undefined;
      const isKnown = variables.has(name) && (typeof member !== "string" || ofMessage.has(member));
      if (isKnown) continue;
      const asked = typeof member === "string" ? `${name}.${member}` : name;
      return textProblem(remark("template-variable", { name: asked }), location.row, location.col);
    }
  }
  return null;
}

function failure(target: WebhookTarget, template: Template): TextProblem | null {
  for (const message of [sampleMessage, encryptedSample]) {
    try {
      const payload = renderPayload(message, target, template);
      if (payload === null || !/[/+]json\b/i.test(target.templateType)) continue;
      const { text, unreadAt = 0 } = payload;
      const counted = payload.unreadAt === undefined ? text : `${text.slice(0, unreadAt)}1${text.slice(unreadAt)}`;
      const fault = jsonFault(counted);
      if (fault === null) continue;
      return textProblem(remark("template-not-json", { detail: fault, example: "{{ name | json }}" }));
    } catch (error) {
      if (error instanceof TemplateError) return error.problem;
      throw error;
    }
  }
  return null;
}

function jsonFault(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
