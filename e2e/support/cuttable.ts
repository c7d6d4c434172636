import net, { type AddressInfo, type Socket } from "node:net";

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
      for (const [socket, other] of [
        [inbound, outbound],
        [outbound, inbound],
      ] as const) {
        this.#sockets.add(socket);
        socket.on("error", () => other.destroy());
        socket.on("close", () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
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
