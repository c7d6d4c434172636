import type { Core } from "../../core/core.ts";
import { withDelay } from "../../core/delay.ts";
import type { Log } from "../../core/log.ts";
import { untilConfirmed, untilRead } from "../../core/pace.ts";
import type { Session } from "../../core/session.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { storedStanza } from "./stored.ts";

const pageSize = 100;
/** A client that confirms what it gets is sent so much, UTF-16 units, before it has to. */
const maxUnconfirmed = 1024 * 1024;

/** One session that is given what waits for its account. */
interface Drain {
  readonly session: Session;
  /** The last row it was sent, or need not be. */
  last: number;
  /** The store is being read; else only the client's confirmation is missing. */
  isReading: boolean;
  /** Somebody asked for another look at the store meanwhile. */
  isAskedAgain: boolean;
  /** It is done, or the session lost its connection or ended. */
  isOver: boolean;
}

/**
 * Hands stored messages over, oldest first, before anything newer. One resource of an account gets them; they leave the
 * store when it has confirmed them or, without stream management, answered after they were sent. If it is lost before,
 * they go to the next one.
 */
export class Drains {
  readonly #core: Core;
  readonly #log: Log;
  readonly #byAccount = new Map<string, Drain>();
  /** Sessions that ask for what waits themselves (XEP-0013): while one is there, its account is sent nothing. */
  readonly #flexible = new WeakSet<Session>();
  /** Sessions that read the archive, and when: they are not sent what was in it by then (XEP-0386 3.2). */
  readonly #readers = new WeakMap<Session, number>();
  /** Texts, as without their delay, that a resumed session is sent by other means, each as often as they are. */
  readonly #repeated = new WeakMap<Session, Map<string, number>>();
  /** Rows of the store that the client of a session has, or is sent again should it not: they go when it has said so. */
  readonly #given = new WeakMap<Session, Set<number>>();

  constructor(core: Core, log: Log) {
    this.#core = core;
    this.#log = log;
  }

  /** The session reads the archive itself: from now on it is given what is not there. */
  readsArchive(session: Session): void {
    this.#readers.set(session, this.#core.clock.now());
  }

