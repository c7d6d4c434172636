import { Connection, type TlsServerOptions } from "../../net/connection.ts";
import type { Accepted } from "../../net/listener.ts";
import { AcceptedStreams, refuse } from "../accepted-streams.ts";
import type { Core } from "../core.ts";
import { type IncomingOwner, IncomingStream } from "./incoming-stream.ts";
import type { ServerTls } from "./server-tls.ts";

export interface ServerSettings {
  /** Time from the connection to the first domain that is proved. */
  readonly loginMs: number;
  /** Connections that have not proved a domain yet, in all. */
  readonly maxUnproved: number;
}

/** Connections of other servers (s2s): takes what the listeners accept and ends it all when the server stops. */
export class ServerService implements IncomingOwner {
  readonly #core: Core;
  readonly #tls: ServerTls;
  readonly #streams: AcceptedStreams<IncomingStream>;
  readonly #unfollow: () => void;

  constructor(core: Core, tls: ServerTls, settings: ServerSettings) {
    this.#core = core;
    this.#tls = tls;
    const { loginMs, maxUnproved: maxLogins } = settings;
    const late = "no domain was proved in time";
    this.#streams = new AcceptedStreams({ loginMs, maxLogins, late, now: core.clock.now });
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
    this.#streams.settled(stream);
  }

  /** Ends streams that took too long to prove a domain. A timer does so, too. */
  sweepLogins(): void {
    this.#streams.sweepLogins();
  }

  /** Tells every server that this one stops, and waits a moment for what is written to leave. */
  async drain(): Promise<void> {
    this.#unfollow();
    this.#core.links.close();
    await this.#streams.drain();
  }

  #accept(accepted: Accepted, tls: TlsServerOptions | undefined): void {
    if (!this.#streams.hasRoom) {
      refuse(accepted);
      return;
    }
    const connection = new Connection(accepted.socket, tls, () => {
      accepted.closed();
      this.#streams.gone(stream);
    });
    const stream = new IncomingStream(connection, this.#core.links, this);
    this.#core.links.accepted(stream);
    this.#streams.begin(stream);
  }
}
