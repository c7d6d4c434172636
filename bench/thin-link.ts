import net, { type AddressInfo, type Socket } from "node:net";
import { join } from "../e2e/support/joined.ts";

/** A way to a port of loopback by which no more than so many bytes a second come back, over all connections. */
export class ThinLink {
  readonly #server: net.Server;
  readonly #sockets = new Set<Socket>();
  /** When all that has come back would have passed, of all connections together. */
  #freeAt = 0;
  /** What has come back so far. */
  bytes = 0;

  constructor(target: number, bytesPerSecond: number) {
    this.#server = net.createServer((inbound) => {
      const outbound = net.connect(target, "127.0.0.1");
      join(this.#sockets, inbound, outbound);
      inbound.pipe(outbound);
      outbound.on("data", (chunk) => {
        const now = performance.now();
        this.bytes += chunk.length;
        this.#freeAt = Math.max(now, this.#freeAt) + (chunk.length / bytesPerSecond) * 1000;
        inbound.write(chunk);
        outbound.pause();
        setTimeout(() => outbound.resume(), this.#freeAt - now);
      });
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  stop(): Promise<unknown> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(resolve));
  }
}
