import { Element, type Node } from "./element.ts";
import { normaliseLineEnds, unescapeAttribute, unescapeText } from "./escape.ts";
import { NS } from "./namespaces.ts";

/** The namespaces in force at some place: prefix to URI, the default namespace under "". */
export type Scope = ReadonlyMap<string, string>;

interface OpenElement {
  readonly name: string;
  readonly ns: string;
  readonly attrs: Map<string, string> | undefined;
  readonly children: Node[];
  readonly defaultNs: string;
  readonly scope: Scope;
}

interface Tag {
  readonly name: string;
  /** Raw names and values, alternating. */
  readonly attributes: readonly string[];
  readonly end: number;
  readonly isEmpty: boolean;
}

// Not \s: U+1680 and U+FEFF are name characters in XML.
const NAME_END = /[ \t\r\n/>=]/g;
const NOT_SPACE = /[^ \t\r\n]/g;

function find(pattern: RegExp, source: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(source)?.index ?? source.length;
}

function readTag(source: string, start: number): Tag {
  let at = find(NAME_END, source, start + 1);
  const name = source.slice(start + 1, at);
  const attributes: string[] = [];
  for (;;) {
    at = find(NOT_SPACE, source, at);
    if (source[at] === ">") return { name, attributes, end: at + 1, isEmpty: false };
    if (source[at] === "/") return { name, attributes, end: at + 2, isEmpty: true };
    const nameEnd = find(NAME_END, source, at);
    const open = find(NOT_SPACE, source, source.indexOf("=", nameEnd) + 1);
    const close = source.indexOf(source[open] ?? "", open + 1);
    attributes.push(source.slice(at, nameEnd), unescapeAttribute(source.slice(open + 1, close)));
    at = close + 1;
  }
}

function widen(scope: Scope, attributes: readonly string[]): Scope {
  let inner: Map<string, string> | undefined;
  for (let i = 0; i < attributes.length; i += 2) {
    const key = attributes[i]!;
    if (key.startsWith("xmlns:")) (inner ??= new Map(scope)).set(key.slice(6), attributes[i + 1]!);
  }
  return inner ?? scope;
}

function resolve(scope: Scope, prefix: string, alias: string | undefined): string {
  const uri = prefix === "xml" ? NS.xml : (scope.get(prefix) ?? "");
  return uri === alias ? NS.client : uri;
}

function readAttributes(scope: Scope, attributes: readonly string[], alias?: string): Map<string, string> | undefined {
  let attrs: Map<string, string> | undefined;
  for (let i = 0; i < attributes.length; i += 2) {
    const key = attributes[i]!;
    if (key === "xmlns" || key.startsWith("xmlns:")) continue;
    const colon = key.indexOf(":");
    const isPlain = colon < 0 || key === "xml:lang";
    const expanded = isPlain ? key : `{${resolve(scope, key.slice(0, colon), alias)}}${key.slice(colon + 1)}`;
    (attrs ??= new Map()).set(expanded, attributes[i + 1]!);
  }
  return attrs;
}

function openElement(tag: Tag, outerDefault: string, outer: Scope, alias: string | undefined): OpenElement {
  const scope = widen(outer, tag.attributes);
  const declared = tag.attributes.findIndex((text, index) => index % 2 === 0 && text === "xmlns");
  const defaultNs = declared < 0 ? outerDefault : tag.attributes[declared + 1]!;
  const colon = tag.name.indexOf(":");
  return {
    name: colon < 0 ? tag.name : tag.name.slice(colon + 1),
    ns: colon < 0 ? (defaultNs === alias ? NS.client : defaultNs) : resolve(scope, tag.name.slice(0, colon), alias),
    attrs: readAttributes(scope, tag.attributes, alias),
    children: [],
    defaultNs,
    scope,
  };
}

function addText(element: OpenElement, text: string): void {
  const last = element.children.length - 1;
  const previous = element.children[last];
  if (typeof previous === "string") element.children[last] = previous + text;
  else if (text !== "") element.children.push(text);
}

/**
 * Builds the tree of the element that begins at `start`. The text has been through the scanner, so it is taken to be valid;
 * what the scanner has not seen does not belong here. `alias` is a content namespace to be read as `jabber:client`.
 */
export function parseTree(source: string, start: number, outer: Scope, alias?: string): Element {
  const stack: OpenElement[] = [];
  let current: OpenElement | undefined;
  let at = start;
  for (;;) {
    if (source[at] !== "<") {
      const end = source.indexOf("<", at);
      if (end < 0 || current === undefined) throw new Error("the text was not scanned before");
      addText(current, unescapeText(source.slice(at, end)));
      at = end;
      continue;
    }
    if (source[at + 1] === "!" && current !== undefined) {
      const end = source.indexOf("]]>", at);
      addText(current, normaliseLineEnds(source.slice(at + "<![CDATA[".length, end)));
      at = end + 3;
      continue;
    }
    let closed: OpenElement | undefined;
    if (source[at + 1] === "/") {
      at = source.indexOf(">", at) + 1;
      closed = current;
      current = stack.pop();
    } else {
      const tag = readTag(source, at);
      const opened = openElement(tag, current?.defaultNs ?? outer.get("") ?? "", current?.scope ?? outer, alias);
      at = tag.end;
      if (tag.isEmpty) {
        closed = opened;
      } else {
        if (current !== undefined) stack.push(current);
        current = opened;
      }
    }
    if (closed === undefined) continue;
    const element = new Element(closed.name, closed.ns, closed.attrs, closed.children);
    if (current === undefined) return element;
    current.children.push(element);
  }
}
