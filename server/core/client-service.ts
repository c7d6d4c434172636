import type { Carrier } from "../net/carrier.ts";
import type { Certificates } from "../net/certificates.ts";
import { Connection, type TlsServerOptions } from "../net/connection.ts";
import type { Accepted } from "../net/listener.ts";
import { StreamError } from "../xmpp/errors.ts";
import { AcceptedStreams, followPolicy, isServed, refuse } from "./accepted-streams.ts";
import { ClientStream, type ClientStreams } from "./client-stream.ts";
import type { Core } from "./core.ts";
import type { Log } from "./log.ts";
import type { NegotiationSettings } from "./negotiation.ts";
import type { LoginThrottle } from "./throttle.ts";

export interface ClientSettings extends NegotiationSettings {
  /** Time from the connection to the bound resource, whatever the client does in between, unless a person has a form to fill in. */
  readonly loginMs: number;
  /** Connections that have not logged in yet, in all. */
  readonly maxUnauthenticated: number;
}

/** XEP-0368: what a client asks for on a direct TLS port. */
const alpn = ["xmpp-client"];

/** Client connections (c2s): takes what the listeners accept and ends it all when the server stops. */
export class ClientService implements ClientStreams {
  readonly core: Core;
  readonly settings: ClientSettings;
  readonly throttle: LoginThrottle;
  readonly log: Log;
  readonly #certificates: Certificates;
  readonly #streams: AcceptedStreams<ClientStream>;
  readonly #unfollow: () => void;

  private constructor(core: Core, certificates: Certificates, throttle: LoginThrottle, settings: ClientSettings) {
    this.core = core;
    this.settings = settings;
    this.throttle = throttle;
    this.log = core.log.for("c2s");
    this.#certificates = certificates;
    const { loginMs, maxUnauthenticated: maxLogins } = settings;
    const late = "the login took too long";
    this.#streams = new AcceptedStreams({ loginMs, maxLogins, late, now: () => core.clock.now() });
    this.#unfollow = core.policy.onChange(() => this.#follow());
  }

  /** Ready to accept: every host has its certificate. */
  static async start(
    core: Core,
    certificates: Certificates,
    throttle: LoginThrottle,
    settings: ClientSettings,
  ): Promise<ClientService> {
    await certificates.ensure(Object.keys(core.policy.document.hosts));
    return new ClientService(core, certificates, throttle, settings);
  }

  /** Open connections, logged in or not. */
  get size(): number {
    return this.#streams.size;
  }

  /** A connection that begins unencrypted and offers STARTTLS. */
  readonly accept = (accepted: Accepted): void => this.#accept(accepted, undefined);

  /** A connection that begins with a TLS handshake (XEP-0368). */
  readonly acceptTls = (accepted: Accepted): void => {
    const options = this.#certificates.serverOptions(undefined);
    if (options === undefined) refuse(accepted);
    else this.#accept(accepted, { ...options, ...this.#request, ALPNProtocols: alpn });
  };

  /** A stream over something that begins with its first message; false: there is no room, and `open` was not called. */
  carry(open: (released: () => void) => Carrier): boolean {
    if (!this.#streams.hasRoom) return false;
    const carrier = open(() => this.#streams.gone(stream));
    const stream = new ClientStream(carrier, this);
    this.#streams.begin(stream);
    return true;
  }

  tlsFor(host: string): TlsServerOptions | undefined {
    const options = this.#certificates.serverOptions(host);
    return options && { ...options, ...this.#request };
  }

  get #request(): Pick<TlsServerOptions, "requestCert" | "rejectUnauthorized"> {
    return this.#certificates.asksClients ? { requestCert: true, rejectUnauthorized: false } : {};
  }

  fillsIn(stream: ClientStream): void {
    this.#streams.fillsIn(stream);
  }

  bound(stream: ClientStream): void {
    this.#streams.settled(stream);
  }

  closed(stream: ClientStream): void {
    this.#streams.settled(stream);
  }

  /** Ends streams whose login took too long. A timer does so, too. */
  sweepLogins(): void {
    this.#streams.sweepLogins();
  }

  /** Tells every client that the server stops, and waits a moment for what is written to leave. */
  async drain(): Promise<void> {
    this.#unfollow();
    const drained = this.#streams.drain();
    // Detached ones, too, while there are modules to take what their clients have not confirmed.
    for (const session of [...this.core.sessions.all()]) session.close(new StreamError("system-shutdown"));
    await drained;
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
    const stream = new ClientStream(connection, this);
    this.#streams.begin(stream);
  }

  // Hosts may have been added as well.
  #follow(): void {
    const { document } = this.core.policy;
    this.#certificates.ensure(Object.keys(document.hosts)).catch((error: unknown) => {
      this.core.log.error("no certificate could be made", { error: String(error) });
    });
    followPolicy(this.#streams, document);
    for (const session of [...this.core.sessions.all()]) {
      if (session.detachedAt !== null && !isServed(document, session.host.name))
        session.close(new StreamError("host-gone"));
    }
  }
}
