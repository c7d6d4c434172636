import type { ForwardPolicy, ForwardTarget } from "../../lib/contracts/forward-policy.ts";
import { own } from "../core/policy/engine.ts";
import type { Secrets } from "../core/secrets.ts";
import { headerMask, headerSecretName } from "../forward/header-values.ts";
import type { AdminStore } from "../storage/ports.ts";
import { badInput } from "./errors.ts";

/**
 * Seals the header values of a document into the store, each under its target and header. Answers how many there were and
 * what puts the old ones back if the change is then refused.
 */
export async function sealHeaders(
  forward: ForwardPolicy,
  store: AdminStore,
  secrets: Secrets,
): Promise<{ count: number; restore: () => Promise<void> }> {
  const before = new Map<string, string | null>();
  for (const [target, { headers }] of Object.entries(forward.targets)) {
    for (const [header, value] of Object.entries(headers)) {
      if (value === headerMask) continue;
      const name = headerSecretName(target, header);
      before.set(name, await store.secret(name));
      await store.putSecret(name, secrets.seal(value));
    }
  }
  const restore = async (): Promise<void> => {
    for (const [name, sealed] of before) {
      if (sealed === null) await store.removeSecret(name);
      else await store.putSecret(name, sealed);
    }
  };
  return { count: before.size, restore };
}

export function maskHeaders(forward: ForwardPolicy): void {
  for (const target of Object.values(forward.targets)) target.headers = maskedHeaders(target);
}

export function maskedHeaders({ headers }: ForwardTarget): Record<string, string> {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, headerMask]));
}

/** Throws `bad-input` for a masked value of a target that cannot be kept; `path` is where the target is in the input. */
export function requireHeaders(target: ForwardTarget, before: ForwardTarget | undefined, path: string): void {
  for (const [header, value] of Object.entries(target.headers)) {
    if (value !== headerMask || isKept(header, target, before)) continue;
    const reason = "has to be typed again: nothing is stored for this header of this server";
    throw badInput(`${path}.headers.${header}`, reason);
  }
}

/** For documents of old: takes out the headers whose value is not the one that was meant then. */
export function dropStrayHeaders(forward: ForwardPolicy, before: ForwardPolicy): void {
  for (const [name, target] of Object.entries(forward.targets)) {
    const kept = Object.entries(target.headers).filter(([header]) => isKept(header, target, own(before.targets, name)));
    target.headers = Object.fromEntries(kept);
  }
}

// A stored value belongs to the server it was typed for: under another origin it would be given away.
function isKept(header: string, now: ForwardTarget, before: ForwardTarget | undefined): boolean {
  if (before === undefined || new URL(now.url).origin !== new URL(before.url).origin) return false;
  return Object.keys(before.headers).some((known) => known.toLowerCase() === header.toLowerCase());
}

/** Forgets the values of headers that no target has any more. */
export async function forgetHeaders(forward: ForwardPolicy, store: AdminStore): Promise<void> {
  const used = new Set<string>();
  for (const [target, { headers }] of Object.entries(forward.targets))
    for (const header of Object.keys(headers)) used.add(headerSecretName(target, header));
  for (const name of (await store.secrets()).keys())
    if (name.startsWith("forward/") && !used.has(name)) await store.removeSecret(name);
}
