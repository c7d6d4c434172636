import { verify, X509Certificate } from "node:crypto";
import { der } from "../../net/der.ts";
import type { RevocationAnswer } from "./revocation-answer.ts";
import { RevocationError } from "./revocation-error.ts";

/** id-kp-OCSPSigning (RFC 6960 4.2.2.2). */
const OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";

/** Hashes of the signature algorithms by their encoded OIDs (RFC 4055 5, RFC 5758 3.2, RFC 8410 3); null: it brings its own. */
const hashes: readonly (readonly [oid: Buffer, hash: string | null])[] = [
  [der.oid("1.2.840.113549.1.1.11"), "sha256"],
  [der.oid("1.2.840.113549.1.1.12"), "sha384"],
  [der.oid("1.2.840.113549.1.1.13"), "sha512"],
  [der.oid("1.2.840.10045.4.3.2"), "sha256"],
  [der.oid("1.2.840.10045.4.3.3"), "sha384"],
  [der.oid("1.2.840.10045.4.3.4"), "sha512"],
  [der.oid("1.3.101.112"), null],
];

/**
 * An answer counts when it is signed by who issued the certificate, or by one whom that authority lets answer for it (RFC 6960
 * 4.2.2.2). Throws RevocationError.
 */
export function checkSignature(answer: RevocationAnswer, issuer: X509Certificate, now: number): void {
  const found = hashes.find(([oid]) => oid.equals(answer.algorithm));
  if (found === undefined) throw new RevocationError("the answer is signed in an unknown way");
  const isBy = ({ publicKey }: X509Certificate): boolean => {
    try {
      return verify(found[1], answer.signed, publicKey, answer.signature);
    } catch {
      // A key of another kind than the algorithm's.
      return false;
    }
  };
  if (isBy(issuer)) return;
  const delegates = answer.certificates.map(certificateIn).filter((each) => mayAnswer(each, issuer, now));
  if (!delegates.some(isBy)) throw new RevocationError("the answer is not signed by the authority");
}

function certificateIn(raw: Buffer): X509Certificate {
  try {
    return new X509Certificate(raw);
  } catch (cause) {
    throw new RevocationError("the answer makes no sense", { cause });
  }
}

function mayAnswer(certificate: X509Certificate, issuer: X509Certificate, now: number): boolean {
  return (
    certificate.checkIssued(issuer) &&
    certificate.verify(issuer.publicKey) &&
    // Undefined, whatever its type says, where the certificate names no use.
    certificate.keyUsage?.includes(OCSP_SIGNING) &&
    certificate.validFromDate.getTime() <= now &&
    now <= certificate.validToDate.getTime()
  );
}
