import type { RoomStanding } from "../../storage/ports.ts";
import { StanzaError } from "../../xmpp/errors.ts";

/** What somebody is to a room, whether they are in it or not (XEP-0045 5.2). */
export type Standing = RoomStanding | "none";
/** What an occupant may do while in it (XEP-0045 5.1). */
export type Role = "moderator" | "participant" | "visitor";

const ranks: Readonly<Record<Standing, number>> = { outcast: 0, none: 1, member: 2, admin: 3, owner: 4 };
const roleRanks: Readonly<Record<Role, number>> = { visitor: 1, participant: 2, moderator: 3 };

export function isStanding(text: string | undefined): text is Standing {
  return text !== undefined && Object.hasOwn(ranks, text);
}

export function isRole(text: string | undefined): text is Role {
  return text !== undefined && Object.hasOwn(roleRanks, text);
}

export function isAtLeast(standing: Standing, least: Standing): boolean {
  return ranks[standing] >= ranks[least];
}

/** XEP-0045 5.1.2: the role that comes with an affiliation. */
export function initialRole(standing: Standing, isModerated: boolean): Role {
  if (isAtLeast(standing, "admin")) return "moderator";
  return standing === "none" && isModerated ? "visitor" : "participant";
}

/**
 * May `actor` make somebody of standing `from` one of standing `to`? XEP-0045 5.2.1: owners may do everything, admins deal
 * with those below them. Throws StanzaError: forbidden, not-allowed.
 */
export function checkAffiliationChange(actor: Standing, from: Standing, to: Standing): void {
  if (actor === "owner") return;
  if (actor !== "admin") throw StanzaError.of("forbidden");
  if (isAtLeast(to, "admin")) throw StanzaError.of("forbidden", "only owners do that");
  if (isAtLeast(from, "admin")) throw StanzaError.of("not-allowed", "they are above you");
}

/**
 * May a moderator of standing `actor` give an occupant another role, or none, that is, kick them? XEP-0045 5.1.1, 8.2, 8.4,
 * 9.6, 9.7. Throws StanzaError: forbidden, not-allowed.
 */
export function checkRoleChange(
  actor: { readonly standing: Standing; readonly role: Role | null },
  target: { readonly standing: Standing; readonly role: Role },
  to: Role | "none",
): void {
  if (actor.role !== "moderator" && !isAtLeast(actor.standing, "admin")) throw StanzaError.of("forbidden");
  const touchesModerators = to === "moderator" || target.role === "moderator";
  if (to === "none") {
    if (ranks[target.standing] > ranks[actor.standing]) throw StanzaError.of("not-allowed", "they are above you");
    if (isAtLeast(target.standing, "admin") && !isAtLeast(actor.standing, "owner"))
      throw StanzaError.of("not-allowed", "admins and owners are not kicked");
    return;
  }
  if (!touchesModerators && !isAtLeast(target.standing, "admin")) return;
  if (to !== "moderator" && isAtLeast(target.standing, "admin"))
    throw StanzaError.of("not-allowed", "admins and owners are moderators");
  if (!isAtLeast(actor.standing, "admin")) throw StanzaError.of(to === "moderator" ? "forbidden" : "not-allowed");
}
