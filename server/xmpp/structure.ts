import { ChildRef } from "./child-ref.ts";
import { StreamError } from "./errors.ts";
import { unescapeAttribute } from "./escape.ts";
import { intern } from "./intern.ts";
import type { XmlLimits } from "./limits.ts";
import { NS } from "./namespaces.ts";
import type { Scope } from "./tree.ts";

/** Numbers that describe one attribute: name start, colon (0 without), name end, value start, value end, 1 if to be unescaped. */
export const attributeFields = 6;
const pairwiseAttributes = 8;
const XMLNS = [0x78, 0x6d, 0x6c, 0x6e, 0x73];

interface PrefixDeclaration {
  readonly prefix: string;
  readonly uri: string;
  readonly depth: number;
  /** The declaration of the same prefix further out. */
  readonly shadowed: PrefixDeclaration | undefined;
}

function exceeded(limit: keyof XmlLimits, value: number): StreamError {
  return new StreamError("policy-violation", `${limit} is ${value}`);
}

function isSameName(bytes: Uint8Array, one: number, other: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (bytes[one + i] !== bytes[other + i]) return false;
  return true;
}

/** Some parsers take white space off a namespace before they look at it, and would then refuse what we let pass. */
function isReserved(uri: string): boolean {
  const trimmed = uri.trim();
  return trimmed === NS.xml || trimmed === NS.xmlns;
}

function startsWithXmlns(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < XMLNS.length; i++) if (bytes[at + i] !== XMLNS[i]) return false;
  return true;
}

/**
 * What the tags of one top-level element mean: nesting, namespaces, limits, and the record a `Stanza` is made from. Offsets
 * are bytes from the first byte of the element, or, where they say units, UTF-16 units of its text.
 */
export class ElementStructure {
  limits: XmlLimits;
  /** Namespaces of the stream around the element. */
  outer: Scope;
  /** The stream's content namespace where it is another than `jabber:client`, as which it is read. */
  alias: string | undefined;
  /** Bytes less units, so far. */
  shrink = 0;
  depth = 0;
  attributes: number[] = [];
  attributeCount = 0;
  prefixedCount = 0;

  rootName = "";
  rootNameEnd = 0;
  rootNs = "";
  rootAttributes: number[] = [];
  rootAttributeCount = 0;
  /** `shrink` at the end of the start tag: 0 when the tag is ASCII. */
  rootShrink = 0;
  contentStart = 0;
  contentEnd = 0;
  /** The default namespace between the root's tags. */
  contentNs = "";
  children: ChildRef[] = [];
  /** Whether the content means the same wherever `contentNs` is the default namespace. */
  isPortable = true;

  private readonly names: number[] = [];
  private readonly declarations: PrefixDeclaration[] = [];
  private readonly byPrefix = new Map<string, PrefixDeclaration>();
  private elements = 0;
  private namespaces = 0;

  constructor(limits: XmlLimits, outer: Scope, alias: string | undefined) {
    this.limits = limits;
    this.outer = outer;
    this.alias = alias;
  }

  reset(limits: XmlLimits, outer: Scope, alias: string | undefined): void {
    this.limits = limits;
    this.outer = outer;
    this.alias = alias;
    this.shrink = 0;
    this.depth = 0;
    this.attributeCount = 0;
    this.prefixedCount = 0;
    this.children = [];
    this.isPortable = true;
    if (this.declarations.length > 0) {
      this.declarations.length = 0;
      this.byPrefix.clear();
    }
    this.elements = 0;
    this.namespaces = 0;
  }

  /** Whether so much was seen that keeping the arrays for another element would waste memory. */
  get isLarge(): boolean {
    return this.attributes.length + this.rootAttributes.length + this.names.length > 1000;
  }

  addAttribute(
    nameStart: number,
    colon: number,
    nameEnd: number,
    valueStart: number,
    valueEnd: number,
    escaped: number,
  ): void {
    const { attributes, limits } = this;
    if (this.attributeCount >= limits.maxAttributes) throw exceeded("maxAttributes", limits.maxAttributes);
    let at = this.attributeCount++ * attributeFields;
    attributes[at++] = nameStart;
    attributes[at++] = colon;
    attributes[at++] = nameEnd;
    attributes[at++] = valueStart;
    attributes[at++] = valueEnd;
    attributes[at] = escaped;
    if (colon > 0) this.prefixedCount++;
  }

