import { ChildRef } from "./child-ref.ts";
import { scanDocument } from "./document.ts";
import type { Element } from "./element.ts";
import { escapeText, unescapeAttribute } from "./escape.ts";
import { intern } from "./intern.ts";
import { postAuthLimits, type XmlLimits } from "./limits.ts";
import { NS } from "./namespaces.ts";
import type { ElementScan } from "./scan.ts";
import { attributeText, declaration, innerNamespace, serialize, tagName } from "./serializer.ts";
import { attributeFields } from "./structure.ts";
import { parseTree, type Scope } from "./tree.ts";

export type StanzaKind = "message" | "presence" | "iq" | "nonza";

/** Attribute values by key as in `Element.attrs`; undefined takes an attribute away. */
export type AttributeChanges = Readonly<Record<string, string | undefined>>;

interface StartTag {
  to: string | undefined;
  from: string | undefined;
  type: string | undefined;
  id: string | undefined;
  lang: string | undefined;
  /** What else there is, keys and values alternating. */
  others: readonly string[];
}

const NO_OTHERS: readonly string[] = [];
const CLIENT_SCOPE: Scope = new Map([["", NS.client]]);

function kindOf(name: string, ns: string): StanzaKind {
  if (ns !== NS.client) return "nonza";
  return name === "message" || name === "presence" || name === "iq" ? name : "nonza";
}

function withOther(others: readonly string[], key: string, value: string | undefined): readonly string[] {
  const kept: string[] = [];
  for (let i = 0; i < others.length; i += 2) if (others[i] !== key) kept.push(others[i]!, others[i + 1]!);
  if (value !== undefined) kept.push(key, value);
  return kept;
}

function setAttribute(tag: StartTag, key: string, value: string | undefined): void {
  switch (key) {
    case "to":
      tag.to = value;
      break;
    case "from":
      tag.from = value;
      break;
    case "type":
      tag.type = value;
      break;
    case "id":
      tag.id = value;
      break;
    case "xml:lang":
      tag.lang = value;
      break;
    default:
      tag.others = withOther(tag.others, key, value);
  }
}

function emptyTag(): StartTag {
  return { to: undefined, from: undefined, type: undefined, id: undefined, lang: undefined, others: NO_OTHERS };
}

/** The default namespace between the tags of a stanza's own text. */
function contentNamespace(ns: string): string | undefined {
  return innerNamespace(ns, undefined);
}

function scopeOf(ns: string | undefined): Scope {
  return ns === NS.client ? CLIENT_SCOPE : new Map([["", ns ?? ""]]);
}

function readStartTag(scan: ElementScan, source: string, bytes: Buffer, base: number): StartTag {
  const { structure } = scan;
  const { rootAttributes } = structure;
  const isAscii = structure.rootShrink === 0;
  const tag = emptyTag();
  for (let i = 0; i < structure.rootAttributeCount * attributeFields; i += attributeFields) {
    const colon = rootAttributes[i + 1]!;
    const from = rootAttributes[i + 3]!;
    const to = rootAttributes[i + 4]!;
    let key = intern(bytes, base + rootAttributes[i]!, base + rootAttributes[i + 2]!);
    if (key === "xmlns" || key.startsWith("xmlns:")) continue;
    if (colon > 0 && key !== "xml:lang") {
      const local = key.indexOf(":");
      key = `{${structure.rootPrefix(key.slice(0, local))}}${key.slice(local + 1)}`;
    }
    const raw = isAscii ? source.slice(from, to) : bytes.toString("utf8", base + from, base + to);
    setAttribute(tag, key, rootAttributes[i + 5] === 0 ? raw : unescapeAttribute(raw));
  }
  return tag;
}

/**
 * A top-level stream element with its text; immutable. The content between its tags is kept as it came in, once the scanner
 * has proved it strictly valid and independent of its stream, and is shared by all stanzas derived from this one: changing
 * attributes costs a start tag, and a child is parsed only when somebody looks into it.
 *
 * As in `Element`, a child's namespace left out means the namespace of the stanza.
 */
export class Stanza {
  readonly name: string;
  readonly ns: string;
  readonly kind: StanzaKind;
  /** Attributes as text; addresses are neither checked nor prepared. */
  readonly id: string | undefined;
  readonly type: string | undefined;
  readonly to: string | undefined;
  readonly from: string | undefined;
  readonly lang: string | undefined;
  readonly children: readonly ChildRef[];
  private readonly others: readonly string[];
  private readonly content: string;
  private text: string | undefined;
  private tree: Element | undefined;

  private constructor(name: string, ns: string, tag: StartTag, content: string, children: readonly ChildRef[]) {
    this.name = name;
    this.ns = ns;
    this.kind = kindOf(name, ns);
    this.id = tag.id;
    this.type = tag.type;
    this.to = tag.to;
    this.from = tag.from;
    this.lang = tag.lang;
    this.others = tag.others;
    this.content = content;
    this.children = children;
    this.text = undefined;
    this.tree = undefined;
  }

  static from(element: Element): Stanza {
    const tag = emptyTag();
    for (const [key, value] of element.attrs) setAttribute(tag, key, value);
    const inner = contentNamespace(element.ns);
    let content = "";
    const children: ChildRef[] = [];
    for (const node of element.children) {
      if (typeof node === "string") {
        content += escapeText(node);
        continue;
      }
      const start = content.length;
      content += serialize(node, inner);
      children.push(new ChildRef(node.name, node.ns, start, content.length, node));
    }
    return new Stanza(element.name, element.ns, tag, content, children);
  }

