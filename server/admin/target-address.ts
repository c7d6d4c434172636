import type { ForwardPolicy } from "../../lib/contracts/forward-policy.ts";
import type { ForwardTarget } from "../../lib/contracts/forward-target.ts";
import { own } from "../core/policy/engine.ts";
import { refusalToSave, type Resolver } from "../forward/http/guard.ts";
import { badInputAs } from "./errors.ts";

/** Throws `bad-input` for an address that must not be used; answers what is odd about one that may. `path` is the target's. */
export async function requirePublicAddress(
  target: ForwardTarget,
  path: string,
  resolve: Resolver | undefined,
): Promise<string[]> {
  const [field, url] = addressOf(target);
  if (url === null) return [];
  const { refusal, warning } = await refusalToSave(url, target.allowPrivate, resolve);
  if (refusal !== null) throw badInputAs(`${path}.${field}`, refusal);
  return warning === null ? [] : [warning];
}

/** The same for the targets of a document, but for those whose address was allowed before. */
export async function requirePublicAddresses(
  forward: ForwardPolicy,
  before: ForwardPolicy,
  resolve: Resolver | undefined,
): Promise<void> {
  for (const [name, target] of Object.entries(forward.targets)) {
    const known = own(before.targets, name);
    const isKnown = known !== undefined && known.allowPrivate === target.allowPrivate;
    if (isKnown && addressOf(known)[1] === addressOf(target)[1]) continue;
    await requirePublicAddress(target, `policy.forward.targets.${name}`, resolve);
  }
}

/** The URL in a target's settings, and the field that has it. */
function addressOf(target: ForwardTarget): readonly [field: string, url: string | null] {
  switch (target.kind) {
    case "webhook":
      return ["url", target.url];
    case "apns":
    case "fcm":
      return ["server", target.server];
    default:
      return ["", null];
  }
}
