import { hash } from "node:crypto";
import type { Core } from "../../core/core.ts";
import type { NegotiatingStream } from "../../core/negotiation.ts";
import { endSession, takeConnection } from "../../core/session-end.ts";
import type { Session } from "../../core/session.ts";
import { el, type Element } from "../../xmpp/element.ts";
import { StanzaError, type StanzaCondition } from "../../xmpp/errors.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { parseCount } from "../../xmpp/stanza-count.ts";
import { Keeper, NS_SM } from "./keeper.ts";

/** Sessions of one account that may wait for their clients at a time; past that, the one that waited longest ends. */
const maxDetached = 3;
/** Sessions that are over and whose `h` is still known. */
const maxRemembered = 10_000;

/** A request, alone or within a login. */
export interface Attributes {
  attr(name: string): string | undefined;
}

/** Why a session is not resumed; `handled`: how much of what the client sent had arrived, where that is known. */
export interface ResumeFailure {
  readonly condition: StanzaCondition;
  readonly handled?: number;
}

/** Sessions of one host between two connections (XEP-0198 5). */
export class Resumption {
  readonly #core: Core;
  readonly #waiting: Set<Keeper>;
  /** By digest of their SM-ID, the one that ended longest ago first. */
  readonly #ended = new Map<string, { readonly account: string; readonly handled: number }>();

  constructor(core: Core, waiting: Set<Keeper>) {
    this.#core = core;
    this.#waiting = waiting;
  }

  /** Gives a session the stream as its connection; `answer` tells the client. undefined: done; otherwise the stream may still bind a resource. */
  async resume(
    stream: NegotiatingStream,
    nonza: Attributes,
    answer: (resumed: Element) => void,
  ): Promise<ResumeFailure | undefined> {
    const { account } = stream;
    if (account === null || stream.session !== null) return { condition: "unexpected-request" };
    const id = nonza.attr("previd");
    const h = parseCount(nonza.attr("h"));
    if (id === undefined || h === undefined) return { condition: "bad-request" };
    const keeper = this.#find(account, id);
    if (keeper === undefined) return this.#unknown(account, id);
    const { session } = keeper;
    const wasAttached = session.detachedAt === null;
    if (wasAttached) takeConnection(this.#core, session);
    // What came over the old connection is counted before the client is told what to send again.
    const received = await new Promise<number>((resolve) => session.onceSettled(resolve));
    try {
      stream.resume(session);
    } catch (error) {
      if (!(error instanceof StanzaError)) throw error;
      if (wasAttached && !session.isClosed && session.detachedAt !== null) {
        void session.host.hooks.fire("session/detached", { session });
      }
      return { condition: error.condition };
    }
    const repeated = keeper.unconfirmed
      .filter(({ stanza }) => stanza.kind === "message")
      .map(({ stanza, storedAs }) => storedAs ?? stanza.toString());
    answer(el("resumed", NS_SM, { previd: id, h: String(keeper.handled(received)) }));
    keeper.confirm(h);
    keeper.sendAgain();
    if (keeper.unconfirmed.length === 0) this.#waiting.delete(keeper);
    await session.host.hooks.fire("session/resumed", { session, repeated });
    return undefined;
  }

  detached(session: Session): undefined {
    if (!(session.keeper instanceof Keeper)) return;
    this.#waiting.add(session.keeper);
    const detached = this.#core.sessions.of(session.bare).filter((one) => one.detachedAt !== null);
    if (detached.length <= maxDetached) return;
    const [first] = detached.toSorted((one, other) => one.detachedAt! - other.detachedAt!);
    endSession(this.#core, first!, "too many sessions of the account wait for their clients");
  }

  closed(keeper: Keeper): void {
    const { session } = keeper;
    this.#waiting.delete(keeper);
    if (session.detachedAt === null) return;
    const handled = keeper.handled(session.stanzasIn);
    this.#ended.set(digest(keeper.id), { account: session.bare.bare, handled });
    const [oldest] = this.#ended.keys();
    if (this.#ended.size > maxRemembered) this.#ended.delete(oldest!);
  }

  /** Ends a session whose client did not come back in time; false: there is no such reason. */
  giveUp({ session, resumeMs }: Keeper, now: number): boolean {
    if (session.detachedAt === null || now - session.detachedAt < resumeMs) return false;
    endSession(this.#core, session, "it was not resumed in time");
    return true;
  }

  #find(account: Jid, id: string): Keeper | undefined {
    for (const { keeper } of this.#core.sessions.of(account)) {
      if (keeper instanceof Keeper && keeper.isNamed(id)) return keeper;
    }
    return undefined;
  }

  #unknown(account: Jid, id: string): ResumeFailure {
    const ended = this.#ended.get(digest(id));
    const isItsOwn = ended !== undefined && ended.account === account.bare;
    return { condition: "item-not-found", ...(isItsOwn ? { handled: ended.handled } : {}) };
  }
}

function digest(id: string): string {
  return hash("sha256", id, "base64url");
}
