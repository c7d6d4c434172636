import net, { type AddressInfo, type Socket } from "node:net";

/** How a connection dies: both sides hear of it, at once or in good order, or only the client does. */
const deaths = ["reset", "ended", "unnoticed"] as const;

/**
 * A network on which every connection dies after a random number of bytes, wherever in a stanza that is. What was under way is
 * lost, in both directions.
 */
export class FlakyNetwork {
  readonly #server: net.Server;
  readonly #sockets = new Set<Socket>();
  readonly #random: Iterator<number, never>;
  readonly #meanBytes: number;
  #isCalm = true;
  port = 0;
  readonly died = { reset: 0, ended: 0, unnoticed: 0 };

  constructor(target: number, random: Iterator<number, never>, meanBytes: number) {
    this.#random = random;
    this.#meanBytes = meanBytes;
    this.#server = net.createServer((inbound) => this.#connect(inbound, net.connect(target, "127.0.0.1")));
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", () => resolve()));
    this.port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  /** From now on nothing dies, or everything does, those included that were connected before. */
  calm(isCalm: boolean): void {
    this.#isCalm = isCalm;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #connect(client: Socket, server: Socket): void {
    // Lengths of life without a memory: any byte may be the last one.
    let left = Math.ceil(-Math.log(1 - this.#random.next().value) * this.#meanBytes);
    const death = deaths[Math.floor(this.#random.next().value * deaths.length)]!;
    let isDead = false;
    const die = (): void => {
      isDead = true;
      this.died[death] += 1;
      if (death === "reset") for (const socket of [client, server]) socket.resetAndDestroy();
      else client.end();
      if (death === "ended") server.end();
    };
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        this.#sockets.delete(socket);
        if (!isDead) other.destroy();
      });
      socket.on("data", (bytes: Buffer) => {
        if (isDead) return;
        const passing = this.#isCalm ? bytes : bytes.subarray(0, left);
        if (!this.#isCalm) left -= passing.length;
        other.write(passing);
        if (left === 0) die();
      });
    }
  }
}
