import { once } from "node:events";
import net from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** A port of loopback that nobody listens on just now, for programs that cannot be asked which one they took. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

export async function accepts(port: number): Promise<boolean> {
  const socket = net.connect({ port, host: "127.0.0.1" });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Asks until the answer is true; rejects after `ms`. For facts that nobody tells, in another process. */
export async function until(isTrue: () => boolean | Promise<boolean>, what: string, ms = 20_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await pause(20);
  }
}
