import type { ForwardTarget } from "../../../lib/contracts/forward-target.ts";
import type { MessageOfEvent, NewOutboxEvent, OfflineStore, OutboxEvent } from "../../storage/ports.ts";
import { Jid } from "../../xmpp/jid.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import type { Payload } from "./payload.ts";
import { renderFor } from "./render.ts";

/**
 * What an event would carry if it were made by these settings; null when the target has nothing to say about the message.
 * Throws TemplateError.
 */
function renderAgain(
  event: Pick<OutboxEvent, "id" | "device" | "class" | "user">,
  { xml, from, at }: MessageOfEvent,
  settings: ForwardTarget,
): Payload | null {
  const stanza = Stanza.parse(xml);
  const user = Jid.parse(event.user);
  // Those to several devices carry the id that they have in common.
  const id = event.device === null ? event.id : event.id.slice(0, -(event.device.length + 1));
  const to = Jid.tryParse(stanza.to ?? "") ?? user;
  return renderFor(
    { id, class: event.class, stanza, from: Jid.parse(from), to, user, host: user.domain, at },
    settings,
  );
}

/** {@link renderAgain} with the count of what waits for its user now, where it tells one. */
export async function bodyAgain(
  event: Pick<OutboxEvent, "id" | "device" | "class" | "user">,
  message: MessageOfEvent,
  settings: ForwardTarget,
  offline: Pick<OfflineStore, "depth">,
): Promise<Pick<NewOutboxEvent, "contentType" | "payload"> | null> {
  const rendered = renderAgain(event, message, settings);
  if (rendered === null) return null;
  const { contentType, text, unreadAt } = rendered;
  if (unreadAt === undefined) return { contentType, payload: text };
  const { domain, local } = Jid.parse(event.user);
  const { messages } = await offline.depth(domain, local);
  return { contentType, payload: `${text.slice(0, unreadAt)}${messages}${text.slice(unreadAt)}` };
}
