import type { Core } from "../core/core.ts";
import { type InviteDraft, invitationsOf, type MadeInvite } from "./invitations.ts";

/** An invite for an account, unless the draft says otherwise. */
export async function makeInvite(
  core: Core,
  draft: Partial<InviteDraft> & Pick<InviteDraft, "host">,
): Promise<MadeInvite> {
  const made = await invitationsOf(core).create({
    kind: "account",
    registers: true,
    lifetimeMs: 60_000,
    createdBy: "boss",
    ...draft,
  });
  if (typeof made === "string") throw new Error(made);
  return made;
}
