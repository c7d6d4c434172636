import { SaxesParser } from "saxes";

export const framing = "urn:ietf:params:xml:ns:xmpp-framing";

/** A stream's text as the messages of RFC 7395: its tags as `<open/>` and `<close/>`, each element by itself. */
export function toMessages(text: string): string[] {
  const header = /^\s*(?:<\?xml[^>]*>)?\s*<stream:stream ([^>]*)>/.exec(text);
  if (header !== null) {
    const attributes = header[1]!.replaceAll(/xmlns(:stream)?='[^']*' ?/g, "");
    return [`<open xmlns='${framing}' ${attributes}/>`, ...toMessages(text.slice(header[0].length))];
  }
  if (text.trim() === "</stream:stream>") return [`<close xmlns='${framing}'/>`];
  return elementsOf(text).map((element) =>
    element.replace(/^<([^\s/>]+)([^>]*)/, (tag, name: string, rest: string) =>
      /\sxmlns=/.test(rest) ? tag : `<${name} xmlns='jabber:client'${rest}`,
    ),
  );
}

/** A server's header for a parser of streams. */
export function streamTag(attributes: string): string {
  return `<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' ${attributes}>`;
}

/** The top-level elements of a piece of a stream. */
function elementsOf(text: string): string[] {
  const parser = new SaxesParser({ fragment: true });
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", () => {
    depth += 1;
  });
  parser.on("closetag", () => {
    depth -= 1;
    if (depth > 0) return;
    found.push(text.slice(start, parser.position).trim());
    start = parser.position;
  });
  parser.write(text).close();
  return found;
}
