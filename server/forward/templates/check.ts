import type { WebhookTarget } from "../../../lib/contracts/forward-target.ts";
import { renderPayload } from "../plan/payload.ts";
import type { TextProblem } from "../rules/expression.ts";
import { encryptedSample, sampleMessage } from "../plan/sample.ts";
import { engine } from "./engine.ts";
import { compileTemplate, TemplateError, type Template } from "./template.ts";

/** What a template may ask for; of `message`, these members. */
const variables: ReadonlySet<string> = new Set(
  "id type timestamp host from to user class message mentioned call encrypted unread".split(" "),
);
const ofMessage: ReadonlySet<string> = new Set("id type body subject thread lang stanzaId".split(" "));

/** What is wrong with a target's template, tried out on made-up messages; null: nothing that shows. */
export function checkTemplate(target: WebhookTarget): TextProblem | null {
  if (target.template.trim() === "") return { message: "The template is empty.", line: 1, column: 1 };
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
      return { message: `There is no variable ${asked}.`, line: location.row, column: location.col };
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
      const reason = jsonFault(counted);
      if (reason === null) continue;
      const hint = "write values as {{ name | json }}, without quotes around them";
      return { message: `What it makes of a message is not JSON: ${reason}; ${hint}.`, line: 1, column: 1 };
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
