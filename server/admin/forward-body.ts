import { own } from "../core/policy/engine.ts";
import { bodyAgain } from "../forward/plan/render-again.ts";
import { TemplateError } from "../forward/templates/template.ts";
import type { OutboxEvent } from "../storage/ports.ts";
import { refused } from "./errors.ts";
import type { Admin } from "./parts.ts";

/** The request body of an event as its target's settings would have it now. */
export async function bodyNow(
  { core: { policy, stores } }: Admin,
  event: OutboxEvent,
): Promise<{ readonly contentType: string; readonly payload: string }> {
  const { id, target: name } = event;
  const settings = own(policy.document.forward.targets, name);
  if (settings === undefined) throw refused("not-found", "target-missing", { name });
  const message = await stores.outbox.messageOf(id);
  if (message === null) throw refused("not-found", "event-message-gone", { id });
  const body = await bodyAgain(event, message, settings, stores.offline).catch((error: unknown) => {
    if (error instanceof TemplateError) throw refused("conflict", "template-failed", { problem: error.message });
    throw error;
  });
  if (body === null) throw refused("conflict", "event-nothing-to-say", { target: name });
  return body;
}
