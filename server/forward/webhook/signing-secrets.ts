import { randomBytes } from "node:crypto";
import type { Clock } from "../../core/clock.ts";
import { SecretsError, type Secrets } from "../../core/secrets.ts";
import type { AdminStore } from "../../storage/ports.ts";
import { privateKeyText } from "./signer.ts";

/** Standard Webhooks asks for 24 to 64. */
const secretBytes = 32;
/** RFC 8032 5.1.5. */
const keyBytes = 32;

/** What a web server's requests are signed with: times in milliseconds since the epoch. */
export interface SigningSecrets {
  /** `whsec_…`, shared with the receiver. */
  readonly current: string;
  /** `whsk_…`, the private key for `v1a`; null: made by a version that had none, and not needed since. */
  readonly key: string | null;
  readonly since: number;
  /** Signs as well, so that a receiver has until then to take over the current one. */
  readonly previous: { readonly secret: string; readonly key: string | null; readonly until: number } | null;
}

type Written = Omit<SigningSecrets, "key" | "previous"> & {
  readonly key?: string | null;
  readonly previous: { readonly secret: string; readonly key?: string | null; readonly until: number } | null;
};

export const signingSecretName = (target: string): string => `forward/${target}/:signing`;

/** null: the target has none, and its requests are not signed. Throws SecretsError. */
export async function readSigning(
  target: string,
  store: Pick<AdminStore, "secret">,
  secrets: Pick<Secrets, "open">,
): Promise<SigningSecrets | null> {
  const name = signingSecretName(target);
  const sealed = await store.secret(name);
  if (sealed === null) return null;
  const { key = null, previous, ...rest } = JSON.parse(secrets.open(sealed, name)) as Written;
  return { ...rest, key, previous: previous && { ...previous, key: previous.key ?? null } };
}

/** null as well when the secret was sealed with a key that is gone: a target is then held until it gets a new one. */
export async function readSigningIfOpen(...from: Parameters<typeof readSigning>): Promise<SigningSecrets | null> {
  try {
    return await readSigning(...from);
  } catch (error) {
    if (error instanceof SecretsError) return null;
    throw error;
  }
}

/** Makes and replaces the signing secrets of targets, sealed in the store. Changes go one after the other. */
export class SigningKeeper {
  readonly #store: Pick<AdminStore, "secret" | "putSecret" | "removeSecret">;
  readonly #secrets: Pick<Secrets, "open" | "seal">;
  readonly #clock: Clock;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    store: Pick<AdminStore, "secret" | "putSecret" | "removeSecret">,
    secrets: Pick<Secrets, "open" | "seal">,
    clock: Clock,
  ) {
    this.#store = store;
    this.#secrets = secrets;
    this.#clock = clock;
  }

  /** Makes a new secret and key pair; those before, if any, sign beside them for `overlapMs`. */
  rotate(target: string, overlapMs: number): Promise<SigningSecrets> {
    return this.#next(async () => {
      const now = this.#clock.now();
      const before = await readSigningIfOpen(target, this.#store, this.#secrets);
      const keeps = before !== null && overlapMs > 0;
      return this.#write(target, {
        current: `whsec_${randomBytes(secretBytes).toString("base64")}`,
        key: privateKeyText(randomBytes(keyBytes)),
        since: now,
        previous: keeps ? { secret: before.current, key: before.key, until: now + overlapMs } : null,
      });
    });
  }

  /** Makes the key pair of a target whose secret is from a version that made none. true: there was something to do. */
  completeKey(target: string): Promise<boolean> {
    return this.#next(async () => {
      const before = await readSigningIfOpen(target, this.#store, this.#secrets);
      if (before === null || before.key !== null) return false;
      await this.#write(target, { ...before, key: privateKeyText(randomBytes(keyBytes)) });
      return true;
    });
  }

  async forget(target: string): Promise<void> {
    await this.#store.removeSecret(signingSecretName(target));
  }

  #next<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#last.then(change);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #write(target: string, signing: SigningSecrets): Promise<SigningSecrets> {
    const name = signingSecretName(target);
    await this.#store.putSecret(name, this.#secrets.seal(JSON.stringify(signing), name));
    return signing;
  }
}
