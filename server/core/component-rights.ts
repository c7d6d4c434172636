import type { IqRight } from "../../lib/contracts/component-rights.ts";

export {
  type Delegation,
  Delegations,
  isRemainingDisco,
  Privileges,
  remainingDisco,
} from "../../lib/contracts/component-rights.ts";

/** Does a right cover an iq of that type? */
export function covers(right: IqRight | "none" | undefined, type: string | undefined): boolean {
  return (type === "get" || type === "set") && (right === "both" || right === type);
}
