import { contract } from "../../lib/contracts/index.ts";

/** Names of the audit actions, as the contract's entries give them. */
export const auditActions: string[] = [
  ...new Set(
    Object.values(contract).flatMap((entity) =>
      Object.values(entity).flatMap((entry) => {
        const { audit } = entry["~orpc"].meta;
        return audit === undefined ? [] : [audit];
      }),
    ),
  ),
].toSorted((a, b) => a.localeCompare(b));
