import { z } from "zod";
import type { OfflineDelivery, OfflineOutcome, StampedMessage } from "../../core/hooks.ts";
import { defineModule } from "../../core/module.ts";
import { isFull } from "../../core/pace.ts";
import { type Packet, serverOrigin } from "../../core/router.ts";
import type { Session } from "../../core/session.ts";
import { stanzaIdOf, withoutStanzaId } from "../../core/stanza-id.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { errorReply } from "../../xmpp/reply.ts";
import { withoutForgery } from "./forgery.ts";
import { KnownAccounts } from "./known-accounts.ts";
import { isReachable, Redelivery, takesNow } from "./redelivery.ts";
import { type MessageType, messageType, rules, type Situation } from "./rules.ts";

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
      if (type !== "chat" && type !== "normal") return give(passed, type, undefined);
      const kept = host.hooks.fire("message/stamp", passed);
      return kept instanceof Promise ? kept.then((one) => give(passed, type, one)) : give(passed, type, kept);
    };

    const give = (
      packet: Packet,
      type: MessageType,
      kept: StampedMessage | undefined,
    ): "handled" | Promise<"handled"> => {
      const sessions = core.sessions.of(packet.to);
      const match = packet.to.resource === "" ? undefined : core.sessions.find(packet.to);
      const action = rules[situation(packet, sessions, match)][type];
      if (action === "offline") return leave(packet, type, kept, sessions.length > 0);
      if (type === "chat" || type === "normal") {
        const isUnattended = match === undefined ? !sessions.some(isTaking) : !takesNow(match);
        if (isUnattended) return wait(packet, kept, match === undefined ? sessions.filter(isReachable) : [match]);
      }
      if (action === "error") refuse(packet, StanzaError.of("service-unavailable"));
      if (action === "error" || action === "ignore") return "handled";
      const stanza = kept?.stanza ?? packet.stanza;
      const least = type !== "headline" && options.chat_to === "highest" ? highestPriority(sessions) : 0;
      if (action === "resource") match!.send(stanza);
      else for (const one of sessions) if (isReachable(one) && one.priority >= least) one.send(stanza);
      if (sessions.length === 1) delivered(packet, kept, everyone);
      else if (action === "resource") delivered(packet, kept, (session) => session === match);
      else delivered(packet, kept, (session) => isReachable(session) && session.priority >= least);
      return "handled";
    };

    const delivered = (
      packet: Packet,
      kept: StampedMessage | undefined,
      wasGiven: (session: Session) => boolean,
    ): void => {
      const stanza = kept?.stanza ?? packet.stanza;
      void host.hooks.fire("message/delivered", { packet, stanza, kept, wasGiven });
    };

    /**
     * For resources that have lost their connection and may come back, or read more slowly than messages come: it waits where
     * a crash does not lose it and forwards are planned (a call has to ring, although nobody keeps it), and only what is not
     * stored waits in memory.
     */
    const wait = (
      packet: Packet,
      kept: StampedMessage | undefined,
      waiting: readonly Session[],
    ): "handled" | Promise<"handled"> => {
      const stanza = kept?.stanza ?? packet.stanza;
      const at = core.clock.now();
      const { promise: storing, resolve } = Promise.withResolvers<void>();
      const behind = waiting.filter(({ detachedAt }) => detachedAt === null);
      for (const session of behind) {
        session.behindSince ??= at;
        session.storing = storing;
      }
      return leaveNow(packet, kept, true, at, (outcome) => {
        // Too much waits already, and the connection takes no more, or there is none: in memory it would overtake what waits.
        const isRefused = outcome instanceof StanzaError && outcome.condition === "resource-constraint";
        const isLeft = (session: Session): boolean =>
          !session.isClosed && !(isRefused && (session.detachedAt !== null || isFull(session)));
        const left = outcome === "stored" ? [] : waiting.filter(isLeft);
        for (const session of left) session.send(stanza);
        if (left.length === 0) settle(packet, outcome);
        else delivered(packet, kept, (session) => left.includes(session));
        for (const session of behind) {
          if (session.storing !== storing) continue;
          session.storing = null;
          // Nobody reads the store for it: what comes next is for itself again.
          if (!session.isHolding) session.behindSince = null;
        }
        resolve();
      });
    };

    /** For an account whose resources cannot take it. The sender's queue waits for no more than whether there is one. */
    const leave = (
      packet: Packet,
      type: MessageType,
      kept: StampedMessage | undefined,
      isOnline: boolean,
    ): "handled" | Promise<"handled"> => {
      const exists = isOnline || known.has(packet.to);
      if (typeof exists === "boolean") return leaveNow(packet, kept, exists, core.clock.now());
      // Once that is known, somebody may have come online.
      return exists.then((found) =>
        core.sessions.of(packet.to).some(isReachable)
          ? give(packet, type, kept)
          : leaveNow(packet, kept, found, core.clock.now()),
      );
    };

    const leaveNow = (
      packet: Packet,
      kept: StampedMessage | undefined,
      exists: boolean,
      at: number,
      done = (outcome: OfflineOutcome | undefined): void => settle(packet, outcome),
    ): "handled" | Promise<"handled"> => {
      const event: OfflineDelivery = {
        packet: kept === undefined ? packet : { ...packet, stanza: kept.stanza },
        user: packet.to.toBare(),
        at,
        notStored: verdict(packet),
        kept,
        forwards: [],
      };
      const outcome = exists ? host.hooks.fire("message/offline", event) : bounce(event);
      if (!(outcome instanceof Promise)) {
        done(outcome);
        return "handled";
      }
      leaving += 1;
      const settled = outcome.then(done).finally(() => {
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
      if (outcome instanceof StanzaError) refuse(packet, outcome);
    };

    /** Back to the resource that sent it; its account's others are told of it, as of any message. */
    const refuse = (packet: Packet, error: StanzaError): void => {
      core.router.bounce(packet, error);
      const { stanza: refused, from: to, to: from, origin } = packet;
      const { session } = origin;
      if (session === null || core.sessions.of(session.bare).length === 1) return;
      const stanza = errorReply(refused, error);
      void session.host.hooks.fire("message/delivered", {
        packet: { stanza, from, to, origin: serverOrigin, host: session.host },
        stanza,
        kept: undefined,
        wasGiven: (other) => other === session,
        refused,
      });
    };

    const redelivery = new Redelivery(core, host, {
      highestOnly: options.chat_to === "highest",
      isStorable: (packet) => verdict(packet) === null,
      leave: (packet, at) => void leaveNow(packet, stampedBefore(packet), true, at),
    });

    ctx.hook("message/bare", deliver);
    ctx.hook("message/full", deliver);
    // Messages to the server itself are for nobody.
    ctx.hook("message/host", () => "handled", 100);
    ctx.hook("message/offline", bounce, 100);
    // Before anybody who might wait: nothing newer may be stored first.
    ctx.hook("session/detached", ({ session }) => redelivery.detached(session), 12);
    ctx.hook("session/closed", ({ session }) => redelivery.closed(session), 12);
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

function isTaking(session: Session): boolean {
  return session.isAttended && takesNow(session);
}

function highestPriority(sessions: readonly Session[]): number {
  let highest = 0;
  for (const one of sessions) if (isReachable(one) && one.priority > highest) highest = one.priority;
  return highest;
}

function everyone(): boolean {
  return true;
}

/** A message that was delivered once may be one that the account keeps: then it carries the id. */
function stampedBefore({ stanza, to }: Packet): StampedMessage | undefined {
  const key = stanzaIdOf(stanza, to.bare);
  return key === undefined ? undefined : { key, stanza, original: withoutStanzaId(stanza, to.bare) };
}
