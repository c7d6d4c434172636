import { serialize } from "./serializer.ts";

export type Node = Element | string;

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();
const NO_NODES: readonly Node[] = [];

/**
 * An XML element; immutable. Attribute keys are the plain local name, `xml:lang` literally, and `{uri}local` for any other
 * prefixed attribute. Namespace declarations are no attributes: `ns` says it all, and prefixes are not kept.
 *
 * Wherever a child is looked up by name, leaving out the namespace means the namespace of the parent, as in
 * `query.elements("item")`; a child in another namespace is asked for by both.
 */
export class Element {
  readonly name: string;
  readonly ns: string;
  readonly attrs: ReadonlyMap<string, string>;
  readonly children: readonly Node[];

  constructor(name: string, ns: string, attrs?: ReadonlyMap<string, string>, children?: readonly Node[]) {
    this.name = name;
    this.ns = ns;
    this.attrs = attrs ?? NO_ATTRIBUTES;
    this.children = children ?? NO_NODES;
  }

  attr(name: string): string | undefined {
    return this.attrs.get(name);
  }

  is(name: string, ns: string): boolean {
    return this.name === name && this.ns === ns;
  }

  child(name: string, ns: string = this.ns): Element | undefined {
    for (const node of this.children) {
      if (typeof node !== "string" && node.name === name && node.ns === ns) return node;
    }
    return undefined;
  }

  /** All element children, or those of one name. */
  elements(name?: string, ns: string = this.ns): Element[] {
    const found: Element[] = [];
    for (const node of this.children) {
      if (typeof node !== "string" && (name === undefined || (node.name === name && node.ns === ns))) found.push(node);
    }
    return found;
  }

  /** The first element child. */
  get payload(): Element | undefined {
    for (const node of this.children) if (typeof node !== "string") return node;
    return undefined;
  }

  /** The text directly inside this element, concatenated; "" when there is none. */
  get text(): string {
    let text = "";
    for (const node of this.children) if (typeof node === "string") text += node;
    return text;
  }

  childText(name: string, ns: string = this.ns): string | undefined {
    return this.child(name, ns)?.text;
  }

  /** XML that needs nothing from its surroundings: every namespace is declared inside. */
  toString(): string {
    return serialize(this);
  }
}

/** Builds an element; attributes and children that are undefined are left out. */
export function el(
  name: string,
  ns: string,
  attrs?: Record<string, string | undefined>,
  ...children: readonly (Node | undefined)[]
): Element {
  let map: Map<string, string> | undefined;
  if (attrs !== undefined) {
    for (const [key, value] of Object.entries(attrs)) if (value !== undefined) (map ??= new Map()).set(key, value);
  }
  const nodes = children.length === 0 ? undefined : children.filter((node) => node !== undefined && node !== "");
  return new Element(name, ns, map, nodes as Node[] | undefined);
}
