import type { ForwardPolicy } from "../../lib/contracts/forward-policy.ts";
import type { ForwardTarget } from "../../lib/contracts/forward-target.ts";
import { own } from "../core/policy/engine.ts";
import type { Secrets } from "../core/secrets.ts";
import { newVapidPrivateKey } from "../forward/push/webpush/vapid.ts";
import { secretMask, targetSecrets, withSecrets } from "../forward/target-secrets.ts";
import { signingSecretName } from "../forward/webhook/signing-secrets.ts";
import type { AdminStore } from "../storage/ports.ts";
import { badInput } from "./errors.ts";

/**
 * Seals the secrets of a document's targets into the store, each under its target and field. Answers how many there were
 * and what puts the old ones back if the change is then refused.
 */
export async function sealSecrets(
  forward: ForwardPolicy,
  store: AdminStore,
  secrets: Secrets,
): Promise<{ count: number; restore: () => Promise<void> }> {
  const before = new Map<string, string | null>();
  for (const [target, settings] of Object.entries(forward.targets)) {
    for (const { name, value } of targetSecrets(target, settings)) {
      if (value === secretMask) continue;
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

/**
 * Web Push: where no key was given, the one that is kept goes on, since subscriptions hold for one key only; a target that
 * has none gets one made.
 */
export function makeMissingKeys({ targets }: ForwardPolicy, before: ForwardPolicy): void {
  for (const [name, target] of Object.entries(targets)) {
    if (target.kind !== "webpush" || target.privateKey !== "") continue;
    const isKnown = own(before.targets, name)?.kind === "webpush";
    target.privateKey = isKnown ? secretMask : newVapidPrivateKey();
  }
}

/** Takes every secret out of a document. A key that a target cannot be without is in the store by then. */
export function maskSecrets({ targets }: ForwardPolicy): void {
  for (const target of Object.values(targets)) {
    Object.assign(target, masked(target));
    if (target.kind === "webpush") target.privateKey = secretMask;
  }
}

export function masked(target: ForwardTarget): ForwardTarget {
  return withSecrets(target, () => secretMask);
}

/** Throws `bad-input` for a masked value of a target that cannot be kept; `path` is where the target is in the input. */
export function requireSecrets(target: ForwardTarget, before: ForwardTarget | undefined, path: string): void {
  for (const { field, value } of targetSecrets("", target)) {
    if (value !== secretMask || isKept(field, target, before)) continue;
    throw badInput(`${path}.${field}`, "type-again");
  }
}

/** For documents of old: takes out the secrets whose value is not the one that was meant then. */
export function dropStraySecrets(forward: ForwardPolicy, before: ForwardPolicy): void {
  for (const [name, target] of Object.entries(forward.targets)) {
    const then = own(before.targets, name);
    if (target.kind === "webhook") {
      const kept = Object.entries(target.headers).filter(([header]) => isKept(`headers.${header}`, target, then));
      target.headers = Object.fromEntries(kept);
    }
    Object.assign(
      target,
      withSecrets(target, (field) => (isKept(field, target, then) ? secretMask : "")),
    );
  }
}

// A stored value belongs to the server it was typed for: under another origin it would be given away.
function isKept(field: string, now: ForwardTarget, before: ForwardTarget | undefined): boolean {
  if (before === undefined || now.kind !== before.kind || recipientOf(now) !== recipientOf(before)) return false;
  return targetSecrets("", before).some((known) => known.field.toLowerCase() === field.toLowerCase());
}

/** Who gets to see a target's secrets, or what is made with them. A Web Push key is for any push service. */
function recipientOf(target: ForwardTarget): string {
  switch (target.kind) {
    case "webhook":
      return new URL(target.url).origin;
    case "apns":
    case "fcm":
      return target.server === null ? "" : new URL(target.server).origin;
    default:
      return "";
  }
}

/** Forgets what no target has any more. */
export async function forgetSecrets(forward: ForwardPolicy, store: AdminStore): Promise<void> {
  const used = new Set<string>();
  for (const [target, settings] of Object.entries(forward.targets)) {
    if (settings.kind === "webhook") used.add(signingSecretName(target));
    for (const { name } of targetSecrets(target, settings)) used.add(name);
  }
  for (const name of (await store.secrets()).keys())
    if (name.startsWith("forward/") && !used.has(name)) await store.removeSecret(name);
}
