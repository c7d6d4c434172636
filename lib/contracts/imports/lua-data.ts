/** A value of a data file that Prosody wrote; numbers without a fraction part are the only keys beside text and `false`. */
export type LuaValue = string | number | boolean | null | LuaTable;

/** A table: what has a name, and what has only its place. */
export interface LuaTable {
  readonly named: ReadonlyMap<string, LuaValue>;
  readonly listed: readonly LuaValue[];
  /** What is kept under the key `false`. */
  readonly meta: LuaValue;
}

/** A text that is no data file of Prosody. */
export class LuaDataError extends Error {
  override readonly name = "LuaDataError";
}

const maxDepth = 200;
const TOKEN =
  /\s*(?:--[^\n]*\n\s*)*(?:([{}[\]=;,()])|(return|item|true|false|nil)\b|(-?(?:0x[\da-f]+|\d+(?:\.\d+)?(?:e[-+]?\d+)?))|")/iy;

/**
 * Reads what Prosody's storage `internal` writes: `return { … };` in a `.dat` file, one `item({ … });` after the other in a
 * `.list` file. Answers the tables. No code is run: anything but data is refused. Throws LuaDataError, which counts lines from
 * `firstLine`.
 */
export function readLuaData(text: string, firstLine = 1): LuaTable[] {
  const reader = new Reader(text, firstLine);
  const tables: LuaTable[] = [];
  while (!reader.isOver) tables.push(reader.statement());
  return tables;
}

/** A line break that Prosody writes within a text has a backslash before it. */
const ITEM = /(?<!\\)\n(?=item\()/g;

/** The same for a file that comes in pieces: holds one item at a time, however long the list is. */
export async function* luaTables(pieces: AsyncIterable<string>): AsyncGenerator<LuaTable> {
  let rest = "";
  let line = 1;
  /** Up to where the rest has no beginning of an item. */
  let searched = 0;
  for await (const piece of pieces) {
    rest += piece;
    let at = 0;
    ITEM.lastIndex = searched;
    for (let match = ITEM.exec(rest); match !== null; match = ITEM.exec(rest)) {
      const text = rest.slice(at, match.index + 1);
      yield* readLuaData(text, line);
      line += text.split("\n").length - 1;
      at = match.index + 1;
    }
    rest = rest.slice(at);
    searched = Math.max(0, rest.length - "\nitem(".length);
  }
  yield* readLuaData(rest, line);
}

class Reader {
  readonly #text: string;
  readonly #firstLine: number;
  #at = 0;
  #token = "";

  constructor(text: string, firstLine: number) {
    this.#text = text;
    this.#firstLine = firstLine;
    this.#next();
  }

  get isOver(): boolean {
    return this.#token === "";
  }

  statement(): LuaTable {
    const isItem = this.#token === "item";
    if (!isItem && this.#token !== "return") this.#fail();
    this.#next();
    if (isItem) this.#take("(");
    const value = this.#value(0);
    if (isItem) this.#take(")");
    if (this.#token === ";") this.#next();
    if (typeof value !== "object" || value === null) this.#fail();
    return value;
  }

  // The token that comes next: a mark, a word, a number, or `"` where a string begins.
  #next(): void {
    TOKEN.lastIndex = this.#at;
    const match = TOKEN.exec(this.#text);
    if (match === null) {
      if (this.#text.slice(this.#at).trim() !== "") this.#fail();
      this.#token = "";
      return;
    }
    this.#at = TOKEN.lastIndex;
    this.#token = match[1] ?? match[2] ?? match[3] ?? '"';
  }

  #take(token: string): void {
    if (this.#token !== token) this.#fail();
    this.#next();
  }

  #value(depth: number): LuaValue {
    if (depth > maxDepth) this.#fail();
    const token = this.#token;
    if (token === "{") return this.#table(depth);
    if (token === '"') return this.#string();
    this.#next();
    if (token === "true" || token === "false") return token === "true";
    if (token === "nil") return null;
    const number = Number(token);
    if (Number.isNaN(number)) this.#fail();
    return number;
  }

  #table(depth: number): LuaTable {
    const named = new Map<string, LuaValue>();
    const listed: LuaValue[] = [];
    let meta: LuaValue = null;
    this.#take("{");
    while (this.#token !== "}") {
      if (this.#token === "[") {
        this.#next();
        const key = this.#value(depth + 1);
        this.#take("]");
        this.#take("=");
        const value = this.#value(depth + 1);
        if (key === false) meta = value;
        else if (typeof key === "string") named.set(key, value);
        else if (typeof key === "number") listed[Math.max(0, Math.min(listed.length, key - 1))] = value;
        else this.#fail();
      } else listed.push(this.#value(depth + 1));
      if (this.#token === ";" || this.#token === ",") this.#next();
      else if (this.#token !== "}") this.#fail();
    }
    this.#next();
    return { named, listed, meta };
  }

  // Lua's strings are bytes: what is not ASCII may come as the numbers of its bytes in UTF-8.
  #string(): string {
    const end = this.#endOfString();
    const raw = this.#text.slice(this.#at, end);
    this.#at = end + 1;
    this.#next();
    return raw.includes("\\") ? unescaped(raw) : raw;
  }

  #endOfString(): number {
    let at = this.#at;
    while (this.#text[at] !== '"') {
      if (at >= this.#text.length) this.#fail();
      at += this.#text[at] === "\\" ? 2 : 1;
    }
    return at;
  }

  #fail(): never {
    const line = this.#text.slice(0, this.#at).split("\n").length - 1 + this.#firstLine;
    throw new LuaDataError(`line ${line} is no data of Prosody: ${this.#text.slice(this.#at, this.#at + 40).trim()}`);
  }
}

const letters: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", a: "\u0007", b: "\b", f: "\f", v: "\v" };
const encoder = new TextEncoder();
const decoder = new TextDecoder();

function unescaped(raw: string): string {
  const bytes: number[] = [];
  for (const [, number, hex, char, plain] of raw.matchAll(/\\(\d{1,3})|\\x([\da-fA-F]{2})|\\([\s\S])|([^\\]+)/g)) {
    if (number !== undefined) bytes.push(Number(number) & 0xff);
    else if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else if (char !== undefined) bytes.push(...encoder.encode(Object.hasOwn(letters, char) ? letters[char] : char));
    else for (const byte of encoder.encode(plain)) bytes.push(byte);
  }
  return decoder.decode(Uint8Array.from(bytes));
}
