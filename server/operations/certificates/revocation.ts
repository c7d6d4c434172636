import { createHash, type X509Certificate } from "node:crypto";
import { DerError, derAt, derValues } from "../../net/der-reader.ts";
import { der } from "../../net/der.ts";
import { answerIn, type Revocation } from "./revocation-answer.ts";
import { RevocationError } from "./revocation-error.ts";
import { checkSignature } from "./revocation-signer.ts";

const waitMs = 5_000;
/** How far clocks may be apart. */
const skewMs = 5 * 60 * 1_000;
const maxBytes = 64 * 1024;
const SHA1 = "1.3.14.3.2.26";
const NULL = Buffer.from([0x05, 0x00]);
/** RFC 7633 4.1: the certificate wants the answer of its authority in every handshake. */
const TLS_FEATURE = der.oid("1.3.6.1.5.5.7.1.24");

/** Where an authority answers (RFC 5280 4.2.2.1); null: it has no such service. */
export function responderOf(certificate: X509Certificate): string | null {
  return /^OCSP - URI:(\S+)$/m.exec(certificate.infoAccess ?? "")?.[1] ?? null;
}

export function wantsStapling(certificate: X509Certificate): boolean {
  return certificate.raw.includes(TLS_FEATURE);
}

/** Asks an authority whether it has revoked a certificate. Throws RevocationError. */
export async function askRevocation(
  responder: string,
  certificate: X509Certificate,
  issuer: X509Certificate,
  now: number,
): Promise<Revocation> {
  try {
    const id = certificateId(certificate, issuer);
    const response = await fetch(responder, {
      method: "POST",
      headers: { "content-type": "application/ocsp-request" },
      body: new Uint8Array(revocationRequest(id)),
      signal: AbortSignal.timeout(waitMs),
    });
    if (!response.ok) throw new RevocationError(`HTTP ${response.status}`);
    const body = Buffer.from(await response.arrayBuffer());
    if (body.length > maxBytes) throw new RevocationError("the answer is too long");
    return revocationIn(body, id, issuer, now);
  } catch (cause) {
    if (cause instanceof RevocationError) throw cause;
    if (cause instanceof DerError) throw new RevocationError("the answer makes no sense", { cause });
    const { message } = cause instanceof Error && cause.cause instanceof Error ? cause.cause : (cause as Error);
    throw new RevocationError(message, { cause });
  }
}

/** `CertID` (RFC 6960 4.1.1). */
export function certificateId(certificate: X509Certificate, issuer: X509Certificate): Buffer {
  const own = fieldsOf(certificate);
  const { subject, key } = fieldsOf(issuer);
  const sha1 = (bytes: Buffer): Buffer => der.octetString(createHash("sha1").update(bytes).digest());
  const algorithm = der.sequence(der.oid(SHA1), NULL);
  return der.sequence(algorithm, sha1(subject), sha1(key), own.serial);
}

/** RFC 6960 4.1.1. */
export const revocationRequest = (id: Buffer): Buffer => der.sequence(der.sequence(der.sequence(der.sequence(id))));

/** The answer to a request, as of a time in ms. Throws DerError, RevocationError. */
export function revocationIn(response: Buffer, id: Buffer, issuer: X509Certificate, now: number): Revocation {
  const answer = answerIn(response);
  if (!isAbout(answer.about, id)) throw new RevocationError("the answer is about another certificate");
  checkSignature(answer, issuer, now);
  if (answer.from > now + skewMs || (answer.until !== null && answer.until < now - skewMs))
    throw new RevocationError("the answer is out of date");
  return answer.state;
}

/** Hashes and number are the same; some answer without the parameters of the hash, which say nothing. */
function isAbout(one: Buffer, other: Buffer): boolean {
  return [1, 2, 3].every((part) => derAt(one, 0, part).whole.equals(derAt(other, 0, part).whole));
}

/** Parts of a certificate as they are encoded (RFC 5280 4.1). */
function fieldsOf({ raw }: X509Certificate): { serial: Buffer; subject: Buffer; key: Buffer } {
  const fields = derValues(derAt(raw, 0, 0).content);
  // The version is left out in those of the first.
  const [serial, , , , subject, spki] = fields[0]?.tag === 0xa0 ? fields.slice(1) : fields;
  if (serial === undefined || subject === undefined || spki === undefined) throw new DerError("no certificate");
  // A bit string begins with the number of bits that are not used: none.
  return { serial: serial.whole, subject: subject.whole, key: derAt(spki.content, 1).content.subarray(1) };
}
