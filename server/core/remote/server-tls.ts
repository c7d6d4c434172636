import { isIP } from "node:net";
import type { SecureContext } from "node:tls";
import { domainToASCII, domainToUnicode } from "node:url";
import type { Certificates } from "../../net/certificates.ts";
import type { TlsClientOptions, TlsServerOptions } from "../../net/connection.ts";
import type { Hosts } from "../hosts.ts";

/** XEP-0368 3: what servers ask each other for where a connection begins with TLS. */
const alpn = ["xmpp-server"];
/** Certificates are asked for, and what comes of it is up to who negotiates (RFC 6120 13.7.2). */
const asking = { requestCert: true, rejectUnauthorized: false } as const;

/** TLS between servers: a domain's own certificate, else that of the virtual host it belongs to. */
export class ServerTls {
  readonly #certificates: Certificates;
  readonly #hosts: Hosts;

  constructor(certificates: Certificates, hosts: Hosts) {
    this.#certificates = certificates;
    this.#hosts = hosts;
  }

  /** For a stream to `local` that asks for TLS; undefined: there is no certificate. */
  accepting(local: string): TlsServerOptions | undefined {
    const secureContext = this.#contextFor(local);
    return secureContext && { secureContext, ...asking };
  }

  /** For connections that begin with TLS and say then whom they want (SNI). */
  acceptingDirectly(): TlsServerOptions | undefined {
    const [first] = this.#hosts.all();
    const secureContext = first === undefined ? undefined : this.#contextFor(first.name);
    if (secureContext === undefined) return undefined;
    return {
      secureContext,
      ...asking,
      ALPNProtocols: alpn,
      SNICallback: (name, done) => done(null, this.#contextFor(domainToUnicode(name.toLowerCase()))),
    };
  }

  /** For a connection from `local` to the server of `remote`. */
  connecting(local: string, remote: string, isDirect: boolean): TlsClientOptions | undefined {
    const secureContext = this.#contextFor(local);
    if (secureContext === undefined) return undefined;
    const ascii = domainToASCII(remote);
    const servername = isIP(ascii) === 0 && !ascii.startsWith("[") ? ascii : "";
    return { secureContext, servername, ...(isDirect ? { ALPNProtocols: alpn } : {}) };
  }

  #contextFor(domain: string): SecureContext | undefined {
    const own = this.#certificates.serverContext(domain);
    if (own !== undefined) return own;
    const owner = this.#hosts.ownerOf(domain);
    return owner === undefined ? undefined : this.#certificates.serverContext(owner.name);
  }
}
