import type { Secrets } from "../core/secrets.ts";
import type { AdminStore } from "../storage/ports.ts";

/** What the policy holds in place of a header value, which is a secret and kept sealed. */
export const headerMask = "***";

export const headerSecretName = (target: string, header: string): string => `forward/${target}/${header.toLowerCase()}`;

/** The real values behind the masks of a target's headers; a value that is not masked stands for itself. */
export async function openHeaders(
  target: string,
  headers: Readonly<Record<string, string>>,
  store: Pick<AdminStore, "secret">,
  secrets: Pick<Secrets, "open">,
): Promise<Record<string, string>> {
  const opened: [string, string][] = [];
  for (const [header, value] of Object.entries(headers)) {
    const sealed = value === headerMask ? await store.secret(headerSecretName(target, header)) : null;
    opened.push([header, sealed === null ? value : secrets.open(sealed)]);
  }
  return Object.fromEntries(opened);
}
