import { z } from "zod";

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
    .object({ salt: z.string(), n: z.int().max(1 << 20), r: z.int().max(32), p: z.int().max(16) })
    .nullable(),
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
