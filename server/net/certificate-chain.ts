import { X509Certificate } from "node:crypto";
import { getCACertificates } from "node:tls";

/**
 * Whether a client can follow a chain to an authority that it knows.
 *
 * - `complete`: it ends at one that this system knows.
 * - `self-signed`: nobody vouches for it.
 * - `incomplete`: a certificate between it and the authority is missing, or in the wrong place.
 * - `unknown-authority`: it ends at one that this system does not know.
 */
export type ChainState = "complete" | "self-signed" | "incomplete" | "unknown-authority";

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** Certificates of a PEM text, in their order. Throws when one is malformed. */
export function certificatesIn(pem: string): X509Certificate[] {
  return (pem.match(PEM) ?? []).map((text) => new X509Certificate(text));
}

let known: readonly X509Certificate[] | undefined;

/** The authorities of the system, read once: there are some 150. */
function authorities(): readonly X509Certificate[] {
  known ??= getCACertificates("default").flatMap((pem) => {
    try {
      return [new X509Certificate(pem)];
    } catch {
      return [];
    }
  });
  return known;
}

/** RFC 5246 7.4.2: the server's own first, then each followed by the one that vouches for it. */
export function chainState(chain: readonly X509Certificate[], roots = authorities()): ChainState {
  const [first] = chain;
  if (first === undefined) return "incomplete";
  if (isSelfSigned(first)) return "self-signed";
  let last = first;
  for (const next of chain.slice(1)) {
    if (!isIssuedBy(last, next)) return "incomplete";
    last = next;
  }
  if (roots.some((root) => isIssuedBy(last, root))) return "complete";
  // An end that vouches for itself says that nothing is missing.
  return isSelfSigned(last) ? "unknown-authority" : "incomplete";
}

/** Also where it does not say that it may vouch for any. */
export function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.issuer === certificate.subject && certificate.verify(certificate.publicKey);
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}
