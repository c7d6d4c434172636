import { isSpace, LESS_THAN, SLASH } from "./characters.ts";
import { StreamError } from "./errors.ts";
import { preAuthLimits, type XmlLimits } from "./limits.ts";
import { NS } from "./namespaces.ts";
import { ElementScan } from "./scan.ts";
import { Stanza } from "./stanza.ts";
import { readHeader, type StreamFrame, type StreamHeader } from "./stream-header.ts";
import type { Scope } from "./tree.ts";
import { scanDeclaration } from "./xml-declaration.ts";

export { parseDocument } from "./document.ts";
export type { StreamHeader } from "./stream-header.ts";

/** Called from inside `write`. A handler may call `restart`, `stop` and set `limits`; they apply from the next byte on. */
export interface StreamHandler {
  streamStart(header: StreamHeader): void;
  stanza(stanza: Stanza): void;
  streamEnd(): void;
}

export interface ParserOptions {
  /** Each `write` is one complete element without a stream around it (RFC 7395 3.3). */
  readonly framed?: boolean;
  /** `write` returns after so many stanzas, so that one connection cannot keep the others waiting. */
  readonly maxStanzasPerWrite?: number;
  /** And after about so long, however few there were: one stanza may be for a thousand contacts. */
  readonly maxMsPerWrite?: number;
}

const NOTHING = Buffer.alloc(0);
const minCarryBytes = 512;
const maxSpareScans = 8;
const NO_SCOPE: Scope = new Map();
const FRAMED: StreamFrame = { tag: "", scope: new Map([["", NS.client]]), alias: undefined };

/** RFC 7395 3.3.3: a message begins with `<` and holds one element. */
function badFrame(): StreamError {
  return new StreamError("not-well-formed", "a frame holds one whole element");
}

function isBlank(bytes: Uint8Array, from: number, end: number): boolean {
  let at = from;
  while (at < end && isSpace(bytes[at]!)) at++;
  return at === end;
}

/** The clock is looked at after 1, 2, 4, 8 … stanzas: that is enough, and nearly free. */
function isLookDue(stanzas: number): boolean {
  return (stanzas & (stanzas - 1)) === 0;
}

/** A scan is needed only while an element is being read: idle parsers own none. */
const spareScans: ElementScan[] = [];

function takeScan(limits: XmlLimits, scope: Scope, alias: string | undefined): ElementScan {
  const scan = spareScans.pop();
  if (scan === undefined) return new ElementScan(limits, scope, alias);
  scan.reset(limits, scope, alias);
  return scan;
}

function releaseScan(scan: ElementScan): void {
  if (spareScans.length < maxSpareScans && !scan.structure.isLarge) spareScans.push(scan);
}

/**
 * An XMPP stream's parser: bytes in, stanzas out (RFC 6120 4 and 11). Elements that lie wholly in the written bytes are read
 * in place; the beginning of one that does not is copied, and reading goes on where it stopped.
 */
export class XmlStreamParser {
  limits: XmlLimits;
  private readonly handler: StreamHandler;
  private readonly isFramed: boolean;
  private readonly maxStanzasPerWrite: number;
  private readonly maxMsPerWrite: number;
  /** Undefined until the stream header has been read. */
  private frame: StreamFrame | undefined;
  private scan: ElementScan | undefined;
  /** The bytes of the construct that is not complete yet. */
  private carry = NOTHING;
  private carried = 0;
  private hasDeclaration = false;
  private isStopped = false;
  private isEnded = false;

  constructor(handler: StreamHandler, limits: XmlLimits = preAuthLimits, options: ParserOptions = {}) {
    this.handler = handler;
    this.limits = limits;
    this.isFramed = options.framed ?? false;
    this.maxStanzasPerWrite = options.maxStanzasPerWrite ?? Number.POSITIVE_INFINITY;
    this.maxMsPerWrite = options.maxMsPerWrite ?? Number.POSITIVE_INFINITY;
    if (this.isFramed) this.frame = FRAMED;
  }

  /** Whether an element, or another construct, has begun and not ended. */
  get hasPending(): boolean {
    return this.carried > 0;
  }

  /** Forgets the stream, and what of it is pending: a new header is expected (RFC 6120 4.3.3). */
  restart(): void {
    this.frame = this.isFramed ? FRAMED : undefined;
    this.dropScan();
    this.carry = NOTHING;
    this.carried = 0;
    this.hasDeclaration = false;
    this.isEnded = false;
  }

  /** Makes the running `write` return before the next stanza. */
  stop(): void {
    this.isStopped = true;
  }

