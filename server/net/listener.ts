import { createServer, type Server, type Socket } from "node:net";
import type { AddressLimits } from "./address-limits.ts";
import { plainAddress } from "./address.ts";
import { readProxied } from "./proxied.ts";
import type { TrustedSources } from "./trusted-sources.ts";
import { TurnQueue } from "./turns.ts";

/** A connection that was let in. `closed` gives its place back; call it once, when the connection is gone. */
export interface Accepted {
  readonly socket: Socket;
  readonly closed: () => void;
}

export interface ListenerOptions {
  /** For messages: "c2s". */
  readonly name: string;
  readonly address: string;
  /** 0: any free port. */
  readonly port: number;
  /** Shared by the listeners that count together. */
  readonly limits: AddressLimits;
  /** Proxies that have to begin with a header of the PROXY protocol; null: there are none. */
  readonly proxies?: TrustedSources | null;
  accept(accepted: Accepted): void;
  /** A problem while it listens, such as running out of file descriptors. */
  failed?(error: Error): void;
}

export type ListenerFault = "port-in-use" | "not-permitted" | "bad-address" | "failed";

/** A listener that could not be opened; the message is one clear sentence. */
export class ListenerError extends Error {
  override readonly name = "ListenerError";
  readonly code: ListenerFault;

  constructor(code: ListenerFault, message: string) {
    super(message);
    this.code = code;
  }
}

const backlog = 1024;
/** What is spent on new connections in one turn: a crowd at the door keeps nobody inside waiting. */
const acceptShareMs = 1;
const arrivals = new TurnQueue<() => void>((accept) => accept(), acceptShareMs);

/** Accepts TCP connections, as many per address as the limits allow, before anything is spent on them. */
export class Listener {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly #server: Server;

  private constructor(options: ListenerOptions, server: Server) {
    this.name = options.name;
    this.address = options.address;
    this.#server = server;
    const bound = server.address();
    this.port = typeof bound === "object" && bound !== null ? bound.port : options.port;
  }

  /** Resolves when it listens. Throws ListenerError. */
  static async open(options: ListenerOptions): Promise<Listener> {
    const { limits, proxies } = options;
    const accept = (socket: Socket): void => {
      const address = plainAddress(socket.remoteAddress ?? "");
      // Already gone again, or one too many: no TLS and no parser for it.
      if (address === "" || !limits.admit(address)) socket.destroy();
      else arrivals.add(() => options.accept({ socket, closed: () => limits.release(address) }));
    };
    const server = createServer({ pauseOnConnect: true }, (socket) => {
      if (proxies?.has(socket.remoteAddress ?? "") === true) readProxied(socket, accept);
      else accept(socket);
    });
    const listening = Promise.withResolvers<void>();
    server.once("error", listening.reject);
    server.listen({ host: options.address, port: options.port, backlog }, listening.resolve);
    try {
      await listening.promise;
    } catch (error) {
      throw explained(options, error);
    }
    server.removeListener("error", listening.reject);
    server.on("error", (error) => options.failed?.(error));
    return new Listener(options, server);
  }

  /** Accepts nothing more. What was accepted goes on, and is not waited for. */
  close(): Promise<void> {
    this.#server.close();
    return Promise.resolve();
  }
}

function explained({ name, address, port }: ListenerOptions, error: unknown): ListenerError {
  const where = `${name}: port ${port} of ${address}`;
  switch (error instanceof Error && "code" in error ? error.code : undefined) {
    case "EADDRINUSE":
      return new ListenerError("port-in-use", `${where} is already used by another program`);
    case "EACCES":
    case "EPERM":
      return new ListenerError("not-permitted", `${where} may not be opened by this user`);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAFNOSUPPORT":
    case "EINVAL":
      return new ListenerError("bad-address", `${where}: this machine does not have that address`);
    default:
      return new ListenerError("failed", `${where}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
