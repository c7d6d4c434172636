import { connect as connectTcp, isIP, type LookupFunction, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { attemptError } from "../../../../lib/contracts/attempt-errors.ts";
import type { ConnectTimes } from "../../http/connection.ts";

const connectTimeoutMs = 3_000;

export interface Connected {
  readonly socket: Socket;
  /** `address:port` of the peer. */
  readonly address: string;
  readonly times: ConnectTimes;
}

class ConnectTimeoutError extends Error {
  override readonly name = "ConnectTimeoutError";
  readonly code = "UND_ERR_CONNECT_TIMEOUT";
}

/**
 * Connects to a server that speaks HTTP/2: over TLS with a verified certificate (RFC 9113 3.2), or in the clear for `http:`
 * (3.3). Calls back once; the function returned ends what is under way.
 */
export function connectSocket(
  server: URL,
  lookup: LookupFunction,
  done: (error: Error | null, connected?: Connected) => void,
): () => void {
  const isTls = server.protocol === "https:";
  const host = server.hostname.replace(/^\[(.*)\]$/, "$1");
  const port = Number(server.port) || (isTls ? 443 : 80);
  const times = { dnsMs: null as number | null, connectMs: null as number | null, tlsMs: null as number | null };
  let stepAt = performance.now();
  const step = (): number => {
    const startedAt = stepAt;
    stepAt = performance.now();
    return stepAt - startedAt;
  };
  const socket = isTls
    ? connectTls({ host, port, lookup, ALPNProtocols: ["h2"], ...(isIP(host) === 0 ? { servername: host } : {}) })
    : connectTcp({ host, port, lookup });
  const timer = setTimeout(
    () => socket.destroy(new ConnectTimeoutError(attemptError("no-connection-in-time"))),
    connectTimeoutMs,
  );
  const onClose = (): void => onError(new Error(attemptError("closed-early")));
  const onError = (error: Error): void => {
    clearTimeout(timer);
    socket.off("close", onClose);
    socket.destroy();
    done(error);
  };
  socket.once("error", onError);
  socket.once("close", onClose);
  socket.once("lookup", () => {
    times.dnsMs = step();
  });
  socket.once("connect", () => {
    times.connectMs = step();
  });
  socket.once(isTls ? "secureConnect" : "connect", () => {
    if (isTls) {
      times.tlsMs = step();
      if ("alpnProtocol" in socket && socket.alpnProtocol !== "h2") {
        onError(new Error(attemptError("no-http2")));
        return;
      }
    }
    clearTimeout(timer);
    socket.off("error", onError);
    socket.off("close", onClose);
    socket.setNoDelay(true);
    const { remoteAddress = "", remotePort, remoteFamily } = socket;
    const address = remoteFamily === "IPv6" ? `[${remoteAddress}]:${remotePort}` : `${remoteAddress}:${remotePort}`;
    done(null, { socket, address, times });
  });
  return () => socket.destroy();
}
