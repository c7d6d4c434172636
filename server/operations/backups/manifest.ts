import { z } from "zod";

/** What making the key may take (RFC 7914 2): the file may be somebody else's. */
const maxScryptBytes = 256 * 1024 * 1024;

/** First file of every backup, in the clear: what is in it, so that it can be judged without its passphrase. */
export const Manifest = z.object({
  format: z.literal(1),
  id: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
  createdAt: z.int(),
  /** Who asked for it: an admin, or `schedule`. */
  createdBy: z.string(),
  /** Of the Nightpost that made it. */
  version: z.string(),
  storeVersion: z.int(),
  hosts: z.array(z.string()),
  counts: z.record(z.string(), z.int()),
  /** Ids of the keys that what is sealed in the store opens with. */
  keys: z.array(z.string()),
  /** How the key is made of the passphrase (RFC 7914); null: nothing is encrypted. */
  encryption: z
    .object({ salt: z.string(), n: z.int().min(2), r: z.int().min(1), p: z.int().min(1).max(16) })
    .refine(({ n, r }) => Number.isInteger(Math.log2(n)) && 128 * n * r <= maxScryptBytes)
    .nullable(),
  /** What users have uploaded; null: nothing of it is in it. */
  uploads: z
    .object({
      files: z.int(),
      bytes: z.int(),
      /** Files that the store names and the disk did not have, or not as a whole. */
      missing: z.int(),
    })
    .nullable()
    .default(null),
  files: z.array(
    z.object({
      /** `store.db`, `nightpost.yml`, `nightpost.key`. */
      name: z.string(),
      /** In the archive: with `.gz` and, if it is encrypted, `.sealed`. */
      entry: z.string(),
      /** Bytes in the archive, and their SHA-256, hex. */
      bytes: z.int(),
      sha256: z.string(),
    }),
  ),
});
export type Manifest = z.infer<typeof Manifest>;

export const manifestName = "manifest.json";
export const storeName = "store.db";
export const keyName = "nightpost.key";
export const configName = "nightpost.yml";
export const extension = ".npbackup";

/** The closed set of reasons why a backup is of no use. */
export type BackupFault = "no-backup" | "damaged" | "passphrase" | "newer" | "mismatch" | "no-space";

export class BackupError extends Error {
  override readonly name = "BackupError";
  readonly code: BackupFault;

  constructor(code: BackupFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
