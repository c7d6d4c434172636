export {
  type Delegation,
  Delegations,
  type IqRight,
  isRemainingDisco,
  Privileges,
  remainingDisco,
} from "../../lib/contracts/component-rights.ts";
