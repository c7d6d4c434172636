import type { Socket } from "node:net";

/** Two ends of one connection through a proxy: where one ends, so does the other. They are in `sockets` while they are there. */
export function join(sockets: Set<Socket>, inbound: Socket, outbound: Socket): void {
  for (const [socket, other] of [
    [inbound, outbound],
    [outbound, inbound],
  ] as const) {
    sockets.add(socket);
    socket.on("error", () => other.destroy());
    socket.on("close", () => {
      sockets.delete(socket);
      other.destroy();
    });
  }
}
