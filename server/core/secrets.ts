import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from "node:crypto";
import { access, link, open as openFile, readFile, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * The closed set of ways sealing fails.
 *
 * - `unreadable`: the key file is not what this server writes, or cannot be read or written.
 * - `exposed`: others on this machine may read or change the key file.
 * - `unknown-key`: sealed with a key that is not in the key file.
 * - `damaged`: the sealed text was cut or changed.
 */
export type SecretsErrorCode = "unreadable" | "exposed" | "unknown-key" | "damaged";

export class SecretsError extends Error {
  override readonly name = "SecretsError";
  readonly code: SecretsErrorCode;

  constructor(code: SecretsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;
const HEADER = "# Keys of this Nightpost. Without them nothing that is encrypted in the store can be read again.\n";

const idOf = (key: Buffer): string =>
  createHash("sha256").update("nightpost key id\0").update(key).digest("hex").slice(0, 8);

/** Encrypts what has to be kept and read again: AES-256-GCM with keys from a file outside the store. */
export class Secrets {
  /** Newest first: the first one seals, all of them open. */
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #newest: string;

  private constructor(keys: readonly Buffer[]) {
    this.#keys = new Map(keys.map((key) => [idOf(key), key]));
    this.#newest = idOf(keys[0]!);
  }

  /** Reads the key file, one base64 key a line, newest first; makes it (mode 0600) when there is none. Throws SecretsError. */
  static async open(file: string): Promise<Secrets> {
    try {
      await createIfMissing(file);
      await assertPrivate(file);
      const text = await readFile(file, "utf8");
      const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
      const keys = lines.map((line) => Buffer.from(line.trim(), "base64"));
      if (keys.length > 0 && keys.every((key) => key.length === keyBytes)) return new Secrets(keys);
    } catch (cause) {
      if (cause instanceof SecretsError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new SecretsError("unreadable", `The key file ${file} cannot be used: ${reason}`, { cause });
    }
    throw new SecretsError(
      "unreadable",
      `The key file ${file} does not hold base64 keys of ${keyBytes} bytes, one a line.`,
    );
  }

  /** Keys that live as long as the process: for stores that do, too. */
  static ephemeral(): Secrets {
    return new Secrets([randomBytes(keyBytes)]);
  }

  /** Names of the keys, newest first; they give nothing away. */
  get ids(): readonly string[] {
    return [...this.#keys.keys()];
  }

  /** `ID.base64url(iv, ciphertext, tag)`. `purpose` binds the text to its place: it opens only with the same one. */
  seal(text: string, purpose = ""): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv("aes-256-gcm", this.#keys.get(this.#newest)!, iv);
    cipher.setAAD(Buffer.from(purpose));
    const sealed = Buffer.concat([iv, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `${this.#newest}.${sealed.toString("base64url")}`;
  }

  /** Throws SecretsError. */
  open(sealed: string, purpose = ""): string {
    const dot = sealed.indexOf(".");
    const key = this.#keys.get(sealed.slice(0, dot));
    if (key === undefined) throw new SecretsError("unknown-key", "Sealed with a key that is not in the key file.");
    const bytes = Buffer.from(sealed.slice(dot + 1), "base64url");
    if (bytes.length < ivBytes + tagBytes) throw new SecretsError("damaged", "The sealed text is too short.");
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(purpose));
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    try {
      return decipher.update(bytes.subarray(ivBytes, -tagBytes), undefined, "utf8") + decipher.final("utf8");
    } catch (cause) {
      throw new SecretsError("damaged", "The sealed text does not open: it was changed, or belongs elsewhere.", {
        cause,
      });
    }
  }

  /** A key of its own for one purpose, the same at every start. */
  derive(purpose: string): Buffer {
    const oldest = [...this.#keys.values()].at(-1)!;
    return createHmac("sha256", oldest).update(`nightpost derive\0${purpose}`).digest();
  }
}

/** The group may read: that is how some orchestrators mount secrets. Windows has no such bits. */
const othersMask = 0o027;

async function assertPrivate(file: string): Promise<void> {
  if (process.platform === "win32") return;
  const mode = (await stat(file)).mode & 0o777;
  if ((mode & othersMask) === 0) return;
  const text = mode.toString(8).padStart(4, "0");
  throw new SecretsError(
    "exposed",
    `The key file ${file} has mode ${text}: others on this machine may read or change it. Make it 0600 (chmod 600), and think of what it sealed as known if they are not trusted.`,
  );
}

/** Written aside and linked into place: of two starts at once one makes the file, and nobody ever sees half of it. */
async function createIfMissing(file: string): Promise<void> {
  if (await isThere(file)) return;
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  const handle = await openFile(draft, "wx", 0o600);
  try {
    await handle.writeFile(`${HEADER}${randomBytes(keyBytes).toString("base64")}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, file);
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
  } finally {
    await unlink(draft);
  }
  await syncDirectory(dirname(file));
}

async function isThere(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (error) {
    if (isCode(error, "ENOENT")) return false;
    throw error;
  }
}

/** So that the name survives a power cut as well as the content does. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await openFile(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;
