import {
  AMPERSAND,
  APOSTROPHE,
  BANG,
  BRACKET,
  COLON,
  decodeMultibyte,
  EQUALS_SIGN,
  GREATER_THAN,
  IN_CDATA,
  IN_NAME,
  IN_TEXT,
  IN_VALUE,
  isNameCodePoint,
  isSpace,
  LESS_THAN,
  MULTIBYTE,
  PLAIN,
  QUESTION,
  QUOTE,
  scanReference,
  shrinkOf,
  SLASH,
  startsName,
  utf8Length,
  wholeCharacters,
} from "./characters.ts";
import { StreamError } from "./errors.ts";
import type { XmlLimits } from "./limits.ts";
import { ElementStructure } from "./structure.ts";
import type { Scope } from "./tree.ts";

/** Where between two bytes the scanner stands. */
const STATE = {
  text: 0,
  markup: 1,
  name: 2,
  tag: 3,
  attribute: 4,
  equals: 5,
  quote: 6,
  value: 7,
  afterValue: 8,
  empty: 9,
  closing: 10,
  afterClosing: 11,
  cdata: 12,
} as const;
type State = (typeof STATE)[keyof typeof STATE];

const CDATA_OPEN = Uint8Array.from(Buffer.from("![CDATA["));

function malformed(text: string): StreamError {
  return new StreamError("not-well-formed", text);
}

/** Whether the two bytes before a `>` make it a `]]>`. */
function endsSection(bytes: Uint8Array, at: number): boolean {
  return bytes[at - 1] === BRACKET && bytes[at - 2] === BRACKET;
}

/** How many bytes of `<![CDATA[` follow the `<`; 0 when `end` cuts them off. */
function scanCdataOpen(bytes: Uint8Array, at: number, end: number): number {
  for (let i = 0; i < CDATA_OPEN.length; i++) {
    if (at + i === end) return 0;
    if (bytes[at + i] !== CDATA_OPEN[i]) throw new StreamError("restricted-xml", "comment or declaration");
  }
  return CDATA_OPEN.length;
}

/**
 * Reads one top-level element from bytes that come in any segmentation, each byte once: all that is known between two calls
 * is in fields, and offsets count from the first byte of the element, so the bytes may be moved meanwhile. Strictly XML 1.0
 * with namespaces, less what RFC 6120 11.1 forbids.
 */
export class ElementScan {
  readonly structure: ElementStructure;
  /** Bytes of the element seen; its length once `scan` has returned true. */
  offset = 0;
  /** Whether the element is done after its start tag, as a stream header is. */
  isHeader = false;
  isEmptyTag = false;

  private state: State = STATE.text;
  private quote = 0;
  private tagStart = 0;
  private tagShrink = 0;
  private wordStart = 0;
  private wordColon = 0;
  private wordEnd = 0;
  private nameStart = 0;
  private nameColon = 0;
  private nameEnd = 0;
  private valueStart = 0;
  /** 1 when the value being read holds references, or white space that is to be normalised. */
  private valueEscaped: 0 | 1 = 0;

  constructor(limits: XmlLimits, outer: Scope, alias: string | undefined) {
    this.structure = new ElementStructure(limits, outer, alias);
  }

  /** Makes the scan ready for another element. */
  reset(limits: XmlLimits, outer: Scope, alias: string | undefined): void {
    this.structure.reset(limits, outer, alias);
    this.offset = 0;
    this.isHeader = false;
    this.isEmptyTag = false;
    this.state = STATE.text;
  }

  /**
   * Goes on with the element that begins at `base` (with its `<`) as far as `length` allows. True when the element is complete;
   * `offset` then says where it ends. Throws StreamError.
   */
  scan(bytes: Buffer, base: number, length: number): boolean {
    const isDone = this.advance(bytes, base, wholeCharacters(bytes, base + this.offset, length));
    const { maxStanzaBytes } = this.structure.limits;
    if ((isDone ? this.offset : length - base) > maxStanzaBytes) {
      throw new StreamError("policy-violation", `maxStanzaBytes is ${maxStanzaBytes}`);
    }
    return isDone;
  }

