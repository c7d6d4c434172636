import type { Carrier } from "../net/carrier.ts";
import type { Certificates } from "../net/certificates.ts";
import { Connection, type TlsServerOptions } from "../net/connection.ts";
import { Deadlines } from "../net/deadlines.ts";
import type { Accepted } from "../net/listener.ts";
import { StreamError } from "../xmpp/errors.ts";
import { ClientStream, type ClientStreams } from "./client-stream.ts";
import type { Core } from "./core.ts";
import type { Log } from "./log.ts";
import type { NegotiationSettings } from "./negotiation.ts";
import type { LoginThrottle } from "./throttle.ts";

export interface ClientSettings extends NegotiationSettings {
  /** Time from the connection to the bound resource, whatever the client does in between. */
  readonly loginMs: number;
  /** Connections that have not logged in yet, in all. */
  readonly maxUnauthenticated: number;
}

const drainMs = 3_000;
/** XEP-0368: what a client asks for on a direct TLS port. */
const alpn = ["xmpp-client"];

/** Client connections (c2s): takes what the listeners accept and ends it all when the server stops. */
export class ClientService implements ClientStreams {
  readonly core: Core;
  readonly settings: ClientSettings;
  readonly throttle: LoginThrottle;
  readonly log: Log;
  readonly #certificates: Certificates;
  readonly #streams = new Set<ClientStream>();
  readonly #logins: Deadlines<ClientStream>;
  readonly #unfollow: () => void;
  #isDraining = false;
  #drained: (() => void) | null = null;

  private constructor(core: Core, certificates: Certificates, throttle: LoginThrottle, settings: ClientSettings) {
    this.core = core;
    this.settings = settings;
    this.throttle = throttle;
    this.log = core.log.for("c2s");
    this.#certificates = certificates;
    this.#logins = new Deadlines(settings.loginMs, endLateLogin, () => core.clock.now());
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
    if (options === undefined) accepted.socket.destroy();
    else this.#accept(accepted, { ...options, ...this.#request, ALPNProtocols: alpn });
  };

  /** A stream over something that begins with its first message; false: there is no room, and `open` was not called. */
  carry(open: (released: () => void) => Carrier): boolean {
    if (!this.#hasRoom) return false;
    const carrier = open(() => this.#gone(stream));
    const stream = new ClientStream(carrier, this);
    this.#begin(stream);
    return true;
  }

  tlsFor(host: string): TlsServerOptions | undefined {
    const options = this.#certificates.serverOptions(host);
    return options && { ...options, ...this.#request };
  }

  get #request(): Pick<TlsServerOptions, "requestCert" | "rejectUnauthorized"> {
    return this.#certificates.asksClients ? { requestCert: true, rejectUnauthorized: false } : {};
  }

  bound(stream: ClientStream): void {
    this.#logins.delete(stream);
  }

  closed(stream: ClientStream): void {
    this.#logins.delete(stream);
  }

  /** Ends streams whose login took too long. A timer does so, too. */
  sweepLogins(): void {
    this.#logins.sweep();
  }

  /** Tells every client that the server stops, and waits a moment for what is written to leave. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    this.#unfollow();
    const gone = Promise.withResolvers<void>();
    this.#drained = gone.resolve;
    for (const stream of [...this.#streams]) stream.close(new StreamError("system-shutdown"));
    // Detached ones, too, while there are modules to take what their clients have not confirmed.
    for (const session of [...this.core.sessions.all()]) session.close(new StreamError("system-shutdown"));
    if (this.#streams.size === 0) return;
    const timer = setTimeout(gone.resolve, drainMs);
    await gone.promise;
    clearTimeout(timer);
    for (const stream of [...this.#streams]) stream.destroy("the server stopped");
  }

  #accept({ socket, closed }: Accepted, tls: TlsServerOptions | undefined): void {
    if (!this.#hasRoom) {
      socket.destroy();
      return;
    }
    const connection = new Connection(socket, tls, () => {
      closed();
      this.#gone(stream);
    });
    const stream = new ClientStream(connection, this);
    this.#begin(stream);
  }

  get #hasRoom(): boolean {
    return !this.#isDraining && this.#logins.size < this.settings.maxUnauthenticated;
  }

  #begin(stream: ClientStream): void {
    this.#streams.add(stream);
    this.#logins.add(stream);
    stream.open();
  }

  #gone(stream: ClientStream): void {
    this.#streams.delete(stream);
    if (this.#streams.size === 0) this.#drained?.();
  }

  // Shapers may have changed, and hosts may have been added, switched off or removed.
  #follow(): void {
    const { hosts } = this.core.policy.document;
    this.#certificates.ensure(Object.keys(hosts)).catch((error: unknown) => {
      this.core.log.error("no certificate could be made", { error: String(error) });
    });
    for (const stream of [...this.#streams]) {
      const name = stream.hostName;
      if (name === null) continue;
      const isServed = Object.hasOwn(hosts, name) && hosts[name]?.enabled === true;
      if (isServed) stream.reshape();
      else stream.close(new StreamError("host-gone"));
    }
    for (const session of [...this.core.sessions.all()]) {
      const { name } = session.host;
      const isServed = Object.hasOwn(hosts, name) && hosts[name]?.enabled === true;
      if (session.detachedAt !== null && !isServed) session.close(new StreamError("host-gone"));
    }
  }
}

function endLateLogin(stream: ClientStream): void {
  stream.close(new StreamError("connection-timeout", "the login took too long"));
}
