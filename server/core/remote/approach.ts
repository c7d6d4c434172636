import type { Socket } from "node:net";
import { Connection } from "../../net/connection.ts";
import { LinkFault } from "./fault.ts";
import type { OutgoingLink } from "./outgoing-link.ts";
import type { OutgoingNetwork } from "./outgoing-network.ts";
import { OutgoingStream } from "./outgoing-stream.ts";
import type { Way } from "./resolver.ts";

/** One try to reach the server of a link: the ways to it are looked up once and taken in turn. */
export class Approach {
  readonly #link: OutgoingLink;
  readonly #network: OutgoingNetwork;
  readonly #abort = new AbortController();
  #ways: readonly Way[] | null = null;

  constructor(link: OutgoingLink, network: OutgoingNetwork) {
    this.#link = link;
    this.#network = network;
  }

  abort(): void {
    this.#abort.abort();
  }

  /** There is a way that was not taken yet. */
  get hasMore(): boolean {
    return !this.#isAborted && this.#ways !== null && this.#ways.length > 0;
  }

  /** A stream by the next way, not begun yet; null: it was aborted meanwhile. Throws LinkFault when nothing leads there. */
  async next(): Promise<OutgoingStream | null> {
    const reached = await this.#reach();
    if (reached === null) return null;
    const { socket, isDirectTls } = reached;
    const link = this.#link;
    const tls = isDirectTls ? this.#network.clientTlsFor(link, true) : undefined;
    if (isDirectTls && tls === undefined) {
      socket.destroy();
      throw new LinkFault("no-tls", "there is no certificate for the domain");
    }
    return new OutgoingStream(new Connection(socket, tls), link, link.federation, this.#network, link);
  }

  async #reach(): Promise<{ readonly socket: Socket; readonly isDirectTls: boolean } | null> {
    const { remote } = this.#link;
    try {
      this.#ways ??= await this.#network.resolve(remote);
    } catch (error) {
      if (this.#isAborted) return null;
      throw error instanceof LinkFault ? error : new LinkFault("dns-failed", String(error));
    }
    let fault = new LinkFault("unreachable", `${remote} cannot be reached`);
    while (!this.#isAborted) {
      const [way, ...rest] = this.#ways;
      if (way === undefined) throw fault;
      this.#ways = rest;
      try {
        const socket = await this.#network.dial(way, this.#abort.signal);
        if (!this.#isAborted) return { socket, isDirectTls: way.isDirectTls };
        socket.destroy();
      } catch (error) {
        fault = new LinkFault("unreachable", `${way.host} port ${way.port}: ${(error as Error).message}`);
      }
    }
    return null;
  }

  get #isAborted(): boolean {
    return this.#abort.signal.aborted;
  }
}