  /** Reads stored or handmade XML whose default namespace is `jabber:client`. Throws StreamError. */
  static parse(xml: string, limits: XmlLimits = postAuthLimits): Stanza {
    const { scan, bytes, base } = scanDocument(xml, limits, CLIENT_SCOPE);
    return Stanza.fromScan(scan, bytes, base);
  }

  /** Makes the stanza of a completed scan, whose bytes begin at `base`. */
  static fromScan(scan: ElementScan, bytes: Buffer, base: number): Stanza {
    const { structure } = scan;
    const source = bytes.toString(structure.shrink === 0 ? "latin1" : "utf8", base, base + scan.offset);
    if (!structure.isPortable) return Stanza.from(parseTree(source, 0, structure.rootScope(), structure.alias));
    const tag = readStartTag(scan, source, bytes, base);
    const content = source.slice(structure.contentStart, structure.contentEnd);
    return new Stanza(structure.rootName, structure.rootNs, tag, content, structure.children);
  }

  attr(name: string): string | undefined {
    switch (name) {
      case "to":
        return this.to;
      case "from":
        return this.from;
      case "type":
        return this.type;
      case "id":
        return this.id;
      case "xml:lang":
        return this.lang;
    }
    for (let i = 0; i < this.others.length; i += 2) if (this.others[i] === name) return this.others[i + 1];
    return undefined;
  }

  has(name: string, ns: string = this.ns): boolean {
    for (const ref of this.children) if (ref.name === name && ref.ns === ns) return true;
    return false;
  }

  /** The first such child; only its part of the text is parsed, and only once. */
  child(name: string, ns: string = this.ns): Element | undefined {
    for (const ref of this.children) if (ref.name === name && ref.ns === ns) return this.parsed(ref);
    return undefined;
  }

  /** The first element child. */
  get payload(): Element | undefined {
    const first = this.children[0];
    return first === undefined ? undefined : this.parsed(first);
  }

  /** The first element child as it was written. */
  get payloadText(): string {
    const first = this.children[0];
    return first === undefined ? "" : this.content.slice(first.start, first.end);
  }

  /** The whole tree. */
  get element(): Element {
    this.tree ??= parseTree(this.toString(), 0, CLIENT_SCOPE);
    return this.tree;
  }

  childText(name: string, ns: string = this.ns): string | undefined {
    return this.child(name, ns)?.text;
  }

  /** The same content under changed attributes. */
  with(changes: AttributeChanges): Stanza {
    const { to, from, type, id, lang, others } = this;
    const tag: StartTag = { to, from, type, id, lang, others };
    for (const key in changes) setAttribute(tag, key, changes[key]);
    return new Stanza(this.name, this.ns, tag, this.content, this.children);
  }

  append(...elements: readonly Element[]): Stanza {
    let content = this.content;
    const children = this.children.slice();
    for (const element of elements) {
      const start = content.length;
      content += serialize(element, contentNamespace(this.ns));
      children.push(new ChildRef(element.name, element.ns, start, content.length, element));
    }
    return new Stanza(this.name, this.ns, this.tag(), content, children);
  }

  /** As {@link append}, for one element that the caller has written itself, with all declarations that it needs. */
  appendWritten(name: string, ns: string, xml: string): Stanza {
    const { content } = this;
    const children = this.children.slice();
    children.push(new ChildRef(name, ns, content.length, content.length + xml.length));
    return new Stanza(this.name, this.ns, this.tag(), content + xml, children);
  }

  prepend(...elements: readonly Element[]): Stanza {
    let content = "";
    const children: ChildRef[] = [];
    for (const element of elements) {
      const start = content.length;
      content += serialize(element, contentNamespace(this.ns));
      children.push(new ChildRef(element.name, element.ns, start, content.length, element));
    }
    for (const ref of this.children) children.push(ref.moved(content.length));
    return new Stanza(this.name, this.ns, this.tag(), content + this.content, children);
  }

  /** Leaves out the children that match; the stanza itself when none does. */
  without(match: (child: Element) => boolean): Stanza {
    let content = "";
    let copied = 0;
    const children: ChildRef[] = [];
    for (const ref of this.children) {
      if (match(this.parsed(ref))) {
        content += this.content.slice(copied, ref.start);
        copied = ref.end;
      } else {
        children.push(ref.moved(content.length - copied));
      }
    }
    if (children.length === this.children.length) return this;
    return new Stanza(this.name, this.ns, this.tag(), content + this.content.slice(copied), children);
  }

  /** XML for a stream whose default namespace is `jabber:client`; any other namespace is declared. */
  toString(): string {
    this.text ??= this.write();
    return this.text;
  }

  private write(): string {
    const name = tagName(this.name, this.ns);
    let text = `<${name}${declaration(this.ns, NS.client)}`;
    if (this.to !== undefined) text += attributeText("to", this.to, 0);
    if (this.from !== undefined) text += attributeText("from", this.from, 0);
    if (this.type !== undefined) text += attributeText("type", this.type, 0);
    if (this.id !== undefined) text += attributeText("id", this.id, 0);
    if (this.lang !== undefined) text += attributeText("xml:lang", this.lang, 0);
    for (let i = 0; i < this.others.length; i += 2) text += attributeText(this.others[i]!, this.others[i + 1]!, i);
    return this.content === "" ? `${text}/>` : `${text}>${this.content}</${name}>`;
  }

  private tag(): StartTag {
    const { to, from, type, id, lang, others } = this;
    return { to, from, type, id, lang, others };
  }

  private parsed(ref: ChildRef): Element {
    ref.element ??= parseTree(this.content, ref.start, scopeOf(contentNamespace(this.ns)));
    return ref.element;
  }
}
