import type { ForwardTarget } from "../../../lib/contracts/forward-target.ts";
import { renderApns } from "../push/apns/payload.ts";
import { renderAppServer } from "../push/app-server/payload.ts";
import { renderFcm } from "../push/fcm/payload.ts";
import { pushMessage } from "../push/message.ts";
import { renderWebPush } from "../push/webpush/payload.ts";
import { compileTemplate, type Template } from "../templates/template.ts";
import { renderPayload, type ForwardedMessage, type Payload } from "./payload.ts";

/** A target with what its settings take time to make of. */
export interface PreparedTarget {
  readonly name: string;
  readonly settings: ForwardTarget;
  /** null: its preset has none, or it cannot be read. */
  readonly template: Template | null;
}

export function prepare(name: string, settings: ForwardTarget): PreparedTarget {
  if (settings.kind !== "webhook" || settings.preset !== "template") return { name, settings, template: null };
  const template = compileTemplate(settings.template);
  return { name, settings, template: "problem" in template ? null : template };
}

/** What a target of any kind gets; null when it has nothing to say about this message. Throws TemplateError. */
export function render(
  message: ForwardedMessage,
  { settings, template }: Pick<PreparedTarget, "settings" | "template">,
): Payload | null {
  switch (settings.kind) {
    case "webhook":
      return renderPayload(message, settings, template);
    case "apns":
      return renderApns(pushMessage(message), settings);
    case "fcm":
      return renderFcm(pushMessage(message), settings);
    case "webpush":
      return renderWebPush(pushMessage(message), settings);
    default:
      return renderAppServer(pushMessage(message), settings);
  }
}

/** {@link render} for settings that are used once. */
export function renderFor(message: ForwardedMessage, settings: ForwardTarget): Payload | null {
  return render(message, prepare("", settings));
}
