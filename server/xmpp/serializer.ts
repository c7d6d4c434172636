import type { Element } from "./element.ts";
import { escapeAttribute, escapeText } from "./escape.ts";
import { NS } from "./namespaces.ts";

/**
 * One attribute with its leading space. Prefixes that came in are never echoed: a key of the form `{uri}local` gets a prefix
 * of ours and its declaration.
 */
export function attributeText(key: string, value: string, index: number): string {
  if (!key.startsWith("{")) return ` ${key}='${escapeAttribute(value)}'`;
  // A namespace may have braces of its own, a local name may not (XML Names 1.0, NCName).
  const brace = key.lastIndexOf("}");
  const uri = key.slice(1, brace);
  const local = key.slice(brace + 1);
  if (uri === NS.xml) return ` xml:${local}='${escapeAttribute(value)}'`;
  return ` xmlns:a${index}='${escapeAttribute(uri)}' a${index}:${local}='${escapeAttribute(value)}'`;
}

/** Whether elements of that namespace are written with a prefix: the stream's, as RFC 6120 4.8.5 prescribes, and XML's own. */
function isPrefixed(ns: string): boolean {
  return ns === NS.stream || ns === NS.xml;
}

/** The default namespace in force between the tags of an element of that namespace. */
export function innerNamespace(ns: string, outer: string | undefined): string | undefined {
  return isPrefixed(ns) ? outer : ns;
}

/** Clients match `stream:features` literally, so that prefix is kept; all other elements use the default namespace. */
export function tagName(name: string, ns: string): string {
  if (!isPrefixed(ns)) return name;
  return ns === NS.stream ? `stream:${name}` : `xml:${name}`;
}

/** The declaration an element needs, with its leading space, where `outer` is the default namespace in force, if known. */
export function declaration(ns: string, outer: string | undefined): string {
  if (ns === NS.stream) return ` xmlns:stream='${NS.stream}'`;
  return ns === outer || ns === NS.xml ? "" : ` xmlns='${escapeAttribute(ns)}'`;
}

function openTag(element: Element, outer: string | undefined): string {
  let text = `<${tagName(element.name, element.ns)}${declaration(element.ns, outer)}`;
  let index = 0;
  for (const [key, value] of element.attrs) text += attributeText(key, value, index++);
  return text;
}

/**
 * The element as XML. `parentNs` is the default namespace at the place it is put; without it the text declares all it uses.
 * Iterative: the depth of a tree, which a peer chooses, must not become the depth of our call stack.
 */
export function serialize(element: Element, parentNs?: string): string {
  let text = openTag(element, parentNs);
  if (element.children.length === 0) return `${text}/>`;
  text += ">";

  const parents: Element[] = [];
  const positions: number[] = [];
  const outers: (string | undefined)[] = [];
  let current = element;
  let position = 0;
  let outer = innerNamespace(element.ns, parentNs);
  for (;;) {
    if (position === current.children.length) {
      text += `</${tagName(current.name, current.ns)}>`;
      const parent = parents.pop();
      if (parent === undefined) return text;
      current = parent;
      position = positions.pop() ?? 0;
      outer = outers.pop();
      continue;
    }
    const node = current.children[position++];
    if (node === undefined) continue;
    if (typeof node === "string") {
      text += escapeText(node);
    } else if (node.children.length === 0) {
      text += `${openTag(node, outer)}/>`;
    } else {
      text += `${openTag(node, outer)}>`;
      parents.push(current);
      positions.push(position);
      outers.push(outer);
      outer = innerNamespace(node.ns, outer);
      current = node;
      position = 0;
    }
  }
}
