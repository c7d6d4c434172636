import { SaxesParser } from "saxes";
import { Element, type Node } from "./element.ts";
import { HEADER } from "./testing.ts";

interface Frame {
  name: string;
  ns: string;
  attrs: Map<string, string>;
  children: Node[];
}

/**
 * What somebody else's parser makes of elements written to a client's stream. Throws when it finds them ill-formed, which on
 * a real stream would disconnect the recipient.
 */
export function readIndependently(text: string): Element[] {
  const parser = new SaxesParser({ xmlns: true });
  const stack: Frame[] = [];
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", (tag) => {
    const attrs = new Map<string, string>();
    for (const attribute of Object.values(tag.attributes)) {
      if (attribute.prefix === "xmlns" || attribute.name === "xmlns") continue;
      const isPlain = attribute.prefix === "" || attribute.name === "xml:lang";
      attrs.set(isPlain ? attribute.name : `{${attribute.uri}}${attribute.local}`, attribute.value);
    }
    stack.push({ name: tag.local, ns: tag.uri, attrs, children: [] });
  });
  const addText = (data: string): void => {
    stack.at(-1)?.children.push(data);
  };
  parser.on("text", addText);
  parser.on("cdata", addText);
  let stream: readonly Node[] = [];
  parser.on("closetag", () => {
    const frame = stack.pop();
    if (frame === undefined) return;
    stack.at(-1)?.children.push(new Element(frame.name, frame.ns, frame.attrs, frame.children));
    stream = frame.children;
  });
  parser.write(`${HEADER}${text}</stream:stream>`).close();
  return stream.filter((node) => typeof node !== "string");
}
