import { createHash, type X509Certificate } from "node:crypto";
import { DerError, derAt, derValues } from "../../net/der-reader.ts";
import { der } from "../../net/der.ts";

/**
 * What an authority says of a certificate (RFC 6960 2.2).
 *
 * - `good`: it was not revoked.
 * - `revoked`: nobody is to trust it any more.
 * - `unknown`: the authority does not know it.
 */
export type Revocation = "good" | "revoked" | "unknown";

/** An authority that cannot be asked; the message is one short sentence. */
export class RevocationError extends Error {
  override readonly name = "RevocationError";
}

const waitMs = 5_000;
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

/**
 * Asks an authority whether it has revoked a certificate. The answer's signature is not checked: it is told, and nothing follows
 * from it. Throws RevocationError.
 */
export async function askRevocation(
  responder: string,
  certificate: X509Certificate,
  issuer: X509Certificate,
): Promise<Revocation> {
  try {
    const response = await fetch(responder, {
      method: "POST",
      headers: { "content-type": "application/ocsp-request" },
      body: new Uint8Array(revocationRequest(certificate, issuer)),
      signal: AbortSignal.timeout(waitMs),
    });
    if (!response.ok) throw new RevocationError(`HTTP ${response.status}`);
    const body = Buffer.from(await response.arrayBuffer());
    if (body.length > maxBytes) throw new RevocationError("the answer is too long");
    return revocationIn(body);
  } catch (cause) {
    if (cause instanceof RevocationError) throw cause;
    if (cause instanceof DerError) throw new RevocationError("the answer makes no sense", { cause });
    const { message } = cause instanceof Error && cause.cause instanceof Error ? cause.cause : (cause as Error);
    throw new RevocationError(message, { cause });
  }
}

/** RFC 6960 4.1.1. */
export function revocationRequest(certificate: X509Certificate, issuer: X509Certificate): Buffer {
  const own = fieldsOf(certificate);
  const { subject, key } = fieldsOf(issuer);
  const sha1 = (bytes: Buffer): Buffer => der.octetString(createHash("sha1").update(bytes).digest());
  const algorithm = der.sequence(der.oid(SHA1), NULL);
  const id = der.sequence(algorithm, sha1(subject), sha1(key), own.serial);
  return der.sequence(der.sequence(der.sequence(der.sequence(id))));
}

/** RFC 6960 4.2.1. Throws DerError, RevocationError. */
export function revocationIn(response: Buffer): Revocation {
  const [status, bytes] = derValues(derAt(response, 0).content);
  if (status?.content[0] !== 0 || bytes === undefined)
    throw new RevocationError(`the authority refuses to answer (${status?.content[0] ?? "?"})`);
  const basic = derAt(bytes.content, 0, 1).content;
  // A version, and then who answers and when, stand before the answers.
  const answers = derValues(derAt(basic, 0, 0).content).find(({ tag }) => tag === 0x30);
  const state = answers === undefined ? undefined : derValues(derAt(answers.content, 0).content)[1];
  const meaning = ["good", "revoked", "unknown"] as const;
  const found = state === undefined ? undefined : meaning[state.tag & 0x1f];
  if (found === undefined) throw new RevocationError("the answer makes no sense");
  return found;
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
