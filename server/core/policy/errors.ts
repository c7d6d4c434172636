import type { PolicyIssue } from "../../../lib/contracts/policy.ts";

/**
 * The closed set of ways a change of the policy is refused.
 *
 * - `invalid`: the document has errors; `issues` names them.
 * - `conflict`: the policy in force is not the revision that the change was made from.
 * - `locks-out`: the author, or everybody, would lose the access rule `configure`.
 */
export type PolicyErrorCode = "invalid" | "conflict" | "locks-out";

export class PolicyError extends Error {
  override readonly name = "PolicyError";
  readonly code: PolicyErrorCode;
  readonly issues: readonly PolicyIssue[];

  constructor(code: PolicyErrorCode, message: string, issues: readonly PolicyIssue[] = []) {
    super(message);
    this.code = code;
    this.issues = issues;
  }
}
