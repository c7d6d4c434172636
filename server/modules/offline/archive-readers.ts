import type { Core } from "../../core/core.ts";
import type { Session } from "../../core/session.ts";
import type { Drains } from "./drain.ts";

/**
 * Clients that were told the state of their archive as they logged in, and may read there what they missed. XEP-0386 3.2 has
 * the server forget the offline messages of such an account. Here only those that the archive has are left out, and only
 * once the client has begun to read it: there are clients that bind so and know nothing of archives.
 */
export class ArchiveReaders {
  readonly #core: Core;
  readonly #drains: Drains;
  readonly #waitMs: number;
  readonly #expected = new WeakSet<Session>();
  /** Reachable ones that have not read yet, with messages waiting for them, and until when they may begin. */
  readonly #waiting = new Map<Session, number>();

  constructor(core: Core, drains: Drains, waitMs: number) {
    this.#core = core;
    this.#drains = drains;
    this.#waitMs = waitMs;
  }

  expect(session: Session): void {
    if (this.#waitMs > 0) this.#expected.add(session);
  }

  /** The session may be given what waits: at once, or when it has shown whether it reads the archive. */
  begin(session: Session): undefined | Promise<undefined> {
    if (this.#expected.has(session)) return this.#wait(session);
    this.#drains.begin(session);
    return undefined;
  }

  hasRead(session: Session): undefined {
    if (!this.#expected.delete(session)) return;
    this.#drains.readsArchive(session);
    if (this.#waiting.delete(session)) this.#hand(session);
  }

  /** Its connection is gone: what is held back for it goes the ways of what it has not confirmed. */
  leave(session: Session): undefined {
    if (this.#waiting.delete(session) && !session.isClosed) session.releaseMessages();
  }

  /** Gives everything to those that did not read in time. */
  look(): void {
    const now = this.#core.clock.now();
    for (const [session, until] of this.#waiting) {
      if (until > now) continue;
      this.#waiting.delete(session);
      this.#expected.delete(session);
      this.#hand(session);
    }
  }

  async #wait(session: Session): Promise<undefined> {
    if (this.#waiting.has(session)) return;
    this.#waiting.set(session, this.#core.clock.now() + this.#waitMs);
    // What is newer must not come before what waits.
    session.holdMessages();
    const { messages } = await this.#core.stores.offline.depth(session.host.name, session.bare.local);
    if (messages === 0 && this.#waiting.delete(session)) session.releaseMessages();
  }

  #hand(session: Session): void {
    if (!this.#drains.begin(session)) session.releaseMessages();
  }
}
