import type { Config } from "../config/schema.ts";
import type { Core } from "../core/core.ts";
import { Network } from "../core/network.ts";
import { nameService } from "../core/remote/name-service.ts";
import { ServerResolver } from "../core/remote/resolver.ts";
import { ServerService } from "../core/remote/server-service.ts";
import { ServerTls } from "../core/remote/server-tls.ts";
import { AddressLimits } from "../net/address-limits.ts";
import type { Certificates } from "../net/certificates.ts";
import { Listener, type ListenerOptions } from "../net/listener.ts";
import { bindAddress } from "./addresses.ts";

/** A listener for other servers as the console shows it; `error`: why it is not open. */
export interface ServerListener {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly tls: "starttls" | "direct";
  readonly error: string | null;
}

interface Wanted extends Omit<ListenerOptions, "failed"> {
  readonly tls: ServerListener["tls"];
}

interface Opened {
  readonly listener: Listener | null;
  readonly shown: ServerListener;
}

const negotiationMs = 30_000;

/**
 * Links with other servers: what is needed to make them, and listeners that are open while the policy lets some host talk to
 * others. A port that cannot be had is logged and shown, and tried again at the next change: clients do not suffer for it.
 */
export class Federation {
  readonly #core: Core;
  readonly #service: ServerService;
  readonly #wanted: readonly Wanted[];
  readonly #unfollow: (() => void)[];
  #open: readonly Opened[] = [];
  #isWanted = false;
  #pending: Promise<void> = Promise.resolve();

  constructor(core: Core, config: Config, certificates: Certificates) {
    const { s2s } = config;
    const tls = new ServerTls(certificates, core.hosts);
    const privateNetworks = s2s.privateNetworks.flatMap((text) => Network.parse(text) ?? []);
    const resolver = new ServerResolver({ names: nameService(s2s.resolver), clock: core.clock, privateNetworks });
    core.links.open({ resolver, tls, negotiationMs });
    core.metrics.add({
      name: "nightpost_links",
      help: "Open connections with other servers, by who opened them.",
      type: "gauge",
      read: () => [
        { labels: { direction: "in" }, value: [...core.links.incoming()].length },
        {
          labels: { direction: "out" },
          value: [...core.links.outgoing()].filter(({ stream }) => stream !== null).length,
        },
      ],
    });
    this.#core = core;
    this.#service = new ServerService(core, tls, { loginMs: negotiationMs, maxUnproved: s2s.maxUnproved });
    const limits = new AddressLimits({ maxPerAddress: s2s.maxPerAddress, newPerSecond: s2s.newPerSecond });
    const { accept, acceptTls } = this.#service;
    const address = bindAddress(config.bind);
    this.#wanted = [
      { name: "s2s", address, port: s2s.port, limits, accept, tls: "starttls" as const },
      { name: "s2s-tls", address, port: s2s.tlsPort, limits, accept: acceptTls, tls: "direct" as const },
    ].filter(({ port }) => port !== 0);
    const follow = (): void => this.#follow();
    this.#unfollow = [core.policy.onChange(follow), core.links.federations.onChange(follow)];
    this.#follow();
  }

  /** The listeners that are open, or should be. */
  listeners(): readonly ServerListener[] {
    return this.#open.map(({ shown }) => shown);
  }

  /** Resolves when the listeners are as the policy wants them. */
  settled(): Promise<void> {
    return this.#pending;
  }

  /** Accepts nothing more, and ends what is connected. */
  async close(): Promise<void> {
    for (const unfollow of this.#unfollow) unfollow();
    this.#isWanted = false;
    this.#pending = this.#pending.then(() => this.#closeAll());
    await Promise.all([this.#pending, this.#service.drain()]);
  }

  #follow(): void {
    const isWanted = this.#core.links.federations.isOpen;
    const isComplete = this.#open.every(({ listener }) => listener !== null);
    if (isWanted === this.#isWanted && isComplete) return;
    this.#isWanted = isWanted;
    this.#pending = this.#pending.then(async () => {
      await this.#closeAll();
      if (this.#isWanted) this.#open = await Promise.all(this.#wanted.map((one) => this.#listen(one)));
    });
  }

  async #listen({ tls, ...options }: Wanted): Promise<Opened> {
    const log = this.#core.log.for("s2s");
    const { name, address } = options;
    try {
      const failed = (error: Error): void => log.error("a listener failed", { error });
      const listener = await Listener.open({ ...options, failed });
      log.info("listening", { name, address, port: listener.port });
      return { listener, shown: { name, address, port: listener.port, tls, error: null } };
    } catch (error) {
      log.error("connections of other servers cannot be taken", { error });
      return { listener: null, shown: { name, address, port: options.port, tls, error: (error as Error).message } };
    }
  }

  async #closeAll(): Promise<void> {
    const open = this.#open;
    this.#open = [];
    for (const { listener } of open) await listener?.close();
  }
}
