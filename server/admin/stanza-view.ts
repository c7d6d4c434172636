import type { StanzaRecord } from "../../lib/contracts/stanzas.ts";
import { Element } from "../xmpp/element.ts";
import type { Stanza } from "../xmpp/stanza.ts";
import { hollow, isSecret } from "./hollow.ts";

const mask = "•••";
/** Text that nobody has written to anybody. */
const openTexts: ReadonlySet<string> = new Set(["show", "priority"]);
/** Attributes that may let somebody in, or lead to what somebody has sent. */
const closedAttributes: ReadonlySet<string> = new Set(["url", "uri", "href", "src", "token", "secret", "password"]);
/** What is larger is shown without its content. */
const maxLength = 64 * 1024;

/** What a watch shows of a stanza. What holds passwords is shown without its content. */
export function viewOf(
  stanza: Stanza,
  isRevealed: boolean,
): Pick<StanzaRecord, "type" | "id" | "payload" | "bytes" | "xml" | "masked"> {
  const text = stanza.toString();
  const [first] = stanza.children;
  const isOpen = isRevealed && !isSecret(stanza) && text.length <= maxLength;
  return {
    type: stanza.type ?? null,
    id: stanza.id ?? null,
    payload: first === undefined ? null : `${first.name} ${first.ns}`,
    bytes: Buffer.byteLength(text),
    xml: isOpen
      ? text
      : isSecret(stanza) || text.length > maxLength
        ? hollow(stanza)
        : masked(stanza.element).toString(),
    masked: !isOpen,
  };
}

/** The element with its structure, and without what was written or may open something. */
function masked({ name, ns, attrs, children }: Element): Element {
  const shown = Array.from(attrs, ([key, value]) => [key, closedAttributes.has(key) ? mask : value] as const);
  return new Element(
    name,
    ns,
    new Map(shown),
    children.map((child) => {
      if (typeof child !== "string") return masked(child);
      return child.trim() === "" || openTexts.has(name) ? child : mask;
    }),
  );
}