  /** A start tag has been read up to its last byte; `tagStart` and `tagEnd` in bytes, `startShrink` is `shrink` where it began. */
  open(
    bytes: Buffer,
    base: number,
    tagStart: number,
    startShrink: number,
    nameStart: number,
    colon: number,
    nameEnd: number,
    tagEnd: number,
  ): void {
    const depth = ++this.depth;
    if (depth > this.limits.maxDepth) throw exceeded("maxDepth", this.limits.maxDepth);
    if (++this.elements > this.limits.maxElements) throw exceeded("maxElements", this.limits.maxElements);
    this.names[2 * depth - 2] = nameStart;
    this.names[2 * depth - 1] = nameEnd;

    let defaultNs: string | undefined;
    if (this.attributeCount > 0) {
      if (this.attributeCount > 1) this.refuseDuplicates(bytes, base);
      defaultNs = this.readDeclarations(bytes, base);
      if (this.prefixedCount > 0) this.checkPrefixes(bytes, base);
    }
    if (depth === 1) {
      this.contentNs = this.fold(defaultNs ?? this.outer.get("") ?? "");
      this.rootNs = colon === 0 ? this.contentNs : this.resolve(bytes, base + nameStart, base + colon);
      this.rootName = intern(bytes, base + (colon === 0 ? nameStart : colon + 1), base + nameEnd);
      this.rootNameEnd = nameEnd;
      this.rootShrink = this.shrink;
      this.contentStart = this.contentEnd = tagEnd - this.shrink;
      this.isPortable = this.rootNs === this.contentNs;
      const spare = this.rootAttributes;
      this.rootAttributes = this.attributes;
      this.rootAttributeCount = this.attributeCount;
      this.attributes = spare;
    } else if (depth === 2) {
      const ns = colon === 0 ? (defaultNs ?? this.contentNs) : this.resolve(bytes, base + nameStart, base + colon);
      const name = intern(bytes, base + (colon === 0 ? nameStart : colon + 1), base + nameEnd);
      const start = tagStart - startShrink - this.contentStart;
      this.children.push(new ChildRef(name, ns, start, start));
    } else if (colon > 0) {
      this.resolve(bytes, base + nameStart, base + colon);
    }
    this.attributeCount = 0;
    this.prefixedCount = 0;
  }

  /** The root's end tag, or one further down, begins at that byte. */
  endTag(tagStart: number): void {
    if (this.depth === 1) this.contentEnd = tagStart - this.shrink;
  }

  /** Where in the element the name of the innermost open element stands. */
  get openNameStart(): number {
    return this.names[2 * this.depth - 2]!;
  }

  get openNameEnd(): number {
    return this.names[2 * this.depth - 1]!;
  }

  /** The innermost element ended before `tagEnd`; true when it was the root. */
  close(tagEnd: number): boolean {
    const depth = this.depth--;
    if (depth === 1) return true;
    if (depth === 2) this.children[this.children.length - 1]!.end = tagEnd - this.shrink - this.contentStart;
    if (this.declarations.length > 0) this.leaveScope(depth);
    return false;
  }

  /** The URI of a prefix on the root, whose declarations outlive it. */
  rootPrefix(prefix: string): string {
    return prefix === "xml" ? NS.xml : (this.byPrefix.get(prefix)?.uri ?? this.outer.get(prefix) ?? "");
  }

  /** The namespaces the root declares or finds around it. */
  rootScope(): Scope {
    const scope = new Map(this.outer);
    for (const { prefix, uri } of this.declarations) scope.set(prefix, uri);
    return scope.set("", this.contentNs);
  }

  private fold(ns: string): string {
    return ns === this.alias ? NS.client : ns;
  }

  private leaveScope(depth: number): void {
    const { declarations, byPrefix } = this;
    for (let last = declarations.at(-1); last !== undefined && last.depth === depth; last = declarations.at(-1)) {
      declarations.pop();
      if (last.shadowed === undefined) byPrefix.delete(last.prefix);
      else byPrefix.set(last.prefix, last.shadowed);
    }
  }

