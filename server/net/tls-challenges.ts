import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import { domainToASCII } from "node:url";
import type { Accepted } from "./listener.ts";

/** What a client asks for that is no client at all (RFC 8737 6.2). */
const alpn = "acme-tls/1";
const tlsHandshake = 0x16;
const firstBytesMs = 10_000;

/**
 * Answers TLS-ALPN-01 challenges (RFC 8737) on the TLS listeners. While no order waits for its validation, connections pass by
 * untouched.
 */
export class TlsChallenges {
  readonly #pending = new Map<string, SecureContext>();

  /** Shows this certificate to whoever validates the name, until the function returned is called. */
  add(name: string, cert: string | Buffer, key: string | Buffer): () => void {
    const ascii = domainToASCII(name) || name;
    const context = createSecureContext({ cert, key });
    this.#pending.set(ascii, context);
    return () => {
      if (this.#pending.get(ascii) === context) this.#pending.delete(ascii);
    };
  }

  /** A listener's `accept` behind the challenges. */
  before(accept: (accepted: Accepted) => void): (accepted: Accepted) => void {
    return (accepted) => {
      if (this.#pending.size === 0) accept(accepted);
      else this.#peek(accepted, accept);
    };
  }

  // A greeting fits in one packet. One that comes in pieces is none of a validation, and is left to the listener.
  #peek(accepted: Accepted, accept: (accepted: Accepted) => void): void {
    const { socket, closed } = accepted;
    const gone = (): void => closed();
    const failed = (): void => void socket.destroy();
    socket.once("close", gone);
    socket.on("error", failed);
    socket.setTimeout(firstBytesMs, failed);
    socket.once("data", (chunk: Buffer) => {
      socket.pause();
      socket.setTimeout(0);
      socket.removeListener("timeout", failed);
      socket.unshift(chunk);
      if (chunk[0] === tlsHandshake && chunk.includes(alpn, 0, "latin1")) {
        this.#answer(socket);
        return;
      }
      socket.removeListener("close", gone);
      socket.removeListener("error", failed);
      accept(accepted);
    });
    socket.resume();
  }

  #answer(socket: Accepted["socket"]): void {
    const secure = new TLSSocket(socket, {
      isServer: true,
      ALPNProtocols: [alpn],
      SNICallback: (name, done) => {
        const context = this.#pending.get(name.toLowerCase());
        done(context === undefined ? new Error("no challenge for this name") : null, context);
      },
    });
    secure.on("error", () => secure.destroy());
    secure.on("_tlsError", () => secure.destroy());
    secure.setTimeout(firstBytesMs, () => secure.destroy());
    // RFC 8737 3: once the handshake is done there is nothing more to say.
    secure.once("secure", () => secure.end());
    process.nextTick(() => socket.resume());
  }
}
