import type { Core } from "../../core/core.ts";
import type { Packet } from "../../core/router.ts";
import { invitationsOf } from "../../features/invitations.ts";

/**
 * A request to see a user's presence that shows a token of theirs (XEP-0379 3.4): approved without asking, and answered with
 * a request of their own. A token that is none changes nothing (XEP-0379 4.1).
 */
export async function acceptRequest(core: Core, { from, to, origin }: Packet, token: string): Promise<undefined> {
  const { stores, clock } = core;
  const invitations = invitationsOf(core);
  const user = to.toBare();
  const contact = from.toBare();
  const address = origin.session?.link.address ?? contact.domain;
  const found = await invitations.find(token, address, contact.bare);
  if (typeof found === "string" || found.kind !== "contact" || found.inviter !== user.bare) return undefined;
  if (invitations.stateOf(found) !== "open" || contact.equals(user)) return undefined;
  const contacts = await core.hosts.get(user.domain)?.hooks.fire("roster/contacts", { user });
  const subscription = contacts?.item(contact.bare)?.subscription;
  // They are contacts already, for instance since the account was made: the same token says it once more.
  if (subscription === "from" || subscription === "both") return undefined;
  if (!(await stores.invites.use(found.id, contact.bare, clock.now()))) return undefined;
  await core.hosts.get(user.domain)?.hooks.fire("roster/welcome", { user, contact });
  return undefined;
}
