import { randomBytes } from "node:crypto";
import type { Clock } from "../core/clock.ts";
import { SecretsError, type Secrets } from "../core/secrets.ts";
import type { AdminStore } from "../storage/ports.ts";

/** Standard Webhooks asks for 24 to 64. */
const secretBytes = 32;

/** What a target's requests are signed with: texts `whsec_…`, times in milliseconds since the epoch. */
export interface SigningSecrets {
  readonly current: string;
  readonly since: number;
  /** Signs as well, so that a receiver has until then to take over the current one. */
  readonly previous: { readonly secret: string; readonly until: number } | null;
}

export const signingSecretName = (target: string): string => `forward/${target}/:signing`;

/** null: the target has none, and its requests are not signed. Throws SecretsError. */
export async function readSigning(
  target: string,
  store: Pick<AdminStore, "secret">,
  secrets: Pick<Secrets, "open">,
): Promise<SigningSecrets | null> {
  const name = signingSecretName(target);
  const sealed = await store.secret(name);
  return sealed === null ? null : (JSON.parse(secrets.open(sealed, name)) as SigningSecrets);
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

/** Makes and replaces the signing secrets of targets, sealed in the store. Rotations go one after the other. */
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

  /** Makes a new secret; the one before, if any, signs beside it for `overlapMs`. */
  rotate(target: string, overlapMs: number): Promise<SigningSecrets> {
    const rotation = this.#last.then(() => this.#rotate(target, overlapMs));
    this.#last = rotation.catch(() => undefined);
    return rotation;
  }

  async forget(target: string): Promise<void> {
    await this.#store.removeSecret(signingSecretName(target));
  }

  async #rotate(target: string, overlapMs: number): Promise<SigningSecrets> {
    const now = this.#clock.now();
    const before = await readSigningIfOpen(target, this.#store, this.#secrets);
    const signing: SigningSecrets = {
      current: `whsec_${randomBytes(secretBytes).toString("base64")}`,
      since: now,
      previous: before !== null && overlapMs > 0 ? { secret: before.current, until: now + overlapMs } : null,
    };
    const name = signingSecretName(target);
    await this.#store.putSecret(name, this.#secrets.seal(JSON.stringify(signing), name));
    return signing;
  }
}
