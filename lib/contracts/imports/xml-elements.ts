/** An element as far as data needs it: namespaces and the order of text and children say nothing here. */
export interface XmlNode {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlNode[];
  readonly text: string;
}

interface OpenNode {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlNode[];
  text: string;
}

/** A text that is no XML, or uses what data has no need of: DTDs and entities of its own. */
export class XmlDataError extends Error {
  override readonly name = "XmlDataError";
}

/** What is not complete after so many characters never will be. */
const maxToken = 1024 * 1024;
const maxElement = 16 * 1024 * 1024;
const maxDepth = 100;

const NAME = String.raw`[A-Za-z_][\w.:-]*`;
const ATTRIBUTE = String.raw`\s+${NAME}\s*=\s*(?:"[^"<]*"|'[^'<]*')`;
/** A declaration or comment, characters as they are, an end tag, a start tag, or text. */
const TOKEN = new RegExp(
  [
    String.raw`(<\?[^]*?\?>|<!--[^]*?-->)`,
    String.raw`<!\[CDATA\[([^]*?)\]\]>`,
    String.raw`<\/(${NAME})\s*>`,
    String.raw`<(${NAME})((?:${ATTRIBUTE})*)\s*(\/?)>`,
    String.raw`([^<]+)(?=<)`,
  ].join("|"),
  "y",
);
const PAIR = new RegExp(String.raw`(${NAME})\s*=\s*(?:"([^"<]*)"|'([^'<]*)')`, "g");
const ENTITY = /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi;
const named: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

/** The elements of one name, wherever they stand, each when it is complete: one is held at a time. Throws XmlDataError. */
export async function* xmlElements(text: AsyncIterable<string>, wanted: string): AsyncGenerator<XmlNode> {
  const token = new RegExp(TOKEN, "y");
  const path: string[] = [];
  /** From the element that is wanted to the one that is read. */
  const open: OpenNode[] = [];
  let rest = "";
  let held = 0;
  for await (const piece of text) {
    rest += piece;
    let at = 0;
    for (;;) {
      token.lastIndex = at;
      const found = token.exec(rest);
      if (found === null) break;
      at = token.lastIndex;
      const [whole, , characters, ended, begun, attributes = "", isEmpty, words] = found;
      const inner = open.at(-1);
      held = inner === undefined ? 0 : held + whole.length;
      if (held > maxElement) throw new XmlDataError(`an element ${wanted} is too long`);
      if (inner !== undefined) inner.text += characters ?? (words === undefined ? "" : resolved(words));
      if (begun !== undefined) {
        if (path.push(begun) > maxDepth) throw new XmlDataError("elements are in one another too deeply");
        if (open.length > 0 || begun === wanted)
          open.push({ name: begun, attributes: attributesOf(attributes), children: [], text: "" });
      }
      if (ended === undefined && isEmpty !== "/") continue;
      if (path.pop() !== (ended ?? begun))
        throw new XmlDataError(`the element ${ended ?? ""} ends where it did not begin`);
      const done = open.pop();
      if (done === undefined) continue;
      const outer = open.at(-1);
      if (outer === undefined) yield done;
      else outer.children.push(done);
    }
    rest = rest.slice(at);
    if (rest.length > maxToken) throw new XmlDataError(`this is no XML: ${rest.slice(0, 40)}`);
  }
  if (path.length > 0 || rest.trim() !== "") throw new XmlDataError("it ends in the middle");
}

function attributesOf(text: string): Map<string, string> {
  return new Map(Array.from(text.matchAll(PAIR), ([, name = "", one, other]) => [name, resolved(one ?? other ?? "")]));
}

/** With the characters that references stand for; any other name of an entity is left as it is. */
function resolved(text: string): string {
  return text.replaceAll(ENTITY, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return named.get(name.toLowerCase()) ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
  });
}
