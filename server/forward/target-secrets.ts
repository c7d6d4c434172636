import type { ForwardTarget } from "../../lib/contracts/forward-policy.ts";
import type { Secrets } from "../core/secrets.ts";
import type { AdminStore } from "../storage/ports.ts";
import type { ResolvedTarget } from "./service.ts";
import { readSigning } from "./signing-secrets.ts";

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
export function targetSecrets(name: string, { headers, accessToken }: ForwardTarget): TargetSecret[] {
  const secrets = Object.entries(headers).map(([header, value]) => ({
    field: `headers.${header}`,
    name: headerSecretName(name, header),
    value,
  }));
  if (accessToken !== "")
    secrets.push({ field: "accessToken", name: `forward/${name}/:access-token`, value: accessToken });
  return secrets;
}

/** The target with these secrets in place of its own, by field. */
export function withSecrets(target: ForwardTarget, valueOf: (field: string) => string): ForwardTarget {
  const headers = Object.keys(target.headers).map((header) => [header, valueOf(`headers.${header}`)] as const);
  const accessToken = target.accessToken === "" ? "" : valueOf("accessToken");
  return { ...target, headers: Object.fromEntries(headers), accessToken };
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
  const signing = await readSigning(name, store, secrets);
  return { ...withSecrets(target, (field) => opened.get(field) ?? ""), signing };
}
