import { constants, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import { certificatesIn, type ChainState, chainState, isSelfSigned } from "./certificate-chain.ts";

/** A certificate chain with its key, ready for use. Times in milliseconds. */
export interface CertificatePair {
  readonly context: SecureContext;
  readonly certificate: X509Certificate;
  /** It, and those that came with it, in their order. */
  readonly certificates: readonly X509Certificate[];
  readonly subject: string;
  readonly names: readonly string[];
  readonly notBefore: number;
  readonly notAfter: number;
  readonly isSelfSigned: boolean;
  readonly issuer: string;
  /** `EC prime256v1`, `RSA 2048`. */
  readonly keyType: string;
  /** For connections with other servers, in either role: `ca` vouches for them, PEM; null: the authorities that Node comes with. */
  contextWith(ca: string | null): SecureContext;
  /** Worked out when it is asked for. */
  chain(): ChainState;
  /** Whether it is valid for a host name in ASCII, or an IP address. */
  covers(host: string): boolean;
}

/**
 * Reads PEM texts. Throws when they are malformed or do not belong together. `clientCa`: who vouches for the certificates of
 * clients, PEM, where they are asked for one.
 */
export function pairFrom(cert: string, key: string, clientCa: string | null = null): CertificatePair {
  const contextWith = (ca: string | null): SecureContext =>
    createSecureContext({
      cert,
      key,
      ...(ca === null ? {} : { ca }),
      minVersion: "TLSv1.2",
      // Renegotiation has been the way to make a server do the expensive half of a handshake again and again.
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_CIPHER_SERVER_PREFERENCE,
      sessionIdContext: "xmpp",
    });
  const context = contextWith(clientCa);
  const certificate = new X509Certificate(cert);
  const certificates = certificatesIn(cert);
  let chain: ChainState | undefined;
  const names = (certificate.subjectAltName ?? "").split(", ").flatMap((name) => {
    const match = /^(?:DNS|IP Address):(.+)$/.exec(name);
    return match === null ? [] : [match[1]!];
  });
  return {
    context,
    contextWith,
    certificate,
    certificates,
    subject: certificate.subject ?? "",
    names,
    notBefore: certificate.validFromDate.getTime(),
    notAfter: certificate.validToDate.getTime(),
    isSelfSigned: isSelfSigned(certificate),
    issuer: certificate.issuer ?? "",
    keyType: keyTypeOf(certificate),
    chain: () => (chain ??= chainState(certificates)),
    covers: (host) => (isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host)) !== undefined,
  };
}

function keyTypeOf({ publicKey }: X509Certificate): string {
  const { asymmetricKeyType, asymmetricKeyDetails } = publicKey;
  const detail = asymmetricKeyDetails?.namedCurve ?? asymmetricKeyDetails?.modulusLength ?? "";
  return `${String(asymmetricKeyType).toUpperCase()} ${detail}`.trim();
}
