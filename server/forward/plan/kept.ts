import type { KeptMessage } from "../../storage/ports.ts";
import { Jid } from "../../xmpp/jid.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { classify } from "../rules/classify.ts";
import type { Occasion } from "../rules/subject.ts";

/**
 * What a message that is kept for somebody who was away may be told as, now that it is late; null: it is nothing to tell.
 * Calls are left out: who missed one is not rung later.
 */
export function occasionOfKept({ host, local, from, at, xml }: Omit<KeptMessage, "id" | "type">): Occasion | null {
  const stanza = Stanza.parse(xml);
  const kind = classify(stanza, null);
  if (kind === null || kind === "call") return null;
  const user = Jid.of(local, host);
  return { class: kind, stanza, from: Jid.parse(from), to: Jid.tryParse(stanza.to ?? "") ?? user, user, at };
}
