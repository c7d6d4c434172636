import { isDeepStrictEqual } from "node:util";
import type { Host } from "../core/host.ts";
import type { Session } from "../core/session.ts";
import type { Jid } from "../xmpp/jid.ts";
import type { Admin } from "./parts.ts";

/**
 * Tells viewers of what changes without a verb: sessions and accounts (through hooks of every host), and the policy by
 * whichever way. Returns what stops it.
 */
export function announceChanges({ core, events }: Pick<Admin, "core" | "events">): () => void {
  const undo: (() => void)[] = [];

  const session = (event: { readonly session: Session }): undefined => {
    events.publish("sessions", event.session.bare.bare);
  };
  const account = (event: { readonly user: Jid }): undefined => {
    events.publish("users", event.user.bare);
  };
  const watch = ({ hooks }: Host): void => {
    undo.push(
      hooks.add("admin", "session/bound", session),
      hooks.add("admin", "session/closed", session),
      hooks.add("admin", "account/created", account),
      hooks.add("admin", "account/removed", account),
    );
  };

  for (const host of core.hosts.all()) watch(host);
  undo.push(
    core.hosts.onAdded(watch),
    core.policy.onChange((now, before, by) => {
      events.publish("policy", null, by);
      if (!isDeepStrictEqual(now.hosts, before.hosts)) events.publish("hosts", null, by);
      if (!isDeepStrictEqual(now.registration, before.registration)) events.publish("registration", null, by);
      if (!isDeepStrictEqual(now.forward, before.forward)) events.publish("targets", null, by);
    }),
  );
  return () => {
    for (const step of undo) step();
  };
}
