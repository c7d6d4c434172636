import { Connection } from "../net/connection.ts";
import { Deadlines } from "../net/deadlines.ts";
import type { Accepted } from "../net/listener.ts";
import { StreamError } from "../xmpp/errors.ts";
import { ComponentStream, type ComponentStreams } from "./component-stream.ts";
import type { Core } from "./core.ts";
import type { Log } from "./log.ts";
import type { LoginThrottle } from "./throttle.ts";

export interface ComponentSettings {
  /** Time from the connection to the proved secret. */
  readonly loginMs: number;
  /** Connections that have not proved a secret yet, in all. */
  readonly maxUnproved: number;
}

const drainMs = 3_000;

/** Connections of external components: takes what the listener accepts and ends it all when the server stops. */
export class ComponentService implements ComponentStreams {
  readonly core: Core;
  readonly throttle: LoginThrottle;
  readonly log: Log;
  readonly #settings: ComponentSettings;
  readonly #streams = new Set<ComponentStream>();
  readonly #logins: Deadlines<ComponentStream>;
  readonly #unfollow: () => void;
  #isDraining = false;
  #drained: (() => void) | null = null;

  constructor(core: Core, throttle: LoginThrottle, settings: ComponentSettings) {
    this.core = core;
    this.throttle = throttle;
    this.log = core.log.for("components");
    this.#settings = settings;
    this.#logins = new Deadlines(settings.loginMs, endLateLogin, () => core.clock.now());
    this.#unfollow = core.policy.onChange(() => this.#follow());
  }

  readonly accept = ({ socket, closed }: Accepted): void => {
    if (this.#isDraining || this.#logins.size >= this.#settings.maxUnproved) {
      closed();
      socket.destroy();
      return;
    }
    const connection = new Connection(socket, undefined, () => {
      closed();
      this.#gone(stream);
    });
    const stream = new ComponentStream(connection, this);
    this.#streams.add(stream);
    this.#logins.add(stream);
    stream.open();
  };

  proved(stream: ComponentStream): void {
    this.#logins.delete(stream);
  }

  closed(stream: ComponentStream): void {
    this.#logins.delete(stream);
  }

  /** Ends streams whose handshake took too long. A timer does so, too. */
  sweepLogins(): void {
    this.#logins.sweep();
  }

  /** Tells every component that the server stops, and waits a moment for what is written to leave. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    this.#unfollow();
    const gone = Promise.withResolvers<void>();
    this.#drained = gone.resolve;
    for (const stream of [...this.#streams]) stream.close(new StreamError("system-shutdown"));
    if (this.#streams.size === 0) return;
    const timer = setTimeout(gone.resolve, drainMs);
    await gone.promise;
    clearTimeout(timer);
    for (const stream of [...this.#streams]) stream.destroy("the server stopped");
  }

  // Shapers may have changed, and hosts may have been switched off; what is not declared any more is its module's matter.
  #follow(): void {
    const { hosts } = this.core.policy.document;
    for (const stream of [...this.#streams]) {
      const name = stream.hostName;
      if (name === null) continue;
      const isServed = Object.hasOwn(hosts, name) && hosts[name]?.enabled === true;
      if (isServed) stream.reshape();
      else stream.close(new StreamError("host-gone"));
    }
  }

  #gone(stream: ComponentStream): void {
    this.#streams.delete(stream);
    if (this.#streams.size === 0) this.#drained?.();
  }
}

function endLateLogin(stream: ComponentStream): void {
  stream.close(new StreamError("connection-timeout", "the handshake took too long"));
}
