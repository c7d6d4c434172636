import { hostAdminRole, ownerRole } from "@/lib/contracts/fixed-roles.ts";
import type { NewInvites } from "@/lib/contracts/invites.ts";

/** What an account is to get that is made with an invite, as it is chosen in the form. */
export interface GiftChoice {
  /** "": none. */
  readonly role: string;
  /** The role on the host of the invite, and no other. */
  readonly isOnHostOnly: boolean;
  readonly groups: ReadonlySet<string>;
  /** Words with blanks or commas between them. */
  readonly tags: string;
}

export const noGifts: GiftChoice = { role: "", isOnHostOnly: false, groups: new Set(), tags: "" };

/** Roles that an invite can give. */
export function givenRoles(defined: readonly { readonly role: string }[]): string[] {
  return [...defined.map(({ role }) => role).filter((role) => role !== ownerRole), hostAdminRole];
}

/** The same as the server takes it; `known`: the groups of the host, which may have been chosen anew. */
export function giftsIn(
  { role, isOnHostOnly, groups, tags }: GiftChoice,
  host: string,
  known: readonly string[],
): Pick<Partial<NewInvites>, "role" | "groups" | "tags"> {
  const words = tags.split(/[\s,]+/u).filter((word) => word !== "");
  const joined = known.filter((name) => groups.has(name));
  const isHeld = isOnHostOnly || role === hostAdminRole;
  return {
    ...(role === "" ? {} : { role: { name: role, ...(isHeld ? { host } : {}) } }),
    ...(joined.length === 0 ? {} : { groups: joined }),
    ...(words.length === 0 ? {} : { tags: words }),
  };
}
