import type { Delegation, Privileges } from "./component-rights.ts";

/** How many things a component may do beyond its own domain. */
export function countRights(rights: { readonly privileges: Privileges; readonly delegations: Delegation[] }): number {
  const { roster, message, presence, iq } = rights.privileges;
  const granted = [roster, message, presence].filter((right) => right !== "none");
  return granted.length + Object.keys(iq).length + rights.delegations.length;
}
