import { GREATER_THAN, isSpace, LESS_THAN, SLASH } from "./characters.ts";
import type { Element } from "./element.ts";
import { StreamError } from "./errors.ts";
import type { XmlLimits } from "./limits.ts";
import { ElementScan } from "./scan.ts";
import { parseTree, type Scope } from "./tree.ts";
import { scanDeclaration } from "./xml-declaration.ts";

interface DocumentHandler {
  /** An element begins, shown without its content: is it read child by child, or as a whole? `depth`: of those it is in. */
  isOpened(tag: Element, depth: number): boolean;
  opened(tag: Element): void;
  element(element: Element): void;
  closed(): void;
}

interface OpenElement {
  /** The name that the closing tag has to repeat. */
  readonly tag: string;
  readonly scope: Scope;
}

const NO_SCOPE: Scope = new Map();
const maxClosingTag = 1024;

/**
 * Reads a document that is too large for memory, in pieces of any length, by the rules of the stream: no DTD, comments,
 * processing instructions or entities of one's own. What is opened holds elements and white space only; all else is read
 * whole, within the limits. Throws StreamError, after which the reader is of no use.
 */
export class DocumentReader {
  readonly #handler: DocumentHandler;
  readonly #limits: XmlLimits;
  readonly #open: OpenElement[] = [];
  /** What was begun and not ended; the scan, if any, began with its first byte. */
  #rest = Buffer.alloc(0);
  #scan: ElementScan | null = null;
  #hasDeclaration = false;
  #isOver = false;

  constructor(handler: DocumentHandler, limits: XmlLimits) {
    this.#handler = handler;
    this.#limits = limits;
  }

  /** The root element is closed. */
  get isOver(): boolean {
    return this.#isOver;
  }

  write(text: string): void {
    if (!text.isWellFormed()) throw new StreamError("unsupported-encoding", "lone surrogate");
    const bytes = this.#rest.length === 0 ? Buffer.from(text) : Buffer.concat([this.#rest, Buffer.from(text)]);
    const at = this.#read(bytes);
    this.#rest = Buffer.from(bytes.subarray(at));
  }

  /** The document is over. */
  end(): void {
    if (!this.#isOver) throw new StreamError("not-well-formed", "unexpected end");
  }

  /** Where the rest begins. */
  #read(bytes: Buffer): number {
    for (let at = 0; ;) {
      if (this.#scan === null) while (at < bytes.length && isSpace(bytes[at]!)) at += 1;
      if (at === bytes.length) return at;
      const next = this.#construct(bytes, at);
      if (next < 0) return at;
      at = next;
    }
  }

  /** Reads what begins at `at`; -1: not all of it is there. */
  #construct(bytes: Buffer, at: number): number {
    if (this.#isOver) throw new StreamError("not-well-formed", "text after the document");
    if (bytes[at] !== LESS_THAN) throw new StreamError("bad-format", "text between elements");
    if (this.#scan !== null) return this.#whole(this.#scan, bytes, at);
    if (this.#open.length === 0 && !this.#hasDeclaration) {
      const next = scanDeclaration(bytes, at, bytes.length);
      this.#hasDeclaration = next > at;
      if (next !== at) return next;
    }
    if (at + 1 === bytes.length) return -1;
    return bytes[at + 1] === SLASH ? this.#closing(bytes, at) : this.#begin(bytes, at);
  }

  #begin(bytes: Buffer, at: number): number {
    const scope = this.#open.at(-1)?.scope ?? NO_SCOPE;
    const head = new ElementScan(this.#limits, scope, undefined);
    head.isHeader = true;
    if (!head.scan(bytes, at, bytes.length)) return -1;
    const text = bytes.toString("utf8", at, at + head.offset);
    const tag = parseTree(head.isEmptyTag ? text : `${text.slice(0, -1)}/>`, 0, scope);
    if (!this.#handler.isOpened(tag, this.#open.length)) {
      if (this.#open.length === 0) throw new StreamError("bad-format", `the document is no ${tag.name}`);
      return this.#whole(new ElementScan(this.#limits, scope, undefined), bytes, at);
    }
    this.#handler.opened(tag);
    const name = bytes.toString("utf8", at + 1, at + head.structure.rootNameEnd);
    this.#open.push({ tag: name, scope: head.structure.rootScope() });
    if (head.isEmptyTag) this.#close();
    return at + head.offset;
  }

  #whole(scan: ElementScan, bytes: Buffer, at: number): number {
    this.#scan = scan;
    if (!scan.scan(bytes, at, bytes.length)) return -1;
    this.#scan = null;
    const scope = this.#open.at(-1)?.scope ?? NO_SCOPE;
    this.#handler.element(parseTree(bytes.toString("utf8", at, at + scan.offset), 0, scope));
    return at + scan.offset;
  }

  #closing(bytes: Buffer, at: number): number {
    const end = bytes.indexOf(GREATER_THAN, at);
    if (end < 0 && bytes.length - at < maxClosingTag) return -1;
    const name = bytes.toString("utf8", at + 2, end < 0 ? at + maxClosingTag : end).trimEnd();
    if (end < 0 || name !== this.#open.at(-1)?.tag) throw new StreamError("not-well-formed", "end tag does not match");
    this.#close();
    return end + 1;
  }

  #close(): void {
    this.#open.pop();
    this.#handler.closed();
    this.#isOver = this.#open.length === 0;
  }
}
