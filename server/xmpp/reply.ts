import { el, type Element } from "./element.ts";
import type { StanzaError } from "./errors.ts";
import { Stanza } from "./stanza.ts";

function reply(stanza: Stanza, type: string, ...children: Element[]): Stanza {
  return Stanza.from(
    el(stanza.name, stanza.ns, { to: stanza.from, from: stanza.to, type, id: stanza.id }, ...children),
  );
}

/**
 * The error answer to a stanza (RFC 6120 8.3.1): addresses swapped, same id, the content left out as the RFC allows. `by`: the
 * address of who says so, if that is not the addressee (8.3.2).
 */
export function errorReply(stanza: Stanza, error: StanzaError, by?: string): Stanza {
  return reply(stanza, "error", error.toElement(stanza.ns, by));
}

/** The result of an iq (RFC 6120 8.2.3): addresses swapped, same id. */
export function resultReply(stanza: Stanza, payload?: Element): Stanza {
  return payload === undefined ? reply(stanza, "result") : reply(stanza, "result", payload);
}
