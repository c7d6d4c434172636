import { StreamError } from "../xmpp/errors.ts";
import type { Core } from "./core.ts";
import type { Session, StreamLink, Transport } from "./session.ts";

/** Ends a session for good: it takes and gives nothing any more, and the modules are told. Once. */
export function endSession(core: Core, session: Session, reason: string): void {
  if (!core.sessions.remove(session)) return;
  session.markClosed();
  core.log.for("c2s").info("session closed", { jid: session.jid.full, reason });
  void session.host.hooks.fire("session/closed", { session, reason });
}

/** The connection of a session is gone without a word from the client: it waits, if its keeper says so, or ends. */
export function loseConnection(core: Core, session: Session, reason: string): void {
  if (session.isClosed) return;
  if (session.keeper === null || !session.keeper.mayWait()) {
    endSession(core, session, reason);
    return;
  }
  session.detach(new LostLink(core, session), core.clock.now());
  core.log.for("c2s").info("session detached", { jid: session.jid.full, reason });
  void session.host.hooks.fire("session/detached", { session });
}

/** Takes a session's connection away, for another one of the same client that is about to take its place. */
export function takeConnection(core: Core, session: Session): void {
  const { link } = session;
  session.detach(new LostLink(core, session), core.clock.now());
  link.close(new StreamError("conflict", "the session goes on elsewhere"));
}

/** Stands in for the connection of a session that has lost its own. Closing it ends the session. */
class LostLink implements StreamLink {
  readonly address: string;
  readonly port: number;
  readonly transport: Transport;
  readonly isSecure: boolean;
  readonly tls: StreamLink["tls"];
  readonly unsent = 0;
  readonly traffic = { bytesIn: 0, bytesOut: 0 };
  readonly #core: Core;
  readonly #session: Session;

  constructor(core: Core, session: Session) {
    const { address, port, transport, isSecure, tls } = session.link;
    this.address = address;
    this.port = port;
    this.transport = transport;
    this.isSecure = isSecure;
    this.tls = tls;
    this.#core = core;
    this.#session = session;
  }

  write(): void {}
  pauseReading(): void {}
  resumeReading(): void {}

  close(error?: StreamError): void {
    if (this.#session.link === this) endSession(this.#core, this.#session, error?.message ?? "closed by the server");
  }

  fail(error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#core.log.error("a detached session failed", { jid: this.#session.jid.full, error: text });
    this.close();
  }
}
