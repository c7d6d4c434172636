import { connect, type Socket } from "node:net";

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** RFC 8305 5: the next address is tried when this one has not answered in so many milliseconds. */
const staggerMs = 250;

/**
 * Opens a TCP connection to the first of these that answers (RFC 8305). The socket is paused. Rejects with the last failure when
 * none answers in `timeoutMs`, or when `signal` aborts.
 */
export function dial(endpoints: readonly Endpoint[], timeoutMs: number, signal: AbortSignal): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const waiting = [...endpoints];
  const attempts = new Set<Socket>();
  let next: NodeJS.Timeout | undefined;

  const settle = (): void => {
    clearTimeout(next);
    clearTimeout(limit);
    signal.removeEventListener("abort", aborted);
    for (const socket of attempts) socket.destroy();
  };
  const fail = (error: Error): void => {
    settle();
    reject(error);
  };
  const aborted = (): void => fail(new Error("it was given up"));
  const begin = (): void => {
    clearTimeout(next);
    const endpoint = waiting.shift();
    if (endpoint === undefined) return;
    const socket = connect({ host: endpoint.address, port: endpoint.port });
    socket.pause();
    attempts.add(socket);
    socket.once("connect", () => {
      attempts.delete(socket);
      settle();
      resolve(socket);
    });
    socket.on("error", (error) => {
      if (!attempts.delete(socket)) return;
      if (attempts.size === 0 && waiting.length === 0) fail(error);
      else begin();
    });
    next = setTimeout(begin, staggerMs);
  };
  const limit = setTimeout(() => fail(new Error("no answer in time")), timeoutMs);
  signal.addEventListener("abort", aborted);
  if (endpoints.length === 0) fail(new Error("there is no address"));
  else if (signal.aborted) aborted();
  else begin();
  return promise;
}
