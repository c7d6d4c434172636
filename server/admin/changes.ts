import { isDeepStrictEqual } from "node:util";
import type { Session } from "../core/session.ts";
import { announcementsOf } from "../features/announcements/announcements.ts";
import { roomServicesOf } from "../features/room-services.ts";
import type { Jid } from "../xmpp/jid.ts";
import { failingAfterMs } from "./attention.ts";
import { onEveryHost } from "./every-host.ts";
import type { Admin } from "./parts.ts";

/**
 * Tells viewers of what changes without a verb: sessions and accounts, and the policy by whichever way. Returns what stops
 * it.
 */
export function announceChanges({
  core,
  events,
  forward,
  certificates,
  orders,
  backups,
}: Pick<Admin, "core" | "events" | "forward" | "certificates" | "orders" | "backups">): () => void {
  const session = (event: { readonly session: Session }): undefined => {
    events.publish("sessions", event.session.bare.bare);
  };
  const account = (event: { readonly user: Jid }): undefined => {
    events.publish("users", event.user.bare);
  };
  const registered = ({ via }: { readonly via: string }): undefined => {
    if (via !== "in-band" && via !== "web") return undefined;
    // It may have been with an invite, or allowed once.
    events.publish("invites", null);
    events.publish("registration", null);
    return undefined;
  };
  const applied = (event: { readonly user: Jid }): undefined => {
    events.publish("registration", event.user.bare);
  };
  const device = (event: { readonly user: Jid }): undefined => {
    events.publish("devices", event.user.bare);
  };
  const report = (event: { readonly id: string }): undefined => {
    events.publish("reports", event.id);
  };
  const stopHooks = onEveryHost(core.hosts, ({ hooks }) => [
    hooks.add("admin", "session/bound", session),
    hooks.add("admin", "session/detached", session),
    hooks.add("admin", "session/resumed", session),
    hooks.add("admin", "session/closed", session),
    hooks.add("admin", "account/created", account),
    hooks.add("admin", "account/created", registered),
    hooks.add("admin", "account/removed", account),
    hooks.add("admin", "account/applied", applied),
    hooks.add("admin", "device/changed", device),
    hooks.add("admin", "report/added", report),
  ]);
  const stopPolicy = core.policy.onChange((now, before, by) => {
    events.publish("policy", null, by);
    if (!isDeepStrictEqual(now.hosts, before.hosts)) events.publish("hosts", null, by);
    if (!isDeepStrictEqual(now.registration, before.registration)) events.publish("registration", null, by);
    if (!isDeepStrictEqual(now.forward, before.forward)) events.publish("targets", null, by);
  });
  const stopAnnouncements = announcementsOf(core).onChange((id) => events.publish("announcements", id));
  const stopRooms = roomServicesOf(core).onChange(() => events.publish("rooms"));
  const stopComponents = core.components.onChange(() => events.publish("components"));
  const stopLinks = core.links.onChange(() => events.publish("links"));
  const stopUpkeep = [
    certificates.onChange((host) => events.publish("certificates", host)),
    orders.onStep(() => events.publish("certificates")),
    backups?.backups.onChange(() => events.publish("backups")),
  ];
  const later = new Set<NodeJS.Timeout>();
  const stopAlerts = forward.onAlert(({ kind, target }) => {
    events.publish("targets", target);
    if (kind !== "failing") return;
    // Only then is it something to look at (attention.ts).
    const timer = setTimeout(() => {
      later.delete(timer);
      events.publish("targets", target);
    }, failingAfterMs + 1_000).unref();
    later.add(timer);
  });
  return () => {
    stopHooks();
    stopRooms();
    stopComponents();
    stopLinks();
    stopPolicy();
    stopAnnouncements();
    stopAlerts();
    for (const stop of stopUpkeep) stop?.();
    for (const timer of later) clearTimeout(timer);
  };
}
