import { isDeepStrictEqual } from "node:util";
import type { Session } from "../core/session.ts";
import type { Jid } from "../xmpp/jid.ts";
import { onEveryHost } from "./every-host.ts";
import type { Admin } from "./parts.ts";

/**
 * Tells viewers of what changes without a verb: sessions and accounts, and the policy by whichever way. Returns what stops
 * it.
 */
export function announceChanges({ core, events }: Pick<Admin, "core" | "events">): () => void {
  const session = (event: { readonly session: Session }): undefined => {
    events.publish("sessions", event.session.bare.bare);
  };
  const account = (event: { readonly user: Jid }): undefined => {
    events.publish("users", event.user.bare);
  };
  const stopHooks = onEveryHost(core.hosts, ({ hooks }) => [
    hooks.add("admin", "session/bound", session),
    hooks.add("admin", "session/detached", session),
    hooks.add("admin", "session/resumed", session),
    hooks.add("admin", "session/closed", session),
    hooks.add("admin", "account/created", account),
    hooks.add("admin", "account/removed", account),
  ]);
  const stopPolicy = core.policy.onChange((now, before, by) => {
    events.publish("policy", null, by);
    if (!isDeepStrictEqual(now.hosts, before.hosts)) events.publish("hosts", null, by);
    if (!isDeepStrictEqual(now.registration, before.registration)) events.publish("registration", null, by);
    if (!isDeepStrictEqual(now.forward, before.forward)) events.publish("targets", null, by);
  });
  return () => {
    stopHooks();
    stopPolicy();
  };
}
