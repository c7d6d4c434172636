import { Connection } from "../net/connection.ts";
import type { Accepted } from "../net/listener.ts";
import { AcceptedStreams, followPolicy, refuse } from "./accepted-streams.ts";
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

/** Connections of external components: takes what the listener accepts and ends it all when the server stops. */
export class ComponentService implements ComponentStreams {
  readonly core: Core;
  readonly throttle: LoginThrottle;
  readonly log: Log;
  readonly #streams: AcceptedStreams<ComponentStream>;
  readonly #unfollow: () => void;

  constructor(core: Core, throttle: LoginThrottle, settings: ComponentSettings) {
    this.core = core;
    this.throttle = throttle;
    this.log = core.log.for("components");
    const { loginMs, maxUnproved: maxLogins } = settings;
    const late = "the handshake took too long";
    this.#streams = new AcceptedStreams({ loginMs, maxLogins, late, now: () => core.clock.now() });
    // What is not declared any more is its module's matter.
    this.#unfollow = core.policy.onChange(() => followPolicy(this.#streams, core.policy.document));
  }

  readonly accept = (accepted: Accepted): void => {
    if (!this.#streams.hasRoom) {
      refuse(accepted);
      return;
    }
    const connection = new Connection(accepted.socket, undefined, () => {
      accepted.closed();
      this.#streams.gone(stream);
    });
    const stream = new ComponentStream(connection, this);
    this.#streams.begin(stream);
  };

  proved(stream: ComponentStream): void {
    this.#streams.settled(stream);
  }

  closed(stream: ComponentStream): void {
    this.#streams.settled(stream);
  }

  /** Ends streams whose handshake took too long. A timer does so, too. */
  sweepLogins(): void {
    this.#streams.sweepLogins();
  }

  /** Tells every component that the server stops, and waits a moment for what is written to leave. */
  async drain(): Promise<void> {
    this.#unfollow();
    await this.#streams.drain();
  }
}
