import type { Core } from "../../core/core.ts";
import { withDelay } from "../../core/delay.ts";
import type { Host } from "../../core/host.ts";
import type { Unconfirmed } from "../../core/keeper.ts";
import { isFull } from "../../core/pace.ts";
import type { Packet } from "../../core/router.ts";
import type { Origin, Session } from "../../core/session.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { isCopy } from "./forgery.ts";
import { messageType } from "./rules.ts";

interface Ways {
  /** Messages to the account went to the resources of the highest priority only. */
  readonly highestOnly: boolean;
  isStorable(packet: Packet): boolean;
  /** Into the offline chain, as of the time `at`. */
  leave(packet: Packet, at: number): void;
}

/**
 * Finds other ways for messages that a client has not confirmed when its connection is lost (XEP-0198 4): resources that
 * are there and have not had them, else the offline chain. All in one turn and oldest first, so that nothing newer
 * overtakes them.
 */
export class Redelivery {
  readonly #core: Core;
  readonly #host: Host;
  readonly #ways: Ways;
  readonly #origin: Origin;

  constructor(core: Core, host: Host, ways: Ways) {
    this.#core = core;
    this.#host = host;
    this.#ways = ways;
    // Whoever sent it has gone on long since: an error is routed like any other stanza.
    this.#origin = {
      answer: (stanza) => {
        if (stanza.from !== undefined && stanza.to !== undefined) void core.router.send(stanza);
      },
      awaitCommit() {},
      session: null,
    };
  }

  /** The session may be resumed: what can't be stored goes on waiting for that. */
  detached(session: Session): undefined {
    const held = session.takeHeldMessages();
    for (const entry of session.keeper?.unconfirmed ?? []) this.#redeliver(session, entry, false);
    const at = this.#core.clock.now();
    for (const stanza of held) {
      // It was held back for older ones that wait on disk: it goes behind them, where it can.
      const way = this.#redeliver(session, { stanza, at, storedAs: null, isSettled: false }, false);
      if (way !== "left") session.send(stanza);
    }
  }

  closed(session: Session): undefined {
    for (const entry of session.keeper?.unconfirmed ?? []) this.#redeliver(session, entry, true);
    const at = this.#core.clock.now();
    for (const stanza of session.takeHeldMessages()) {
      this.#redeliver(session, { stanza, at, storedAs: null, isSettled: false }, true);
    }
  }

  /** "left": it went into the offline chain. */
  #redeliver(session: Session, entry: Unconfirmed, isOver: boolean): "left" | undefined {
    const { stanza, at } = entry;
    if (stanza.kind !== "message" || entry.isSettled || entry.storedAs !== null || isCopy(stanza)) return undefined;
    const to = stanza.to === undefined ? session.bare : Jid.tryParse(stanza.to);
    const from = Jid.tryParse(stanza.from ?? this.#host.name);
    const type = messageType(stanza.type);
    if (to === undefined || from === undefined || type === "error" || type === "headline") return undefined;
    const packet: Packet = { stanza, from, to, origin: this.#origin, host: this.#host };
    const others = this.#core.sessions.of(session.bare).filter((other) => other !== session);
    if (type === "groupchat") {
      if (isOver) this.#core.router.bounce(packet, StanzaError.of("service-unavailable"));
      return undefined;
    }
    // One that waits for its client, too, counts for what that has confirmed.
    const isFor = isOver
      ? isReachable
      : (other: Session): boolean => other.isAttended || (isReachable(other) && hasConfirmed(other, stanza));
    // What came for a detached resource was given to those who were there, too.
    const wentToAll = to.resource === "" || (isOver && session.detachedAt !== null && at >= session.detachedAt);
    if (wentToAll && others.some((other) => isFor(other) && this.#hadIt(other, session, at))) return undefined;
    const attended = others.filter((other) => other.isAttended);
    const isStorable = this.#ways.isStorable(packet);
    if (attended.length === 0 && !isOver && !isStorable) return undefined;
    // All at once could be more than a connection takes: from the store it comes as fast as the client reads.
    if (attended.length === 0 || (isStorable && !attended.some(takesNow))) {
      this.#ways.leave(packet, at);
      entry.isSettled = true;
      return "left";
    }
    const late = withDelay(stanza, this.#host.name, at);
    for (const other of attended) other.send(late);
    entry.isSettled = true;
    return undefined;
  }

  /** What went to all resources of the account at the time `at` went to this one, too. */
  #hadIt(other: Session, session: Session, at: number): boolean {
    return other.reachableSince <= at && (!this.#ways.highestOnly || other.priority >= session.priority);
  }
}

/** Has the client of a session that was given it said that it has it? */
function hasConfirmed({ keeper }: Session, stanza: Stanza): boolean {
  return keeper !== null && !keeper.unconfirmed.some((one) => one.stanza === stanza);
}

/** RFC 6121 8.5.2.1: it gets messages to the account. */
export function isReachable(session: Session): boolean {
  return session.presence !== null && session.priority >= 0;
}

/** It has a connection, and that takes what is written. */
export function takesNow(session: Session): boolean {
  if (session.detachedAt !== null) return false;
  return session.behindSince === null && !isFull(session) && !session.holdsMuch;
}