  private advance(bytes: Buffer, base: number, end: number): boolean {
    let at = base + this.offset;
    let state = this.state;
    scanning: while (at < end) {
      switch (state) {
        case STATE.text: {
          while (at < end && IN_TEXT[bytes[at]!] === PLAIN) at++;
          if (at === end) break scanning;
          const byte = bytes[at]!;
          if (byte === LESS_THAN) {
            this.tagStart = at - base;
            this.tagShrink = this.structure.shrink;
            state = STATE.markup;
            at++;
          } else if (byte === AMPERSAND) {
            const next = scanReference(bytes, at, end);
            if (next === 0) break scanning;
            at = next;
          } else if (byte === GREATER_THAN) {
            if (endsSection(bytes, at)) throw malformed("]]> in text");
            at++;
          } else {
            at = this.multibyte(bytes, at);
          }
          break;
        }
        case STATE.markup: {
          const byte = bytes[at]!;
          if (byte === SLASH) {
            if (this.structure.depth === 0) throw malformed("end tag without start tag");
            this.structure.endTag(this.tagStart);
            this.wordStart = at + 1 - base;
            state = STATE.closing;
            at++;
          } else if (byte === BANG) {
            const opening = scanCdataOpen(bytes, at, end);
            if (opening === 0) break scanning;
            if (this.structure.depth === 0) throw new StreamError("restricted-xml", "CDATA outside of an element");
            state = STATE.cdata;
            at += opening;
          } else if (byte === QUESTION) {
            throw new StreamError("restricted-xml", "processing instruction");
          } else {
            this.startWord(at - base);
            state = STATE.name;
          }
          break;
        }
        case STATE.name: {
          at = this.word(bytes, base, at, end);
          if (at === end) break scanning;
          this.checkWord(bytes, base, at);
          this.nameStart = this.wordStart;
          this.nameColon = this.wordColon;
          this.nameEnd = at - base;
          state = STATE.afterValue;
          break;
        }
        case STATE.afterValue:
        case STATE.tag: {
          const byte = bytes[at]!;
          if (isSpace(byte)) {
            state = STATE.tag;
            at++;
          } else if (byte === GREATER_THAN) {
            at++;
            this.open(bytes, base, at);
            if (this.isHeader) return this.complete(at - base);
            state = STATE.text;
          } else if (byte === SLASH) {
            state = STATE.empty;
            at++;
          } else if (state === STATE.tag) {
            this.startWord(at - base);
            state = STATE.attribute;
          } else {
            throw malformed("white space or the end of the tag expected");
          }
          break;
        }
        case STATE.attribute: {
          at = this.word(bytes, base, at, end);
          if (at === end) break scanning;
          this.checkWord(bytes, base, at);
          this.wordEnd = at - base;
          state = STATE.equals;
          break;
        }
        case STATE.equals: {
          const byte = bytes[at++]!;
          if (byte === EQUALS_SIGN) state = STATE.quote;
          else if (!isSpace(byte)) throw malformed("attribute without value");
          break;
        }
        case STATE.quote: {
          const byte = bytes[at++]!;
          if (byte === APOSTROPHE || byte === QUOTE) {
            this.quote = byte;
            this.valueStart = at - base;
            this.valueEscaped = 0;
            state = STATE.value;
          } else if (!isSpace(byte)) {
            throw malformed("attribute without quotes");
          }
          break;
        }
        case STATE.value: {
          while (at < end && IN_VALUE[bytes[at]!] === PLAIN) at++;
          if (at === end) break scanning;
          const byte = bytes[at]!;
          if (byte === this.quote) {
            this.addAttribute(at - base);
            state = STATE.afterValue;
            at++;
          } else if (byte === APOSTROPHE || byte === QUOTE) {
            at++;
          } else if (isSpace(byte)) {
            this.valueEscaped = 1;
            at++;
          } else if (byte === AMPERSAND) {
            const next = scanReference(bytes, at, end);
            if (next === 0) break scanning;
            this.valueEscaped = 1;
            at = next;
          } else if (byte === LESS_THAN) {
            throw malformed("< in an attribute");
          } else {
            at = this.multibyte(bytes, at);
          }
          break;
        }
        case STATE.empty: {
          if (bytes[at] !== GREATER_THAN) throw malformed("> expected after /");
          at++;
          this.open(bytes, base, at);
          this.isEmptyTag = this.structure.depth === 1;
          if (this.isHeader || this.structure.close(at - base)) return this.complete(at - base);
          state = STATE.text;
          break;
        }
        case STATE.closing: {
          const { structure } = this;
          const distance = structure.openNameStart - this.wordStart;
          const until = base + this.wordStart + structure.openNameEnd - structure.openNameStart;
          while (at < until && at < end && bytes[at] === bytes[at + distance]) at++;
          if (at === until) {
            // A name that shrinks has done so in its start tag already.
            if (structure.shrink > 0) structure.shrink += shrinkOf(bytes, base + this.wordStart, until);
            state = STATE.afterClosing;
          } else if (at < end) {
            throw malformed("end tag does not match");
          }
          break;
        }
        case STATE.afterClosing: {
          const byte = bytes[at++]!;
          if (byte === GREATER_THAN) {
            if (this.structure.close(at - base)) return this.complete(at - base);
            state = STATE.text;
          } else if (!isSpace(byte)) {
            throw malformed("end tag does not match");
          }
          break;
        }
        case STATE.cdata: {
          while (at < end && IN_CDATA[bytes[at]!] === PLAIN) at++;
          if (at === end) break scanning;
          if (bytes[at] !== GREATER_THAN) {
            at = this.multibyte(bytes, at);
          } else {
            if (endsSection(bytes, at)) state = STATE.text;
            at++;
          }
          break;
        }
      }
    }
    this.state = state;
    this.offset = at - base;
    return false;
  }

