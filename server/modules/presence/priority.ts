import type { Stanza } from "../../xmpp/stanza.ts";

/** The priority of a presence stanza, 0 without one; undefined when it is none (RFC 6121 4.7.2.3). */
export function priorityOf(stanza: Stanza): number | undefined {
  const text = stanza.childText("priority")?.trim();
  if (text === undefined) return 0;
  if (!/^[+-]?\d{1,3}$/.test(text)) return undefined;
  const priority = Number(text);
  return priority >= -128 && priority <= 127 ? priority : undefined;
}
