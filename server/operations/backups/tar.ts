import { createReadStream } from "node:fs";
import type { FileHandle } from "node:fs/promises";

/** The part of the archive format that a backup needs (POSIX 1003.1 ustar), so that `tar` can look into one. */
const block = 512;

/** A file in an archive. */
export interface Entry {
  readonly name: string;
  readonly bytes: number;
  /** Where its content begins. */
  readonly offset: number;
}

function header(name: string, bytes: number, at: number): Buffer {
  const head = Buffer.alloc(block);
  head.write(name, 0, 100, "utf8");
  head.write("0000600\0", 100);
  head.write("0000000\0", 108);
  head.write("0000000\0", 116);
  writeSize(head, bytes);
  head.write(
    `${Math.floor(at / 1000)
      .toString(8)
      .padStart(11, "0")}\0`,
    136,
  );
  head.write("        ", 148);
  head.write("0", 156);
  head.write("ustar", 257);
  head.write("00", 263);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return head;
}

// Eleven octal digits are 8 GiB; what is larger is written as a number of its own (GNU base-256).
function writeSize(head: Buffer, bytes: number): void {
  if (bytes < 8 ** 11) head.write(`${bytes.toString(8).padStart(11, "0")}\0`, 124);
  else {
    head[124] = 0x80;
    head.writeBigUInt64BE(BigInt(bytes), 128);
  }
}

function readSize(head: Buffer): number {
  if ((head[124]! & 0x80) !== 0) return Number(head.readBigUInt64BE(128));
  return Number.parseInt(head.toString("latin1", 124, 136).replace(/[\0 ]+$/, "") || "0", 8);
}

/** Writes one file after the other; `end` closes the archive. */
export class TarWriter {
  readonly #file: FileHandle;
  readonly #at: number;

  constructor(file: FileHandle, at: number) {
    this.#file = file;
    this.#at = at;
  }

  async add(name: string, content: Buffer): Promise<void> {
    await this.#write(header(name, content.length, this.#at));
    await this.#write(content);
    await this.#pad(content.length);
  }

  addFile(name: string, path: string, bytes: number): Promise<void> {
    return this.addStream(name, createReadStream(path), bytes);
  }

  /** Rejects with RangeError when the content has another length. */
  async addStream(name: string, content: AsyncIterable<Buffer>, bytes: number): Promise<void> {
    await this.#write(header(name, bytes, this.#at));
    let written = 0;
    for await (const chunk of content) {
      await this.#write(chunk);
      written += chunk.length;
    }
    if (written !== bytes) throw new RangeError(`${name} has ${written} bytes, not ${bytes}`);
    await this.#pad(bytes);
  }

  async end(): Promise<void> {
    await this.#write(Buffer.alloc(2 * block));
    await this.#file.sync();
  }

  #pad(bytes: number): Promise<void> {
    return this.#write(Buffer.alloc((block - (bytes % block)) % block));
  }

  async #write(bytes: Buffer): Promise<void> {
    if (bytes.length > 0) await this.#file.writeFile(bytes);
  }
}

/** The files in an archive, in their order. Throws RangeError when it is none, or was cut. */
export async function* tarEntries(file: FileHandle): AsyncGenerator<Entry> {
  const { size } = await file.stat();
  const head = Buffer.alloc(block);
  for (let offset = 0; offset + block <= size;) {
    await file.read(head, 0, block, offset);
    if (head[0] === 0) return;
    const name = head.toString("utf8", 0, 100).replace(/\0.*$/s, "");
    const bytes = readSize(head);
    const content = offset + block;
    if (head.toString("latin1", 257, 262) !== "ustar" || !(bytes >= 0) || content + bytes > size)
      throw new RangeError("it is no archive, or its end is missing");
    yield { name, bytes, offset: content };
    offset = content + Math.ceil(bytes / block) * block;
  }
}
