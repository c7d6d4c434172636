/**
 * A term as `~p` writes it. Binaries, strings and lists of bytes are texts alike: a binary is a string whose characters are its
 * bytes. `null`: a process, a function or a reference, which mean nothing elsewhere.
 */
export type ErlangTerm = string | number | null | ErlangAtom | ErlangTuple | ErlangList;

export interface ErlangAtom {
  readonly atom: string;
}

export interface ErlangTuple {
  readonly tuple: readonly ErlangTerm[];
}

/** A map is the list of its pairs, each a tuple. */
export interface ErlangList {
  readonly list: readonly ErlangTerm[];
}

/** A text that is no Erlang term. */
export class ErlangDataError extends Error {
  override readonly name = "ErlangDataError";
}

const maxDepth = 300;
/** A mark; a string or a quoted atom begins; a word; a number; what only a running node knows. */
const TOKEN =
  /(?:\s|%[^\n]*\n)*(?:(<<|>>|=>|#\{|[{}[\],|:/])|(["'])|([a-z\u00df-\u00f6\u00f8-\u00ff][\w@\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]*)|(-?\d+(?:\.\d+(?:e[-+]?\d+)?)?)|((?:#(?:Fun|Ref|Port))?<[^<>]*>))/iy;

/** The term at the beginning of a text whose characters are bytes; what follows it is not looked at. Throws ErlangDataError. */
export function readErlangTerm(bytes: string): ErlangTerm {
  return new Reader(bytes).term(0);
}

/** The first two elements of the tuple at the beginning of a text, which may be cut off after them. Throws ErlangDataError. */
export function readErlangHead(bytes: string): readonly [ErlangTerm, ErlangTerm] {
  const reader = new Reader(bytes);
  reader.take("{");
  const first = reader.term(1);
  reader.take(",");
  return [first, reader.term(1)];
}

class Reader {
  readonly #text: string;
  #at = 0;
  #kind: "mark" | "quote" | "word" | "number" | "opaque" | "end" = "end";
  #token = "";

  constructor(text: string) {
    this.#text = text;
    this.#next();
  }

  take(mark: string): void {
    if (this.#kind !== "mark" || this.#token !== mark) this.#fail();
    this.#next();
  }

  term(depth: number): ErlangTerm {
    if (depth > maxDepth) this.#fail();
    const [kind, token] = [this.#kind, this.#token];
    if (kind === "quote") return token === '"' ? this.#strings() : { atom: this.#quoted() };
    if (kind === "mark") {
      this.#next();
      if (token === "{") return { tuple: this.#items("}", depth) };
      if (token === "[") return listed(this.#items("]", depth));
      if (token === "<<") return this.#binary();
      if (token === "#{") return { list: this.#pairs(depth) };
      this.#fail();
    }
    if (kind === "end") this.#fail();
    this.#next();
    if (kind === "word") return { atom: token };
    return kind === "number" ? Number(token) : null;
  }

  #next(): void {
    TOKEN.lastIndex = this.#at;
    const match = TOKEN.exec(this.#text);
    if (match === null) {
      this.#kind = "end";
      this.#token = "";
      return;
    }
    this.#at = TOKEN.lastIndex;
    const [, mark, quote, word, number] = match;
    this.#token = mark ?? quote ?? word ?? number ?? "";
    this.#kind = mark ? "mark" : quote ? "quote" : word ? "word" : number ? "number" : "opaque";
  }

  #is(mark: string): boolean {
    return this.#kind === "mark" && this.#token === mark;
  }

  #items(close: string, depth: number): ErlangTerm[] {
    const items: ErlangTerm[] = [];
    while (!this.#is(close)) {
      items.push(this.term(depth + 1));
      // The tail of an improper list is one more element.
      if (this.#is(",") || this.#is("|")) this.#next();
      else if (!this.#is(close)) this.#fail();
    }
    this.#next();
    return items;
  }

  #pairs(depth: number): ErlangTuple[] {
    const pairs: ErlangTuple[] = [];
    while (!this.#is("}")) {
      const key = this.term(depth + 1);
      this.take("=>");
      pairs.push({ tuple: [key, this.term(depth + 1)] });
      if (this.#is(",")) this.#next();
      else if (!this.#is("}")) this.#fail();
    }
    this.#next();
    return pairs;
  }

  // Segments are strings, which may be cut into several, or numbers; a size of bits after one changes no byte of ours.
  #binary(): string {
    let bytes = "";
    while (!this.#is(">>")) {
      if (this.#kind === "quote") bytes += this.#strings();
      else if (this.#kind === "number") {
        bytes += String.fromCharCode(Number(this.#token) & 0xff);
        this.#next();
      } else this.#fail();
      if (this.#is(":") || this.#is("/")) this.#skipSize();
      if (this.#is(",")) this.#next();
      else if (!this.#is(">>")) this.#fail();
    }
    this.#next();
    return bytes;
  }

  #skipSize(): void {
    this.#next();
    if (this.#kind !== "word" && this.#kind !== "number") this.#fail();
    this.#next();
  }

  // Long strings are written as several, one line each.
  #strings(): string {
    let text = "";
    while (this.#kind === "quote" && this.#token === '"') text += this.#quoted();
    return text;
  }

  #quoted(): string {
    const quote = this.#token;
    const begin = this.#at;
    let at = begin;
    while (this.#text[at] !== quote) {
      if (at >= this.#text.length) this.#fail();
      at += this.#text[at] === "\\" ? 2 : 1;
    }
    const raw = this.#text.slice(begin, at);
    this.#at = at + 1;
    this.#next();
    return raw.includes("\\") ? unescaped(raw) : raw;
  }

  #fail(): never {
    const place = this.#text.slice(Math.max(0, this.#at - 20), this.#at + 20).trim();
    throw new ErlangDataError(`this is no Erlang term: ${place}`);
  }
}

const isByte = (term: ErlangTerm): term is number =>
  typeof term === "number" && Number.isInteger(term) && term >= 0 && term < 256;

/** A list of bytes is a string that could not be shown as one. */
function listed(list: readonly ErlangTerm[]): ErlangTerm {
  return list.length > 0 && list.every(isByte) ? String.fromCharCode(...list) : { list };
}

const letters: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  b: "\b",
  f: "\f",
  e: "\u001b",
  s: " ",
  d: "\u007f",
};

const ESCAPE = /\\(?:([0-7]{1,3})|x\{([\da-f]{1,6})\}|x([\da-f]{2})|\^([\s\S])|([\s\S]))/gi;

function unescaped(raw: string): string {
  return raw.replaceAll(
    ESCAPE,
    (_all, octal?: string, braced?: string, hex?: string, control?: string, char?: string) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
      if (braced !== undefined) return utf8(Number.parseInt(braced, 16));
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) & 31);
      return letters[char ?? ""] ?? char ?? "";
    },
  );
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A character beyond the bytes, as the bytes of its UTF-8. */
function utf8(point: number): string {
  if (point < 256) return String.fromCharCode(point);
  return point > 0x10ffff ? "" : String.fromCharCode(...encoder.encode(String.fromCodePoint(point)));
}

/** The text that a term is, its bytes read as UTF-8; undefined: it is none. */
export function erlangText(term: ErlangTerm | undefined): string | undefined {
  if (typeof term === "string") return decoder.decode(Uint8Array.from(term, (char) => char.charCodeAt(0)));
  return isList(term) && term.list.length === 0 ? "" : undefined;
}

export function erlangAtom(term: ErlangTerm | undefined): string | undefined {
  return typeof term === "object" && term !== null && "atom" in term ? term.atom : undefined;
}

/** The elements of a tuple; of anything else: none. */
export function erlangTuple(term: ErlangTerm | undefined): readonly ErlangTerm[] {
  return typeof term === "object" && term !== null && "tuple" in term ? term.tuple : [];
}

/** The elements of a list; of anything else: none. */
export function erlangList(term: ErlangTerm | undefined): readonly ErlangTerm[] {
  return isList(term) ? term.list : [];
}

function isList(term: ErlangTerm | undefined): term is ErlangList {
  return typeof term === "object" && term !== null && "list" in term;
}
