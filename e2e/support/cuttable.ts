import net, { type AddressInfo, type Socket } from "node:net";
import { join } from "./joined.ts";

/** A network that can be cut: passes TCP connections on to a port of loopback until `cut`, and again after `mend`. */
export class Cuttable {
  readonly #server: net.Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;
  port = 0;

  constructor(target: number) {
    this.#server = net.createServer((inbound) => {
      if (this.#isCut) {
        inbound.destroy();
        return;
      }
      const outbound = net.connect(target, "127.0.0.1");
      join(this.#sockets, inbound, outbound);
      inbound.pipe(outbound).pipe(inbound);
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", () => resolve()));
    this.port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