  private resolve(bytes: Buffer, from: number, to: number): string {
    const prefix = intern(bytes, from, to);
    if (prefix === "xml") return NS.xml;
    const declaration = this.byPrefix.get(prefix);
    if (this.depth > 1 && (declaration === undefined || declaration.depth === 1)) this.isPortable = false;
    const uri = declaration?.uri ?? this.outer.get(prefix);
    if (uri === undefined) throw new StreamError("bad-namespace-prefix", `${prefix} is not declared`);
    return this.fold(uri);
  }

  private refuseDuplicates(bytes: Buffer, base: number): void {
    const { attributes, attributeCount } = this;
    if (attributeCount > pairwiseAttributes) {
      const names = new Set<string>();
      for (let i = 0; i < attributeCount * attributeFields; i += attributeFields) {
        names.add(bytes.toString("latin1", base + attributes[i]!, base + attributes[i + 2]!));
      }
      if (names.size < attributeCount) throw new StreamError("not-well-formed", "duplicate attribute");
      return;
    }
    for (let i = attributeFields; i < attributeCount * attributeFields; i += attributeFields) {
      const start = attributes[i]!;
      const length = attributes[i + 2]! - start;
      for (let j = 0; j < i; j += attributeFields) {
        if (attributes[j + 2]! - attributes[j]! !== length) continue;
        if (isSameName(bytes, base + start, base + attributes[j]!, length)) {
          throw new StreamError("not-well-formed", "duplicate attribute");
        }
      }
    }
  }

  /** Notes the prefixes this tag declares and returns the default namespace it declares, if any. */
  private readDeclarations(bytes: Buffer, base: number): string | undefined {
    const { attributes } = this;
    let defaultNs: string | undefined;
    for (let i = 0; i < this.attributeCount * attributeFields; i += attributeFields) {
      const start = attributes[i]!;
      const colon = attributes[i + 1]!;
      const end = attributes[i + 2]!;
      if ((colon === 0 ? end : colon) - start !== XMLNS.length || !startsWithXmlns(bytes, base + start)) continue;
      const raw = intern(bytes, base + attributes[i + 3]!, base + attributes[i + 4]!);
      const uri = attributes[i + 5] === 0 ? raw : unescapeAttribute(raw);
      // The text of the content cannot say that it means jabber:client, so it will be written anew.
      if (uri === this.alias && this.depth > 1) this.isPortable = false;
      if (colon === 0) {
        if (isReserved(uri)) throw new StreamError("bad-namespace-prefix", "reserved namespace");
        defaultNs = uri;
      } else {
        this.declarePrefix(intern(bytes, base + colon + 1, base + end), uri);
      }
    }
    return defaultNs;
  }

  /** Namespaces in XML 1.0, 3 and 2.2: what may be bound to what. */
  private declarePrefix(prefix: string, uri: string): void {
    if (++this.namespaces > this.limits.maxNamespaces) throw exceeded("maxNamespaces", this.limits.maxNamespaces);
    const isRight = prefix === "xml" ? uri === NS.xml : prefix !== "xmlns" && uri.trim() !== "" && !isReserved(uri);
    if (!isRight) throw new StreamError("bad-namespace-prefix", `${prefix} may not be bound so`);
    const declaration = { prefix, uri, depth: this.depth, shadowed: this.byPrefix.get(prefix) };
    this.declarations.push(declaration);
    this.byPrefix.set(prefix, declaration);
  }

  /** Namespaces in XML 1.0 6.3: two prefixes of one URI do not make two attributes of one name. */
  private checkPrefixes(bytes: Buffer, base: number): void {
    const { attributes } = this;
    let expanded: Set<string> | undefined;
    for (let i = 0; i < this.attributeCount * attributeFields; i += attributeFields) {
      const colon = attributes[i + 1]!;
      if (colon === 0) continue;
      const start = attributes[i]!;
      if (colon - start === XMLNS.length && startsWithXmlns(bytes, base + start)) continue;
      const uri = this.resolve(bytes, base + start, base + colon);
      if (this.prefixedCount === 1) return;
      const name = `${uri} ${bytes.toString("utf8", base + colon + 1, base + attributes[i + 2]!)}`;
      expanded ??= new Set();
      if (expanded.has(name)) throw new StreamError("not-well-formed", "duplicate attribute");
      expanded.add(name);
    }
  }
}
