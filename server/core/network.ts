export { isLoopback, plainAddress } from "../net/address.ts";

/** An IP address as four 32-bit words; IPv4 has one. IPv4-mapped IPv6 (RFC 4291 2.5.5.2) is IPv4. */
export interface Address {
  readonly family: 4 | 6;
  readonly words: readonly number[];
}

const IPV4 = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;
const HEXTET = /^[0-9a-f]{1,4}$/i;
const PREFIX = /^(0|[1-9]\d{0,2})$/;

function parseIpv4(text: string): number | undefined {
  const parts = IPV4.exec(text);
  if (parts === null) return undefined;
  let word = 0;
  for (let index = 1; index <= 4; index += 1) {
    const byte = Number(parts[index]);
    if (byte > 255) return undefined;
    word = ((word << 8) | byte) >>> 0;
  }
  return word;
}

/** Hextets of one side of `::`; the last one of an address may be dotted IPv4 (RFC 4291 2.2). */
function parseHextets(text: string, mayEndInIpv4: boolean): number[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  const hextets: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (HEXTET.test(part)) {
      hextets.push(Number.parseInt(part, 16));
      continue;
    }
    const ipv4 = mayEndInIpv4 && index === parts.length - 1 ? parseIpv4(part) : undefined;
    if (ipv4 === undefined) return undefined;
    hextets.push(ipv4 >>> 16, ipv4 & 0xffff);
  }
  return hextets;
}

function parseIpv6(text: string): number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const head = parseHextets(halves[0]!, halves.length === 1);
  const tail = halves.length === 1 ? [] : parseHextets(halves[1]!, true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const hextets = [...head, ...Array.from({ length: missing }, () => 0), ...tail];
  return [0, 2, 4, 6].map((index) => ((hextets[index]! << 16) | hextets[index + 1]!) >>> 0);
}

const isMapped = (words: readonly number[]): boolean => words[0] === 0 && words[1] === 0 && words[2] === 0xffff;

function parseWords(text: string): { words: readonly number[]; isMapped: boolean } | undefined {
  const ipv4 = parseIpv4(text);
  if (ipv4 !== undefined) return { words: [ipv4], isMapped: false };
  if (!text.includes(":")) return undefined;
  const words = parseIpv6(text);
  return words && { words, isMapped: isMapped(words) };
}

/** How many address texts are remembered before the memory starts afresh. */
const maxRemembered = 4096;
const parsed = new Map<string, Address | null>();

/** Strict: no octal or hexadecimal IPv4, no shorthand. A zone (`fe80::1%eth0`) is left out. null: not an address. */
export function parseAddress(text: string): Address | null {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const zone = text.indexOf("%");
  const found = parseWords(zone < 0 ? text : text.slice(0, zone));
  const words = found?.isMapped === true ? found.words.slice(3) : found?.words;
  const address: Address | null = words === undefined ? null : { family: words.length === 1 ? 4 : 6, words };
  if (parsed.size >= maxRemembered) parsed.clear();
  parsed.set(text, address);
  return address;
}

function maskOf(bits: number): number {
  return bits <= 0 ? 0 : bits >= 32 ? 0xffffffff : (0xffffffff << (32 - bits)) >>> 0;
}

function formatWords(words: readonly number[]): string {
  if (words.length === 1) return [24, 16, 8, 0].map((shift) => (words[0]! >>> shift) & 0xff).join(".");
  const hextets = words.flatMap((word) => [word >>> 16, word & 0xffff]);
  // RFC 5952 4.2.3: the longest run of zeros, the first of equals.
  let start = -1;
  let length = 1;
  for (let index = 0; index < 8; index += 1) {
    let end = index;
    while (end < 8 && hextets[end] === 0) end += 1;
    if (end - index > length) [start, length] = [index, end - index];
    if (end > index) index = end;
  }
  const hex = (part: readonly number[]): string => part.map((hextet) => hextet.toString(16)).join(":");
  if (start < 0) return hex(hextets);
  return `${hex(hextets.slice(0, start))}::${hex(hextets.slice(start + length))}`;
}

/** A block of addresses in CIDR notation (RFC 4632, RFC 4291 2.3). Host bits of the text given are ignored. */
export class Network {
  readonly family: 4 | 6;
  readonly prefix: number;
  /** Normal form: masked, shortest text. */
  readonly text: string;
  readonly #words: readonly number[];
  readonly #masks: readonly number[];

  private constructor(words: readonly number[], prefix: number) {
    this.family = words.length === 1 ? 4 : 6;
    this.prefix = prefix;
    this.#masks = words.map((_, index) => maskOf(prefix - index * 32));
    this.#words = words.map((word, index) => (word & this.#masks[index]!) >>> 0);
    this.text = `${formatWords(this.#words)}/${prefix}`;
  }

  /** An address alone is a block of one. A mapped block (`::ffff:10.0.0.0/104`) is the IPv4 block inside it. */
  static parse(text: string): Network | null {
    const slash = text.indexOf("/");
    const found = parseWords(slash < 0 ? text : text.slice(0, slash));
    if (found === undefined) return null;
    const width = found.words.length * 32;
    if (slash >= 0 && !PREFIX.test(text.slice(slash + 1))) return null;
    const prefix = slash < 0 ? width : Number(text.slice(slash + 1));
    if (prefix > width) return null;
    return found.isMapped && prefix >= 96
      ? new Network(found.words.slice(3), prefix - 96)
      : new Network(found.words, prefix);
  }

  /** The block of `prefix` bits around an address. */
  static around(address: Address, prefix: number): Network {
    return new Network(address.words, prefix);
  }

  has(address: Address): boolean {
    if (address.family !== this.family) return false;
    for (let index = 0; index < this.#words.length; index += 1) {
      if ((address.words[index]! & this.#masks[index]!) >>> 0 !== this.#words[index]) return false;
    }
    return true;
  }

  /** Is every address of `other` in this block? */
  contains(other: Network): boolean {
    return this.prefix <= other.prefix && this.has({ family: other.family, words: other.#words });
  }
}