  private complete(offset: number): true {
    this.offset = offset;
    return true;
  }

  private open(bytes: Buffer, base: number, at: number): void {
    const { tagStart, tagShrink, nameStart, nameColon, nameEnd } = this;
    this.structure.open(bytes, base, tagStart, tagShrink, nameStart, nameColon, nameEnd, at - base);
  }

  private addAttribute(valueEnd: number): void {
    const { wordStart, wordColon, wordEnd, valueStart, valueEscaped } = this;
    this.structure.addAttribute(wordStart, wordColon, wordEnd, valueStart, valueEnd, valueEscaped);
  }

  private multibyte(bytes: Buffer, at: number): number {
    if (bytes[at]! < 0x80) throw malformed("character not allowed in XML");
    const length = utf8Length(decodeMultibyte(bytes, at));
    this.structure.shrink += length === 4 ? 2 : length - 1;
    return at + length;
  }

  private startWord(offset: number): void {
    this.wordStart = offset;
    this.wordColon = 0;
  }

  /** Goes on with an element's or attribute's name and returns where it ends. */
  private word(bytes: Buffer, base: number, from: number, end: number): number {
    let at = from;
    for (;;) {
      while (at < end && IN_NAME[bytes[at]!] === PLAIN) at++;
      if (at === end) return at;
      const byte = bytes[at]!;
      if (byte === COLON) {
        if (this.wordColon > 0) throw new StreamError("bad-namespace-prefix", "second colon in a name");
        this.wordColon = at - base;
        at++;
      } else if (IN_NAME[byte] === MULTIBYTE) {
        if (!isNameCodePoint(decodeMultibyte(bytes, at))) throw malformed("character not allowed in a name");
        at = this.multibyte(bytes, at);
      } else {
        return at;
      }
    }
  }

  private checkWord(bytes: Buffer, base: number, at: number): void {
    const start = base + this.wordStart;
    const isName = start < at && startsName(bytes, start);
    if (!isName || (this.wordColon > 0 && !startsName(bytes, base + this.wordColon + 1))) throw malformed("bad name");
  }
}
