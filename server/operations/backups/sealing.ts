import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, scrypt } from "node:crypto";
import { Transform, type TransformCallback } from "node:stream";
import { promisify } from "node:util";
import { BackupError, type Manifest } from "./manifest.ts";

type Encryption = NonNullable<Manifest["encryption"]>;

const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);
const pieceBytes = 64 * 1024;
const tagBytes = 16;
const lengthBytes = 4;
const lastFlag = 0x8000_0000;

export function newEncryption(): Encryption {
  return { salt: randomBytes(16).toString("base64url"), n: 1 << 15, r: 8, p: 1 };
}

/** The key of a backup, from its passphrase. */
export function keyOf(passphrase: string, { salt, n, r, p }: Encryption): Promise<Buffer> {
  const options = { N: n, r, p, maxmem: 256 * n * r + 1024 * 1024 };
  return derive(passphrase.normalize("NFKC"), Buffer.from(salt, "base64url"), 32, options);
}

/** Each file has a key of its own, so that pieces cannot be moved from one to another. */
function keyFor(key: Buffer, entry: string): Buffer {
  return Buffer.from(hkdfSync("sha256", key, "", `nightpost backup\0${entry}`, 32));
}

function nonceOf(piece: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(piece, 8);
  return nonce;
}

/**
 * Encrypts a file piece by piece (AES-256-GCM): four bytes with the length of the piece, their first bit set for the last one,
 * then the piece, then its tag. The number of a piece is its nonce, so that none can be left out or changed places with.
 */
export class Sealer extends Transform {
  readonly #key: Buffer;
  #rest: Buffer = Buffer.alloc(0);
  #piece = 0;

  constructor(key: Buffer, entry: string) {
    super();
    this.#key = keyFor(key, entry);
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    // The last piece is known for it only at the end.
    while (this.#rest.length > pieceBytes) {
      this.#push(this.#rest.subarray(0, pieceBytes), false);
      this.#rest = this.#rest.subarray(pieceBytes);
    }
    done();
  }

  override _flush(done: TransformCallback): void {
    this.#push(this.#rest, true);
    done();
  }

  #push(piece: Buffer, isLast: boolean): void {
    const head = Buffer.alloc(lengthBytes);
    head.writeUInt32BE((piece.length | (isLast ? lastFlag : 0)) >>> 0);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonceOf(this.#piece));
    cipher.setAAD(head);
    this.push(Buffer.concat([head, cipher.update(piece), cipher.final(), cipher.getAuthTag()]));
    this.#piece += 1;
  }
}

/** How many bytes a {@link Sealer} makes of so many. */
export function sealedBytes(bytes: number): number {
  return bytes + Math.max(1, Math.ceil(bytes / pieceBytes)) * (lengthBytes + tagBytes);
}

/** The way back. Fails with BackupError: `passphrase` at the first piece, `damaged` at a later one or where the last is missing. */
export class Opener extends Transform {
  readonly #key: Buffer;
  #rest: Buffer = Buffer.alloc(0);
  #piece = 0;
  #isOver = false;

  constructor(key: Buffer, entry: string) {
    super();
    this.#key = keyFor(key, entry);
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    try {
      while (this.#take());
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  override _flush(done: TransformCallback): void {
    const isWhole = this.#isOver && this.#rest.length === 0;
    done(isWhole ? null : new BackupError("damaged", "The backup is damaged: its end is missing."));
  }

  #take(): boolean {
    if (this.#rest.length < lengthBytes) return false;
    const head = this.#rest.subarray(0, lengthBytes);
    const value = head.readUInt32BE();
    const length = value % lastFlag;
    const end = lengthBytes + length + tagBytes;
    if (length > pieceBytes || this.#isOver) throw this.#fault();
    if (this.#rest.length < end) return false;
    const decipher = createDecipheriv("aes-256-gcm", this.#key, nonceOf(this.#piece), { authTagLength: tagBytes });
    decipher.setAAD(head);
    decipher.setAuthTag(this.#rest.subarray(end - tagBytes, end));
    try {
      const piece = decipher.update(this.#rest.subarray(lengthBytes, lengthBytes + length));
      decipher.final();
      this.push(piece);
    } catch {
      throw this.#fault();
    }
    this.#rest = this.#rest.subarray(end);
    this.#piece += 1;
    this.#isOver = value >= lastFlag;
    return true;
  }

  #fault(): BackupError {
    return this.#piece === 0
      ? new BackupError("passphrase", "The passphrase is wrong, or the backup is damaged.")
      : new BackupError("damaged", "The backup is damaged.");
  }
}
