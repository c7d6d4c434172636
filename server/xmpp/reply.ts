import { el, type Element } from "./element.ts";
import type { StanzaError } from "./errors.ts";
import { Stanza } from "./stanza.ts";

function reply(stanza: Stanza, type: string, ...children: Element[]): Stanza {
  return Stanza.from(
    el(stanza.name, stanza.ns, { to: stanza.from, from: stanza.to, type, id: stanza.id }, ...children),
  );
}

/** The error answer to a stanza (RFC 6120 8.3.1): addresses swapped, same id, the content left out as the RFC allows. */
export function errorReply(stanza: Stanza, error: StanzaError): Stanza {
  return reply(stanza, "error", error.toElement(stanza.ns));
}

/** The result of an iq (RFC 6120 8.2.3): addresses swapped, same id. */
export function resultReply(stanza: Stanza, payload?: Element): Stanza {
  return payload === undefined ? reply(stanza, "result") : reply(stanza, "result", payload);
}
