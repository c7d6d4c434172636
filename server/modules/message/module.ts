import { z } from "zod";
import type { OfflineDelivery, OfflineOutcome } from "../../core/hooks.ts";
import { defineModule } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import type { Session } from "../../core/session.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { withoutForgery } from "./forgery.ts";
import { KnownAccounts } from "./known-accounts.ts";
import { messageType, rules, type Situation } from "./rules.ts";

/** So many messages may be on their way through the offline chain; past that, senders wait, and memory is bounded. */
const maxLeaving = 1000;

export const message = defineModule({
  name: "message",
  summary: "Delivers messages to the resources of an account, or sends them on their way to somebody who is away.",
  xeps: [],
  rfcs: ["RFC 6121 5, 8.5"],
  options: z.strictObject({
    chat_to: z
      .enum(["all", "highest"])
      .default("all")
      .describe(
        "Who gets a message to a bare JID: all resources with a priority of zero or more, or the highest only.",
      ),
  }),
  start(ctx) {
    const { core, host, options } = ctx;
    const known = new KnownAccounts(core.accounts);
    let leaving = 0;

    const deliver = (packet: Packet): "handled" | Promise<"handled"> => {
      const genuine = withoutForgery(packet, core.hosts);
      const passed = genuine === packet.stanza ? packet : { ...packet, stanza: genuine };
      const type = messageType(genuine.type);
      const sessions = core.sessions.of(packet.to);
      const match = packet.to.resource === "" ? undefined : core.sessions.find(packet.to);
      const action = rules[situation(packet, sessions, match)][type];
      if (action === "offline") return leave(passed, sessions.length > 0);
      if (action === "resource") match!.send(genuine);
      else if (action === "account")
        sendToReachable(sessions, genuine, type !== "headline" && options.chat_to === "highest");
      else if (action === "error") core.router.bounce(packet, StanzaError.of("service-unavailable"));
      return "handled";
    };

    /** For an account whose resources cannot take it. The sender's queue waits for no more than whether there is one. */
    const leave = (packet: Packet, isOnline: boolean): "handled" | Promise<"handled"> => {
      const exists = isOnline || known.has(packet.to);
      if (typeof exists === "boolean") return leaveNow(packet, exists);
      // Once that is known, somebody may have come online.
      return exists.then((found) =>
        core.sessions.of(packet.to).some(isReachable) ? deliver(packet) : leaveNow(packet, found),
      );
    };

    const leaveNow = (packet: Packet, exists: boolean): "handled" | Promise<"handled"> => {
      const event: OfflineDelivery = {
        packet,
        user: packet.to.toBare(),
        at: core.clock.now(),
        notStored: verdict(packet),
        forwards: [],
      };
      const outcome = exists ? host.hooks.fire("message/offline", event) : bounce(event);
      if (!(outcome instanceof Promise)) {
        settle(packet, outcome);
        return "handled";
      }
      leaving += 1;
      const settled = outcome
        .then((result) => settle(packet, result))
        .finally(() => {
          leaving -= 1;
        });
      packet.origin.awaitCommit(settled);
      return leaving > maxLeaving ? settled.then(() => "handled") : "handled";
    };

    const verdict = (packet: Packet): string | null => {
      const reason = host.hooks.fire("offline/verdict", { stanza: packet.stanza });
      return typeof reason === "string" ? reason : null;
    };

    const settle = (packet: Packet, outcome: OfflineOutcome | undefined): void => {
      if (outcome instanceof StanzaError) core.router.bounce(packet, outcome);
    };

    ctx.hook("message/bare", deliver);
    ctx.hook("message/full", deliver);
    // Messages to the server itself are for nobody.
    ctx.hook("message/host", () => "handled", 100);
    ctx.hook("message/offline", bounce, 100);
    ctx.hook("account/removed", ({ user }) => {
      known.forget(user);
    });
  },
});

// Whoever wrote text wants to know that it is lost; signals that found nobody are dropped. The same for an account that
// does not exist, so that it does not show (RFC 6121 8.5.1).
function bounce({ packet, notStored }: OfflineDelivery): OfflineOutcome {
  if (notStored !== null && (packet.stanza.childText("body") ?? "") === "") return "ignored";
  return StanzaError.of("service-unavailable");
}

function situation(packet: Packet, sessions: readonly Session[], match: Session | undefined): Situation {
  if (match !== undefined) return "match";
  const isAnyReachable = sessions.some(isReachable);
  if (packet.to.resource === "") return isAnyReachable ? "bare, reachable" : "bare";
  return isAnyReachable ? "stale, reachable" : "stale";
}

function isReachable(session: Session): boolean {
  return session.presence !== null && session.priority >= 0;
}

function sendToReachable(sessions: readonly Session[], stanza: Stanza, highestOnly: boolean): void {
  let least = 0;
  if (highestOnly) for (const one of sessions) if (isReachable(one) && one.priority > least) least = one.priority;
  for (const one of sessions) if (isReachable(one) && one.priority >= least) one.send(stanza);
}
