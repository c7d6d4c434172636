import type { Packet } from "../../core/router.ts";
import type { StanzaError } from "../../xmpp/errors.ts";
import { errorReply } from "../../xmpp/reply.ts";
import type { Stanza } from "../../xmpp/stanza.ts";

/** A room's answer to what it does not do. It tells that it is not the addressed occupant's (RFC 6120 8.3.2, XEP-0045 7.2). */
export function refusal({ stanza, to }: Packet, error: StanzaError): Stanza {
  return errorReply(stanza, error, to.resource === "" ? undefined : to.bare);
}
