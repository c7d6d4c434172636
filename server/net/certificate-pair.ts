import { constants, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";

/** A certificate chain with its key, ready for use. Times in milliseconds. */
export interface CertificatePair {
  readonly context: SecureContext;
  readonly certificate: X509Certificate;
  readonly subject: string;
  readonly names: readonly string[];
  readonly notBefore: number;
  readonly notAfter: number;
  readonly isSelfSigned: boolean;
  /** Whether it is valid for a host name in ASCII, or an IP address. */
  covers(host: string): boolean;
}

/**
 * Reads PEM texts. Throws when they are malformed or do not belong together. `clientCa`: who vouches for the certificates of
 * clients, PEM, where they are asked for one.
 */
export function pairFrom(cert: string, key: string, clientCa: string | null = null): CertificatePair {
  const context = createSecureContext({
    cert,
    key,
    ...(clientCa === null ? {} : { ca: clientCa }),
    minVersion: "TLSv1.2",
    // Renegotiation has been the way to make a server do the expensive half of a handshake again and again.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_CIPHER_SERVER_PREFERENCE,
    sessionIdContext: "xmpp",
  });
  const certificate = new X509Certificate(cert);
  const names = (certificate.subjectAltName ?? "").split(", ").flatMap((name) => {
    const match = /^(?:DNS|IP Address):(.+)$/.exec(name);
    return match === null ? [] : [match[1]!];
  });
  return {
    context,
    certificate,
    subject: certificate.subject ?? "",
    names,
    notBefore: certificate.validFromDate.getTime(),
    notAfter: certificate.validToDate.getTime(),
    isSelfSigned: certificate.issuer === certificate.subject && certificate.verify(certificate.publicKey),
    covers: (host) => (isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host)) !== undefined,
  };
}
