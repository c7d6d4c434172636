import type { ForwardTarget } from "../../lib/contracts/forward-target.ts";
import { SecretsError, type Secrets } from "../core/secrets.ts";
import { VapidKeyError, vapidPublicKey } from "../forward/push/webpush/vapid.ts";
import { secretMask, targetSecrets } from "../forward/target-secrets.ts";
import { publicKeyText } from "../forward/webhook/signer.ts";
import { readSigningIfOpen, type SigningSecrets } from "../forward/webhook/signing-secrets.ts";
import type { AdminStore } from "../storage/ports.ts";

export interface KeyFacts {
  readonly signing: SigningSecrets | null;
  readonly publicKey: string | null;
}

/** What may be shown of a target's keys: when it signs and since when, and the public half of a pair. */
export async function keyFacts(
  name: string,
  target: ForwardTarget,
  store: Pick<AdminStore, "secret">,
  secrets: Pick<Secrets, "open">,
): Promise<KeyFacts> {
  if (target.kind === "webpush") return { signing: null, publicKey: await vapidKey(name, target, store, secrets) };
  if (target.kind !== "webhook") return { signing: null, publicKey: null };
  const signing = await readSigningIfOpen(name, store, secrets);
  const hasPair = target.signatures.includes("v1a") && signing !== null && signing.key !== null;
  return { signing, publicKey: hasPair ? publicKeyText(signing.key) : null };
}

/** null as well when the key cannot be read: the target is held then, and says why. */
async function vapidKey(
  name: string,
  target: ForwardTarget,
  store: Pick<AdminStore, "secret">,
  secrets: Pick<Secrets, "open">,
): Promise<string | null> {
  const [secret] = targetSecrets(name, target);
  if (secret === undefined) return null;
  const sealed = secret.value === secretMask ? await store.secret(secret.name) : null;
  try {
    if (secret.value !== secretMask) return vapidPublicKey(secret.value);
    return sealed === null ? null : vapidPublicKey(secrets.open(sealed));
  } catch (error) {
    if (error instanceof SecretsError || error instanceof VapidKeyError) return null;
    throw error;
  }
}
