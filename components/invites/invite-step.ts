import type { Invite } from "@/lib/contracts/invites.ts";

/** How far an invite got: one that stands may be untouched, looked at, or used by some. */
export function stepOf({ state, uses, openedAt }: Pick<Invite, "state" | "uses" | "openedAt">) {
  if (state !== "open") return state;
  if (uses > 0) return "some";
  return openedAt === null ? "unused" : "opened";
}
