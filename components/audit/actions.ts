import { routes } from "../../lib/api/routes.ts";

/** Names of the audit actions, as the contract's entries give them. */
export const auditActions: string[] = [
  ...new Set(Object.values(routes).flatMap(({ meta: { audit } }) => (audit === undefined ? [] : [audit]))),
].toSorted((a, b) => a.localeCompare(b));