  /**
   * Starts to hand over to a reachable session, unless one of the account is being served: then after that. false: it is
   * given nothing now.
   */
  begin(session: Session): boolean {
    const account = session.bare.bare;
    const running = this.#byAccount.get(account);
    if (running !== undefined) running.isAskedAgain = true;
    if (running !== undefined && running.session === session && !running.isReading) this.#start(running);
    if (running !== undefined || session.isClosed || this.#isAskedFor(session)) return false;
    const drain: Drain = { session, last: 0, isReading: false, isAskedAgain: false, isOver: false };
    this.#byAccount.set(account, drain);
    this.#start(drain);
    return true;
  }

  #start(drain: Drain): void {
    const { session } = drain;
    drain.isReading = true;
    session.holdMessages();
    void this.#run(drain).catch((error: unknown) => {
      this.#log.error("stored messages could not be read", { user: session.bare.bare, error: String(error) });
      this.#end(drain);
      session.releaseMessages();
    });
  }

  /** The session asks for what waits itself from now on. */
  leaveTo(session: Session): void {
    this.#flexible.add(session);
  }

  /**
   * Starts to hand over to a resource that is there: somebody wishes it, or a message that had been on its way for too long
   * was stored. false: there is none, or its client asks for what waits itself.
   */
  deliver(user: Jid): boolean {
    const session = this.#core.sessions.of(user).find(isAttended);
    if (session === undefined || this.#isAskedFor(session)) return false;
    this.begin(session);
    return true;
  }

  /** The session is over, or its connection is: what it has not confirmed is given to another resource. */
  lost(session: Session): undefined {
    const drain = this.#byAccount.get(session.bare.bare);
    if (drain?.session !== session && !this.#flexible.has(session)) return;
    if (drain?.session === session) this.#end(drain);
    const next = this.#core.sessions.of(session.bare).find(isAttended);
    if (next !== undefined) this.begin(next);
  }

  /** The session has its connection back; what it is sent again is left out. */
  resumed(session: Session, repeated: readonly string[]): undefined {
    const counts = new Map<string, number>();
    for (const text of repeated) counts.set(text, (counts.get(text) ?? 0) + 1);
    // What it was sent again at an earlier return may be confirmed by now and still wait: its connection was lost too soon.
    for (const [text, count] of this.#repeated.get(session) ?? [])
      counts.set(text, Math.max(count, counts.get(text) ?? 0));
    this.#repeated.set(session, counts);
    if (isAttended(session)) this.begin(session);
  }

  async #run(drain: Drain): Promise<void> {
    const { session } = drain;
    // What goes to the store because the session reads too slowly is behind what is being read.
    do {
      drain.isAskedAgain = false;
      await session.storing;
      await this.#read(drain);
      if (drain.isOver) return;
    } while (drain.isAskedAgain || session.storing !== null);
    drain.isReading = false;
    this.#repeated.delete(session);
    session.releaseMessages();
    const { last } = drain;
    const finish = (): void => {
      if (drain.isReading || drain.last > last) return;
      this.#end(drain);
      if (drain.isAskedAgain) this.begin(session);
    };
    if (last === 0) {
      finish();
      return;
    }
    session.onceDelivered(() => {
      this.#acknowledge(session, last);
      if (!drain.isOver) finish();
    });
  }

  /** Sends what waits behind the last row it was sent. */
  async #read(drain: Drain): Promise<void> {
    const { session } = drain;
    const { local } = session.bare;
    const host = session.host.name;
    const given = this.#given.get(session) ?? new Set();
    this.#given.set(session, given);
    // A page may have been read before its rows went.
    const before = new Set(given);
    let unconfirmed = 0;
    for (let isMore = true; isMore;) {
      const page = await this.#core.stores.offline.read(host, local, drain.last, pageSize);
      isMore = page.length === pageSize;
      for (const stored of page) {
        if (session.link.unsent > 0) await untilRead(session, () => drain.isOver);
        if (unconfirmed > maxUnconfirmed) await this.#confirmed(drain);
        if (unconfirmed > maxUnconfirmed) unconfirmed = 0;
        if (drain.isOver) return;
        if (session.behindSince !== null && stored.at >= session.behindSince) session.passHeld();
        const stanza = storedStanza(stored, session.bare.bare);
        const text = stanza.toString();
        const isRead = stored.isArchived && stored.at <= (this.#readers.get(session) ?? -1);
        const isThere = this.#isRepeated(session, text) || before.has(stored.id);
        if (!isRead && !isThere) {
          session.sendNow(withDelay(stanza, host, stored.at), text);
          unconfirmed += text.length;
        }
        given.add(stored.id);
        drain.last = stored.id;
      }
      if (drain.isOver) return;
      if (isMore) await this.#confirmed(drain);
    }
  }

  /** Waits for a client that confirms what it gets: then the store need not keep it. */
  async #confirmed({ last, session }: Drain): Promise<void> {
    if (session.keeper === null) return;
    await untilConfirmed(session);
    this.#acknowledge(session, last);
  }

  #acknowledge(session: Session, upTo: number): void {
    const given = this.#given.get(session);
    for (const id of given ?? []) if (id <= upTo) given!.delete(id);
    const { host, bare, jid } = session;
    this.#core.stores.offline.acknowledge(host.name, bare.local, upTo, jid.resource).catch((error: unknown) => {
      this.#log.error("delivered messages could not be deleted", { user: session.bare.bare, error: String(error) });
    });
  }

  #isAskedFor(session: Session): boolean {
    return this.#core.sessions.of(session.bare).some((one) => !one.isClosed && this.#flexible.has(one));
  }

  #isRepeated(session: Session, text: string): boolean {
    const counts = this.#repeated.get(session);
    const left = counts?.get(text) ?? 0;
    if (left === 0) return false;
    counts!.set(text, left - 1);
    return true;
  }

  #end(drain: Drain): void {
    drain.isOver = true;
    const account = drain.session.bare.bare;
    if (this.#byAccount.get(account) === drain) this.#byAccount.delete(account);
  }
}

function isAttended(session: Session): boolean {
  return session.isAttended;
}
