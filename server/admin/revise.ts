import type { Policy, PolicyChange, PolicyIssue, Revision } from "../../lib/contracts/policy.ts";
import type { Remark } from "../../lib/contracts/remarks.ts";
import { own } from "../core/policy/engine.ts";
import type { RevisionRow } from "../storage/ports.ts";
import { guardAuthority } from "./authority.ts";
import type { Call } from "./call.ts";
import type { Admin } from "./parts.ts";
import { requireSound } from "./target-check.ts";
import {
  dropStraySecrets,
  forgetSecrets,
  makeMissingKeys,
  maskSecrets,
  requireSecrets,
  sealSecrets,
} from "./target-secrets.ts";
import { timestamp } from "./timestamp.ts";

export interface Revised {
  readonly revision: Revision;
  readonly changes: PolicyChange[];
  readonly issues: PolicyIssue[];
}

interface Options {
  readonly comment: string | Remark;
  /** Refused with `conflict` when another revision is in force. */
  readonly base?: number | undefined;
  readonly force?: boolean;
  readonly rollbackOf?: number;
}

/**
 * Changes the policy as one revision, with the call's audit row in the same transaction; resolves when hosts and modules
 * follow it. Throws PolicyError, and `bad-input` for masked secrets that nobody knows.
 */
export async function revise(
  { core, loader, secrets, forward }: Pick<Admin, "core" | "loader" | "secrets" | "forward">,
  call: Call,
  { comment, base, force = false, rollbackOf }: Options,
  edit: (draft: Policy) => void,
): Promise<Revised> {
  const { policy, stores } = core;
  const preview = structuredClone(policy.document);
  edit(preview);
  loader.sealOptions(preview);
  guardAuthority(policy.document, preview, call);
  if (rollbackOf === undefined) {
    for (const [name, target] of Object.entries(preview.forward.targets)) {
      const before = own(policy.document.forward.targets, name);
      requireSecrets(target, before, `policy.forward.targets.${name}`);
      requireSound(target, `policy.forward.targets.${name}`, "key");
    }
  } else dropStraySecrets(preview.forward, policy.document.forward);
  makeMissingKeys(preview.forward, policy.document.forward);
  // Once the secrets are sealed, what is wrong with them cannot be seen.
  policy.requireValid(preview);
  const { count, restore } = await sealSecrets(preview.forward, stores.admin, secrets);
  try {
    maskSecrets(preview.forward);
    call.noteChanges(policy.check(preview).changes, policy.revision.id);
    const by = {
      author: call.author,
      comment,
      force,
      audit: call.takeAudit(),
      ...(base === undefined ? {} : { base }),
      ...(rollbackOf === undefined ? {} : { rollbackOf }),
    };
    const { revision, changes, issues } = await policy.change(by, (draft) => {
      const before = structuredClone(draft.forward);
      edit(draft);
      loader.sealOptions(draft);
      if (rollbackOf !== undefined) dropStraySecrets(draft.forward, before);
      maskSecrets(draft.forward);
    });
    await loader.apply(policy.document);
    await forgetSecrets(policy.document.forward, stores.admin);
    // Secrets alone make no revision that the dispatcher would follow.
    if (count > 0) await forward.reload();
    return { revision: revisionOf(revision), changes, issues };
  } catch (error) {
    await restore();
    throw error;
  }
}

export function revisionOf(row: RevisionRow): Revision {
  const { remark, ...revision } = row;
  return { ...revision, at: timestamp(row.at), ...toldIn(remark) };
}

/** What the server says of a revision that it made, by code, from what the store keeps. */
export function toldIn(remark: string | null): Pick<Revision, "reason" | "values"> {
  return remark === null ? {} : (JSON.parse(remark) as Remark);
}