  /**
   * Reads the first `length` bytes and calls the handler. Returns how many were consumed: all, unless the handler called
   * `stop` or what one write may take was used up; the caller then keeps the rest to write it again, or drops it. The bytes may
   * be reused afterwards. Throws StreamError, after which the parser is of no use until `restart`.
   */
  write(bytes: Uint8Array, length: number = bytes.length): number {
    if (this.isFramed && (length === 0 || bytes[0] !== LESS_THAN)) throw badFrame();
    this.isStopped = false;
    const already = this.carried;
    let buffer: Buffer;
    if (already === 0) {
      buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    } else {
      this.reserve(already + length);
      this.carry.set(length === bytes.length ? bytes : bytes.subarray(0, length), already);
      buffer = this.carry;
    }
    this.carried = 0;
    const end = already + length;
    const at = this.run(buffer, end);
    if (this.isStopped) {
      this.carry = NOTHING;
      return at - already;
    }
    if (this.isFramed && at < end) throw badFrame();
    this.keep(buffer, at, end);
    return length;
  }

  /** Handles what is complete in the bytes and returns where the rest begins. */
  private run(bytes: Buffer, end: number): number {
    let at = 0;
    let stanzas = 0;
    let since = 0;
    while (!this.isEnded) {
      if (this.scan === undefined) {
        while (at < end && isSpace(bytes[at]!)) at++;
        if (at === end) return at;
        const next = this.begin(bytes, at, end);
        if (next < 0) return at;
        if (this.scan === undefined) {
          at = next;
          continue;
        }
      }
      const scan: ElementScan = this.scan;
      if (!scan.scan(bytes, at, end)) return at;
      this.scan = undefined;
      const from = at;
      at += scan.offset;
      if (this.isFramed && !isBlank(bytes, at, end)) throw badFrame();
      if (this.frame === undefined) this.start(scan, bytes, from);
      else this.deliver(scan, bytes, from);
      if (++stanzas >= this.maxStanzasPerWrite) this.isStopped = true;
      else if (at < end && isLookDue(stanzas)) {
        const now = performance.now();
        if (since === 0) since = now;
        if (now - since > this.maxMsPerWrite) this.isStopped = true;
      }
      if (this.isStopped) return at;
    }
    return end;
  }

  /**
   * Looks at what begins at `at`: the XML declaration or the end of the stream, which it reads, or an element, for which it
   * prepares the scan. Returns where to go on; -1 when more bytes are needed to tell.
   */
  private begin(bytes: Buffer, at: number, end: number): number {
    if (bytes[at] !== LESS_THAN) {
      throw new StreamError(this.frame === undefined ? "not-well-formed" : "bad-format", "text between elements");
    }
    if (this.frame === undefined && !this.hasDeclaration) {
      const next = scanDeclaration(bytes, at, end);
      if (next !== at) {
        this.hasDeclaration = next > 0;
        return next;
      }
    }
    if (this.frame !== undefined && !this.isFramed) {
      if (at + 1 === end) return -1;
      if (bytes[at + 1] === SLASH) return this.end(this.frame, bytes, at, end);
    }
    this.scan = takeScan(this.limits, this.frame?.scope ?? NO_SCOPE, this.frame?.alias);
    this.scan.isHeader = this.frame === undefined;
    return at;
  }

  private start(scan: ElementScan, bytes: Buffer, at: number): void {
    const { header, frame } = readHeader(scan, bytes, at);
    const isClosed = scan.isEmptyTag;
    this.frame = frame;
    this.handler.streamStart(header);
    if (isClosed) this.finish();
  }

  private deliver(scan: ElementScan, bytes: Buffer, at: number): void {
    const stanza = Stanza.fromScan(scan, bytes, at);
    releaseScan(scan);
    this.handler.stanza(stanza);
  }

  /** Reads the closing tag of the stream. */
  private end(frame: StreamFrame, bytes: Buffer, at: number, end: number): number {
    const close = bytes.subarray(at, end).indexOf(">");
    const text = bytes.toString("utf8", at + 2, close < 0 ? end : at + close);
    const isPossible = close < 0 ? `${frame.tag} `.startsWith(text.trimEnd()) : text.trimEnd() === frame.tag;
    if (!isPossible || text.length > frame.tag.length + 64)
      throw new StreamError("not-well-formed", "end tag does not match");
    if (close < 0) return -1;
    this.finish();
    return at + close + 1;
  }

  private finish(): void {
    this.isEnded = true;
    this.handler.streamEnd();
  }

  private dropScan(): void {
    if (this.scan !== undefined) releaseScan(this.scan);
    this.scan = undefined;
  }

  /** Doubles, so that a stanza that comes byte by byte is copied a logarithmic number of times. */
  private reserve(needed: number): void {
    if (needed <= this.carry.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(minCarryBytes, this.carry.length * 2, needed));
    this.carry.copy(larger, 0, 0, this.carried);
    this.carry = larger;
  }

  private keep(bytes: Buffer, at: number, end: number): void {
    if (at === end) {
      this.carry = NOTHING;
      return;
    }
    if (bytes === this.carry) {
      if (at > 0) bytes.copyWithin(0, at, end);
    } else {
      this.reserve(end - at);
      bytes.copy(this.carry, 0, at, end);
    }
    this.carried = end - at;
  }
}
