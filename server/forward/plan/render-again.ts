import type { ForwardTarget } from "../../../lib/contracts/forward-target.ts";
import type { OutboxEvent } from "../../storage/ports.ts";
import { Jid } from "../../xmpp/jid.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import type { Payload } from "./payload.ts";
import { renderFor } from "./render.ts";

/** The message that an event is about, as it was kept. */
interface Kept {
  readonly xml: string;
  readonly from: string;
  readonly at: number;
}

/**
 * What an event would carry if it were made by these settings; null when the target has nothing to say about the message.
 * Throws TemplateError.
 */
export function renderAgain(
  event: Pick<OutboxEvent, "id" | "device" | "class" | "user">,
  { xml, from, at }: Kept,
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
