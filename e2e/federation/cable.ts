import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** What lies between two servers: carries their connections to a port until it is frozen or cut. */
export interface Cable {
  readonly port: number;
  /** Nothing arrives any more, either way, and nobody notices. */
  freeze(): void;
  /** Every connection ends without a word; new ones are carried again. */
  cut(): void;
  close(): Promise<void>;
}

export async function cable(port: number): Promise<Cable> {
  const ends = new Set<Socket>();
  let isFrozen = false;
  const lay = (from: Socket, to: Socket): void => {
    ends.add(from);
    from.on("data", (bytes) => {
      if (!isFrozen) to.write(bytes);
    });
    from.on("error", () => undefined);
    from.on("close", () => {
      ends.delete(from);
      to.destroy();
    });
  };
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    lay(near, far);
    lay(far, near);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = (): void => {
    isFrozen = false;
    for (const end of ends) end.resetAndDestroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    freeze() {
      isFrozen = true;
    },
    cut,
    async close() {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}
