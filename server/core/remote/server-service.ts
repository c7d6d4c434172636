import { Connection, type TlsServerOptions } from "../../net/connection.ts";
import { Deadlines } from "../../net/deadlines.ts";
import type { Accepted } from "../../net/listener.ts";
import { StreamError } from "../../xmpp/errors.ts";
import type { Core } from "../core.ts";
import { type IncomingOwner, IncomingStream } from "./incoming-stream.ts";
import type { ServerTls } from "./server-tls.ts";

export interface ServerSettings {
  /** Time from the connection to the first domain that is proved. */
  readonly loginMs: number;
  /** Connections that have not proved a domain yet, in all. */
  readonly maxUnproved: number;
}

const drainMs = 3_000;

/** Connections of other servers (s2s): takes what the listeners accept and ends it all when the server stops. */
export class ServerService implements IncomingOwner {
  readonly #core: Core;
  readonly #tls: ServerTls;
  readonly #settings: ServerSettings;
  readonly #streams = new Set<IncomingStream>();
  readonly #logins: Deadlines<IncomingStream>;
  readonly #unfollow: () => void;
  #isDraining = false;
  #drained: (() => void) | null = null;

  constructor(core: Core, tls: ServerTls, settings: ServerSettings) {
    this.#core = core;
    this.#tls = tls;
    this.#settings = settings;
    this.#logins = new Deadlines(settings.loginMs, endLateLogin, core.clock.now);
    this.#unfollow = core.policy.onChange(() => core.links.follow());
  }

  /** A connection that begins unencrypted and offers STARTTLS. */
  readonly accept = (accepted: Accepted): void => this.#accept(accepted, undefined);

  /** A connection that begins with a TLS handshake (XEP-0368). */
  readonly acceptTls = (accepted: Accepted): void => {
    const options = this.#tls.acceptingDirectly();
    if (options === undefined) refuse(accepted);
    else this.#accept(accepted, options);
  };

  proved(stream: IncomingStream): void {
    this.#logins.delete(stream);
  }

  /** Ends streams that took too long to prove a domain. A timer does so, too. */
  sweepLogins(): void {
    this.#logins.sweep();
  }

  /** Tells every server that this one stops, and waits a moment for what is written to leave. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    this.#unfollow();
    this.#core.links.close();
    const gone = Promise.withResolvers<void>();
    this.#drained = gone.resolve;
    for (const stream of [...this.#streams]) stream.close(new StreamError("system-shutdown"));
    if (this.#streams.size === 0) return;
    const timer = setTimeout(gone.resolve, drainMs);
    await gone.promise;
    clearTimeout(timer);
    for (const stream of [...this.#streams]) stream.destroy("the server stopped");
  }

  #accept(accepted: Accepted, tls: TlsServerOptions | undefined): void {
    if (this.#isDraining || this.#logins.size >= this.#settings.maxUnproved) {
      refuse(accepted);
      return;
    }
    const connection = new Connection(accepted.socket, tls, () => {
      accepted.closed();
      this.#gone(stream);
    });
    const stream = new IncomingStream(connection, this.#core.links, this);
    this.#streams.add(stream);
    this.#logins.add(stream);
    this.#core.links.accepted(stream);
    stream.open();
  }

  #gone(stream: IncomingStream): void {
    this.#logins.delete(stream);
    this.#streams.delete(stream);
    if (this.#streams.size === 0) this.#drained?.();
  }
}

function refuse({ socket, closed }: Accepted): void {
  closed();
  socket.destroy();
}

function endLateLogin(stream: IncomingStream): void {
  stream.close(new StreamError("connection-timeout", "no domain was proved in time"));
}
