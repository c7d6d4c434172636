import type { ForwardTarget } from "../../lib/contracts/forward-target.ts";
import type { Secrets } from "../core/secrets.ts";
import type { AdminStore } from "../storage/ports.ts";
import type { ResolvedTarget } from "./service.ts";
import { readSigning } from "./webhook/signing-secrets.ts";

/** What the policy holds in place of a value that is a secret and kept sealed. */
export const secretMask = "***";

/** A value of a target that is kept sealed. */
export interface TargetSecret {
  /** Where it is in the target, e.g. `headers.Authorization`. */
  readonly field: string;
  /** What it is called in the store. A colon is in no header's name. */
  readonly name: string;
  readonly value: string;
}

export const headerSecretName = (target: string, header: string): string => `forward/${target}/${header.toLowerCase()}`;

/** The secrets that a target's settings hold, masked or not. Its signing secret is none of its settings. */
export function targetSecrets(name: string, target: ForwardTarget): TargetSecret[] {
  const own = (field: string, secret: string, value: string): TargetSecret[] =>
    value === "" ? [] : [{ field, name: `forward/${name}/:${secret}`, value }];
  switch (target.kind) {
    case "webhook":
      return [
        ...Object.entries(target.headers).map(([header, value]) => ({
          field: `headers.${header}`,
          name: headerSecretName(name, header),
          value,
        })),
        ...own("accessToken", "access-token", target.accessToken),
      ];
    case "apns":
      return own("key", "key", target.key);
    case "fcm":
      return own("serviceAccount", "service-account", target.serviceAccount);
    case "webpush":
      return own("privateKey", "private-key", target.privateKey);
    default:
      return [];
  }
}

/** The target with these secrets in place of its own, by field. */
export function withSecrets(target: ForwardTarget, valueOf: (field: string) => string): ForwardTarget {
  const replaced = (field: string, value: string): string => (value === "" ? "" : valueOf(field));
  switch (target.kind) {
    case "webhook": {
      const headers = Object.keys(target.headers).map((header) => [header, valueOf(`headers.${header}`)] as const);
      const accessToken = replaced("accessToken", target.accessToken);
      return { ...target, headers: Object.fromEntries(headers), accessToken };
    }
    case "apns":
      return { ...target, key: replaced("key", target.key) };
    case "fcm":
      return { ...target, serviceAccount: replaced("serviceAccount", target.serviceAccount) };
    case "webpush":
      return { ...target, privateKey: replaced("privateKey", target.privateKey) };
    default:
      return target;
  }
}

/** The field without which nothing can be sent; null: there is none. */
export function requiredSecret({ kind }: ForwardTarget): "key" | "serviceAccount" | "privateKey" | null {
  switch (kind) {
    case "apns":
      return "key";
    case "fcm":
      return "serviceAccount";
    case "webpush":
      return "privateKey";
    default:
      return null;
  }
}

/** The target with the real values behind its masks. Throws SecretsError, and Error for a mask with nothing behind it. */
export async function openTarget(
  name: string,
  target: ForwardTarget,
  store: Pick<AdminStore, "secret">,
  secrets: Pick<Secrets, "open">,
): Promise<ResolvedTarget> {
  const opened = new Map<string, string>();
  for (const { field, name: secretName, value } of targetSecrets(name, target)) {
    if (value !== secretMask) {
      opened.set(field, value);
      continue;
    }
    const sealed = await store.secret(secretName);
    if (sealed === null) throw new Error(`no value is stored for ${field}`);
    opened.set(field, secrets.open(sealed));
  }
  const required = requiredSecret(target);
  if (required !== null && !opened.has(required)) throw new Error(`${required} is empty`);
  const resolved = withSecrets(target, (field) => opened.get(field) ?? "");
  return resolved.kind === "webhook" ? { ...resolved, signing: await readSigning(name, store, secrets) } : resolved;
}
