import { setTimeout as pause } from "node:timers/promises";
import type { Core } from "../../core/core.ts";
import type { Log } from "../../core/log.ts";
import type { Session } from "../../core/session.ts";
import { el } from "../../xmpp/element.ts";
import { formatDateTime } from "../../xmpp/datetime.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";

const pageSize = 100;
/** A client that reads slowly gets the next message when less than this waits to be sent, bytes. */
const maxUnsent = 256 * 1024;
const unsentCheckMs = 20;

/** One session that is given what waits for its account. */
interface Drain {
  readonly session: Session;
  /** Somebody asked for another look at the store meanwhile. */
  isAskedAgain: boolean;
}

/**
 * Hands stored messages over, oldest first, before anything newer. One resource of an account gets them; they leave the
 * store when it has answered after they were sent, and go to the next one if it dies before.
 */
export class Drains {
  readonly #core: Core;
  readonly #log: Log;
  readonly #byAccount = new Map<string, Drain>();

  constructor(core: Core, log: Log) {
    this.#core = core;
    this.#log = log;
  }

  /** Starts to hand over to a reachable session, unless one of the account is being served: then after that. */
  begin(session: Session): void {
    const account = session.bare.bare;
    const running = this.#byAccount.get(account);
    if (running !== undefined) running.isAskedAgain = true;
    if (running !== undefined || session.isClosed) return;
    const drain: Drain = { session, isAskedAgain: false };
    this.#byAccount.set(account, drain);
    session.holdMessages();
    void this.#run(drain).catch((error: unknown) => {
      this.#log.error("stored messages could not be read", { user: account, error: String(error) });
      this.#end(drain);
      session.releaseMessages();
    });
  }

  /** A message was stored although somebody is there by now: it had been on its way for too long. */
  storedLate(user: Jid): void {
    const session = this.#core.sessions.of(user).find(isReachable);
    if (session !== undefined) this.begin(session);
  }

  /** The session is over: if it had not confirmed what it was given, another resource is. */
  closed(session: Session): void {
    const drain = this.#byAccount.get(session.bare.bare);
    if (drain?.session !== session) return;
    this.#end(drain);
    const next = this.#core.sessions.of(session.bare).find(isReachable);
    if (next !== undefined) this.begin(next);
  }

  async #run(drain: Drain): Promise<void> {
    const { session } = drain;
    const { local } = session.bare;
    const host = session.host.name;
    let last = 0;
    for (let isMore = true; isMore;) {
      const page = await this.#core.stores.offline.read(host, local, last, pageSize);
      isMore = page.length === pageSize;
      for (const stored of page) {
        while (session.link.unsent > maxUnsent && !session.isClosed) await pause(unsentCheckMs);
        session.sendNow(delayed(stored, host));
        last = stored.id;
      }
      if (session.isClosed) return;
    }
    session.releaseMessages();
    const finish = (): void => {
      this.#end(drain);
      if (drain.isAskedAgain) this.begin(session);
    };
    if (last === 0) {
      finish();
      return;
    }
    session.onceAnswered(() => {
      this.#core.stores.offline.acknowledge(host, local, last).catch((error: unknown) => {
        this.#log.error("delivered messages could not be deleted", { user: session.bare.bare, error: String(error) });
      });
      finish();
    });
  }

  #end(drain: Drain): void {
    const account = drain.session.bare.bare;
    if (this.#byAccount.get(account) === drain) this.#byAccount.delete(account);
  }
}

function isReachable(session: Session): boolean {
  return session.presence !== null && session.priority >= 0;
}

/** The message with the time it came, XEP-0203 and XEP-0160 2. */
function delayed(stored: { readonly xml: string; readonly at: number }, host: string): Stanza {
  return Stanza.parse(stored.xml).append(el("delay", NS.delay, { from: host, stamp: formatDateTime(stored.at) }));
}
