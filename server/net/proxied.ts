import type { Socket } from "node:net";
import { Deadlines } from "./deadlines.ts";
import { type ProxyHeader, readProxyHeader } from "./proxy-header.ts";

const headerMs = 5_000;

const late = new Deadlines<Socket>(
  headerMs,
  (socket) => socket.destroy(),
  () => Date.now(),
);
const encrypted = new WeakSet<Socket>();

/** Whether a proxy has said that its client speaks TLS with it. */
export function wasEncryptedAtProxy(socket: Socket): boolean {
  return encrypted.has(socket);
}

/**
 * Reads the header of the PROXY protocol from a paused socket, which then has the client's address, and calls `ready` with the
 * socket paused and nothing of the client's bytes lost. A connection without a sound header in time is closed.
 */
export function readProxied(socket: Socket, ready: (socket: Socket) => void): void {
  let bytes: Buffer = Buffer.alloc(0);
  const ignore = (): void => undefined;
  const gone = (): void => late.delete(socket);
  const take = (chunk: Buffer): void => {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    const header = readProxyHeader(bytes);
    if (header === "incomplete") return;
    socket.removeListener("data", take);
    socket.removeListener("close", gone);
    late.delete(socket);
    if (header === "invalid") {
      socket.destroy();
      return;
    }
    socket.removeListener("error", ignore);
    socket.pause();
    putOn(socket, header);
    if (header.length < bytes.length) socket.unshift(bytes.subarray(header.length));
    ready(socket);
  };
  late.add(socket);
  socket.on("error", ignore);
  socket.on("close", gone);
  socket.on("data", take);
  socket.resume();
}

/** Closes connections whose header is late. A timer does so, too. */
export function sweepLateHeaders(): void {
  late.sweep();
}

function putOn(socket: Socket, { source, isEncrypted }: ProxyHeader): void {
  if (isEncrypted) encrypted.add(socket);
  if (source === null) return;
  Object.defineProperties(socket, { remoteAddress: { value: source.address }, remotePort: { value: source.port } });
}
