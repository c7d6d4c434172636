import { NS } from "../../xmpp/namespaces.ts";
import type { Framing } from "../carrier.ts";
import { errorText, headerAttributes } from "../carrier.ts";

const streamDeclaration = ` xmlns:stream='${NS.stream}'`;
const clientDeclaration = ` xmlns='${NS.client}'`;
const SPACE = 0x20;
const SLASH = 0x2f;
const GREATER_THAN = 0x3e;

/** The frame of RFC 7395 3.3: each message is one whole element that stands for itself. */
export const webSocketFraming: Framing = {
  isFramed: true,
  header(carrier, { id, from, to }) {
    carrier.write(`<open xmlns='${NS.framing}' ${headerAttributes(id, from, to)}/>`);
  },
  element(carrier, xml) {
    carrier.write(standalone(xml));
  },
  end(carrier, error) {
    if (error !== undefined) carrier.write(errorText(error, streamDeclaration));
    carrier.write(`<close xmlns='${NS.framing}'/>`);
  },
};

/**
 * An element of a stream, by itself: RFC 7395 3.3.3 has no stream around it to declare `jabber:client` and the prefix of the
 * stream. The serialiser puts the declaration that an element does have right behind its name.
 */
export function standalone(xml: string): string {
  let end = 1;
  for (;;) {
    const code = xml.charCodeAt(end);
    if (code === SPACE || code === SLASH || code === GREATER_THAN) break;
    end += 1;
  }
  const isPrefixed = xml.startsWith("stream:", 1);
  if (xml.startsWith(isPrefixed ? " xmlns:stream='" : " xmlns='", end)) return xml;
  return `${xml.slice(0, end)}${isPrefixed ? streamDeclaration : clientDeclaration}${xml.slice(end)}`;
}
