import { once } from "node:events";
import net, { type AddressInfo } from "node:net";
import { pause } from "./session.ts";

export async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

/** Resolves when something listens; rejects when `isOver` says that it will not. */
export async function untilListening(port: number, isOver: () => boolean): Promise<void> {
  while (!(await accepts(port))) {
    if (isOver()) throw new Error(`nothing listens on port ${port}`);
    await pause(50);
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = net.connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
