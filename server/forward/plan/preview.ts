import type { ForwardTarget } from "../../../lib/contracts/forward-target.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { newEventId } from "../event-id.ts";
import { classify, classifyRoom } from "../rules/classify.ts";
import { TemplateError } from "../templates/template.ts";
import type { ForwardedMessage } from "./payload.ts";
import { renderFor } from "./render.ts";
import { sampleMessage } from "./sample.ts";
import { addressesOf } from "./simulate.ts";

/**
 * The bytes that a target would get for a stanza, or for a made-up message; null when it has nothing to say about it, or
 * its template fails. Throws SimulationError.
 */
export function preview(
  target: ForwardTarget,
  stanza: Stanza | null,
): { readonly contentType: string; readonly text: string; readonly bytes: number } | null {
  const message = stanza === null ? sampleMessage : messageOf(stanza);
  try {
    const payload = message === null ? null : renderFor(message, target);
    if (payload === null) return null;
    const { contentType, text, unreadAt } = payload;
    const counted = unreadAt === undefined ? text : `${text.slice(0, unreadAt)}1${text.slice(unreadAt)}`;
    return { contentType, text: counted, bytes: Buffer.byteLength(counted) };
  } catch (error) {
    if (error instanceof TemplateError) return null;
    throw error;
  }
}

function messageOf(stanza: Stanza): ForwardedMessage | null {
  const { from, to } = addressesOf(stanza);
  const kind = stanza.type === "groupchat" ? classifyRoom(stanza, false) : classify(stanza, null);
  if (kind === null) return null;
  return { id: newEventId(), class: kind, stanza, from, to, user: to.toBare(), host: to.domain, at: Date.now() };
}
